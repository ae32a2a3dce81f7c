"""Both statements on the user's own rows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from backend_mentor.proofs.comparison import difference
from backend_mentor.proofs.determinism import orders_totally, tie_breakers_missing
from backend_mentor.proofs.result_order import read_order
from backend_mentor.reading.resolve import resolve_columns

if TYPE_CHECKING:
    from backend_mentor.databases.base import Database
    from backend_mentor.domain.proof import OwnData
    from backend_mentor.domain.schema import Schema
    from backend_mentor.domain.statement import Statement


def compare_own_data(
    before: Statement, after: Statement, schema: Schema, database: Database
) -> tuple[OwnData | None, str | None]:
    """Return how the results compare on the user's rows, or None and why that says nothing.

    A difference that ties or the rounding of floats explain is no difference. Raises TimeLimitError, StoppedError.
    """
    order = read_order(before)
    total = order.ordered and orders_totally(before.tree, resolve_columns(before, schema))
    found = database.compare(before, after, ordered=total)
    if found.same:
        return found, None
    if order.limited and not total:
        return None, "your own rows were not compared: the LIMIT cuts through rows that tie"
    ties = (*tie_breakers_missing(before, schema), *tie_breakers_missing(after, schema))
    if ties:
        return None, f"your own rows were not compared: {ties[0]}"
    if found.rows <= database.limits.rows and _differ_by_rounding_only(before, after, database):
        return replace(found, only_before=0, only_after=0, sample=None, ordered=False), None
    return found, None


def _differ_by_rounding_only(before: Statement, after: Statement, database: Database) -> bool:
    one, other = database.fetch(before), database.fetch(after)
    if len(one.rows) >= database.limits.rows or one.error is not None or other.error is not None:
        return False
    return difference(one, other, read_order(before), lambda: None) is None
