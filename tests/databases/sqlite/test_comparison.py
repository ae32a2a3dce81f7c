"""Two queries on the user's own rows: the same bag or list of rows, told apart by type."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from backend_mentor.databases.sqlite.connection import SQLiteDatabase
from backend_mentor.domain.errors import NotSupportedError, RefusedError
from backend_mentor.domain.statement import Parameter, Statement
from backend_mentor.domain.subject import Fact
from backend_mentor.reading.sql import read_statement

Read = Callable[[str], Statement]


@pytest.mark.parametrize(
    ("before", "after", "only_before", "only_after"),
    [
        ("SELECT day FROM sales", "SELECT day FROM sales ORDER BY amount", 0, 0),
        ("SELECT DISTINCT day FROM sales", "SELECT day FROM sales", 0, 2970),
        ("SELECT day FROM sales WHERE id < 10", "SELECT day FROM sales WHERE id < 8", 2, 0),
        ("SELECT 1 AS a", "SELECT 1.0 AS b", 1, 1),
        ("SELECT 1", "SELECT '1'", 1, 1),
        ("SELECT NULL FROM clients", "SELECT NULL FROM clients", 0, 0),
        ("SELECT 'a'", "SELECT 'A'", 1, 1),
        ("SELECT x'00'", "SELECT ''", 1, 1),
        ("VALUES (1, 2), (1, 2), (3, 4)", "VALUES (3, 4), (1, 2), (1, 2)", 0, 0),
        ("WITH a AS (SELECT 1 AS x) SELECT x FROM a -- one", "SELECT 1", 0, 0),
        ("SELECT id FROM clients ORDER BY id LIMIT 3", "SELECT id FROM clients WHERE id <= 3", 0, 0),
    ],
)
def test_bags_are_compared_by_value_type_and_number(
    shop: SQLiteDatabase, read: Read, before: str, after: str, only_before: int, only_after: int
) -> None:
    found = shop.compare(read(before), read(after), ordered=False)
    assert (found.only_before, found.only_after) == (only_before, only_after)
    assert found.same is (only_before == only_after == 0)
    assert (found.sample is None) is found.same


def test_a_nocase_column_does_not_hide_a_difference_of_letter_case(shop: SQLiteDatabase, read: Read) -> None:
    lower = read("SELECT lower(name) COLLATE NOCASE FROM clients")
    upper = read("SELECT upper(name) COLLATE NOCASE FROM clients")
    assert shop.compare(lower, upper, ordered=False).only_before == 60


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        ("SELECT id FROM clients ORDER BY id", "SELECT id FROM clients ORDER BY name, id", False),
        ("SELECT id FROM clients ORDER BY id", "SELECT id FROM clients WHERE id > 0 ORDER BY id", True),
        ("SELECT id FROM clients ORDER BY id", "SELECT id * 1.0 FROM clients ORDER BY id", False),
        ("SELECT id FROM clients ORDER BY id", "SELECT id FROM clients ORDER BY id LIMIT 59", False),
    ],
)
def test_lists_are_compared_place_by_place(
    shop: SQLiteDatabase, read: Read, before: str, after: str, same: bool
) -> None:
    found = shop.compare(read(before), read(after), ordered=True)
    assert (found.same, found.ordered, found.rows) == (same, True, 60)


def test_the_sample_shows_which_side_has_the_row(shop: SQLiteDatabase, read: Read) -> None:
    found = shop.compare(
        read("SELECT id, tier FROM clients WHERE id IN (1, 2)"), read("SELECT id, tier FROM clients WHERE id = 1"),
        ordered=False,
    )  # fmt: skip
    assert found.sample is not None
    assert found.sample.columns == ("only in", "times", "id", "tier")
    assert found.sample.rows == (("before", 1, 2, "c"),)


def test_parameters_reach_both_queries(shop: SQLiteDatabase) -> None:
    def query(sql: str, marker: str) -> Statement:
        return read_statement(sql, "sqlite", (Parameter(marker, marker, "2026-04-03", "test"),))

    named = query("SELECT id FROM sales WHERE day = :day", ":day")
    assert shop.compare(named, query("SELECT id FROM sales WHERE :day = day", ":day"), ordered=False).rows == 100
    numbered = query("SELECT id FROM sales WHERE day = ?", "?")
    assert shop.compare(numbered, numbered, ordered=True).rows == 100
    assert shop.run(named).rows == shop.run(numbered).rows == 100
    assert shop.explain(named, analyze=True).root.visited_rows == 100


def test_what_can_not_be_compared_is_said(shop: SQLiteDatabase, read: Read) -> None:
    with pytest.raises(NotSupportedError, match="1 columns and the other 2"):
        shop.compare(read("SELECT 1"), read("SELECT 1, 2"), ordered=False)
    with pytest.raises(RefusedError):
        shop.compare(read("SELECT 1"), read("DELETE FROM sales"), ordered=False)


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("day GLOB '????-??-??'", True),
        ("day < '2026-04-30'", False),
        ("NULL", True),
        ("client_id IS NOT NULL", True),
        ("json_extract(day, '$.x') = 1", None),
    ],
)
def test_a_fact_holds_when_no_row_is_against_it(shop: SQLiteDatabase, condition: str, holds: bool | None) -> None:
    assert shop.holds(Fact("sales", condition, "…")) is holds
