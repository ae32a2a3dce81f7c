"""A filter on the groups of a derived table goes inside it."""

from __future__ import annotations

from typing import ClassVar

from sqlglot import exp

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.domain.subject import Gate
from backend_mentor.proposals.draft import Draft
from backend_mentor.proposals.idea import Becomes, Refuses
from backend_mentor.proposals.moves import add_conditions, column_of, set_where
from backend_mentor.proposals.preconditions import where_conjuncts
from backend_mentor.proposals.rewriting import Rewrite, Step
from backend_mentor.proposals.sample import POSTGRES, SQLITE
from backend_mentor.reading.resolve import Source


class FilterIntoGroups(Rewrite):
    """Filter the rows before they are grouped instead of the groups afterwards.

    Valid where `IN (SELECT …)` asks about a column by which the derived table groups: it is the same for all rows of a
    group, so the groups that are kept are the same and hold the same rows. The list may not name the outer row.
    """

    name: ClassVar[str] = "filter-into-groups"
    gate: ClassVar[Gate] = Gate()
    answers: ClassVar[tuple[str, ...]] = ("kept-result-is-scanned",)
    reason: ClassVar[str] = (
        "Only the groups that are wanted are computed, and an index on the grouping column can find their rows."
    )
    tradeoffs: ClassVar[Tradeoffs] = Tradeoffs("none", "the list keeps most of the groups")
    examples: ClassVar[tuple[Becomes | Refuses, ...]] = (
        Becomes(
            "SELECT v.account_id, v.spent FROM (SELECT o.account_id, sum(o.total) AS spent FROM orders o WHERE o.id > 0"
            " GROUP BY o.account_id) AS v"
            " WHERE v.account_id IN (SELECT id FROM accounts WHERE country = 'a') AND v.spent > 1",
            "SELECT v.account_id, v.spent FROM (SELECT o.account_id, sum(o.total) AS spent FROM orders o WHERE o.id > 0"
            " AND o.account_id IN (SELECT id FROM accounts WHERE country = 'a') GROUP BY o.account_id) AS v"
            " WHERE v.spent > 1",
            SQLITE,
        ),
        Becomes(
            "SELECT * FROM (SELECT coupon_id AS c, count(*) AS n FROM orders GROUP BY coupon_id) AS v"
            " WHERE c IN (SELECT id FROM coupons WHERE percent > 1)",
            "SELECT * FROM (SELECT coupon_id AS c, count(*) AS n FROM orders"
            " WHERE orders.coupon_id IN (SELECT id FROM coupons WHERE percent > 1) GROUP BY coupon_id) AS v",
            POSTGRES,
            "postgres",
        ),
        Refuses(
            "SELECT * FROM (SELECT account_id, sum(total) AS spent FROM orders GROUP BY account_id) AS v"
            " WHERE v.spent IN (SELECT percent FROM coupons)",
            because="the sum is known only after grouping",
            schema=SQLITE,
        ),
        Refuses(
            "SELECT * FROM (SELECT account_id, sum(total) AS spent FROM orders GROUP BY account_id LIMIT 3) AS v"
            " WHERE v.account_id IN (SELECT id FROM accounts)",
            because="the LIMIT would count other groups",
            schema=SQLITE,
        ),
    )

    def take_step(self, draft: Draft) -> Step | None:
        """Move one filter."""
        for select in draft.selects():
            for condition in where_conjuncts(select):
                step = _move(draft, select, condition)
                if step is not None:
                    return step
        return None


def _move(draft: Draft, select: exp.Select, condition: exp.Expr) -> Step | None:
    query = condition.args.get("query") if isinstance(condition, exp.In) else None
    source = draft.owner(condition.this) if query is not None and isinstance(condition.this, exp.Column) else None
    if query is None or source is None or not any(source is each for each in draft.sources(select)) or source.optional:
        return None
    inner = _grouped(source)
    key = _key(draft, inner, condition.this.name) if inner is not None else None
    resolved = draft.columns.of(key)
    if inner is None or resolved is None or resolved.correlated or not _stands_alone(draft, query):
        return None
    pushed = condition.copy()
    pushed.set("this", column_of(resolved.source, resolved.node.this))
    rest = [each.copy() for each in where_conjuncts(select) if each is not condition]
    add_conditions(inner, pushed)
    set_where(select, rest)
    ground = Condition(f"{source.name} is grouped by {resolved.column.name}", "GROUP BY in the derived table")
    return Step(f"Filter {resolved.table.name} before it is grouped", (ground,))


def _grouped(source: Source) -> exp.Select | None:
    inner = source.node.this if isinstance(source.node, exp.Subquery) else None
    alias = source.node.args.get("alias")
    if not isinstance(inner, exp.Select) or not inner.args.get("group") or (alias is not None and alias.columns):
        return None
    group = inner.args["group"]
    if any(value for name, value in group.args.items() if name != "expressions"):
        return None
    if any(isinstance(each, (exp.Cube, exp.Rollup, exp.GroupingSets)) for each in group.expressions):
        return None
    cut = any(inner.args.get(clause) for clause in ("limit", "offset", "distinct", "windows", "qualify"))
    return None if cut or any(each.find(exp.Window) for each in inner.expressions) else inner


def _key(draft: Draft, inner: exp.Select, name: str) -> exp.Expr | None:
    """Return the grouping column that an output column of the derived table shows."""
    shown: list[exp.Expr] = [each.unalias() for each in inner.expressions if each.alias_or_name.lower() == name.lower()]
    if len(shown) != 1 or draft.columns.of(shown[0]) is None:
        return None
    return shown[0] if shown[0] in inner.args["group"].expressions else None


def _stands_alone(draft: Draft, query: exp.Expr) -> bool:
    own = tuple(source for select in query.find_all(exp.Select) for source in draft.sources(select))
    return draft.owned_by(query, own) is True
