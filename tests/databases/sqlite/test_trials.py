"""The bench: made-up rows in tables made from the user's own text, and nothing of the user's database."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from backend_mentor.databases.sqlite.connection import SQLiteDatabase
from backend_mentor.domain.errors import NotSupportedError
from backend_mentor.domain.proof import Rows
from backend_mentor.domain.statement import Statement
from backend_mentor.domain.subject import Fact

Read = Callable[[str], Statement]

CLIENTS = Rows("clients", ("id", "name", "tier"), ((1, "x", None), (2, "y", "a")))
SALES = Rows("sales", ("id", "client_id", "day", "state", "amount"), ((1, 1, "2026-01-01", "open", 2.5),))


def database_of(path: Path, script: str) -> SQLiteDatabase:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(script)
    return SQLiteDatabase.connect(path)


def test_statements_see_only_the_rows_of_the_trial(shop: SQLiteDatabase, read: Read) -> None:
    with shop.bench(shop.schema()) as bench:
        both = (read("SELECT name, tier FROM clients ORDER BY id"), read("SELECT count(*) AS n FROM paid_sales"))
        first = bench.run((CLIENTS, SALES), both)
        second = bench.run((), both)
    assert first == (
        Rows("", ("name", "tier"), (("x", None), ("y", "a"))),
        Rows("", ("n",), ((0,),)),
    )
    assert second == (Rows("", ("name", "tier"), ()), Rows("", ("n",), ((0,),)))
    assert shop.fetch(both[1]).rows == ((750,),)


def test_affinity_collation_and_rowid_are_those_of_the_real_table(tmp_path: Path, read: Read) -> None:
    database = database_of(
        tmp_path / "a.db", "CREATE TABLE t (a TEXT COLLATE NOCASE, b INTEGER, c INT AS (b * 2), d TEXT) -- the end"
    )
    rows = Rows("t", ("a", "b", "c", "d"), (("X", "7", None, 7), ("x", 2, None, None)))
    with database.bench(database.schema()) as bench:
        (found,) = bench.run((rows,), (read("SELECT rowid, b, c, typeof(d) FROM t WHERE a = 'x' ORDER BY b"),))
    assert found.rows == ((2, 2, 4, "null"), (1, 7, 14, "text"))


@pytest.mark.parametrize(
    ("name", "columns", "row", "because"),
    [
        ("sales", ("id", "day", "state"), (1, "2026-01-01", "lost"), "the CHECK forbids the state"),
        ("sales", ("id", "day"), (1, None), "the day is NOT NULL"),
        ("prices", ("item", "region"), (None, "n"), "a key of a table WITHOUT ROWID is not NULL"),
        ("sales", ("id", "day"), (1, "soon"), "the fact says that days are dates"),
        ("clients", ("id", "name"), (2**70, "x"), "the number is too large"),
    ],
)
def test_rows_that_the_schema_or_a_fact_forbids_are_not_admitted(
    shop: SQLiteDatabase, read: Read, name: str, columns: tuple[str, ...], row: tuple[object, ...], because: str
) -> None:
    fact = Fact("sales", "day GLOB '????-??-??'", "days are dates")
    rows = Rows(name, columns, (row,))
    with shop.bench(shop.schema(), frozenset([fact])) as bench:
        assert not bench.admits((rows,)), because
        assert bench.admits((SALES,))
        with pytest.raises(ValueError, match=r"failed|too large"):
            bench.run((rows,), (read("SELECT 1"),))
        assert bench.run((SALES,), (read("SELECT count(*) FROM sales"),))[0].rows == ((1,),)


def test_unique_indexes_hold_and_partial_ones_only_on_their_part(tmp_path: Path) -> None:
    database = database_of(
        tmp_path / "u.db", "CREATE TABLE t (a INT, b INT UNIQUE); CREATE UNIQUE INDEX p ON t (a) WHERE b > 5;"
    )
    with database.bench(database.schema()) as bench:
        assert bench.admits((Rows("t", ("a", "b"), ((1, 1), (1, 2))),))
        assert not bench.admits((Rows("t", ("a", "b"), ((1, 6), (1, 7))),))
        assert not bench.admits((Rows("t", ("a", "b"), ((1, 1), (2, 1))),))


def test_a_query_that_fails_on_some_rows_answers_with_its_error(shop: SQLiteDatabase, read: Read) -> None:
    with shop.bench(shop.schema()) as bench:
        (found,) = bench.run((CLIENTS,), (read("SELECT json_extract(name, '$.x') FROM clients"),))
    assert found.error is not None
    assert "malformed JSON" in found.error


@pytest.mark.parametrize(
    ("sql", "because"),
    [
        ("SELECT * FROM notes WHERE notes MATCH 'word'", "virtual table"),
        ("SELECT count(*) FROM sqlite_master", "describes the database itself"),
        ("SELECT strange(name) FROM clients", "no such function"),
        ("DELETE FROM clients", "DELETE"),
        ("SELECT * FROM nowhere", "no such table"),
    ],
)
def test_what_can_not_be_tried_is_said_with_its_reason(
    shop: SQLiteDatabase, shop_file: Path, read: Read, sql: str, because: str
) -> None:
    with closing(sqlite3.connect(shop_file)) as connection:
        connection.execute("CREATE VIRTUAL TABLE notes USING fts5(body)")
    with shop.bench(shop.schema()) as bench, pytest.raises(NotSupportedError, match=because):
        bench.supports(read(sql))


def test_what_can_be_tried_is_supported(shop: SQLiteDatabase, read: Read) -> None:
    with shop.bench(shop.schema()) as bench:
        bench.supports(read("SELECT * FROM paid_sales p JOIN clients c ON c.id = p.client_id WHERE p.rowid > 3"))


def test_a_table_with_a_collation_of_the_users_own_program_is_left_out(tmp_path: Path, read: Read) -> None:
    path = tmp_path / "c.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.create_collation("german", lambda a, b: (a > b) - (a < b))
        connection.executescript("CREATE TABLE t (a TEXT COLLATE german UNIQUE); CREATE TABLE u (a)")
    database = SQLiteDatabase.connect(path)
    with database.bench(database.schema()) as bench:
        bench.supports(read("SELECT * FROM u"))
        with pytest.raises(NotSupportedError, match="german"):
            bench.supports(read("SELECT * FROM t ORDER BY a"))


def test_two_thousand_trials_are_run_in_a_few_seconds(shop: SQLiteDatabase, read: Read) -> None:
    query = read("SELECT c.name, sum(s.amount) FROM sales s JOIN clients c ON c.id = s.client_id GROUP BY 1 ORDER BY 1")
    with shop.bench(shop.schema()) as bench:
        began = time.perf_counter()
        for _ in range(2_000):
            assert len(bench.run((CLIENTS, SALES), (query, query))) == 2
        # Measured at 7,000 a second; a hang or a quadratic slip is what this would notice.
        assert time.perf_counter() - began < 20
