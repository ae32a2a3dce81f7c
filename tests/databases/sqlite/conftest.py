"""A shop of three tables on a real SQLite file."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from backend_mentor.databases.sqlite.connection import SQLiteDatabase
from backend_mentor.domain.statement import Statement
from backend_mentor.reading.sql import read_statement

SHOP = """
CREATE TABLE clients (id INTEGER PRIMARY KEY, name TEXT NOT NULL, tier TEXT);
CREATE TABLE sales (
    id INTEGER PRIMARY KEY,
    client_id INTEGER REFERENCES clients,
    day TEXT NOT NULL,
    state TEXT CHECK (state IN ('open', 'paid')),
    amount REAL
);
CREATE INDEX sales_day ON sales (day);
CREATE TABLE prices (item TEXT, region TEXT, price REAL, PRIMARY KEY (item, region)) WITHOUT ROWID;
CREATE VIEW paid_sales AS SELECT * FROM sales WHERE state = 'paid';
"""


def fill(connection: sqlite3.Connection) -> None:
    """Make 60 clients, 3,000 sales over 30 days, and 40 prices; every figure in the tests follows from this."""
    connection.executescript(SHOP)
    connection.executemany(
        "INSERT INTO clients VALUES (?, ?, ?)", [(i, f"client {i}", "abc"[i % 3]) for i in range(1, 61)]
    )
    connection.executemany(
        "INSERT INTO sales VALUES (?, ?, ?, ?, ?)",
        [(i, i % 60 + 1, f"2026-04-{i % 30 + 1:02}", "open" if i % 4 else "paid", i / 8) for i in range(1, 3001)],
    )
    connection.executemany(
        "INSERT INTO prices VALUES (?, ?, ?)", [(f"item {i}", region, 1.5) for i in range(20) for region in ("n", "s")]
    )
    connection.commit()
    connection.execute("ANALYZE")


@pytest.fixture
def shop_file(tmp_path: Path) -> Path:
    """A database file of its own for each test."""
    path = tmp_path / "shop.db"
    with closing(sqlite3.connect(path)) as connection:
        fill(connection)
    return path


@pytest.fixture
def shop(shop_file: Path) -> Iterator[SQLiteDatabase]:
    """The shop, connected."""
    database = SQLiteDatabase.connect(shop_file)
    yield database
    database.close()


@pytest.fixture
def read() -> Callable[[str], Statement]:
    """Read one statement of SQLite's dialect."""
    return lambda sql: read_statement(sql, "sqlite")
