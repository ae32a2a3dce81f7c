"""EXPLAIN, with and without running the statement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend_mentor.databases.base import TimedRun
from backend_mentor.databases.postgres.guard import check_single, name_of, tokens_of
from backend_mentor.domain.errors import NotSupportedError, RefusedError
from backend_mentor.domain.statement import StatementKind
from backend_mentor.reading.plans.postgres import read_plan

if TYPE_CHECKING:
    from backend_mentor.databases.postgres.opening import Reader
    from backend_mentor.domain.plan import Plan
    from backend_mentor.domain.schema import Engine
    from backend_mentor.domain.statement import Statement

_PLAN_OPTIONS = "FORMAT JSON, VERBOSE, SETTINGS"
_ANALYZE_OPTIONS = f"{_PLAN_OPTIONS}, ANALYZE, BUFFERS, TIMING"
# The clock is not read at each node: that alone can double the time of a query of many cheap rows.
_RUN_OPTIONS = "FORMAT JSON, ANALYZE, BUFFERS, TIMING OFF, SUMMARY ON"


def explain_statement(reader: Reader, statement: Statement, engine: Engine, *, analyze: bool = False) -> Plan:
    """Return the plan; `analyze` runs a query, and refuses anything else by name.

    A write is only planned: in a read-only transaction PostgreSQL explains it and would refuse to run it.
    """
    check_single(tokens_of(statement.sql))
    name = name_of(statement)
    if analyze and statement.kind is not StatementKind.QUERY:
        raise RefusedError(
            f"{name} was refused: --analyze would run it.",
            "Look at its plan without --analyze, or run it yourself on a copy.",
            name=name,
        )
    if statement.kind is StatementKind.UTILITY or (statement.kind is StatementKind.DEFINITION and not _has_plan(name)):
        raise NotSupportedError(f"{name} has no plan.", "Review the queries that use what it makes.")
    options = _ANALYZE_OPTIONS if analyze else _PLAN_OPTIONS
    return read_plan(explain_text(reader, statement, options), engine)


def time_statement(reader: Reader, statement: Statement, engine: Engine) -> TimedRun:
    """Run a query to its end on the server, its rows thrown away there.

    The time is EXPLAIN ANALYZE's Execution Time with TIMING OFF: planning, sending and reading of the rows are not in
    it, nor is the reading of long values that lie outside their row. The count is of 8 kB pages found or read.
    """
    plan = read_plan(explain_text(reader, statement, _RUN_OPTIONS), engine)
    pages = sum(node.buffers.touched for node in plan.nodes() if node.buffers is not None)
    return TimedRun(plan.milliseconds or 0.0, pages, int(plan.root.total_actual_rows or 0))


def explain_text(reader: Reader, statement: Statement, options: str = _PLAN_OPTIONS) -> str:
    """Return what EXPLAIN says with these options, as the server wrote it."""
    answer = reader.query(f"EXPLAIN ({options}) {statement.sql}", statement.values)
    return "\n".join(str(line) for (line,) in answer.rows)


def _has_plan(name: str) -> bool:
    return name in ("CREATE TABLE", "CREATE MATERIALIZED")
