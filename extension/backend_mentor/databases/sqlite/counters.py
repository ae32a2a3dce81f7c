"""The rows that a query really visits, loop by loop, counted by a function that is planted into it.

No build of SQLite that Python comes with can tell these figures. A call `likelihood(mentor_count(n, t.rowid), 1.0)` as
the first condition on t is evaluated once for each row that the loop visits, and as the last one for each row that
passes the others. It leaves the plan as it is: the likelihood keeps the planner's estimate, the rowid is in every
index, and a column of the loop before keeps the term from counting as a filter of its own, which would bring a Bloom
filter. That the plan is the same is not believed but compared, and where it differs the figures are dropped.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from backend_mentor.databases.sqlite.execution import execute
from backend_mentor.databases.sqlite.planting import Planted, plant
from backend_mentor.databases.sqlite.runaway import runaway_call
from backend_mentor.databases.sqlite.running import bindings
from backend_mentor.domain.errors import TimeLimitError
from backend_mentor.domain.plan import Operation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backend_mentor.databases.sqlite.place import Place
    from backend_mentor.domain.plan import Plan, PlanNode
    from backend_mentor.domain.schema import Schema
    from backend_mentor.domain.statement import Statement

FUNCTION = "mentor_count"

# What the call itself compiles to. Every other opcode must be there as often as before.
_OF_THE_CALL = frozenset(
    [
        "Function",
        "String8",
        "Int64",
        "Real",
        "PureFunc",
        "If",
        "IfNot",
        "Integer",
        "Rowid",
        "IdxRowid",
        "Column",
        "SCopy",
        "Copy",
        "Goto",
        "Noop",
        "Once",
        "Explain",
        "Affinity",
        "Null",
        "RealAffinity",
        "Variable",
        "ReleaseReg",
        "ColumnsUsed",
    ]
)


def add_counts(statement: Statement, place: Place, schema: Schema, plan: Plan, milliseconds: int) -> Plan:
    """Return the plan with visited rows, loops and, where exact, returned rows; or with a note that says why not.

    The run that counts is ended after so many milliseconds, and then there are no figures: half a count misleads.
    """
    if runaway_call(statement):
        return _without(plan, "the query runs in a process of its own")
    planted = plant(statement, schema, plan, FUNCTION)
    if planted is None:
        return _without(plan, "no loop of it reads a table in a way that can be counted")
    try:
        reason, calls = place.read(
            lambda connection: _count(connection, statement, planted),
            milliseconds=min(milliseconds, place.limits.milliseconds),
        )
    except TimeLimitError:
        return _without(plan, f"counting took longer than {milliseconds / 1000:,.1f} s, its part of the review")
    if reason:
        return _without(plan, reason)
    return replace(plan, root=_with_figures(plan.root, planted, calls))


def _without(plan: Plan, reason: str) -> Plan:
    return replace(plan, notes=(*plan.notes, f"Rows are not counted: {reason}."))


def _count(
    connection: sqlite3.Connection, statement: Statement, planted: Planted
) -> tuple[str | None, Mapping[int, int]]:
    """Return why there are no counts, or the counts by number."""
    calls: Counter[int] = Counter()

    def count(number: int, *_: object) -> int:
        calls[number] += 1
        return 1

    connection.create_function(FUNCTION, -1, count, deterministic=True)
    values = bindings(statement)
    try:
        if _plan(connection, statement.sql, values) != _plan(connection, planted.sql, values):
            return "counting would change the plan", calls
        if not _same_program(connection, statement.sql, planted.sql, values):
            return "with counters in it SQLite would run another program for it", calls
    except sqlite3.Error:
        return "the query can not be written with the counters in it", calls
    calls.clear()
    execute(connection, planted.sql, values, 0, whole=True)
    return None, calls


def _plan(connection: sqlite3.Connection, sql: str, values: tuple[object, ...] | Mapping[str, object]) -> list[str]:
    return [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}", values)]


def _same_program(
    connection: sqlite3.Connection, before: str, after: str, values: tuple[object, ...] | Mapping[str, object]
) -> bool:
    first, second = (
        Counter(row[1] for row in connection.execute(f"EXPLAIN {sql}", values) if row[1] not in _OF_THE_CALL)
        for sql in (before, after)
    )
    return first == second


def _with_figures(root: PlanNode, planted: Planted, calls: Mapping[int, int]) -> PlanNode:
    figures: dict[int, PlanNode] = {}
    for group in _groups(root):
        started: float | None = None
        for place, node in enumerate(group):
            counter = planted.counters.get(node.number)
            if counter is None:
                # What is no table of ours passes an unknown number of rows on, and a Bloom filter drops some.
                started = None
                continue
            if place == 0:
                started = float(calls[counter.starts]) if counter.starts is not None else counter.known_starts
            passed = None if counter.passed is None else float(calls[counter.passed])
            figures[node.number] = _figures(node, started, float(calls[counter.visited]), passed)
            started = passed
    return _rebuilt(root, figures)


def _figures(node: PlanNode, loops: float | None, visited: float, passed: float | None) -> PlanNode:
    details = (*node.details, ("rows visited in all loops", int(visited)))
    if not loops:
        return replace(node, loops=loops, visited_rows=None if loops is None else 0.0, details=details)
    return replace(
        node,
        loops=loops,
        visited_rows=visited / loops,
        actual_rows=None if passed is None else passed / loops,
        removed_rows=None if passed is None else (visited - passed) / loops,
        details=details,
    )


def _groups(root: PlanNode) -> list[tuple[PlanNode, ...]]:
    """Return the loops that stand within each other, outermost first; a lone loop is a group of its own."""
    groups = []
    inner: set[int] = set()
    for node in root.walk():
        if node.operation is Operation.NESTED_LOOP:
            groups.append(node.children)
            inner.update(child.number for child in node.children)
        elif node.number not in inner and node.operation in _READING:
            groups.append((node,))
    return groups


_READING = frozenset([Operation.SCAN, Operation.INDEX_SCAN, Operation.SEARCH])


def _rebuilt(root: PlanNode, figures: Mapping[int, PlanNode]) -> PlanNode:
    done: dict[int, PlanNode] = {}
    for node in reversed(list(root.walk())):
        children = tuple(done[child.number] for child in node.children)
        done[node.number] = replace(figures.get(node.number, node), children=children)
    return done[root.number]
