"""A file of SQLite's that is made to be thrown away: its tables emptied and filled with made-up rows."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from typing import TYPE_CHECKING

from backend_mentor.domain.errors import NotSupportedError
from backend_mentor.domain.schema import quote

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from backend_mentor.domain.proof import Rows


def fill(path: Path, tables: Iterable[Rows]) -> None:
    """Replace the rows of these tables; raises NotSupportedError where a constraint refuses one."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA synchronous = OFF")
        for table in tables:
            connection.execute(f"DELETE FROM {quote(table.name)}")
            names = ", ".join(map(quote, table.columns))
            marks = ", ".join("?" * len(table.columns))
            try:
                connection.executemany(f"INSERT INTO {quote(table.name)} ({names}) VALUES ({marks})", table.rows)
            except sqlite3.DatabaseError as error:
                raise NotSupportedError(
                    f"No rows could be made up for {table.name}: {error}.",
                    "Grow it by hand: insert 1, 10 and 100 rows, and count the statements of each.",
                ) from error


def copy_tables(path: Path, definitions: Iterable[str]) -> None:
    """Create tables from their CREATE statements in a new file; of two tables of one name the first is made."""
    with closing(sqlite3.connect(path)) as connection, connection:
        for definition in definitions:
            # A virtual table can need a module that this connection does not have.
            with suppress(sqlite3.OperationalError):
                connection.execute(definition)
