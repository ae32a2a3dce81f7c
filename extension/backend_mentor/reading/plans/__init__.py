"""EXPLAIN output to the common tree, one module per engine."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from backend_mentor.domain.schema import Engine
from backend_mentor.reading.plans.postgres import read_plan_text as read_postgres
from backend_mentor.reading.plans.sqlite import read_plan_text as read_sqlite

if TYPE_CHECKING:
    from backend_mentor.domain.plan import Plan

# A line of EXPLAIN QUERY PLAN, bare or in the shell's drawing; Postgres's own lines carry `(cost=`.
_SQLITE_LINE = re.compile(
    r"^[\s|`+-]*(SCAN|SEARCH|CO-ROUTINE|MATERIALIZE|COMPOUND QUERY|MULTI-INDEX OR)\b", re.MULTILINE
)


def read_pasted_plan(text: str, connected: Engine) -> Plan:
    """Return the plan that a user pasted, whichever engine made it; raises CellError where it can not be read."""
    name, read = ("sqlite", read_sqlite) if _SQLITE_LINE.search(text) else ("postgres", read_postgres)
    return read(text, connected if connected.name == name else Engine(name, ()))
