"""SQLite: a correlated EXISTS becomes IN over an uncorrelated subquery."""

from __future__ import annotations

from typing import ClassVar

from sqlglot import exp

from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.domain.subject import Gate
from backend_mentor.proposals.correlation import read_correlation
from backend_mentor.proposals.draft import Draft
from backend_mentor.proposals.idea import Becomes, Refuses
from backend_mentor.proposals.moves import set_where
from backend_mentor.proposals.preconditions import in_positive_position
from backend_mentor.proposals.replacing import Replacement, replace_first
from backend_mentor.proposals.rewriting import Rewrite, Step
from backend_mentor.proposals.sample import SQLITE
from backend_mentor.proposals.shapes import is_plain, subselect


class ExistsToIn(Rewrite):
    """Write `id IN (SELECT key …)` instead of an EXISTS whose only tie to the outer row is `key = id`.

    Valid where only TRUE is asked for (a NULL among the keys makes IN unknown where EXISTS is false), the tie is one
    equality of columns that compare alike, and nothing else in the subquery names the outer row.
    """

    name: ClassVar[str] = "exists-to-in"
    gate: ClassVar[Gate] = Gate(engines=("sqlite",))
    answers: ClassVar[tuple[str, ...]] = ("correlated-subquery-runs-often",)
    reason: ClassVar[str] = (
        "Both keep the rows whose key is in the subquery; SQLite computes the IN list once, "
        "and runs the EXISTS anew for each row."
    )
    tradeoffs: ClassVar[Tradeoffs] = Tradeoffs(
        "the list of keys is kept in memory while the query runs", "the outer query asks about a few rows only"
    )
    examples: ClassVar[tuple[Becomes | Refuses, ...]] = (
        Becomes(
            "SELECT a.id FROM accounts a WHERE EXISTS (SELECT 1 FROM orders o WHERE o.account_id = a.id AND o.total >"
            " 2)",
            "SELECT a.id FROM accounts a WHERE a.id IN (SELECT o.account_id FROM orders o WHERE o.total > 2)",
            SQLITE,
        ),
        Becomes(
            "SELECT id FROM coupons WHERE EXISTS (SELECT * FROM orders WHERE coupons.id = coupon_id) OR percent > 2",
            "SELECT id FROM coupons WHERE coupons.id IN (SELECT coupon_id FROM orders) OR percent > 2",
            SQLITE,
        ),
        Refuses(
            "SELECT a.id FROM accounts a WHERE NOT EXISTS (SELECT 1 FROM visits v WHERE v.account_id = a.id)",
            because="under NOT a NULL account_id would empty the result",
            schema=SQLITE,
        ),
        Refuses(
            "SELECT a.id FROM accounts a WHERE EXISTS"
            " (SELECT 1 FROM orders o WHERE o.account_id = a.id AND o.total > a.score)",
            because="the subquery names the outer row a second time",
            schema=SQLITE,
        ),
        Refuses(
            "SELECT a.id FROM accounts a WHERE EXISTS (SELECT 1 FROM coupons c WHERE c.code = a.score)",
            because="text and numbers compare by other rules in IN",
            schema=SQLITE,
        ),
    )

    def take_step(self, draft: Draft) -> Step | None:
        """Replace one EXISTS."""
        return replace_first(draft, (exp.Exists,), _replacement)


def _replacement(draft: Draft, node: exp.Expr) -> Replacement | None:
    inner = subselect(node.this)
    positive = in_positive_position(node)
    if inner is None or positive is None or not is_plain(inner, but=("distinct",)):
        return None
    correlation = read_correlation(draft, inner)
    if correlation is None or correlation.foreign or len(correlation.pairs) != 1:
        return None
    key, outer = correlation.pairs[0]
    query = inner.copy()
    query.set("distinct", None)
    query.set("expressions", [key.node.copy()])
    set_where(query, [condition.copy() for condition in correlation.own])
    membership = exp.In(this=outer.node.copy(), query=exp.Subquery(this=query))
    title = f"Look {outer.column.name} up IN one list of {key.table.name}.{key.column.name}"
    return Replacement(membership, title, (positive, *correlation.conditions))
