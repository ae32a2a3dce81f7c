"""ORDER BY in a derived table is dropped where nobody sees the order."""

from __future__ import annotations

from typing import ClassVar

from sqlglot import exp

from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.domain.subject import Gate
from backend_mentor.proposals.draft import Draft
from backend_mentor.proposals.idea import Becomes, Refuses
from backend_mentor.proposals.preconditions import order_free
from backend_mentor.proposals.rewriting import Rewrite, Step
from backend_mentor.proposals.sample import POSTGRES, SQLITE


class DerivedOrderDropped(Rewrite):
    """Drop ORDER BY from a subquery in FROM.

    Valid without LIMIT where the query around it sorts for itself, or takes only aggregates that do not depend on the
    order of their rows; not below string_agg, group_concat, array_agg or a window.
    """

    name: ClassVar[str] = "derived-order-dropped"
    gate: ClassVar[Gate] = Gate()
    answers: ClassVar[tuple[str, ...]] = ("order-by-in-subquery",)
    reason: ClassVar[str] = "The query around it does not keep the order, so sorting its rows first gains nothing."
    tradeoffs: ClassVar[Tradeoffs] = Tradeoffs("none", "a LIMIT is to be added to the subquery")
    examples: ClassVar[tuple[Becomes | Refuses, ...]] = (
        Becomes(
            "SELECT status, sum(total) FROM (SELECT status, total FROM orders ORDER BY placed_at) AS o GROUP BY status",
            "SELECT status, sum(total) FROM (SELECT status, total FROM orders) AS o GROUP BY status",
            SQLITE,
        ),
        Becomes(
            "SELECT o.id FROM (SELECT id, total FROM orders ORDER BY total) AS o WHERE o.total > 0 ORDER BY o.id",
            "SELECT o.id FROM (SELECT id, total FROM orders) AS o WHERE o.total > 0 ORDER BY o.id",
            POSTGRES,
            "postgres",
        ),
        Refuses(
            "SELECT group_concat(status) FROM (SELECT status FROM orders ORDER BY id) AS o",
            because="group_concat joins the texts in the order in which they come",
            schema=SQLITE,
        ),
        Refuses(
            "SELECT sum(total) FROM (SELECT total FROM orders ORDER BY id LIMIT 3) AS o",
            because="the order decides which rows the LIMIT keeps",
            schema=SQLITE,
        ),
        Refuses(
            "SELECT total FROM (SELECT total FROM orders ORDER BY id) AS o",
            because="the author relies on the order, though nothing promises it",
            schema=SQLITE,
        ),
    )

    def take_step(self, draft: Draft) -> Step | None:
        """Drop one ORDER BY."""
        for select in draft.selects():
            for source in draft.sources(select):
                inner = source.node.this if isinstance(source.node, exp.Subquery) else None
                ground = order_free(select) if isinstance(inner, exp.Select) and _only_sorts(inner) else None
                if isinstance(inner, exp.Select) and ground is not None:
                    inner.set("order", None)
                    return Step(f"Drop the order of {source.name} that nobody sees", (ground,))
        return None


def _only_sorts(select: exp.Select) -> bool:
    distinct = select.args.get("distinct")
    cut = any(select.args.get(clause) for clause in ("limit", "offset")) or (distinct and distinct.args.get("on"))
    return bool(select.args.get("order")) and not cut
