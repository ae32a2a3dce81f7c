"""The demo's queries run on both engines and tell one story."""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from backend_mentor.demo.queries import QUERIES, TEMPTING, DemoQuery, TemptingPair
from tests import servers


def _on_sqlite(path: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql).fetchall()


def test_every_name_is_used_once() -> None:
    names = [each.name for each in (*QUERIES, *TEMPTING)]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.name)
def test_a_query_finds_as_many_rows_on_both_engines(query: DemoQuery, sqlite_demo: Path, postgres_demo: str) -> None:
    found = _on_sqlite(sqlite_demo, query.sql["sqlite"])
    assert found
    assert len(servers.rows(postgres_demo, query.sql["postgres"])) == len(found)


@pytest.mark.parametrize("pair", TEMPTING, ids=lambda pair: pair.name)
def test_a_tempting_pair_differs_on_the_demo_itself(pair: TemptingPair, sqlite_demo: Path, postgres_demo: str) -> None:
    assert Counter(_on_sqlite(sqlite_demo, pair.tempting)) != Counter(_on_sqlite(sqlite_demo, pair.other))
    assert Counter(servers.rows(postgres_demo, pair.tempting)) != Counter(servers.rows(postgres_demo, pair.other))
