"""Nothing that is asked of the mentor's connection changes a file or makes one."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from backend_mentor.databases.base import Limits
from backend_mentor.databases.sqlite.connection import SQLiteDatabase
from backend_mentor.databases.sqlite.opening import open_reader
from backend_mentor.domain.errors import MentorError, RefusedError
from backend_mentor.domain.statement import Statement

Read = Callable[[str], Statement]


@pytest.fixture
def unchanged(shop_file: Path) -> Iterator[Path]:
    """The shop's file, whose bytes and neighbours must be the same after the test."""
    content, neighbours = shop_file.read_bytes(), sorted(shop_file.parent.iterdir())
    yield shop_file
    assert shop_file.read_bytes() == content
    assert sorted(shop_file.parent.iterdir()) == neighbours


HOSTILE = [
    ("INSERT INTO clients VALUES (99, 'x', 'a')", "INSERT"),
    ("UPDATE sales SET amount = 0", "UPDATE"),
    ("DELETE FROM sales", "DELETE"),
    ("REPLACE INTO clients VALUES (1, 'x', 'a')", "REPLACE"),
    ("WITH old AS (SELECT id FROM sales) DELETE FROM sales WHERE id IN (SELECT id FROM old)", "DELETE"),
    ("CREATE TABLE t (a)", "CREATE"),
    ("CREATE TEMP TABLE t AS SELECT * FROM sales", "CREATE"),
    ("DROP TABLE sales", "DROP"),
    ("ALTER TABLE sales ADD COLUMN note TEXT", "ALTER"),
    ("ATTACH 'other.db' AS other", "ATTACH"),
    ("DETACH main", "DETACH"),
    ("VACUUM INTO 'copy.db'", "VACUUM"),
    ("VACUUM", "VACUUM"),
    ("ANALYZE", "ANALYZE"),
    ("BEGIN IMMEDIATE", "BEGIN"),
    ("PRAGMA query_only = 0", "PRAGMA"),
    ("PRAGMA journal_mode = wal", "PRAGMA"),
    ("PRAGMA writable_schema = 1", "PRAGMA"),
    ("PRAGMA user_version = 7", "PRAGMA"),
    ("SELECT load_extension('evil')", "load_extension"),
    ("SELECT writefile('out.txt', name) FROM clients", "writefile"),
    ("SELECT fts3_tokenizer('simple')", "fts3_tokenizer"),
]


@pytest.mark.parametrize(("sql", "name"), HOSTILE, ids=[sql for sql, _ in HOSTILE])
def test_what_writes_or_reaches_outside_is_refused_by_name(unchanged: Path, read: Read, sql: str, name: str) -> None:
    database = SQLiteDatabase.connect(unchanged)
    statement = read(sql)
    for act in (database.check, database.run, database.fetch):
        with pytest.raises(RefusedError) as refusal:
            act(statement)
        assert refusal.value.name == name
    with pytest.raises(MentorError):
        database.explain(statement, analyze=True)


@pytest.mark.parametrize("sql", [*(sql for sql, _ in HOSTILE), "REINDEX"])
def test_the_connection_itself_writes_nothing_even_past_the_guard(unchanged: Path, sql: str) -> None:
    with open_reader(unchanged, Limits()) as connection, pytest.raises(sqlite3.Error):
        connection.execute(sql).fetchall()


def test_a_second_statement_behind_a_semicolon_is_refused(shop: SQLiteDatabase, read: Read) -> None:
    statement = read("SELECT 1")
    smuggled = Statement("", "SELECT 1; SELECT 2", "sqlite", statement.kind, statement.tree)
    with pytest.raises(RefusedError, match="Two statements"):
        shop.check(smuggled)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT name || 'DROP TABLE clients; --' FROM clients",
        "VALUES (1), (2)",
        "WITH days AS (SELECT DISTINCT day FROM sales) SELECT count(*) FROM days",
        "SELECT value FROM json_each('[1, 2]')",
        "SELECT name FROM pragma_table_info('sales')",
        "SELECT sum(pgsize) FROM dbstat",
        "PRAGMA table_info(sales)",
    ],
)
def test_what_only_reads_is_let_through(unchanged: Path, read: Read, sql: str) -> None:
    database = SQLiteDatabase.connect(unchanged)
    database.check(read(sql))
    assert database.fetch(read(sql)).rows


def test_a_whole_review_of_work_leaves_no_trace(unchanged: Path, read: Read) -> None:
    database = SQLiteDatabase.connect(unchanged)
    query = read("SELECT * FROM sales WHERE amount > 100 ORDER BY day")
    assert database.explain(query, analyze=True).steps
    assert database.compare(query, query, ordered=True).same
    with database.scratch() as scratch:
        assert scratch.run(query).rows == database.run(query).rows
    database.explain(read("UPDATE sales SET amount = 0 WHERE day = '2026-04-01'"))


def test_a_closed_wal_database_gets_no_files_beside_it(tmp_path: Path, read: Read) -> None:
    path = tmp_path / "wal.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = wal")
        connection.execute("CREATE TABLE t AS SELECT 1 AS a")
        connection.commit()
    assert SQLiteDatabase.connect(path).fetch(read("SELECT a FROM t")).rows == ((1,),)
    assert list(tmp_path.iterdir()) == [path]


def test_rows_that_a_live_writer_committed_to_the_log_are_seen(tmp_path: Path, read: Read) -> None:
    path = tmp_path / "wal.db"
    with closing(sqlite3.connect(path)) as writer:
        writer.execute("PRAGMA journal_mode = wal")
        writer.execute("CREATE TABLE t (a)")
        database = SQLiteDatabase.connect(path)
        assert database.schema().tables[0].rows == 0
        writer.execute("INSERT INTO t VALUES (5)")
        writer.commit()
        assert database.fetch(read("SELECT a FROM t")).rows == ((5,),)
        assert database.schema().tables[0].rows == 1
