"""ORDER BY in a subquery that only tells membership is dropped."""

from __future__ import annotations

from typing import ClassVar

from sqlglot import exp

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.domain.subject import Gate
from backend_mentor.proposals.draft import Draft
from backend_mentor.proposals.idea import Becomes, Refuses
from backend_mentor.proposals.rewriting import Rewrite, Step
from backend_mentor.proposals.sample import POSTGRES, SQLITE
from backend_mentor.proposals.shapes import subselect


class SubqueryOrderDropped(Rewrite):
    """Drop ORDER BY from the subquery of IN or EXISTS.

    Always valid without LIMIT: membership knows no order, and both databases sort all the same.
    """

    name: ClassVar[str] = "subquery-order-dropped"
    gate: ClassVar[Gate] = Gate()
    answers: ClassVar[tuple[str, ...]] = ("order-by-in-subquery",)
    reason: ClassVar[str] = "Whether a value is in a list does not depend on the list's order, and sorting it costs."
    tradeoffs: ClassVar[Tradeoffs] = Tradeoffs("none", "a LIMIT is to be added to the subquery")
    examples: ClassVar[tuple[Becomes | Refuses, ...]] = (
        Becomes(
            "SELECT id FROM accounts WHERE id IN (SELECT account_id FROM orders WHERE total > 1 ORDER BY placed_at)",
            "SELECT id FROM accounts WHERE id IN (SELECT account_id FROM orders WHERE total > 1)",
            SQLITE,
        ),
        Becomes(
            "SELECT id FROM accounts a WHERE NOT EXISTS (SELECT 1 FROM orders o WHERE o.account_id = a.id ORDER BY"
            " o.id)",
            "SELECT id FROM accounts a WHERE NOT EXISTS (SELECT 1 FROM orders o WHERE o.account_id = a.id)",
            POSTGRES,
            "postgres",
        ),
        Refuses(
            "SELECT id FROM accounts WHERE id IN (SELECT account_id FROM orders ORDER BY placed_at LIMIT 2)",
            because="the order decides which rows the LIMIT keeps",
            schema=SQLITE,
        ),
        Refuses(
            "SELECT id FROM accounts WHERE id = (SELECT account_id FROM orders ORDER BY placed_at)",
            because="SQLite takes the first row of a scalar subquery",
            schema=SQLITE,
        ),
    )

    def take_step(self, draft: Draft) -> Step | None:
        """Drop one ORDER BY."""
        for node in draft.tree.find_all(exp.In, exp.Exists):
            inner = subselect(node.args.get("query") if isinstance(node, exp.In) else node.this)
            if inner is None or not inner.args.get("order"):
                continue
            distinct = inner.args.get("distinct")
            if any(inner.args.get(clause) for clause in ("limit", "offset")) or (distinct and distinct.args.get("on")):
                continue
            inner.set("order", None)
            ground = Condition("the subquery has no LIMIT", "read in the statement")
            return Step("Drop the order that nobody sees", (ground,))
        return None
