"""What an index idea looks at, made by the real engines from an example's schema."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from backend_mentor.databases.registry import connect
from backend_mentor.databases.sqlite.catalog import read_schema
from backend_mentor.domain.schema import Schema
from backend_mentor.domain.subject import Subject
from backend_mentor.reading.sql import read_statement
from tests import servers


def sqlite_schema(script: str) -> Schema:
    """Run the script in memory, gather statistics, and read the catalogue."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(script)
        connection.execute("ANALYZE")
        return read_schema(connection)


def postgres_schema(server_url: str, script: str) -> Schema:
    """Run the script in a database of its own, gather statistics, and read the catalogue."""
    database = connect(servers.make_database(server_url, script + "; ANALYZE"))
    try:
        return database.schema()
    finally:
        database.close()


def subject(sql: str, schema: Schema) -> Subject:
    """Return the statement with that schema and no plan."""
    return Subject(read_statement(sql, schema.engine.name), schema)
