"""Membership in a whole parent table becomes IS NOT NULL."""

from __future__ import annotations

from typing import ClassVar

from sqlglot import exp

from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.domain.subject import Gate
from backend_mentor.proposals.draft import Draft
from backend_mentor.proposals.idea import Becomes, Refuses
from backend_mentor.proposals.preconditions import foreign_key_holds, in_positive_position
from backend_mentor.proposals.replacing import Replacement, replace_first
from backend_mentor.proposals.rewriting import Rewrite, Step
from backend_mentor.proposals.sample import POSTGRES, SQLITE
from backend_mentor.proposals.shapes import is_plain, subselect


class InParentToNotNull(Rewrite):
    """Write `fk IS NOT NULL` instead of `fk IN (SELECT id FROM parent)`.

    Valid where a foreign key that every row is known to obey says that each value has its parent, and only TRUE is
    asked for. On SQLite, which does not enforce foreign keys by default, the declaration alone proves nothing.
    """

    name: ClassVar[str] = "in-parent-to-not-null"
    gate: ClassVar[Gate] = Gate()
    answers: ClassVar[tuple[str, ...]] = ("unused-join",)
    reason: ClassVar[str] = "The foreign key already guarantees the parent, so only NULL is left to be told apart."
    tradeoffs: ClassVar[Tradeoffs] = Tradeoffs("none", "the foreign key is ever to be dropped")
    examples: ClassVar[tuple[Becomes | Refuses, ...]] = (
        Becomes(
            "SELECT id FROM orders WHERE coupon_id IN (SELECT id FROM coupons)",
            "SELECT id FROM orders WHERE NOT coupon_id IS NULL",
            POSTGRES,
            "postgres",
        ),
        Refuses(
            "SELECT id FROM orders WHERE coupon_id IN (SELECT id FROM coupons)",
            because="SQLite does not enforce a declared foreign key by default",
            schema=SQLITE,
        ),
        Refuses(
            "SELECT id FROM orders WHERE coupon_id IN (SELECT id FROM coupons WHERE percent > 5)",
            because="only some parents are in the list",
            schema=POSTGRES,
            engine="postgres",
        ),
        Refuses(
            "SELECT id FROM orders WHERE NOT coupon_id IN (SELECT id FROM coupons)",
            because="under NOT a NULL coupon_id is dropped by IN and kept by the test",
            schema=POSTGRES,
            engine="postgres",
        ),
    )

    def take_step(self, draft: Draft) -> Step | None:
        """Replace one membership."""
        return replace_first(draft, (exp.In,), _replacement)


def _replacement(draft: Draft, node: exp.Expr) -> Replacement | None:
    inner, positive = subselect(node.args.get("query")), in_positive_position(node)
    if inner is None or positive is None or not is_plain(inner, but=("distinct", "order")) or inner.args.get("where"):
        return None
    if len(draft.sources(inner)) != 1 or len(inner.expressions) != 1:
        return None
    child, parent = draft.columns.of(node.this), draft.columns.of(inner.expressions[0].unalias())
    if child is None or parent is None or parent.correlated:
        return None
    holds = foreign_key_holds(draft, child, parent)
    if holds is None:
        return None
    test = exp.Not(this=exp.Is(this=node.this.copy(), expression=exp.Null()))
    return Replacement(test, f"Test {child.column.name} for NULL instead of looking its parent up", (holds, positive))
