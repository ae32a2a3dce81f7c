"""Indexes are tried: on an empty copy that knows their statistics, and built on a copy of the rows."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from tempfile import gettempdir

import pytest

from backend_mentor.databases.base import Limits
from backend_mentor.databases.sqlite.connection import SQLiteDatabase
from backend_mentor.domain.errors import NotSupportedError, RefusedError
from backend_mentor.domain.plan import Operation
from backend_mentor.domain.schema import Index, IndexColumn
from backend_mentor.domain.statement import Statement

Read = Callable[[str], Statement]


def index_on(*names: str, table: str = "sales", where: str | None = None, expression: bool = False) -> Index:
    return Index("tried", table, tuple(IndexColumn(name, expression) for name in names), where=where)


@pytest.mark.parametrize(
    ("sql", "index", "used"),
    [
        ("SELECT * FROM sales WHERE client_id = 7", index_on("client_id"), True),
        ("SELECT * FROM sales WHERE client_id = 7 AND amount > 5", index_on("client_id", "amount"), True),
        ("SELECT * FROM sales WHERE amount > 5", index_on("client_id"), False),
        ("SELECT * FROM sales WHERE id = 7", index_on("client_id"), False),
        ("SELECT * FROM sales ORDER BY client_id, amount", index_on("client_id", "amount"), True),
        ("SELECT * FROM sales WHERE abs(amount) = 5", index_on("abs(amount)", expression=True), True),
        ("SELECT id FROM sales WHERE state = 'paid' AND amount = 3", index_on("amount", where="state = 'paid'"), True),
        ("SELECT id FROM sales WHERE state = 'open' AND amount = 3", index_on("amount", where="state = 'paid'"), False),
        # Each state is on a quarter of the rows or more, a day on a thirtieth: the planner stays with the day.
        ("SELECT * FROM sales WHERE day = '2026-04-03' AND state = 'open'", index_on("state"), False),
    ],
)
def test_the_planner_says_of_an_index_what_it_says_once_it_is_built(
    shop: SQLiteDatabase, read: Read, sql: str, index: Index, used: bool
) -> None:
    cost = shop.what_if(read(sql), index)
    assert (cost.uses_index, cost.method, cost.before) == (used, "clone with statistics", None)
    with shop.scratch() as scratch:
        scratch.build(index)
        plan = scratch.explain(read(sql))
    assert any(node.index == "tried" for node in plan.nodes()) is used


def test_the_estimated_size_is_near_the_real_one(shop: SQLiteDatabase, read: Read) -> None:
    for index in (index_on("client_id"), index_on("day", "state"), index_on("amount")):
        estimate = shop.what_if(read("SELECT 1 FROM sales"), index).size_bytes
        with shop.scratch() as scratch:
            real, _ = scratch.build(index)
        assert real is not None
        assert estimate == pytest.approx(real, rel=0.35)


def test_a_large_table_is_judged_from_a_sample_and_the_method_says_so(tmp_path: Path, read: Read) -> None:
    path = tmp_path / "large.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE t (a INT, b INT)")
        connection.execute(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 800000) "
            "INSERT INTO t SELECT i * 7919 % 800000, i % 50 FROM n"
        )
        connection.commit()
    hurried = SQLiteDatabase.connect(path, limits=Limits(fact_milliseconds=60))
    cost = hurried.what_if(read("SELECT * FROM t WHERE a = 7"), index_on("a", table="t"))
    assert (cost.uses_index, cost.method) == (True, "clone with statistics of a sample")


def test_an_index_that_sqlite_does_not_have_is_not_supported(shop: SQLiteDatabase, read: Read) -> None:
    query = read("SELECT * FROM sales WHERE client_id = 7")
    with pytest.raises(NotSupportedError, match="INCLUDE"):
        shop.what_if(query, Index("i", "sales", (IndexColumn("client_id"),), include=("day",)))
    with pytest.raises(NotSupportedError, match="no table"):
        shop.what_if(query, index_on("a", table="nowhere"))


def test_on_the_scratch_copy_an_index_can_be_built_measured_and_dropped(shop: SQLiteDatabase, read: Read) -> None:
    query = read("SELECT * FROM sales WHERE client_id = 7 ORDER BY day")
    with shop.scratch() as scratch:
        before = scratch.run(query)
        size, milliseconds = scratch.build(index_on("client_id", "day"))
        after = scratch.run(query)
        assert scratch.explain(query).root.operation is Operation.SEARCH
        scratch.drop(index_on("client_id", "day"))
        assert scratch.run(query).count == before.count
    assert before.rows == after.rows == 50
    assert before.count is not None
    assert after.count is not None
    assert after.count * 5 < before.count
    assert size is not None
    assert size % 4096 == 0
    assert milliseconds > 0


def test_the_copy_is_private_and_removed(shop: SQLiteDatabase, read: Read) -> None:
    def copies() -> set[Path]:
        return set(Path(gettempdir()).glob("backend-mentor-*/copy.db"))

    before = copies()
    with shop.scratch() as scratch:
        (copy,) = copies() - before
        assert copy.parent.stat().st_mode & 0o777 == 0o700
        with pytest.raises(RefusedError):
            scratch.run(read("DELETE FROM sales"))
    assert copies() == before


def test_a_database_over_the_limit_is_not_copied(shop_file: Path) -> None:
    database = SQLiteDatabase.connect(shop_file, limits=Limits(scratch_bytes=1_000))
    with pytest.raises(NotSupportedError, match="1,000"), database.scratch():
        pass


def test_a_write_is_planned_with_the_real_statistics_and_never_run(shop: SQLiteDatabase, read: Read) -> None:
    plan = shop.explain(read("UPDATE sales SET amount = 0 WHERE day = '2026-04-03'"))
    assert [(node.operation, node.index) for node in plan.nodes()] == [(Operation.SEARCH, "sales_day")]
    assert plan.notes == ("Planned on an empty copy with the statistics of shop.db; nothing was written.",)
    with pytest.raises(RefusedError, match="DELETE"):
        shop.explain(read("DELETE FROM sales"), analyze=True)
    assert shop.fetch(read("SELECT count(*) FROM sales")).rows == ((3000,),)
