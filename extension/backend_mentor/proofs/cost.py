"""What the planner expects of a rewrite, before anything runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend_mentor.domain.proof import Cost

if TYPE_CHECKING:
    from backend_mentor.databases.base import Database
    from backend_mentor.domain.statement import Statement


def compare_costs(before: Statement, after: Statement, database: Database) -> Cost | None:
    """Return the planner's estimates for both; None where the engine shows none, as SQLite does.

    Raises MentorError where a statement can not be explained.
    """
    after_cost = database.explain(after).root.cost
    if after_cost is None:
        return None
    before_cost = database.explain(before).root.cost
    return None if before_cost is None else Cost(before_cost, after_cost, "EXPLAIN")
