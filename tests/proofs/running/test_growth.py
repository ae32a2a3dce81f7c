"""One statement for each row shows on data that grows, in every framework, and is gone in the better version."""

from __future__ import annotations

import pytest

from backend_mentor.domain.trace import CodeRuns, Growth, GrowthVerdict
from backend_mentor.proofs.running.run import Target, run
from backend_mentor.proofs.running.versions import compare_versions
from tests.proofs.running.cells import DJANGO, ENGINE, FASTAPI, FLASK, MODELS
from tests.proofs.running.conftest import Execute


def counts(growth: Growth) -> list[int]:
    assert [each.rows for each in growth.counts] == [1, 10, 100]
    return [each.queries for each in growth.counts]


def grown(target: Target, path: str) -> Growth:
    return next(each for each in run(target).trace.growths if each.request.template == path)


def compared(target: Target, old: str, new: str) -> CodeRuns:
    assert old in target.source.text
    return compare_versions(target, target.source.text.replace(old, new))


def test_a_list_that_reads_a_collection_of_each_row_sends_one_statement_more_for_each(execute: Execute) -> None:
    growth = grown(execute(FASTAPI), "/authors")
    assert counts(growth) == [2, 11, 101]
    assert growth.verdict is GrowthVerdict.GROWS
    assert growth.repeated is not None
    assert (growth.repeated.times, growth.repeated.lazy) == (100, "Author.books")


def test_one_row_with_many_parts_read_at_once_is_constant_although_its_answer_grows(execute: Execute) -> None:
    growth = grown(execute(FASTAPI), "/authors/{author_id}")
    assert counts(growth) == [2, 2, 2]
    assert growth.verdict is GrowthVerdict.CONSTANT
    assert growth.counts[2].answer_bytes > growth.counts[0].answer_bytes


def test_made_up_rows_hold_what_the_handler_filters_by(execute: Execute) -> None:
    assert counts(grown(execute(FASTAPI), "/out")) == [2, 11, 101]


def test_an_asynchronous_app_grows_and_its_own_file_is_as_before(execute: Execute, async_cell: str) -> None:
    assert counts(grown(execute(async_cell), "/books")) == [2, 11, 101]


def test_a_flask_app_grows(execute: Execute) -> None:
    assert counts(grown(execute(FLASK), "/books")) == [2, 11, 101]


def test_a_django_app_grows(django_target: Target) -> None:
    assert counts(grown(django_target, "/books/")) == [2, 11, 101]


@pytest.mark.parametrize(
    ("cell", "old", "new", "after"),
    [
        (FASTAPI, "select(Author))]", "select(Author).options(selectinload(Author.books)))]", 2),
        (FLASK, "select(Book))])", "select(Book).options(selectinload(Book.author)))])", 2),
    ],
)
def test_eager_loading_answers_the_same_with_a_constant_number_of_statements(
    execute: Execute, cell: str, old: str, new: str, after: int
) -> None:
    runs = compared(execute(cell), old, new)
    assert runs.differences == ()
    assert counts(runs.before[0]) == [2, 11, 101]
    assert counts(runs.after[0]) == [after] * 3
    assert runs.verdict.endswith(f"101 become {after} statements at 100 rows")


def test_a_join_in_an_asynchronous_handler_answers_the_same_with_one_statement(
    execute: Execute, async_cell: str
) -> None:
    start = async_cell.index("    found = (await")
    better = (
        "    rows = await db.execute(select(Book.title, Author.name).join(Book.author).order_by(Book.id))\n"
        '    return [{"title": title, "author": name} for title, name in rows]\n'
    )
    runs = compare_versions(execute(async_cell), async_cell[:start] + better)
    assert runs.verdict == "answers 3 of 3 requests the same; 101 become 1 statement at 100 rows"


