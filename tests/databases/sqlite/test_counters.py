"""The rows that are counted are the rows that there are, worked out here by hand."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from backend_mentor.databases.base import Limits
from backend_mentor.databases.sqlite.connection import SQLiteDatabase
from backend_mentor.domain.errors import TimeLimitError
from backend_mentor.domain.plan import Plan, PlanNode
from backend_mentor.domain.statement import Statement

Read = Callable[[str], Statement]


def node(plan: Plan, start: str) -> PlanNode:
    (found,) = [each for each in plan.nodes() if each.label.startswith(start)]
    return found


def figures(found: PlanNode) -> tuple[float | None, float | None, float | None]:
    return found.loops, found.visited_rows, found.actual_rows


# 3,000 sales: 100 a day over 30 days, 50 a client over 60 clients, every fourth one paid.
@pytest.mark.parametrize(
    ("sql", "start", "expected"),
    [
        ("SELECT * FROM sales WHERE amount > 300", "SCAN sales", (1, 3000, 600)),
        ("SELECT id FROM sales WHERE day = '2026-04-03'", "SEARCH sales", (1, 100, 100)),
        # The index has the day but not the state, which is checked after a look at the table.
        ("SELECT * FROM sales WHERE day = '2026-04-03' AND state = 'paid'", "SEARCH sales", (1, 100, 50)),
        ("SELECT * FROM sales WHERE day = '2026-04-04' AND state = 'paid'", "SEARCH sales", (1, 100, 0)),
        ("SELECT * FROM sales WHERE id = 7 AND state = 'paid'", "SEARCH sales", (1, 1, 0)),
        ("SELECT * FROM sales WHERE id = 99999", "SEARCH sales", (1, 0, 0)),
        ("SELECT * FROM sales LIMIT 5", "SCAN sales", (1, 5, 5)),
        ("SELECT * FROM prices WHERE region = 'n'", "SCAN prices", (1, 40, 20)),
        ("SELECT * FROM prices WHERE item = 'item 3'", "SEARCH prices", (1, 2, 2)),
        ("SELECT * FROM clients c JOIN sales s ON c.id = s.client_id WHERE s.amount > 300", "SCAN s", (1, 3000, 600)),
        ("SELECT * FROM clients c JOIN sales s ON c.id = s.client_id WHERE s.amount > 300", "SEARCH c", (600, 1, 1)),
        ("SELECT * FROM clients c, sales s WHERE c.id = s.client_id AND s.amount > 300", "SEARCH c", (600, 1, 1)),
        ("SELECT * FROM clients c LEFT JOIN sales s ON s.id = c.id WHERE c.tier = 'a'", "SCAN c", (1, 60, 20)),
        ("SELECT * FROM clients c LEFT JOIN sales s ON s.id = c.id WHERE c.tier = 'a'", "SEARCH s", (20, 1, None)),
        ("SELECT name, (SELECT max(amount) FROM sales s WHERE s.client_id = c.id) FROM clients c WHERE c.id < 4",
         "SEARCH s", (3, 3000, 50)),
        ("SELECT name FROM clients c WHERE tier = 'b' AND EXISTS (SELECT 1 FROM sales s WHERE s.id = c.id * 2)",
         "SEARCH s", (20, 1, 1)),
        ("SELECT * FROM clients WHERE id IN (SELECT client_id FROM sales WHERE amount > 300)",
         "SCAN sales", (1, 3000, 600)),
        ("WITH big AS (SELECT client_id, sum(amount) FROM sales WHERE amount > 300 GROUP BY 1) SELECT * FROM big",
         "SCAN sales", (1, 3000, 600)),
        ("SELECT day, row_number() OVER (ORDER BY amount) FROM sales WHERE amount > 300", "SCAN sales", (1, 3000, 600)),
        ("SELECT state FROM sales WHERE amount > 300 UNION ALL SELECT tier FROM clients", "SCAN sales", (1, 3000, 600)),
    ],
)  # fmt: skip
def test_a_loop_has_the_rows_that_it_really_visits(
    shop: SQLiteDatabase, read: Read, sql: str, start: str, expected: tuple[float | None, ...]
) -> None:
    plan = shop.explain(read(sql), analyze=True)
    assert plan.notes == ()
    assert figures(node(plan, start)) == expected


@pytest.mark.parametrize(
    ("sql", "because"),
    [
        ("SELECT count(*) FROM sales", "counting the rows one by one is not what a bare count(*) does"),
        ("SELECT * FROM sales WHERE id = 3 OR day = '2026-04-03'", "the searches of an OR find a row twice"),
        ("SELECT * FROM paid_sales", "the loop is inside a view"),
        (
            "SELECT * FROM sales s FULL JOIN clients c ON c.id = s.client_id",
            "rows without a partner come apart",
        ),
        ("SELECT zeroblob(id) FROM sales", "it runs in another process"),
    ],
)
def test_what_can_not_be_counted_exactly_has_no_figures_but_a_note(
    shop: SQLiteDatabase, read: Read, sql: str, because: str
) -> None:
    plan = shop.explain(read(sql), analyze=True)
    assert all(each.visited_rows is None and each.loops is None for each in plan.nodes()), because
    assert len(plan.notes) == 1
    assert plan.notes[0].startswith("Rows are not counted: ")


def test_a_partial_index_that_the_query_builds_for_itself_has_no_figures(shop: SQLiteDatabase, read: Read) -> None:
    plan = shop.explain(
        read("SELECT * FROM clients WHERE id IN (SELECT client_id FROM sales WHERE state = 'paid')"), analyze=True
    )
    built = node(plan, "SEARCH sales USING AUTOMATIC PARTIAL COVERING INDEX")
    assert (built.loops, built.visited_rows) == (None, None)
    assert node(plan, "SCAN clients").visited_rows == 60


def test_the_name_that_two_loops_share_has_no_figures(shop: SQLiteDatabase, read: Read) -> None:
    plan = shop.explain(read("SELECT * FROM sales WHERE id IN (SELECT id FROM sales WHERE amount > 300)"), analyze=True)
    assert [each.visited_rows for each in plan.nodes() if each.relation == "sales"] == [None, None]


def test_random_joins_are_counted_as_a_program_would_count_them(tmp_path: Path, read: Read) -> None:
    """The nested loops are run here in Python over the same rows, in the order that the plan shows."""
    path, chance, checked = tmp_path / "random.db", random.Random(5), 0
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(
            "CREATE TABLE p (a INT, b INT, c INT); CREATE TABLE q (a INT, b INT, c INT); CREATE INDEX q_a ON q (a);"
        )
        rows = {name: [tuple(chance.randrange(12) for _ in "abc") for _ in range(size)] for name, size in
                (("p", 40), ("q", 90))}  # fmt: skip
        for name, values in rows.items():
            connection.executemany(f"INSERT INTO {name} VALUES (?, ?, ?)", values)
        connection.commit()
    database = SQLiteDatabase.connect(path)
    for _ in range(30):
        low, high = chance.randrange(12), chance.randrange(12)
        plan = database.explain(
            read(f"SELECT * FROM p JOIN q ON p.a = q.a WHERE p.b > {low} AND q.c < {high}"), analyze=True
        )
        outer, inner = (each for each in plan.nodes() if each.relation in ("p", "q"))
        if (outer.relation, inner.index) != ("p", "q_a") or inner.loops is None:
            continue
        checked += 1
        passing = [row for row in rows["p"] if row[1] > low]
        matches = [other for row in passing for other in rows["q"] if other[0] == row[0]]
        assert (outer.total_visited_rows, outer.total_actual_rows) == (40, len(passing))
        assert inner.loops == len(passing)
        assert inner.total_visited_rows == pytest.approx(len(matches) if passing else 0)
        kept = [other for other in matches if other[2] < high]
        assert inner.loops == 0 or inner.total_actual_rows == pytest.approx(len(kept))
    assert checked >= 20


def test_steps_are_the_same_each_time_and_fall_with_an_index(shop: SQLiteDatabase, read: Read) -> None:
    whole, one_day = read("SELECT * FROM sales WHERE amount > 9999"), read("SELECT * FROM sales WHERE day = 'x'")
    steps = [shop.explain(whole, analyze=True).steps for _ in range(3)]
    assert len(set(steps)) == 1
    few = shop.explain(one_day, analyze=True).steps
    assert steps[0] is not None
    assert few is not None
    assert few * 100 < steps[0]


def test_a_run_that_takes_the_whole_limit_is_an_error_and_no_plan_with_holes(shop_file: Path, read: Read) -> None:
    database = SQLiteDatabase.connect(shop_file, limits=Limits(milliseconds=200))
    with pytest.raises(TimeLimitError):
        database.explain(read("SELECT count(*) FROM sales a, sales b, sales c WHERE a.amount < b.amount"), analyze=True)


def test_a_count_that_takes_longer_than_its_part_leaves_a_note_instead_of_figures(
    shop: SQLiteDatabase, read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backend_mentor.databases.sqlite.explain.count_limit_milliseconds", lambda _: 1)
    text = "SELECT a.id FROM sales a, sales b WHERE a.amount < b.amount AND a.id < 1500"
    plan = shop.explain(read(text), analyze=True)
    assert plan.steps is not None
    assert all(each.visited_rows is None for each in plan.nodes())
    assert plan.notes[-1].startswith("Rows are not counted: counting took longer than")
