"""Rows that are made up, requests that are derived, and answers that are compared."""

from __future__ import annotations

import json
from typing import Any

import pytest

from backend_mentor.domain.errors import MentorError, NotSupportedError
from backend_mentor.domain.schema import Column, Engine, ForeignKey, Index, IndexColumn, Schema, Table
from backend_mentor.domain.trace import Exchange, SentRequest
from backend_mentor.proofs.running.answers import compare_answers
from backend_mentor.proofs.running.call import Reply
from backend_mentor.proofs.running.growth import Grown
from backend_mentor.proofs.running.requests import named_column, read_call
from backend_mentor.proofs.running.rows import make_rows
from backend_mentor.proofs.running.run import run
from backend_mentor.proofs.running.versions import compare_versions
from tests.proofs.running.cells import ENGINE, FASTAPI, MODELS
from tests.proofs.running.conftest import Execute

IDENTITY = Column("id", "INTEGER", nullable=False)


def schema(*tables: Table) -> Schema:
    return Schema(Engine("sqlite", (3, 45)), tables)


def child(name: str, *parents: str, nullable: bool = False, unique: tuple[str, ...] = ()) -> Table:
    columns = (IDENTITY, *(Column(f"{parent}_id", "INTEGER", nullable=nullable) for parent in parents))
    keys = tuple(ForeignKey((f"{parent}_id",), parent, ("id",)) for parent in parents)
    index = Index(f"{name}_key", name, tuple(map(IndexColumn, unique)), unique=True)
    return Table(name, columns, primary_key=("id",), foreign_keys=keys, indexes=(index,) if unique else ())


SHOP = schema(child("items", "orders", "products"), child("orders", "accounts"), child("accounts"), child("products"))


def test_every_reference_leads_to_a_row_and_parents_come_first() -> None:
    made = {each.name: each for each in make_rows(SHOP, 10, {})}
    assert list(made).index("accounts") < list(made).index("orders") < list(made).index("items")
    assert [len(each.rows) for each in made.values()] == [10] * 4
    assert {row[1] for row in made["items"].rows} == {row[0] for row in made["orders"].rows}


def test_the_parts_of_the_row_that_a_request_is_about_are_all_its_own() -> None:
    made = {each.name: each for each in make_rows(SHOP, 10, {}, "orders")}
    assert {row[1] for row in made["items"].rows} == {1}
    assert len({row[2] for row in made["items"].rows}) == 10


def test_a_unique_reference_is_never_used_twice() -> None:
    tables = schema(child("accounts"), child("profiles", "accounts", unique=("accounts_id",)))
    made = {each.name: each for each in make_rows(tables, 10, {}, "accounts")}
    assert [row[1] for row in made["profiles"].rows] == [1]


def test_a_table_that_refers_to_itself_gets_roots() -> None:
    (made,) = make_rows(schema(child("nodes", "nodes", nullable=True)), 3, {})
    assert made.rows == ((1, None), (2, None), (3, None))


def test_a_circle_of_references_that_no_null_breaks_is_refused_by_name() -> None:
    with pytest.raises(NotSupportedError, match="a and b refer to each other"):
        make_rows(schema(child("a", "b"), child("b", "a")), 3, {})


@pytest.mark.parametrize(
    ("name", "before", "place"),
    [
        ("order_id", "/shops/{shop_id}/orders/", ("orders", "id")),
        ("id", "/products/", ("products", "id")),
        ("pk", "/api/v1/accounts/", ("accounts", "id")),
        ("token", "/confirm/", None),
    ],
)
def test_a_path_s_parameter_names_a_table_s_key(name: str, before: str, place: tuple[str, str] | None) -> None:
    assert named_column(SHOP, name, before) == place


def test_a_call_is_read_with_its_body() -> None:
    assert read_call('post /orders?x=1 {"total": 3}') == SentRequest("POST", "/orders?x=1", '{"total": 3}', given=True)


@pytest.mark.parametrize("text", ["", "FETCH /orders", "POST orders", "POST", "POST /orders {total: 3}"])
def test_a_call_that_can_not_be_read_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(MentorError, match="--call"):
        read_call(text)


def test_required_parameters_and_prefixes_come_from_the_app_s_own_description(execute: Execute) -> None:
    cell = (
        "from enum import Enum\n"
        "from fastapi import APIRouter, FastAPI, Query\n"
        "class Kind(Enum):\n"
        "    NEW = 'new'\n"
        "router = APIRouter(prefix='/v1')\n"
        "@router.get('/found')\n"
        "def found(kind: Kind, least: int = Query(ge=5), text: str = Query(min_length=3), size: int = 9):\n"
        "    return [kind, least, text, size]\n"
        "app = FastAPI()\n"
        "app.include_router(router, prefix='/api')\n"
    )
    (exchange,) = run(execute(cell)).trace.exchanges
    assert (exchange.request.path, exchange.status) == ("/api/v1/found?kind=new&least=5&text=aaa", 200)


def replies(*bodies: object, status: int = 200) -> Grown:
    request = SentRequest("GET", "/rows", template="/rows")
    made = [Reply(Exchange(request, status, 1.0), json.dumps(body).encode()) for body in bodies]
    return Grown(tuple((1, (each,)) for each in made))


