"""Statements and connections for the tests of this engine."""

from __future__ import annotations

from backend_mentor.databases.base import Limits
from backend_mentor.databases.postgres.connection import PostgresDatabase
from backend_mentor.domain.cell import Span
from backend_mentor.domain.statement import Parameter, Statement, StatementKind
from backend_mentor.reading.sql import parse, read_statement


def query(sql: str, *values: object) -> Statement:
    """Read a statement whose markers stand for these values."""
    parameters = tuple(Parameter("?", f"${n}", value, "test") for n, value in enumerate(values, start=1))
    return read_statement(sql, "postgres", parameters)


def smuggled(sql: str) -> Statement:
    """Make a statement whose text says more than its tree, as a reader's mistake would."""
    return Statement(sql, sql, "postgres", StatementKind.QUERY, parse("SELECT 1", "postgres"), Span(0, len(sql)))


def connect(url: str, **limits: int) -> PostgresDatabase:
    """Connect with the default limits, or with these."""
    return PostgresDatabase.connect(url, Limits(**limits))
