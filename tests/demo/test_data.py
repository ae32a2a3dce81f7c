"""The demo's rows: the same everywhere, skewed, and true to their keys."""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from backend_mentor.demo.data import make_postgres, make_sqlite
from backend_mentor.demo.rows import Rows, make_rows
from backend_mentor.demo.tables import INDEXES, TABLES, add_references
from backend_mentor.domain.errors import DatabaseError
from tests import servers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def rows() -> Rows:
    return make_rows()


@pytest.fixture(scope="module")
def connection(sqlite_demo: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(sqlite_demo)) as connection:
        yield connection


def test_about_half_a_million_rows(rows: Rows) -> None:
    assert 450_000 < sum(len(rows.of(table)) for table in TABLES) < 550_000


def test_the_same_seed_gives_the_same_rows(rows: Rows) -> None:
    assert make_rows() == rows


def test_a_few_accounts_place_many_orders_and_many_place_none(rows: Rows) -> None:
    by_account = Counter(order[1] for order in rows.orders)
    assert by_account.most_common(1)[0][1] > 1_000
    assert len(by_account) < 0.9 * len(rows.accounts)


def test_most_orders_are_filled_and_few_are_open(rows: Rows) -> None:
    by_status = Counter(order[6] for order in rows.orders)
    assert by_status["filled"] > 0.6 * len(rows.orders)
    assert 0 < by_status["open"] < 0.01 * len(rows.orders)


def test_optional_columns_hold_nulls_and_values(connection: sqlite3.Connection) -> None:
    for table, column in (
        ("accounts", "referred_by"),
        ("accounts", "closed_at"),
        ("instruments", "delisted_on"),
        ("orders", "limit_price"),
        ("orders", "filled_at"),
        ("trades", "fee"),
        ("prices", "volume"),
    ):
        known, every = connection.execute(f"SELECT count({column}), count(*) FROM {table}").fetchone()
        assert 0 < known < every, f"{table}.{column}"


def test_the_busy_day_has_an_order_on_the_midnight_after_it(connection: sqlite3.Connection) -> None:
    assert connection.execute("SELECT count(*) FROM orders WHERE placed_at = '2026-03-03 00:00:00'").fetchone() == (1,)


def test_every_foreign_key_holds(connection: sqlite3.Connection) -> None:
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def test_sqlite_has_statistics_of_every_table(connection: sqlite3.Connection) -> None:
    known = {table for (table,) in connection.execute("SELECT DISTINCT tbl FROM sqlite_stat1")}
    assert known == set(TABLES)


def test_sqlite_has_the_indexes_of_the_first_day(connection: sqlite3.Connection) -> None:
    made = connection.execute("SELECT count(*) FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL").fetchone()
    assert made == (len(INDEXES),)


def test_a_run_that_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "demo.db"
    path.write_bytes(b"the old one")
    monkeypatch.setattr("backend_mentor.demo.data.create_tables", lambda engine: ("CREATE TABLE a (b)", "broken"))
    with pytest.raises(sqlite3.OperationalError):
        make_sqlite(path)
    assert path.read_bytes() == b"the old one"
    assert list(tmp_path.iterdir()) == [path]


def test_both_engines_hold_the_same_rows(connection: sqlite3.Connection, postgres_demo: str) -> None:
    for sums in (
        "SELECT count(*), count(referred_by), count(closed_at), round(sum(balance)) FROM accounts",
        "SELECT count(*), sum(account_id), sum(quantity), min(placed_at), count(filled_at) FROM orders",
        "SELECT count(*), sum(order_id), count(fee), max(executed_at) FROM trades",
        "SELECT count(*), sum(instrument_id), sum(volume), min(day), max(day) FROM prices",
        "SELECT count(*), sum(account_id), count(note) FROM watchlists",
    ):
        [there] = servers.rows(postgres_demo, sums)
        here = connection.execute(sums).fetchone()
        assert [str(value) for value in there] == [str(value).removesuffix(".0") for value in here]


def test_postgres_knows_every_foreign_key_as_valid(postgres_demo: str) -> None:
    keys = "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND convalidated"
    assert servers.rows(postgres_demo, keys) == [(len(add_references()),)]


def test_a_postgres_that_has_such_tables_already_is_left_alone(postgres18: str) -> None:
    url = servers.make_database(postgres18, "CREATE TABLE orders (mine text); INSERT INTO orders VALUES ('kept')")
    with pytest.raises(DatabaseError, match='"orders" already exists'):
        make_postgres(url)
    assert servers.rows(url, "SELECT * FROM orders") == [("kept",)]