@pytest.mark.parametrize(
    ("before", "again", "after", "unordered", "what"),
    [
        ([1, 2], [1, 2], [2, 1], frozenset({"/rows"}), None),
        ([1, 2], [1, 2], [2, 1], frozenset(), "$[0]: 1 became 2"),
        ([1, 1, 2], [1, 1, 2], [1, 2, 2], frozenset({"/rows"}), "$[1]: 1 became 2"),
        ({"at": 1, "a": 5}, {"at": 2, "a": 5}, {"at": 3, "a": 5}, frozenset(), None),
        ({"at": 1, "a": 5}, {"at": 2, "a": 5}, {"at": 3, "a": None}, frozenset(), "$.a: 5 became null"),
        ({"a": 1}, {"a": 1}, {"b": 1}, frozenset(), '$: {"a": 1} became {"b": 1}'),
        ([], [], [1], frozenset(), "$: [] became [1]"),
    ],
)
def test_answers_are_compared_without_what_changes_by_itself(
    before: Any, again: Any, after: Any, unordered: frozenset[str], what: str | None
) -> None:
    compared, differences = compare_answers(replies(before), replies(again), replies(after), unordered)
    assert compared == 1
    assert [each.what for each in differences] == ([what] if what else [])


def test_another_status_is_a_difference_and_an_error_of_before_shows_nothing() -> None:
    ok, failed = replies({}), replies({}, status=500)
    assert compare_answers(ok, ok, failed, frozenset())[1][0].what == "200 became 500"
    assert compare_answers(failed, failed, ok, frozenset()) == (0, ())


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('engine = create_engine("sqlite://"', 'engine = create_engine("sqlite:///other.db"', "makes engine anew"),
        ("def authors(", "def authors(:", "not Python"),
        ("Local = sessionmaker(engine)", "Local = sessionmaker(engine, autoflush=False)", "makes Local anew"),
        ("def session():", "raise_now = 1 / 0\ndef session():", "raises ZeroDivisionError"),
    ],
)
def test_a_version_that_would_reach_outside_is_not_run(execute: Execute, old: str, new: str, words: str) -> None:
    target = execute(FASTAPI)
    names = dict(target.namespace)
    assert old in target.source.text
    with pytest.raises(NotSupportedError, match=words):
        compare_versions(target, target.source.text.replace(old, new))
    assert dict(target.namespace) == names


def test_a_mapped_class_is_mapped_anew_with_its_base_where_the_cell_holds_both(execute: Execute) -> None:
    target = execute(FASTAPI)
    names = dict(target.namespace)
    old = 'books: Mapped[list["Book"]] = relationship(back_populates="author")'
    new = 'books: Mapped[list["Book"]] = relationship(back_populates="author", lazy="selectin")'
    runs = compare_versions(target, target.source.text.replace(old, new))
    assert (runs.differences, runs.left_out) == ((), ())
    assert [each.queries for each in runs.after[0].counts] == [2, 2, 2]
    assert dict(target.namespace) == names


def test_a_mapped_class_whose_base_is_elsewhere_is_left_as_it_is_and_the_rest_is_run(execute: Execute) -> None:
    target = execute(FASTAPI)
    cell = target.source.text.replace("class Base(DeclarativeBase):\n    pass\n", "")
    second = type(target)(_source(cell), target.namespace, target.stop)
    changed = cell.replace('default="draft"', 'default="draft", index=True')
    with pytest.raises(NotSupportedError, match="changes Book alone"):
        compare_versions(second, changed)
    both = changed.replace("select(Author))]", "select(Author).options(selectinload(Author.books)))]")
    runs = compare_versions(second, both)
    assert runs.left_out == ("Book",)
    assert "the change of Book was not run; 101 become 2 statements" in runs.verdict


def test_a_version_leaves_the_notebook_s_own_app_and_functions_alone(execute: Execute) -> None:
    target = execute(FASTAPI)
    names = dict(target.namespace)
    app: Any = names["app"]
    routes = len(app.routes)
    compare_versions(target, target.source.text.replace('"name": each.name', '"name": each.name.upper()'))
    assert dict(target.namespace) == names
    assert len(app.routes) == routes


def test_an_app_of_another_cell_is_made_anew_for_the_version(execute: Execute) -> None:
    first = "from fastapi import FastAPI\n" + MODELS + ENGINE + "app = FastAPI()\n"
    target = execute(first)
    handler = (
        "@app.get('/names')\n"
        "def names():\n"
        "    with Session(engine) as db:\n"
        "        return [book.author.name for book in db.scalars(select(Book))]\n"
    )
    exec(compile(handler, "<second>", "exec", dont_inherit=True), dict_of(target))
    second = type(target)(_source(handler), target.namespace, target.stop)
    runs = compare_versions(
        second, handler.replace("select(Book))", "select(Book).options(selectinload(Book.author)))")
    )
    assert runs.verdict == "answers 3 of 3 requests the same; 101 become 2 statements at 100 rows"


def dict_of(target: Any) -> dict[str, object]:
    names: dict[str, object] = target.namespace
    return names


def _source(code: str) -> Any:
    from backend_mentor.domain.cell import Cell, CellKind
    from backend_mentor.reading.endpoints import read_source

    return read_source(Cell(code, CellKind.ENDPOINT))
