"""Connections to the demo database, on which a query may run unasked: it harms nobody."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from backend_mentor.domain.errors import ConnectError

if TYPE_CHECKING:
    from backend_mentor.databases.base import Database
    from backend_mentor.databases.postgres.server import Server

RUNNING_SERVER: Final = "BACKEND_MENTOR_POSTGRES"
"""The variable with the address of a PostgreSQL that holds the demo data and that somebody else started and ends."""


def connect_demo() -> Database:
    """Return the demo database on SQLite, made on first use."""
    from backend_mentor.databases.registry import connect
    from backend_mentor.demo.database import sqlite_path

    database = connect(str(sqlite_path()))
    database.name = "demo.db"
    database.analyze_by_default = True
    return database


def connect_running_demo() -> Database | None:
    """Return the demo on the server that BACKEND_MENTOR_POSTGRES names, or None where it names none.

    Raises ConnectError where that server does not answer, or holds other tables than the demo's: on those no query
    runs unasked.
    """
    url = os.environ.get(RUNNING_SERVER)
    if not url:
        return None
    from backend_mentor.databases.registry import connect
    from backend_mentor.demo.tables import TABLES

    database = connect(url)
    missing = sorted({*TABLES} - {table.name for table in database.schema().tables})
    if missing:
        database.close()
        raise ConnectError(
            f"The database that {RUNNING_SERVER} names is not the demo: it has no table {missing[0]}.",
            f"Unset {RUNNING_SERVER} to have a server started here, or connect to yours: %backend connect …",
        )
    database.name = "demo"
    database.analyze_by_default = True
    return database


def start_demo_server() -> tuple[Database, Server]:
    """Start an embedded PostgreSQL, fill it with the demo data, and return the connection and the server.

    Raises ConnectError, with the install line, where the extra `postgres` is missing.
    """
    from backend_mentor.databases.postgres.server import start_server
    from backend_mentor.databases.registry import connect
    from backend_mentor.demo.data import make_postgres

    server = start_server()
    try:
        make_postgres(server.url)
        database = connect(server.url)
    except BaseException:
        server.close()
        raise
    database.name = "demo"
    database.analyze_by_default = True
    return database, server
