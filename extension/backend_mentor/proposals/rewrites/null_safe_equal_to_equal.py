"""Postgres: IS NOT DISTINCT FROM a constant becomes =."""

from __future__ import annotations

from typing import ClassVar

from sqlglot import exp

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.domain.subject import Gate
from backend_mentor.proposals.draft import Draft
from backend_mentor.proposals.idea import Becomes, Refuses
from backend_mentor.proposals.preconditions import in_positive_position
from backend_mentor.proposals.replacing import Replacement, replace_first
from backend_mentor.proposals.rewriting import Rewrite, Step
from backend_mentor.proposals.sample import POSTGRES
from backend_mentor.proposals.shapes import is_constant


class NullSafeEqualToEqual(Rewrite):
    """Write `x = 5` instead of `x IS NOT DISTINCT FROM 5`.

    Valid where one side is a literal, which is never NULL, and the place only asks whether the comparison is TRUE: a
    NULL x gives FALSE in the one and NULL in the other. A parameter may be bound to NULL and is left alone.
    """

    name: ClassVar[str] = "null-safe-equal-to-equal"
    gate: ClassVar[Gate] = Gate(engines=("postgres",))
    answers: ClassVar[tuple[str, ...]] = ("full-scan-discards-rows",)
    reason: ClassVar[str] = (
        "With a literal that is not NULL the two agree on which rows to keep; only = can use an index."
    )
    tradeoffs: ClassVar[Tradeoffs] = Tradeoffs("none", "the literal is to become a parameter that can be NULL")
    examples: ClassVar[tuple[Becomes | Refuses, ...]] = (
        Becomes(
            "SELECT id FROM orders WHERE quantity IS NOT DISTINCT FROM 1",
            "SELECT id FROM orders WHERE quantity = 1",
            POSTGRES,
            "postgres",
        ),
        Refuses(
            "SELECT id FROM orders WHERE NOT quantity IS NOT DISTINCT FROM 1",
            because="under NOT a NULL quantity is kept by the one and dropped by the other",
            schema=POSTGRES,
            engine="postgres",
        ),
        Refuses(
            "SELECT id FROM orders WHERE quantity IS NOT DISTINCT FROM NULL",
            because="= NULL is never true",
            schema=POSTGRES,
            engine="postgres",
        ),
    )

    def take_step(self, draft: Draft) -> Step | None:
        """Replace one comparison."""
        return replace_first(draft, (exp.NullSafeEQ,), _replacement)


def _replacement(draft: Draft, node: exp.Expr) -> Replacement | None:
    positive = in_positive_position(node)
    column, value = (node.this, node.expression) if is_constant(node.expression) else (node.expression, node.this)
    resolved = draft.columns.of(column)
    if positive is None or resolved is None or not is_constant(value):
        return None
    ground = Condition(f"{value.sql()} is not NULL", "it is a literal")
    comparison = exp.EQ(this=column.copy(), expression=value.copy())
    return Replacement(comparison, f"Compare {resolved.column.name} by =", (ground, positive))
