"""Texts that look like a harmless SELECT and would write, attach, load or read a file: no byte of any file changes."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from backend_mentor.databases.base import Limits
from backend_mentor.databases.sqlite.connection import SQLiteDatabase
from backend_mentor.domain.cell import Span
from backend_mentor.domain.errors import MentorError
from backend_mentor.domain.statement import Statement, StatementKind
from backend_mentor.pipeline import review
from backend_mentor.proofs.prove import judge_same
from backend_mentor.reading.sql import parse, read_statement

TRAPS = """
CREATE VIEW writes AS SELECT writefile('out.txt', name) FROM clients;
CREATE VIEW loads AS SELECT load_extension('evil');
CREATE VIEW tokens AS SELECT fts3_tokenizer('simple');
CREATE VIEW doors AS SELECT * FROM clients;
CREATE TRIGGER door INSTEAD OF INSERT ON doors BEGIN DELETE FROM clients; END;
CREATE TRIGGER gone AFTER DELETE ON sales BEGIN DELETE FROM clients; END;
CREATE VIRTUAL TABLE words USING fts5(body);
INSERT INTO words VALUES ('one two');
"""

TEXTS = [
    "SELECT writefile('out.txt', name) FROM clients",
    "SELECT [writefile]('out.txt', 'x')",
    "SELECT `writefile`('out.txt', 'x')",
    "SELECT \"writefile\"('out.txt', 'x')",
    "SELECT WriteFile /* x */ ('out.txt', 'x')",
    "SELECT readfile('shop.db')",
    "SELECT edit('x', 'touch out.txt')",
    "SELECT * FROM fsdir('.')",
    "SELECT * FROM writes",
    "SELECT * FROM loads",
    "SELECT load_extension('evil')",
    "SELECT load_extension('evil', 'entry')",
    "SELECT [load_extension]('evil')",
    "SELECT fts3_tokenizer('simple')",
    "SELECT fts3_tokenizer('simple', x'0000000000000000')",
    "SELECT * FROM tokens",
    "ATTACH 'other.db' AS other",
    "/* SELECT */ ATTACH DATABASE 'other.db' AS other",
    "SELECT 1 /* ; */ ; ATTACH 'other.db' AS other",
    "SELECT 1 -- ;\n; DROP TABLE sales",
    "SELECT 1 /* /* */ ; DROP TABLE sales; -- */",
    "SELECT 1 /* ; DROP TABLE sales",
    "SELECT '\\'; DROP TABLE sales; --'",
    "SELECT [a'] FROM (SELECT 1 AS [a']); DELETE FROM sales; --'",
    "SELECT `;` FROM (SELECT 1 AS `;`); DELETE FROM sales",
    "SELECT 1\0; DROP TABLE sales",
    "SELECT '\0'; DROP TABLE sales",
    "\ufeffDELETE FROM sales",
    "SELECT 1\uff1b DELETE FROM sales",
    ".shell touch out.txt",
    ".output out.txt\nSELECT 1",
    "VACUUM INTO 'copy.db'",
    "VACUUM",
    "REINDEX",
    "ANALYZE",
    "PRAGMA writable_schema = 1",
    "PRAGMA writable_schema(1)",
    "PRAGMA journal_mode = wal",
    "PRAGMA journal_mode(wal)",
    "PRAGMA query_only = 0",
    "PRAGMA main.user_version = 7",
    "PRAGMA table_info(sales); DROP TABLE sales",
    "PRAGMA table_info(sales) = 1",
    "PRAGMA application_id(7)",
    "PRAGMA wal_checkpoint(TRUNCATE)",
    "PRAGMA incremental_vacuum",
    "PRAGMA optimize",
    "PRAGMA temp_store_directory = '.'",
    "SELECT * FROM pragma_journal_mode('wal')",
    "SELECT * FROM pragma_journal_mode WHERE arg = 'wal'",
    "SELECT * FROM pragma_user_version(7)",
    "SELECT * FROM pragma_user_version WHERE arg = 7",
    "SELECT * FROM pragma_wal_checkpoint('TRUNCATE')",
    "SELECT * FROM pragma_optimize",
    "SELECT * FROM pragma_query_only(0)",
    "SELECT * FROM pragma_writable_schema(1)",
    "SELECT * FROM pragma_incremental_vacuum(9)",
    "SELECT * FROM pragma_table_info('sales')",
    "UPDATE sqlite_master SET sql = ''",
    "DELETE FROM sqlite_schema",
    "INSERT INTO sqlite_sequence VALUES ('sales', 9)",
    "INSERT INTO doors VALUES (99, 'x', 'a')",
    "INSERT INTO words (words) VALUES ('rebuild')",
    "INSERT INTO words (words, rank) VALUES ('merge', 500)",
    "DELETE FROM sales RETURNING id",
    "UPDATE sales SET amount = 0 RETURNING *",
    "INSERT INTO clients VALUES (99, 'x', 'a') RETURNING id",
    "WITH gone AS (DELETE FROM sales RETURNING id) SELECT * FROM gone",
    "SELECT * FROM (DELETE FROM sales RETURNING id)",
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9) DELETE FROM sales",
    "WITH n AS (SELECT 1) INSERT INTO clients SELECT 99, 'x', 'a' FROM n",
    "WITH n AS (SELECT 1) REPLACE INTO clients SELECT 1, 'x', 'a' FROM n",
    "EXPLAIN DELETE FROM sales",
    "EXPLAIN QUERY PLAN DELETE FROM sales",
    "EXPLAIN SELECT 1; DELETE FROM sales",
    "REPLACE INTO clients VALUES (1, 'x', 'a')",
    "CREATE TABLE copied AS SELECT * FROM sales",
    "CREATE TEMP TABLE copied AS SELECT * FROM sales",
    "CREATE VIRTUAL TABLE other USING fts5(body)",
    "CREATE VIRTUAL TABLE temp.other USING csv(filename = '/etc/passwd')",
    "DROP VIEW doors",
    "ALTER TABLE sales RENAME TO old",
    "BEGIN EXCLUSIVE",
    "SAVEPOINT here",
    "COMMIT",
    "DETACH main",
    "VALUES (writefile('out.txt', 'x'))",
    "SELECT {{name}}",
    "SELECT * FROM clients WHERE name = {{name}}",
    "SELECT * FROM words WHERE words MATCH 'one'",
    "SELECT count(*) FROM sales; ;",
]

_VARIABLES = {"name": "x'; DELETE FROM sales; --"}


@pytest.fixture(params=["delete", "wal"])
def unchanged(shop_file: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The shop with traps, in the working directory; its bytes and neighbours are the same after the test."""
    monkeypatch.chdir(shop_file.parent)
    with closing(sqlite3.connect(shop_file)) as connection:
        connection.executescript(TRAPS)
        connection.execute(f"PRAGMA journal_mode = {request.param}")
    content, neighbours = shop_file.read_bytes(), sorted(shop_file.parent.rglob("*"))
    yield shop_file
    assert sorted(shop_file.parent.rglob("*")) == neighbours
    assert shop_file.read_bytes() == content


