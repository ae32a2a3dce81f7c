"""Columns are traced to their tables by the scoping rules of SQL."""

from __future__ import annotations

import pytest

from backend_mentor.domain.schema import Column, Engine, Schema, Table
from backend_mentor.reading.resolve import resolve_columns
from backend_mentor.reading.sql import parse


def _table(name: str, *columns: str) -> Table:
    return Table(name, tuple(Column(column, "INTEGER") for column in columns))


_SCHEMA = Schema(
    Engine("postgres", (18,)),
    (_table("accounts", "id", "name", "country"), _table("orders", "id", "account_id", "placed_at", "status")),
)


def _resolved(sql: str) -> list[str]:
    resolution = resolve_columns(parse(sql, "postgres"), _SCHEMA)
    columns = resolution.columns_within(resolution.tree)
    return sorted({f"{each.table.name}.{each.column.name}{'^' if each.correlated else ''}" for each in columns})


@pytest.mark.parametrize(
    ("sql", "columns"),
    [
        ("SELECT o.id FROM orders o", ["orders.id"]),
        ("SELECT status FROM orders, accounts", ["orders.status"]),
        ("SELECT id FROM orders, accounts", []),
        (
            "SELECT status FROM orders WHERE EXISTS (SELECT 1 FROM accounts WHERE id = account_id)",
            ["accounts.id", "orders.account_id^", "orders.status"],
        ),
        ("WITH orders AS (SELECT 1 AS status) SELECT status FROM orders", []),
        ("WITH recent AS (SELECT placed_at FROM orders) SELECT placed_at FROM recent", ["orders.placed_at"]),
        ("SELECT x.id FROM (SELECT id FROM accounts) x", ["accounts.id"]),
        ("SELECT name FROM accounts, (SELECT status FROM orders) s", ["accounts.name", "orders.status"]),
        (
            "SELECT name FROM accounts, LATERAL (SELECT 1 FROM orders WHERE account_id = accounts.id) s",
            ["accounts.id^", "accounts.name", "orders.account_id"],
        ),
        ("SELECT lower(status) AS status FROM orders ORDER BY status", ["orders.status"]),
        ("SELECT account_id AS status FROM orders ORDER BY status", ["orders.account_id"]),
        ("UPDATE orders SET status = 1 WHERE account_id = 2", ["orders.account_id", "orders.status"]),
        ("DELETE FROM orders USING accounts a WHERE account_id = a.id", ["accounts.id", "orders.account_id"]),
        ("SELECT id FROM accounts JOIN orders USING (id)", ["accounts.id"]),
        ("SELECT country FROM accounts, unknown_table", []),
        (
            "SELECT accounts.id FROM accounts UNION SELECT orders.id FROM orders ORDER BY id",
            ["accounts.id", "orders.id"],
        ),
    ],
)
def test_each_column_belongs_to_the_table_that_sql_says(sql: str, columns: list[str]) -> None:
    assert _resolved(sql) == columns


def test_a_derived_table_does_not_see_its_neighbours() -> None:
    sql = "SELECT 1 FROM accounts a, (SELECT a.country FROM orders) s"
    assert _resolved(sql) == []


def test_the_side_that_an_outer_join_fills_with_nulls_is_optional() -> None:
    resolution = resolve_columns(parse("SELECT 1 FROM accounts a LEFT JOIN orders o ON true", "postgres"), _SCHEMA)
    assert [(source.name, source.optional) for source in resolution.sources(resolution.tree)] == [
        ("a", False),
        ("o", True),
    ]


def test_a_right_join_makes_what_stands_before_it_optional() -> None:
    resolution = resolve_columns(parse("SELECT 1 FROM accounts a RIGHT JOIN orders o ON true", "postgres"), _SCHEMA)
    assert [(source.name, source.optional) for source in resolution.sources(resolution.tree)] == [
        ("a", True),
        ("o", False),
    ]
