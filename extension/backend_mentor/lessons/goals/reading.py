"""An attempt, read: one query that may run here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend_mentor.domain.errors import MentorError
from backend_mentor.reading.classify import read_cell
from backend_mentor.reading.statements import read_statements

if TYPE_CHECKING:
    from backend_mentor.databases.base import Database
    from backend_mentor.domain.statement import Statement

_DEMO_TABLES = {"accounts", "instruments", "orders", "trades"}


def read_query(text: str, database: Database) -> Statement:
    """Return the one query of the text, checked; raises MentorError where it is none, or must not run."""
    statement = read_statement(text, database)
    database.check(statement)
    return statement


def read_statement(text: str, database: Database) -> Statement:
    """Return the one statement of the text, which is not run; raises MentorError where it is none."""
    dialect, schema = database.engine.name, database.schema()
    if missing := _DEMO_TABLES - {table.name for table in schema.tables}:
        raise MentorError(
            f"The exercises are about the demo's tables, and {database.name} has no table {min(missing)}.",
            "Connect to the demo first: %backend connect demo, or %backend postgres.",
        )
    statements = read_statements(read_cell(text, dialect=dialect), dialect, schema, None)
    if len(statements) != 1:
        raise MentorError(
            f"An exercise takes one statement, and {len(statements) or 'none'} came.", "Hand in exactly one statement."
        )
    return statements[0]
