"""Lesson 2: what a plan says, and where to look first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend_mentor.lessons.exercise import Exercise, Mistake
from backend_mentor.lessons.goals import PlanRead

if TYPE_CHECKING:
    from backend_mentor.domain.plan import Plan, PlanNode

OPEN_ORDERS = """SELECT a.name, o.id, o.placed_at
FROM orders o
JOIN accounts a ON a.id = o.account_id
WHERE o.status = 'open'
ORDER BY o.placed_at, o.id"""


def _rows_read(node: PlanNode) -> float:
    """Return the rows that a step looked at over all its loops, those it dropped included."""
    if node.total_visited_rows is not None:
        return node.total_visited_rows
    returned = node.total_actual_rows or 0.0
    return returned + (node.removed_rows or 0.0) * (node.loops or 0.0)


def most_read(plan: Plan) -> tuple[str, str]:
    """Return the table that the plan reads most rows of."""
    tables = [node for node in plan.nodes() if node.relation is not None]
    step = max(tables, key=_rows_read)
    return (
        step.relation or "",
        f"The step on {step.relation} looks at {_rows_read(step):,.0f} rows, more than any other.",
    )


def rows_kept(plan: Plan) -> tuple[str, str]:
    """Return how many rows the step that reads most hands on."""
    tables = [node for node in plan.nodes() if node.relation is not None]
    step = max(tables, key=_rows_read)
    rows = int(step.total_actual_rows or 0)
    return str(rows), f"The step on {step.relation} looks at {_rows_read(step):,.0f} rows and hands on {rows:,}."


EXERCISES = (
    Exercise(
        "2.1",
        "Of which table does this query read the most rows? Write its name.",
        starter="-- the name of a table",
        hints=(
            "Look at the steps that name a table, not at the joins and sorts above them.",
            "Rows per loop times loops, those that a condition drops included.",
        ),
        answer="orders",
        goal=PlanRead(OPEN_ORDERS, most_read),
        mistakes=(Mistake("accounts", "Only the accounts of open orders are looked up."),),
    ),
    Exercise(
        "2.2",
        "Of the rows that this step looks at, how many does it hand on? Write the number that the plan shows.",
        starter="-- a number",
        hints=(
            "What a step returns and what it looks at are two numbers.",
            "The plan shows both: 65,324 rows read, 10 kept; in plain text it is written 10 of 65,324.",
        ),
        answer="1156",
        goal=PlanRead(OPEN_ORDERS, rows_kept),
        mistakes=(Mistake("200000", "That is what is looked at."),),
    ),
)
