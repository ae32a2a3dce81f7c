"""One statement for each row shows on data that grows, in every framework, and is gone in the better version."""

from __future__ import annotations

import pytest

from backend_mentor.domain.trace import CodeRuns, Growth, GrowthVerdict
from backend_mentor.proofs.running.run import Target, run
from backend_mentor.proofs.running.versions import compare_versions
from tests.proofs.running.cells import DJANGO, FASTAPI, FLASK
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
