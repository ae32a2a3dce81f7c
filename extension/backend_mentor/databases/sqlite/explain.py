"""A statement's plan, and with `analyze` what really happened in it."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from typing import TYPE_CHECKING

from backend_mentor.databases.sqlite.catalog import engine
from backend_mentor.databases.sqlite.clone import open_clone
from backend_mentor.databases.sqlite.counters import add_counts
from backend_mentor.databases.sqlite.failures import translate
from backend_mentor.databases.sqlite.guard import check
from backend_mentor.databases.sqlite.running import bindings
from backend_mentor.domain.errors import NotSupportedError, RefusedError, TimeLimitError
from backend_mentor.domain.statement import StatementKind
from backend_mentor.reading.plans.sqlite import read_plan

if TYPE_CHECKING:
    from backend_mentor.databases.sqlite.place import Place
    from backend_mentor.domain.plan import Plan
    from backend_mentor.domain.schema import Schema
    from backend_mentor.domain.statement import Statement

Row = tuple[int, int, str]

# On the demo a correlated subquery takes eight times its run to count, and only the counts tell its costly step.
_COUNT_FACTOR = 12
_LEAST_COUNT_MILLISECONDS = 2_000


def explain(statement: Statement, place: Place, schema: Schema, *, analyze: bool) -> Plan:
    """Return the plan; a write's is made on an empty copy with the statistics of the real database."""
    if statement.kind is StatementKind.DEFINITION:
        raise NotSupportedError("A definition has no plan.", "Review it as design; nothing of it is run.")
    if statement.kind is StatementKind.WRITE:
        if analyze:
            check(statement)
        return _explain_write(statement, place)
    check(statement)
    rows = place.read(lambda connection: plan_rows(connection, statement))
    plan = read(rows, statement)
    return _analyze(statement, place, schema, plan) if analyze else plan


def count_limit_milliseconds(run_milliseconds: float) -> int:
    """Return how long rows are counted for a query that runs so long: a call for each row takes several times that."""
    return max(_LEAST_COUNT_MILLISECONDS, round(_COUNT_FACTOR * run_milliseconds) + 1_000)


def read(rows: list[Row], statement: Statement) -> Plan:
    """Return the tree of EXPLAIN QUERY PLAN's rows for this statement."""
    return read_plan(rows, engine(), aliases=aliases(statement), limited=bool(statement.tree.args.get("limit")))


def plan_rows(connection: sqlite3.Connection, statement: Statement) -> list[Row]:
    """Return id, parent and detail of each row of EXPLAIN QUERY PLAN."""
    cursor = connection.execute(f"EXPLAIN QUERY PLAN {statement.sql}", bindings(statement))
    return [(identifier, parent, detail) for identifier, parent, _, detail in cursor]


def aliases(statement: Statement) -> dict[str, str]:
    """Return the real name behind each alias; an alias that stands for two tables is left out."""
    from sqlglot import exp

    found: dict[str, set[str]] = {}
    for table in statement.tree.find_all(exp.Table):
        found.setdefault(table.alias_or_name.lower(), set()).add(table.name)
    return {alias: next(iter(names)) for alias, names in found.items() if len(names) == 1}


def _explain_write(statement: Statement, place: Place) -> Plan:
    with open_clone(place) as clone:
        try:
            plan = read(plan_rows(clone, statement), statement)
        except sqlite3.Error as error:
            raise translate(error, place.name) from error
    note = f"Planned on an empty copy with the statistics of {place.name}; nothing was written."
    return replace(plan, notes=(*plan.notes, note))


def _analyze(statement: Statement, place: Place, schema: Schema, plan: Plan) -> Plan:
    """Return the plan with the time, the steps and the rows, each from a run of its own: they disturb each other."""
    timed = place.run(statement)
    plan = replace(plan, analyzed=True, milliseconds=timed.milliseconds)
    try:
        plan = replace(plan, steps=place.count_steps(statement))
        return add_counts(statement, place, schema, plan, count_limit_milliseconds(timed.milliseconds))
    except TimeLimitError:
        note = "There was no time left to count rows and steps: the run alone took most of the limit."
        return replace(plan, notes=(*plan.notes, note))
    except RefusedError as error:
        return replace(plan, notes=(*plan.notes, error.what))
