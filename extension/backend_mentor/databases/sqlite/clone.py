"""An empty copy of a database in memory: its schema and its statistics, no row. Plans are the same, nothing can run."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from backend_mentor.databases.sqlite.opening import open_reader

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.databases.sqlite.place import Place

_STATISTICS = {"sqlite_stat1": 3, "sqlite_stat4": 6}
"""The tables that ANALYZE fills, with their numbers of columns."""


@contextmanager
def open_clone(place: Place) -> Iterator[sqlite3.Connection]:
    """Open an in-memory database with the schema and statistics of the place's database."""
    with open_reader(place.path, place.limits) as source:
        statements, statistics = _read(source)
    with closing(sqlite3.connect(":memory:", isolation_level=None, cached_statements=0)) as clone:
        for sql in statements:
            try:
                clone.execute(sql)
            except sqlite3.Error:
                # A virtual table's inner tables come with it; what needs a user's own function can not come at all.
                continue
        # ANALYZE makes the statistics' tables, which CREATE TABLE is not allowed to.
        clone.execute("ANALYZE")
        for table, rows in statistics.items():
            _fill(clone, table, rows)
        load_statistics(clone)
        yield clone


def load_statistics(clone: sqlite3.Connection) -> None:
    """Let the planner read the statistics' tables anew."""
    clone.execute("ANALYZE sqlite_master")


def _read(source: sqlite3.Connection) -> tuple[list[str], dict[str, list[tuple[object, ...]]]]:
    statements = [
        sql
        for (sql,) in source.execute(
            "SELECT sql FROM main.sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' "
            "ORDER BY CASE type WHEN 'table' THEN sql NOT LIKE 'CREATE VIRTUAL%' WHEN 'view' THEN 2 "
            "WHEN 'index' THEN 3 ELSE 4 END, rowid"
        )
    ]
    statistics = {}
    for table in _STATISTICS:
        try:
            statistics[table] = source.execute(f"SELECT * FROM main.{table}").fetchall()
        except sqlite3.OperationalError:
            continue
    return statements, statistics


def _fill(clone: sqlite3.Connection, table: str, rows: list[tuple[object, ...]]) -> None:
    marks = ", ".join("?" * _STATISTICS[table])
    try:
        clone.execute(f"DELETE FROM {table}")
        clone.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
    except sqlite3.OperationalError:
        # sqlite_stat4 is only in some builds of the library, and only those use it.
        return
