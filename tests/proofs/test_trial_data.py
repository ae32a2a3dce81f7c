import sqlite3
from collections.abc import Callable, Iterator

import pytest

from backend_mentor.databases.base import Database
from backend_mentor.domain.errors import NotSupportedError
from backend_mentor.domain.proof import Rows
from backend_mentor.domain.schema import Column, ColumnStatistics, Engine, ForeignKey, Schema, Table
from backend_mentor.proofs.trial_data import TrialData, plan_trial_data
from backend_mentor.reading.sql import read_statement
from tests.proofs.pairs import SHOP, with_keys_that_hold

POSTGRES = Engine("postgres", (18, 6))


def plan(schema: Schema, *texts: str) -> TrialData:
    return plan_trial_data([read_statement(text, schema.engine.name) for text in texts], schema)


def column_values(data: TrialData, table: str, column: str) -> set[object]:
    return {value for tables in data.databases(300, 1) for value in _column(tables, table, column)}


def _column(tables: tuple[Rows, ...], table: str, column: str) -> Iterator[object]:
    for rows in tables:
        if rows.name == table:
            position = rows.columns.index(column)
            yield from (row[position] for row in rows.rows)


def postgres_table(*columns: Column) -> Schema:
    return Schema(POSTGRES, (Table("t", (Column("id", "integer", nullable=False), *columns), primary_key=("id",)),))


def test_the_same_seed_makes_the_same_databases_and_another_seed_others(shop: Database) -> None:
    data = plan(shop.schema(), "SELECT * FROM orders o JOIN items i ON i.order_id = o.id")
    assert list(data.databases(60, 7)) == list(data.databases(60, 7))
    assert list(data.databases(60, 7)) != list(data.databases(60, 8))


def test_every_database_obeys_keys_and_foreign_keys(shop: Database) -> None:
    schema = with_keys_that_hold(shop.schema())
    query = "SELECT * FROM customers c JOIN orders o ON o.customer_id = c.id JOIN items i ON i.order_id = o.id"
    connection = sqlite3.connect(":memory:")
    connection.executescript(SHOP)
    connection.execute("PRAGMA foreign_keys = ON")
    data = plan_trial_data([read_statement(query, "sqlite")], schema, lambda tables: tables[0].rows[0][3] > 0)
    sizes = set()
    for tables in data.databases(300, 3):
        for table in tables:
            marks = ", ".join("?" * len(table.columns))
            connection.executemany(f"INSERT INTO {table.name} VALUES ({marks})", table.rows)
        sizes.add(tuple(len(table.rows) for table in tables))
        connection.rollback()
    connection.close()
    assert (0, 0, 0) in sizes
    assert any(customers and not orders for customers, orders, _ in sizes)
    assert any(orders > customers for customers, orders, _ in sizes)


def test_values_stand_on_both_sides_of_each_literal(shop: Database) -> None:
    data = plan(shop.schema(), "SELECT id FROM orders WHERE total > 100 AND status = 'paid'")
    assert {99, 100, 101, None} <= column_values(data, "orders", "total")
    assert {"paid", "PAID", "pai", "paidx"} <= column_values(data, "orders", "status")


@pytest.mark.parametrize(
    ("condition", "wanted"),
    [
        ("total / 60 < 5", {299, 300, 301}),
        ("total + 7 = 20", {12, 13, 14}),
        ("20 - total = 5", {14, 15, 16}),
        ("total * 3 > 10", {3, 4}),
        ("total % 10 = 3", {3, 13, 23}),
        ("coalesce(total, 9) = 5", {5, 9, None}),
        ("CASE WHEN total > 40 THEN 1 ELSE 0 END = 1", {40, 41}),
        ("CAST(total AS TEXT) = '77'", {76, 77, 78}),
    ],
)
def test_arithmetic_around_a_column_is_undone(condition: str, wanted: set[object], shop: Database) -> None:
    data = plan(shop.schema(), f"SELECT id FROM orders WHERE {condition}")
    assert wanted <= column_values(data, "orders", "total")


@pytest.mark.parametrize(
    "condition",
    [
        "date(placed_at) = '2026-03-02'",
        "placed_at >= '2026-03-02' AND placed_at < '2026-03-03'",
        "placed_at BETWEEN '2026-03-02' AND '2026-03-03'",
    ],
)
def test_days_are_tried_at_midnight_and_at_their_last_second(condition: str, shop: Database) -> None:
    values = column_values(plan(shop.schema(), f"SELECT id FROM orders WHERE {condition}"), "orders", "placed_at")
    assert {"2026-03-02", "2026-03-01", "2026-03-03", "2026-03-02 00:00:00", "2026-03-02 23:59:59"} <= values


def test_a_year_and_a_month_are_tried_at_their_edges(shop: Database) -> None:
    data = plan(shop.schema(), "SELECT id FROM orders WHERE strftime('%Y', placed_at) = '2025'")
    assert {"2025-12-31 23:59:59", "2026-01-01 00:00:00"} <= column_values(data, "orders", "placed_at")


def test_a_threshold_on_groups_is_met_missed_and_passed(shop: Database) -> None:
    data = plan(shop.schema(), "SELECT customer_id FROM orders GROUP BY customer_id HAVING count(*) > 9")
    sizes = {len(table.rows) for tables in data.databases(300, 1) for table in tables if table.name == "orders"}
    assert {8, 9, 10} <= sizes


