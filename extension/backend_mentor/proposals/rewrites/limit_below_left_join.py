"""LIMIT is applied before the look-ups of a LEFT JOIN."""

from __future__ import annotations

from typing import ClassVar

from sqlglot import exp

from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.domain.subject import Gate
from backend_mentor.proposals.draft import Draft
from backend_mentor.proposals.idea import Becomes, Refuses
from backend_mentor.proposals.moves import name_of
from backend_mentor.proposals.preconditions import total_order, where_conjuncts
from backend_mentor.proposals.rewriting import Rewrite, Step
from backend_mentor.proposals.sample import POSTGRES, SQLITE
from backend_mentor.proposals.shapes import is_plain, joins_plainly


class LimitBelowLeftJoin(Rewrite):
    """Cut the first table to the wanted rows, then look their partners up.

    Valid where every join is a LEFT JOIN on a key of the joined table, so that it adds no row and takes none, ORDER BY
    and WHERE name the first table alone, and the order is total: otherwise the LIMIT could keep other rows.
    """

    name: ClassVar[str] = "limit-below-left-join"
    gate: ClassVar[Gate] = Gate()
    answers: ClassVar[tuple[str, ...]] = ("top-sort-of-many-rows", "rows-sorted-in-temporary-tree")
    reason: ClassVar[str] = "Only the rows that are returned are looked up; otherwise all are joined and sorted first."
    tradeoffs: ClassVar[Tradeoffs] = Tradeoffs(
        "one level of query more to read", "a filter on the joined table is to be added"
    )
    examples: ClassVar[tuple[Becomes | Refuses, ...]] = (
        Becomes(
            "SELECT o.id, c.code FROM orders o LEFT JOIN coupons c ON c.id = o.coupon_id WHERE o.total > 0"
            " ORDER BY o.total DESC, o.id LIMIT 3",
            "SELECT o.id, c.code FROM"
            " (SELECT * FROM orders AS o WHERE o.total > 0 ORDER BY o.total DESC, o.id LIMIT 3) AS o"
            " LEFT JOIN coupons c ON c.id = o.coupon_id ORDER BY o.total DESC, o.id",
            SQLITE,
        ),
        Becomes(
            "SELECT o.id, c.code FROM orders o LEFT JOIN coupons c ON c.id = o.coupon_id"
            " ORDER BY o.id LIMIT 2 OFFSET 1",
            "SELECT o.id, c.code FROM (SELECT * FROM orders AS o ORDER BY o.id LIMIT 2 OFFSET 1) AS o"
            " LEFT JOIN coupons c ON c.id = o.coupon_id ORDER BY o.id",
            POSTGRES,
            "postgres",
        ),
        Refuses(
            "SELECT a.id, o.total FROM accounts a LEFT JOIN orders o ON o.account_id = a.id ORDER BY a.id LIMIT 3",
            because="an account with two orders makes two rows",
            schema=SQLITE,
        ),
        Refuses(
            "SELECT o.id, c.code FROM orders o LEFT JOIN coupons c ON c.id = o.coupon_id ORDER BY o.total LIMIT 3",
            because="orders of one total come in any order",
            schema=SQLITE,
        ),
        Refuses(
            "SELECT o.id FROM orders o LEFT JOIN coupons c ON c.id = o.coupon_id WHERE c.percent > 1"
            " ORDER BY o.id LIMIT 3",
            because="the filter on the coupon takes rows away after the LIMIT",
            schema=SQLITE,
        ),
    )

    def take_step(self, draft: Draft) -> Step | None:
        """Move one LIMIT."""
        for select in draft.selects():
            joins = select.args.get("joins") or []
            plain = is_plain(select, but=("order", "limit", "offset")) and joins_plainly(select)
            if not plain or not joins or not select.args.get("limit") or any(join.side != "LEFT" for join in joins):
                continue
            step = _move(draft, select)
            if step is not None:
                return step
        return None


def _move(draft: Draft, select: exp.Select) -> Step | None:
    first = draft.sources(select)[0]
    conditions, order = where_conjuncts(select), select.args.get("order")
    # A row's own place (rowid, ctid) does not pass through a derived table, and has no owner here.
    # Nor does a schema's name before a column.
    if any(draft.owner_or_star(column) is None or column.db for column in select.find_all(exp.Column)):
        return None
    if order is None or not all(draft.columns.of(each.this) for each in order.expressions):
        return None
    total = total_order(draft, select, first)
    if total is None or not all(draft.owned_by(each, (first,)) for each in (*conditions, order)):
        return None
    inner = exp.Select(expressions=[exp.Star()], from_=exp.From(this=first.node.copy()))
    for clause in ("where", "order", "limit", "offset"):
        if select.args.get(clause):
            inner.set(clause, select.args[clause].copy())
    for clause in ("where", "limit", "offset"):
        select.set(clause, None)
    derived = exp.Subquery(this=inner, alias=exp.TableAlias(this=name_of(first)))
    select.set("from_", exp.From(this=derived))
    return Step(f"Cut {first.name} to its first rows before looking their partners up", total)
