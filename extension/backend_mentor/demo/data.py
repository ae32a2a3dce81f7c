"""Fills a database with the demo's tables and rows."""

from __future__ import annotations

import os
import sqlite3
import threading
from contextlib import closing
from typing import TYPE_CHECKING

from backend_mentor.demo.rows import make_rows
from backend_mentor.demo.tables import INDEXES, TABLES, add_references, create_tables
from backend_mentor.domain.errors import DatabaseError

if TYPE_CHECKING:
    from pathlib import Path

    import psycopg


def make_sqlite(path: Path) -> None:
    """Make the demo database at `path`, replacing what is there only once the new one is whole."""
    unfinished = path.with_name(f"{path.name}.{os.getpid()}-{threading.get_ident()}.unfinished")
    unfinished.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(unfinished)) as connection:
            # A run that is killed leaves only the unfinished file, so nothing needs a journal.
            connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")
            _fill_sqlite(connection)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def make_postgres(url: str) -> None:
    """Make the demo's tables in the empty database at `url`.

    Raises DatabaseError where the server refuses, as it does where a table of that name is there already.
    """
    import psycopg

    try:
        with psycopg.connect(url) as connection:
            _fill_postgres(connection)
        with psycopg.connect(url, autocommit=True) as connection:
            # Sets the visibility map too, without which no index answers alone.
            connection.execute("VACUUM ANALYZE")
    except psycopg.Error as error:
        raise DatabaseError(
            f"The demo tables could not be made: {str(error).strip()}",
            "Give an empty database, in which the role may create tables.",
        ) from error


def _fill_sqlite(connection: sqlite3.Connection) -> None:
    for statement in create_tables("sqlite"):
        connection.execute(statement)
    rows = make_rows()
    for table in TABLES:
        table_rows = rows.of(table)
        places = ", ".join("?" * len(table_rows[0]))
        connection.executemany(f"INSERT INTO {table} VALUES ({places})", table_rows)
    for statement in INDEXES:
        connection.execute(statement)
    connection.execute("ANALYZE")
    connection.commit()


def _fill_postgres(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    # The accounts' moments carry no zone in the rows: they are meant as UTC.
    connection.execute("SET TIME ZONE 'UTC'")
    for statement in create_tables("postgres", with_references=False):
        connection.execute(statement.encode())
    rows = make_rows()
    for table in TABLES:
        with connection.cursor().copy(f"COPY {table} FROM STDIN".encode()) as copy:
            for row in rows.of(table):
                copy.write_row(row)
    # Added last, so that they are checked once and not for each row on its way in.
    for statement in (*INDEXES, *add_references()):
        connection.execute(statement.encode())
