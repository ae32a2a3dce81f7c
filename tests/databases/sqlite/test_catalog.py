"""The catalogue says what SQLite guarantees, and no more."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from backend_mentor.databases.sqlite.catalog import read_schema
from backend_mentor.databases.sqlite.connection import SQLiteDatabase
from backend_mentor.domain.schema import Check, ForeignKey, Schema, TableKind


def schema_of(script: str) -> Schema:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(script)
        return read_schema(connection)


@pytest.mark.parametrize(
    ("definition", "nullable"),
    [
        ("CREATE TABLE t (a INTEGER PRIMARY KEY)", False),
        ("CREATE TABLE t (a INTEGER PRIMARY KEY DESC)", True),
        ("CREATE TABLE t (a INT PRIMARY KEY)", True),
        ("CREATE TABLE t (a TEXT PRIMARY KEY)", True),
        ("CREATE TABLE t (a TEXT PRIMARY KEY NOT NULL)", False),
        ("CREATE TABLE t (a TEXT PRIMARY KEY) WITHOUT ROWID", False),
        ("CREATE TABLE t (a TEXT PRIMARY KEY) STRICT", False),
        ("CREATE TABLE t (a INTEGER, b INTEGER, PRIMARY KEY (a, b))", True),
        ("CREATE TABLE t (a TEXT UNIQUE)", True),
    ],
)
def test_a_key_is_never_null_only_where_sqlite_sees_to_it(definition: str, nullable: bool) -> None:
    (table,) = schema_of(definition).tables
    assert table.columns[0].nullable is nullable
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(definition)
        try:
            connection.execute("INSERT INTO t (a) VALUES (NULL)")
            holds_null = connection.execute("SELECT count(*) FROM t WHERE a IS NULL").fetchone()[0] == 1
        except sqlite3.IntegrityError:
            holds_null = False
    assert holds_null is nullable


def test_collations_checks_and_generated_columns_are_read_from_the_text() -> None:
    (table,) = schema_of(
        """CREATE TABLE "my ""table" ( -- a comment with , and (
            a INTEGER PRIMARY KEY, b TEXT COLLATE nocase DEFAULT 'x,)' CHECK (b <> ','),
            `c d` INT AS (a + 1) STORED, [e] TEXT /* COLLATE RTRIM */,
            CONSTRAINT big CHECK ((a > 0) AND b NOT IN ('(', ')')), UNIQUE (b, a)
        )"""
    ).tables
    assert table.name == 'my "table'
    assert [(column.name, column.collation, column.generated) for column in table.columns] == [
        ("a", None, False),
        ("b", "NOCASE", False),
        ("c d", None, True),
        ("e", None, False),
    ]
    assert table.checks == (Check("b <> ','"), Check("(a > 0) AND b NOT IN ('(', ')')", "big"))
    assert table.columns[1].default == "'x,)'"


def test_indexes_show_expressions_order_collation_and_condition() -> None:
    table = schema_of(
        "CREATE TABLE t (a TEXT COLLATE NOCASE, b INT, UNIQUE (b));"
        "CREATE UNIQUE INDEX odd ON t (lower(a) DESC, a COLLATE BINARY, b) WHERE b > 3 AND a <> 'where';"
    ).tables[0]
    odd, own = table.indexes
    assert [(key.name, key.expression, key.descending, key.collation) for key in odd.columns] == [
        ("lower(a)", True, True, None),
        ("a", False, False, "BINARY"),
        ("b", False, False, None),
    ]
    assert (odd.where, odd.unique, odd.constraint) == ("b > 3 AND a <> 'where'", True, False)
    assert (own.name, own.constraint, own.primary) == ("sqlite_autoindex_t_1", True, False)
    assert table.unique_keys() == (("b",),)
    remade = f"CREATE TABLE t (a TEXT COLLATE NOCASE, b INT, UNIQUE (b)); {odd.create_sql()}"
    assert schema_of(remade).tables[0].indexes[0] == odd


def test_foreign_keys_name_the_parent_key_and_are_not_believed() -> None:
    child = schema_of(
        "CREATE TABLE parent (a INT, b INT, PRIMARY KEY (a, b));"
        "CREATE TABLE child (x INT, y INT, FOREIGN KEY (x, y) REFERENCES parent ON DELETE CASCADE);"
    ).table("child")
    assert child is not None
    assert child.foreign_keys == (ForeignKey(("x", "y"), "parent", ("a", "b"), on_delete="CASCADE", holds=False),)


def test_views_virtual_tables_and_broken_views_are_listed_and_inner_tables_are_not() -> None:
    schema = schema_of(
        "CREATE TABLE t (a); CREATE VIEW v AS SELECT a AS b FROM t; CREATE VIRTUAL TABLE f USING fts5(body);"
        "CREATE VIEW broken AS SELECT x FROM nowhere;"
    )
    assert [(table.name, table.kind) for table in schema.tables] == [
        ("t", TableKind.TABLE),
        ("v", TableKind.VIEW),
        ("f", TableKind.VIRTUAL),
        ("broken", TableKind.VIEW),
    ]
    assert [[column.name for column in table.columns] for table in schema.tables] == [["a"], ["b"], ["body"], []]


def test_figures_are_exact_for_small_tables(shop: SQLiteDatabase) -> None:
    clients, sales = shop.schema().tables[:2]
    assert (clients.rows, sales.rows) == (60, 3000)
    tier = clients.columns[2].statistics
    assert tier is not None
    assert dict(tier.common) == {"a": 1 / 3, "b": 1 / 3, "c": 1 / 3}
    assert (tier.distinct, tier.null_fraction, tier.low, tier.high) == (3, 0, "a", "c")


def test_of_a_larger_table_the_leading_column_is_known_from_analyze_and_the_others_from_a_sample(
    shop: SQLiteDatabase,
) -> None:
    sales = shop.schema().tables[1]
    day, state, amount = (sales.columns[place].statistics for place in (2, 3, 4))
    assert day is not None
    assert state is not None
    assert amount is not None
    assert (day.distinct, day.low, day.high) == (30, "2026-04-01", "2026-04-30")
    assert state.distinct == 2
    assert dict(state.common)["open"] == pytest.approx(0.75, abs=0.05)
    assert amount.distinct == pytest.approx(3000, rel=0.1)
    assert sales.analyzed
    assert sales.columns[0].statistics is not None
    assert sales.columns[0].statistics.distinct == 3000


def test_a_table_with_rowids_far_apart_is_sampled_all_over() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, half TEXT)")
        connection.executemany(
            "INSERT INTO t VALUES (?, ?)",
            [(i * 1000, "old" if i < 5000 else "new") for i in range(10_000)],
        )
        (table,) = read_schema(connection).tables
    statistics = table.columns[1].statistics
    assert statistics is not None
    assert {value for value, _ in statistics.common} == {"old", "new"}


def test_with_no_time_left_counts_come_from_analyze(shop: SQLiteDatabase, shop_file: object) -> None:
    with closing(sqlite3.connect(str(shop_file))) as connection:
        sales = read_schema(connection, milliseconds=0).tables[1]
    assert sales.rows == 3000
    assert sales.columns[4].statistics is None


def test_the_catalogue_is_read_anew_after_a_change(shop: SQLiteDatabase, shop_file: object) -> None:
    before = shop.schema()
    assert shop.schema() is before
    with closing(sqlite3.connect(str(shop_file))) as connection:
        connection.execute("CREATE TABLE more (a)")
    assert shop.schema().table("more") is not None
