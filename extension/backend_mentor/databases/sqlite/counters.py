"""Placeholder until rows are counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backend_mentor.databases.sqlite.execution import Place
    from backend_mentor.domain.plan import Plan
    from backend_mentor.domain.schema import Schema
    from backend_mentor.domain.statement import Statement


def add_counts(statement: Statement, place: Place, schema: Schema, plan: Plan) -> Plan:
    """Return the plan."""
    return plan
