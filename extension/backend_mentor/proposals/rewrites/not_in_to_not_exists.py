"""NOT IN over a subquery becomes NOT EXISTS where no NULL can be among the values."""

from __future__ import annotations

from typing import ClassVar

from sqlglot import exp

from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.domain.subject import Gate
from backend_mentor.proposals.draft import Draft
from backend_mentor.proposals.idea import Becomes, Refuses
from backend_mentor.proposals.moves import add_conditions, captures, qualified
from backend_mentor.proposals.preconditions import never_null, same_type
from backend_mentor.proposals.replacing import Replacement, replace_first
from backend_mentor.proposals.rewriting import Rewrite, Step
from backend_mentor.proposals.sample import POSTGRES, SQLITE
from backend_mentor.proposals.shapes import is_plain, subselect


class NotInToNotExists(Rewrite):
    """Write NOT EXISTS instead of NOT IN over a subquery.

    Valid only where neither side can be NULL: one NULL among the values makes every NOT IN unknown and the result
    empty, and a NULL on the left is dropped by NOT IN and kept by NOT EXISTS. Both columns have to compare alike.
    PostgreSQL 19 does it by itself for columns that can not be NULL.
    """

    name: ClassVar[str] = "not-in-to-not-exists"
    gate: ClassVar[Gate] = Gate(before=(19,))
    answers: ClassVar[tuple[str, ...]] = ("unhashed-not-in",)
    reason: ClassVar[str] = (
        "Without NULLs the two ask the same; NOT EXISTS stops at the first match and can be an anti-join, "
        "while a NOT IN list that does not fit in memory is searched anew for each row."
    )
    tradeoffs: ClassVar[Tradeoffs] = Tradeoffs("none", "either column is ever to admit NULL")
    examples: ClassVar[tuple[Becomes | Refuses, ...]] = (
        Becomes(
            "SELECT id FROM accounts WHERE id NOT IN (SELECT account_id FROM orders WHERE total > 2)",
            "SELECT id FROM accounts WHERE NOT EXISTS"
            " (SELECT 1 FROM orders WHERE total > 2 AND orders.account_id = accounts.id)",
            SQLITE,
        ),
        Becomes(
            "SELECT c.id FROM coupons c WHERE c.id NOT IN (SELECT o.coupon_id FROM orders o WHERE o.coupon_id IS NOT"
            " NULL)",
            "SELECT c.id FROM coupons c WHERE NOT EXISTS"
            " (SELECT 1 FROM orders o WHERE o.coupon_id IS NOT NULL AND o.coupon_id = c.id)",
            POSTGRES,
            "postgres",
        ),
        Refuses(
            "SELECT id FROM coupons WHERE id NOT IN (SELECT coupon_id FROM orders)",
            because="orders.coupon_id may be NULL, and then NOT IN keeps no row at all",
            schema=SQLITE,
        ),
        Refuses(
            "SELECT id FROM orders WHERE coupon_id NOT IN (SELECT id FROM coupons)",
            because="orders.coupon_id may be NULL: NOT IN drops that row and NOT EXISTS keeps it",
            schema=SQLITE,
        ),
        Refuses(
            "SELECT a.id FROM accounts a WHERE a.id NOT IN"
            " (SELECT o.account_id FROM accounts b LEFT JOIN orders o ON o.account_id = b.id)",
            because="the outer join fills account_id with NULL though it is declared NOT NULL",
            schema=SQLITE,
        ),
        Refuses(
            "SELECT id FROM accounts WHERE id NOT IN (SELECT account_id FROM orders GROUP BY account_id LIMIT 1)",
            because="the LIMIT decides which values are in the list",
            schema=SQLITE,
        ),
        Refuses(
            "SELECT id FROM orders WHERE id NOT IN (SELECT account_id FROM orders WHERE total > 1)",
            because="inside the subquery the name orders means its own table",
            schema=SQLITE,
        ),
    )

    def take_step(self, draft: Draft) -> Step | None:
        """Replace one NOT IN."""
        return replace_first(draft, (exp.Not,), _replacement)


def _replacement(draft: Draft, node: exp.Expr) -> Replacement | None:
    membership = node.this.unnest()
    inner = subselect(membership.args.get("query")) if isinstance(membership, exp.In) else None
    if inner is None or not is_plain(inner, but=("distinct",)) or len(inner.expressions) != 1:
        return None
    distinct = inner.args.get("distinct")
    if distinct is not None and distinct.args.get("on"):
        return None
    value = inner.expressions[0].unalias()
    left, right = draft.columns.of(membership.this), draft.columns.of(value)
    if left is None or right is None or right.correlated:
        return None
    grounds = never_null(draft, membership.this), never_null(draft, value), same_type(draft, left, right)
    outer_side, inner_side = qualified(draft, membership.this), qualified(draft, value)
    if None in grounds or outer_side is None or inner_side is None or captures(draft, inner, [outer_side]):
        return None
    query = inner.copy()
    query.set("distinct", None)
    query.set("expressions", [exp.Literal.number(1)])
    add_conditions(query, exp.EQ(this=inner_side, expression=outer_side))
    title = f"Ask NOT EXISTS in {right.table.name} instead of NOT IN"
    conditions = tuple(ground for ground in grounds if ground is not None)
    return Replacement(exp.Not(this=exp.Exists(this=query)), title, conditions)
