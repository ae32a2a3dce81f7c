"""Postgres: a whole-number column is compared with a whole number."""

from __future__ import annotations

from typing import ClassVar

from sqlglot import exp

from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.domain.subject import Gate
from backend_mentor.proposals.draft import Draft
from backend_mentor.proposals.idea import Becomes, Refuses
from backend_mentor.proposals.preconditions import holds_integers
from backend_mentor.proposals.replacing import Replacement, replace_first
from backend_mentor.proposals.rewriting import Rewrite, Step
from backend_mentor.proposals.sample import POSTGRES
from backend_mentor.proposals.shapes import COMPARISONS, integer_of, sides


class FractionalLiteralToInteger(Rewrite):
    """Write `id = 77` instead of `id = 77.0`, which makes Postgres turn every id into a numeric.

    Valid where the column's type is an integer one and the literal's fraction is zero.
    """

    name: ClassVar[str] = "fractional-literal-to-integer"
    gate: ClassVar[Gate] = Gate(engines=("postgres",))
    answers: ClassVar[tuple[str, ...]] = ("implicit-cast-on-column", "full-scan-discards-rows")
    reason: ClassVar[str] = (
        "A numeric literal makes the column itself be cast row by row, and no index on it applies; "
        "the integer of the same value compares alike."
    )
    tradeoffs: ClassVar[Tradeoffs] = Tradeoffs("none", "the value comes from a parameter: then bind an integer instead")
    examples: ClassVar[tuple[Becomes | Refuses, ...]] = (
        Becomes("SELECT id FROM orders WHERE id = 2.0", "SELECT id FROM orders WHERE id = 2", POSTGRES, "postgres"),
        Becomes(
            "SELECT id FROM orders WHERE 1.0 < total", "SELECT id FROM orders WHERE total > 1", POSTGRES, "postgres"
        ),
        Refuses(
            "SELECT id FROM orders WHERE id = 2.5", because="no integer is 2.5", schema=POSTGRES, engine="postgres"
        ),
        Refuses(
            "SELECT id FROM orders WHERE total::numeric = 2.0",
            because="the column is cast by hand and may be meant so",
            schema=POSTGRES,
            engine="postgres",
        ),
    )

    def take_step(self, draft: Draft) -> Step | None:
        """Replace one comparison."""
        return replace_first(draft, COMPARISONS, _replacement)


def _replacement(draft: Draft, node: exp.Expr) -> Replacement | None:
    for column, operator, other in sides(node):
        resolved, whole = draft.columns.of(column), _whole(other)
        ground = holds_integers(draft, resolved) if resolved else None
        if resolved is not None and ground is not None and whole is not None:
            comparison = operator(this=column.copy(), expression=exp.Literal.number(whole))
            return Replacement(comparison, f"Compare {resolved.column.name} with the integer {whole:,}", (ground,))
    return None


def _whole(node: exp.Expr) -> int | None:
    if isinstance(node, exp.Neg):
        inner = _whole(node.this)
        return None if inner is None else -inner
    if integer_of(node) is not None or not isinstance(node, exp.Literal) or node.is_string:
        return None
    digits, _, fraction = node.name.partition(".")
    if digits.isdigit() and len(digits) < 10 and fraction.strip("0") == "":
        return int(digits)
    return None
