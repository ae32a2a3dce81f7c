"""Postgres before 18: a chain of OR over one column becomes IN."""

from __future__ import annotations

from typing import ClassVar

from sqlglot import exp

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.domain.subject import Gate
from backend_mentor.proposals.draft import Draft
from backend_mentor.proposals.idea import Becomes, Refuses
from backend_mentor.proposals.preconditions import disjuncts
from backend_mentor.proposals.replacing import Replacement, replace_first
from backend_mentor.proposals.rewriting import Rewrite, Step
from backend_mentor.proposals.sample import POSTGRES
from backend_mentor.proposals.shapes import integer_of, sides, text_of


class OrChainToIn(Rewrite):
    """Write `x IN (1, 2, 3)` instead of `x = 1 OR x = 2 OR x = 3`.

    Always valid for literals of one kind: IN is that chain. Postgres 18 makes one of the other by itself, SQLite too.
    """

    name: ClassVar[str] = "or-chain-to-in"
    gate: ClassVar[Gate] = Gate(engines=("postgres",), before=(18,))
    answers: ClassVar[tuple[str, ...]] = ("several-indexes-combined",)
    reason: ClassVar[str] = (
        "IN is defined as the chain; the planner looks an IN list up in one index scan, a chain in several."
    )
    tradeoffs: ClassVar[Tradeoffs] = Tradeoffs("none")
    examples: ClassVar[tuple[Becomes | Refuses, ...]] = (
        Becomes(
            "SELECT id FROM orders WHERE id > 1 AND (total = 1 OR total = 2 OR 3 = total)",
            "SELECT id FROM orders WHERE id > 1 AND (total IN (1, 2, 3))",
            POSTGRES,
            "postgres",
        ),
        Refuses(
            "SELECT id FROM orders WHERE total = 1 OR quantity = 2 OR total = 3",
            because="the chain compares two columns",
            schema=POSTGRES,
            engine="postgres",
        ),
        Refuses(
            "SELECT id FROM orders WHERE total = 1 OR total = 2",
            because="two values gain nothing",
            schema=POSTGRES,
            engine="postgres",
        ),
    )

    def take_step(self, draft: Draft) -> Step | None:
        """Replace one chain."""
        return replace_first(draft, (exp.Or,), _replacement)


def _replacement(draft: Draft, node: exp.Expr) -> Replacement | None:
    compared = [_compared(draft, part) for part in disjuncts(node)]
    known = [each for each in compared if each is not None]
    if len(known) < 3 or len(known) < len(compared) or len({(column, kind) for column, _, kind in known}) != 1:
        return None
    column = known[0][0]
    chain = exp.In(this=column.copy(), expressions=[value.copy() for _, value, _ in known])
    ground = Condition(f"all {len(known)} parts compare {column.name} with a literal", "read in the statement")
    return Replacement(chain, f"Give the values of {column.name} as one list", (ground,))


def _compared(draft: Draft, node: exp.Expr) -> tuple[exp.Expr, exp.Expr, str] | None:
    if not isinstance(node, exp.EQ):
        return None
    for column, _, value in sides(node):
        if draft.columns.of(column) is not None and integer_of(value) is not None:
            return column, value, "integer"
        if draft.columns.of(column) is not None and text_of(value) is not None:
            return column, value, "text"
    return None