def test_select_related_in_django_answers_the_same_with_one_statement(django_target: Target) -> None:
    runs = compared(django_target, "Book.objects.filter", 'Book.objects.select_related("author").filter')
    assert runs.verdict == "answers 3 of 3 requests the same; 101 become 1 statement at 100 rows"
    assert 'select_related("author")' not in DJANGO


def test_a_version_that_answers_otherwise_is_told_with_the_first_difference(execute: Execute) -> None:
    runs = compared(execute(FLASK), '"author": book.author.name', '"author": book.author.id')
    assert (runs.same, runs.answers) == (0, 3)
    assert runs.differences[0].what == '$[0].author: "name 1" became 1'
    assert runs.verdict == "answers 0 of 3 requests the same"


HANDLER = """
    with Session(engine) as db:
        return ANSWER([len(each.books) for each in db.scalars(select(Author))])
"""
OTHERS = {
    "Starlette": (
        "from starlette.applications import Starlette\nfrom starlette.responses import JSONResponse\n"
        "from starlette.routing import Route\n",
        "def authors(request):" + HANDLER.replace("ANSWER", "JSONResponse"),
        "app = Starlette(routes=[Route('/authors', authors)])\n",
    ),
    "Litestar": (
        "from litestar import Litestar, get\n",
        "@get('/authors', sync_to_thread=True)\ndef authors() -> list[int]:" + HANDLER.replace("ANSWER", ""),
        "app = Litestar([authors])\n",
    ),
    "Quart": (
        "from quart import Quart, jsonify\n",
        "app = Quart('shop')\n@app.get('/authors')\nasync def authors():" + HANDLER.replace("ANSWER", "jsonify"),
        "",
    ),
    "a router without its app": (
        "from fastapi import APIRouter\n",
        "router = APIRouter()\n@router.get('/authors')\ndef authors():" + HANDLER.replace("ANSWER", ""),
        "",
    ),
    "a blueprint without its app": (
        "from flask import Blueprint, jsonify\n",
        "shop = Blueprint('shop', 'shop')\n@shop.get('/authors')\ndef authors():"
        + HANDLER.replace("ANSWER", "jsonify"),
        "",
    ),
}


@pytest.mark.parametrize("kind", OTHERS)
def test_other_frameworks_and_loose_routers_grow_on_the_line_of_the_cell(execute: Execute, kind: str) -> None:
    first, handler, last = OTHERS[kind]
    target = execute(first + MODELS + ENGINE + handler + last)
    growth = grown(target, "/authors")
    assert counts(growth) == [2, 11, 101]
    assert growth.repeated is not None
    assert growth.repeated.line == 1 + target.source.text[: target.source.text.index("[len(")].count("\n")


def test_relations_that_only_the_serializer_reads_are_counted_too(execute: Execute) -> None:
    cell = FASTAPI.replace(
        "app = FastAPI()",
        "from pydantic import BaseModel, ConfigDict\n"
        "class BookOut(BaseModel):\n    model_config = ConfigDict(from_attributes=True)\n    title: str\n"
        "class AuthorOut(BaseModel):\n    model_config = ConfigDict(from_attributes=True)\n    books: list[BookOut]\n"
        "app = FastAPI()\n",
    ) + (
        '@app.get("/shown", response_model=list[AuthorOut])\n'
        "def shown(db: Session = Depends(session)):\n"
        "    return db.scalars(select(Author)).all()\n"
    )
    growth = grown(execute(cell), "/shown")
    assert counts(growth) == [2, 11, 101]
    assert growth.repeated is not None
    assert (growth.repeated.line, growth.repeated.lazy) == (None, "Author.books")


def test_an_app_that_asks_no_database_is_run_without_a_word_on_data(execute: Execute) -> None:
    outcome = run(execute("from fastapi import FastAPI\napp = FastAPI()\n@app.get('/up')\ndef up():\n    return {}\n"))
    assert [each.status for each in outcome.trace.exchanges] == [200]
    assert (outcome.trace.growths, outcome.skipped) == ((), ())
