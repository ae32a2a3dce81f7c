"""Real databases with the tables of `pairs`, for the tests of the proofs."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from backend_mentor.databases.base import Database
from backend_mentor.databases.postgres.connection import PostgresDatabase
from backend_mentor.databases.sqlite.connection import SQLiteDatabase
from tests import servers
from tests.proofs.pairs import SHOP


@pytest.fixture
def make_sqlite(tmp_path: Path) -> Iterator[Callable[[str], Database]]:
    """Make a SQLite file with a script and connect to it."""
    opened: list[SQLiteDatabase] = []

    def make(script: str) -> Database:
        path = tmp_path / f"shop{len(opened)}.db"
        connection = sqlite3.connect(path)
        connection.executescript(script)
        connection.close()
        opened.append(SQLiteDatabase.connect(path))
        return opened[-1]

    yield make
    for database in opened:
        database.close()


@pytest.fixture
def shop(make_sqlite: Callable[[str], Database]) -> Database:
    """The shop's empty tables on SQLite."""
    return make_sqlite(SHOP)


@pytest.fixture(scope="session")
def postgres_shop(postgres18: str) -> Iterator[Database]:
    """The shop's empty tables on PostgreSQL 18."""
    database = PostgresDatabase.connect(servers.make_database(postgres18, SHOP))
    yield database
    database.close()


@pytest.fixture(params=["sqlite", "postgres"])
def either_shop(request: pytest.FixtureRequest) -> Database:
    """The shop's empty tables on each engine in turn."""
    database: Database = request.getfixturevalue({"sqlite": "shop", "postgres": "postgres_shop"}[request.param])
    return database
