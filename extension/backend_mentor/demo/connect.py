"""Connections to the demo database, on which a query may run unasked: it harms nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backend_mentor.databases.base import Database
    from backend_mentor.databases.postgres.server import Server


def connect_demo() -> Database:
    """Return the demo database on SQLite, made on first use."""
    from backend_mentor.databases.registry import connect
    from backend_mentor.demo.database import sqlite_path

    database = connect(str(sqlite_path()))
    database.name = "demo.db"
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
