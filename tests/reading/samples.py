"""A small shop on a real SQLite, and its statements read as the product reads them."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from functools import cache

from backend_mentor.databases.sqlite.catalog import engine, read_schema
from backend_mentor.databases.sqlite.explain import aliases
from backend_mentor.domain.schema import Schema
from backend_mentor.domain.statement import Statement, StatementKind
from backend_mentor.domain.subject import Subject
from backend_mentor.reading.classify import read_cell
from backend_mentor.reading.plans.sqlite import read_plan
from backend_mentor.reading.statements import read_statements

_SHOP = """
CREATE TABLE customers (id INTEGER PRIMARY KEY, email TEXT NOT NULL, country TEXT NOT NULL, referred_by INTEGER,
                        password_hash TEXT);
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customers (id),
                     status TEXT NOT NULL, note TEXT, quantity INTEGER NOT NULL, placed_at TEXT NOT NULL);
CREATE TABLE items (order_id INTEGER NOT NULL, line INTEGER NOT NULL, price REAL NOT NULL,
                    PRIMARY KEY (order_id, line));
CREATE INDEX orders_customer ON orders (customer_id);
CREATE INDEX orders_placed ON orders (placed_at);
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)
INSERT INTO customers
SELECT i, 'c' || i || '@shop.example', CASE i % 3 WHEN 0 THEN 'FR' ELSE 'DE' END, NULL, 'x' FROM n;
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200)
INSERT INTO orders SELECT i, i % 100 + 1, CASE WHEN i % 4 = 0 THEN 'open' ELSE 'paid' END, NULL, i % 7,
                          printf('2026-%02d-%02d 09:30:00', i % 6 + 1, i % 28 + 1) FROM n;
ANALYZE;
"""


@cache
def _connection() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", cached_statements=0)
    connection.executescript(_SHOP)
    return connection


@cache
def shop() -> Schema:
    """Return the catalogue of the shop."""
    return read_schema(_connection())


def read(sql: str, variables: Mapping[str, object] | None = None) -> Statement:
    """Return the first statement of a cell for the shop."""
    return read_statements(read_cell(sql), "sqlite", shop(), variables)[0]


def subject(sql: str, variables: Mapping[str, object] | None = None) -> Subject:
    """Return the statement with the shop's catalogue and SQLite's own plan of it."""
    statement = read(sql, variables)
    if statement.kind is not StatementKind.QUERY:
        return Subject(statement, shop())
    values = {each.marker[1:]: each.value for each in statement.parameters}
    rows = _connection().execute(f"EXPLAIN QUERY PLAN {statement.sql}", values).fetchall()
    plan = read_plan([(row[0], row[1], row[3]) for row in rows], engine(), aliases=aliases(statement))
    return Subject(statement, shop(), plan)
