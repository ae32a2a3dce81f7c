"""Rules over plans fire on what the real engines answer, not only on their own examples."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from backend_mentor.databases.registry import connect
from backend_mentor.domain.subject import Subject
from backend_mentor.reading.sql import read_statement
from backend_mentor.rules import find

_POSTGRES = """CREATE TABLE accounts (id int PRIMARY KEY, name text);
    CREATE TABLE orders (id int PRIMARY KEY, account_id int, status text, note text);
    INSERT INTO accounts SELECT i, 'n' || i FROM generate_series(1, 5000) AS i;
    INSERT INTO orders
    SELECT i, 1 + i % 5000, 's' || i % 100, repeat(md5(i::text), 3) FROM generate_series(1, 100000) AS i;
    ANALYZE"""
_SQLITE = """CREATE TABLE accounts (id INTEGER PRIMARY KEY, name TEXT);
    CREATE TABLE orders (id INTEGER PRIMARY KEY, account_id INTEGER, status TEXT);
    INSERT INTO accounts WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
    SELECT i, 'n' || i FROM n;
    INSERT INTO orders WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50000)
    SELECT i, i % 5000, 's' || i % 100 FROM n"""


def _found(target: str, sql: str, engine: str, *, analyze: bool) -> set[str]:
    database = connect(target)
    try:
        statement = read_statement(sql, engine)
        plan = database.explain(statement, analyze=analyze)
        return {finding.rule for finding in find(Subject(statement, database.schema(), plan))}
    finally:
        database.close()


def test_postgres_plans_are_judged(postgres18: str, new_database: Callable[..., str]) -> None:
    url = new_database(postgres18, _POSTGRES)
    expected = {
        "SELECT * FROM orders WHERE status = 's3'": "full-scan-discards-rows",
        "SELECT * FROM orders ORDER BY note": "sort-spills-to-disk",
        "SELECT * FROM orders ORDER BY note LIMIT 10": "top-sort-of-many-rows",
        "SELECT * FROM orders ORDER BY id LIMIT 10 OFFSET 50000": "offset-throws-rows-away",
        "SELECT (SELECT count(*) FROM orders o WHERE o.id = a.id) FROM accounts a": "correlated-subquery-runs-often",
    }
    missed = {sql for sql, rule in expected.items() if rule not in _found(url, sql, "postgres", analyze=True)}
    assert missed == set()


def test_a_search_by_the_key_has_nothing_to_judge(postgres18: str, new_database: Callable[..., str]) -> None:
    url = new_database(postgres18, _POSTGRES)
    assert _found(url, "SELECT name FROM accounts WHERE id = 7", "postgres", analyze=True) == set()


@pytest.mark.parametrize("analyze", [False, True])
@pytest.mark.parametrize(
    ("sql", "rule"),
    [
        ("SELECT * FROM orders WHERE status = 's3'", "full-scan-discards-rows"),
        ("SELECT * FROM accounts a LEFT JOIN orders o ON o.account_id = a.id", "automatic-index"),
        ("SELECT * FROM orders ORDER BY status", "rows-sorted-in-temporary-tree"),
    ],
)
def test_sqlite_plans_are_judged_with_and_without_a_run(tmp_path: Path, sql: str, rule: str, analyze: bool) -> None:
    path = tmp_path / "shop.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(_SQLITE)
    assert rule in _found(str(path), sql, "sqlite", analyze=analyze)