def _smuggled(text: str) -> Statement:
    return Statement(text, text, "sqlite", StatementKind.QUERY, parse("SELECT 1", "sqlite"), Span(0, len(text)))


def _ways(text: str, database: SQLiteDatabase, read: Callable[[], Statement]) -> Iterator[Callable[[], object]]:
    plain = read_statement("SELECT 1", "sqlite")
    yield lambda: database.fetch(read())
    yield lambda: database.run(read())
    yield lambda: database.explain(read())
    yield lambda: database.explain(read(), analyze=True)
    yield lambda: database.compare(read(), plain, ordered=False)
    yield lambda: database.compare(plain, read(), ordered=True)
    yield lambda: judge_same(read(), read(), database)
    yield lambda: review(text, database, analyze=True, variables=_VARIABLES)


@pytest.mark.parametrize("text", TEXTS)
def test_no_text_changes_a_file_or_makes_one(unchanged: Path, text: str) -> None:
    database = SQLiteDatabase.connect(unchanged, limits=Limits(milliseconds=3_000))
    outcomes = [_outcome(way) for way in _ways(text, database, lambda: read_statement(text, "sqlite"))]
    # As if the reader had taken the text for a SELECT.
    outcomes += [_outcome(way) for way in _ways(text, database, lambda: _smuggled(text))]
    database.close()
    assert all(error is None or isinstance(error, MentorError) for error in outcomes), outcomes


def _outcome(way: Callable[[], object]) -> Exception | None:
    try:
        way()
    except Exception as error:
        return error
    return None