def test_a_limit_is_met_missed_and_passed(shop: Database) -> None:
    data = plan(shop.schema(), "SELECT id FROM orders ORDER BY id LIMIT 100")
    assert {99, 100, 101} <= {len(tables[0].rows) for tables in data.databases(300, 1)}


def test_columns_that_are_compared_share_their_values(shop: Database) -> None:
    data = plan(shop.schema(), "SELECT 1 FROM customers c JOIN blocked b ON b.customer_id = c.id WHERE c.id > 500")
    assert {500, 501} <= column_values(data, "blocked", "customer_id")


def test_a_condition_on_a_derived_column_reaches_the_table(shop: Database) -> None:
    query = "WITH paid AS (SELECT id, total * 2 AS double FROM orders) SELECT id FROM paid WHERE double > 90"
    assert {44, 45, 46} <= column_values(plan(shop.schema(), query), "orders", "total")


def test_only_the_tables_of_the_statements_and_their_ancestors_are_made(shop: Database) -> None:
    loose, strict = shop.schema(), with_keys_that_hold(shop.schema())
    query = "SELECT quantity FROM items"
    assert [each.name for each in plan(loose, query).plans] == ["items"]
    assert [each.name for each in plan(strict, query).plans] == ["customers", "orders", "items"]


def test_a_table_that_refers_to_itself_has_a_root() -> None:
    columns = (Column("id", "integer", nullable=False), Column("boss_id", "integer"))
    own = ForeignKey(("boss_id",), "staff", ("id",), holds=True)
    schema = Schema(POSTGRES, (Table("staff", columns, primary_key=("id",), foreign_keys=(own,)),))
    data = plan(schema, "SELECT s.id FROM staff s JOIN staff b ON b.id = s.boss_id")
    bosses = 0
    for (staff,) in data.databases(100, 1):
        known = {row[0] for row in staff.rows}
        assert all(row[1] is None or row[1] in known for row in staff.rows)
        bosses += sum(row[1] is not None for row in staff.rows)
    assert bosses > 50


@pytest.mark.parametrize(
    ("type_", "condition", "wanted"),
    [
        ("numeric(6,2)", "a > 9.5", {"9.50", "9.40", "9.60"}),
        ("character varying(4)", "a = 'abcdef'", {"abcd", "ABCD"}),
        ("date", "a >= '2026-03-02'", {"2026-03-01", "2026-03-02", "2026-03-03"}),
        ("timestamp without time zone", "a::date = '2026-03-02'", {"2026-03-02 23:59:59", "2026-03-03 00:00:00"}),
        ("timestamp with time zone", "a < '2026-03-02'", {"2026-03-02 00:00:00+00:00", "2026-03-01 23:59:59+00:00"}),
        ("boolean", "a = true", {"True", "False"}),
        ("smallint", "a = 40000", {"1", "2"}),
        ("uuid", "a IS NOT NULL", {"00000000-0000-4000-8000-000000000001"}),
    ],
)
def test_values_of_postgres_fit_their_type(type_: str, condition: str, wanted: set[str]) -> None:
    data = plan(postgres_table(Column("a", type_)), f"SELECT id FROM t WHERE {condition}")
    values = column_values(data, "t", "a")
    assert wanted <= {str(value) for value in values}
    assert "40000" not in {str(value) for value in values}


def test_an_enum_takes_the_labels_that_statistics_show() -> None:
    common = ColumnStatistics(common=(("new", 0.5), ("paid", 0.5)))
    data = plan(postgres_table(Column("a", "order_status", False, statistics=common)), "SELECT id FROM t")
    assert column_values(data, "t", "a") <= {"new", "paid"}


def test_a_type_without_known_values_is_not_supported() -> None:
    with pytest.raises(NotSupportedError, match="order_status"):
        plan(postgres_table(Column("a", "order_status", nullable=False)), "SELECT id, a FROM t")


def test_rows_repeat_where_no_key_forbids(shop: Database) -> None:
    data = plan(shop.schema(), "SELECT customer_id, reason FROM blocked")
    repeated = sum(len(set(tables[0].rows)) < len(tables[0].rows) for tables in data.databases(300, 1))
    assert repeated > 60


def test_one_row_stands_out_among_enough_others_where_rows_are_compared_with_a_mean(
    make_sqlite: Callable[[str], Database],
) -> None:
    database = make_sqlite(
        "CREATE TABLE prices (product_id INTEGER NOT NULL, day DATE NOT NULL, price INTEGER NOT NULL,"
        " PRIMARY KEY (product_id, day))"
    )
    query = (
        "SELECT p.product_id FROM prices p WHERE p.day >= '2026-06-15'"
        " AND p.price > (SELECT 20 * avg(x.price) FROM prices x WHERE x.product_id = p.product_id)"
    )
    statement, schema = read_statement(query, "sqlite"), database.schema()
    with database.bench(schema) as bench:
        data = plan_trial_data([statement], schema, bench.admits)
        answers = [bench.run(tables, [statement])[0].rows for tables in data.databases(300, 1)]
    assert sum(bool(rows) for rows in answers) >= 5
