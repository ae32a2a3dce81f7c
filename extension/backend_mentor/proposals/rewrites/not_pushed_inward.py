"""SQLite: NOT over a comparison becomes the opposite comparison."""

from __future__ import annotations

from typing import ClassVar

from sqlglot import exp

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.domain.subject import Gate
from backend_mentor.proposals.draft import Draft
from backend_mentor.proposals.idea import Becomes, Refuses
from backend_mentor.proposals.replacing import Replacement, replace_first
from backend_mentor.proposals.rewriting import Rewrite, Step
from backend_mentor.proposals.sample import SQLITE
from backend_mentor.proposals.shapes import COMPARISONS

_OPPOSITE: dict[type[exp.Expr], type[exp.Binary]] = {
    exp.GT: exp.LTE,
    exp.GTE: exp.LT,
    exp.LT: exp.GTE,
    exp.LTE: exp.GT,
    exp.EQ: exp.NEQ,
    exp.NEQ: exp.EQ,
}
_INDEXABLE = (exp.GT, exp.GTE, exp.LT, exp.LTE, exp.EQ)


class NotPushedInward(Rewrite):
    """Write `x <= c` instead of `NOT x > c`, and take NOT (a OR b) apart by De Morgan's rule.

    Always valid: the opposite comparison is NULL exactly where the comparison is, and three-valued AND and OR obey
    De Morgan. Offered where it leaves a comparison that an index can serve: SQLite does not push NOT inward itself.
    """

    name: ClassVar[str] = "not-pushed-inward"
    gate: ClassVar[Gate] = Gate(engines=("sqlite",))
    answers: ClassVar[tuple[str, ...]] = ("full-scan-discards-rows",)
    reason: ClassVar[str] = (
        "The opposite comparison is true, false and NULL for the same rows as NOT of the comparison; "
        "SQLite uses an index for the one and not for the other."
    )
    tradeoffs: ClassVar[Tradeoffs] = Tradeoffs("none")
    examples: ClassVar[tuple[Becomes | Refuses, ...]] = (
        Becomes("SELECT id FROM orders WHERE NOT total > 1", "SELECT id FROM orders WHERE total <= 1", SQLITE),
        Becomes(
            "SELECT id FROM orders WHERE NOT (total <> 1 OR quantity IS NULL OR placed_at LIKE 'x%')",
            "SELECT id FROM orders WHERE total = 1 AND NOT quantity IS NULL AND NOT placed_at LIKE 'x%'",
            SQLITE,
        ),
        Becomes(
            "SELECT id, NOT (total < 2 AND quantity > 1) AS kept FROM orders",
            "SELECT id, (total >= 2 OR quantity <= 1) AS kept FROM orders",
            SQLITE,
        ),
        Refuses(
            "SELECT id FROM orders WHERE NOT total = 1",
            because="no index serves <> either, so nothing is gained",
            schema=SQLITE,
        ),
        Refuses(
            "SELECT id FROM orders WHERE NOT (quantity > 1) IS TRUE",
            because="IS TRUE stands between NOT and the comparison, and a NULL quantity passes",
            schema=SQLITE,
        ),
    )

    def take_step(self, draft: Draft) -> Step | None:
        """Push one NOT inward as far as it goes."""
        return replace_first(draft, (exp.Not,), _replacement)


def _replacement(_: Draft, node: exp.Expr) -> Replacement | None:
    inner: exp.Expr = node.this.unnest()
    if not isinstance(inner, (*COMPARISONS, exp.And, exp.Or)):
        return None
    pushed = _negated(inner)
    served = [each for each in pushed.find_all(*_INDEXABLE) if not each.find_ancestor(exp.Not, exp.Query)]
    if not served:
        return None
    ground = Condition("NOT of a comparison is the opposite comparison, NULL included", "three-valued logic")
    return Replacement(pushed, "Say the opposite instead of NOT", (ground,))


def _negated(node: exp.Expr) -> exp.Expr:
    bare: exp.Expr = node.unnest()
    if type(bare) in _OPPOSITE and isinstance(bare, exp.Binary) and not isinstance(bare.right, (exp.All, exp.Any)):
        return _OPPOSITE[type(bare)](this=bare.left.copy(), expression=bare.right.copy())
    if isinstance(bare, exp.Or):
        return exp.And(this=_within(_negated(bare.left)), expression=_within(_negated(bare.right)))
    if isinstance(bare, exp.And):
        return exp.Or(this=_negated(bare.left), expression=_negated(bare.right))
    if isinstance(bare, exp.Not):
        inner: exp.Expr = bare.this
        return inner.copy()
    return exp.Not(this=node.copy())


def _within(node: exp.Expr) -> exp.Expr:
    return exp.Paren(this=node) if isinstance(node, exp.Or) else node
