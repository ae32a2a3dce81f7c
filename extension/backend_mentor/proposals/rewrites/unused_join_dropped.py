"""A join with a parent that nobody looks at is dropped."""

from __future__ import annotations

from typing import ClassVar

from sqlglot import exp

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.domain.subject import Gate
from backend_mentor.proposals.draft import Draft
from backend_mentor.proposals.idea import Becomes, Refuses
from backend_mentor.proposals.moves import add_conditions
from backend_mentor.proposals.preconditions import conjuncts, foreign_key_holds
from backend_mentor.proposals.preconditions.nulls import declared_not_null
from backend_mentor.proposals.rewriting import Rewrite, Step
from backend_mentor.proposals.sample import POSTGRES, SQLITE
from backend_mentor.proposals.shapes import has_star, joins_plainly
from backend_mentor.reading.resolve import ResolvedColumn


class UnusedJoinDropped(Rewrite):
    """Drop an inner join with a parent table of which nothing but its key is used; the foreign key stands in for it.

    Valid where a foreign key that every row is known to obey gives each row exactly one parent. Where the foreign key
    may be NULL, the join dropped such rows, and IS NOT NULL does so in its place.
    """

    name: ClassVar[str] = "unused-join-dropped"
    gate: ClassVar[Gate] = Gate()
    answers: ClassVar[tuple[str, ...]] = ("unused-join",)
    reason: ClassVar[str] = (
        "Each row has exactly one parent, so the join neither adds nor takes a row: it only costs a look-up each."
    )
    tradeoffs: ClassVar[Tradeoffs] = Tradeoffs("none", "the foreign key is ever to be dropped or left unvalidated")
    examples: ClassVar[tuple[Becomes | Refuses, ...]] = (
        Becomes(
            "SELECT o.id, o.total FROM orders o JOIN accounts a ON a.id = o.account_id WHERE o.total > 1",
            "SELECT o.id, o.total FROM orders o WHERE o.total > 1",
            POSTGRES,
            "postgres",
        ),
        Becomes(
            "SELECT count(*) FROM coupons c JOIN orders o ON o.coupon_id = c.id WHERE c.id > 1",
            "SELECT count(*) FROM orders o WHERE o.coupon_id > 1 AND NOT o.coupon_id IS NULL",
            POSTGRES,
            "postgres",
        ),
        Refuses(
            "SELECT o.id FROM orders o JOIN accounts a ON a.id = o.account_id",
            because="SQLite does not enforce a declared foreign key by default",
            schema=SQLITE,
        ),
        Refuses(
            "SELECT o.id FROM orders o JOIN accounts a ON a.id = o.account_id AND a.country = 'a'",
            because="the join filters by country",
            schema=POSTGRES,
            engine="postgres",
        ),
        Refuses(
            "SELECT * FROM orders o JOIN accounts a ON a.id = o.account_id",
            because="the star shows the parent's columns",
            schema=POSTGRES,
            engine="postgres",
        ),
        Refuses(
            "SELECT v.page FROM visits v JOIN accounts a ON a.id = v.account_id",
            because="no foreign key says that each visit has an account",
            schema=POSTGRES,
            engine="postgres",
        ),
    )

    def take_step(self, draft: Draft) -> Step | None:
        """Drop one join."""
        for select in draft.selects():
            joins = select.args.get("joins") or []
            # Behind an outer join to the right a condition in WHERE would drop the rows that it fills in.
            if has_star(select) or not joins_plainly(select) or any(each.side in ("RIGHT", "FULL") for each in joins):
                continue
            for join in joins:
                step = _drop(draft, select, join) if not join.side and not join.kind else None
                if step is not None:
                    return step
        return None


def _drop(draft: Draft, select: exp.Select, join: exp.Join) -> Step | None:
    conditions = conjuncts(join.args.get("on"))
    if len(conditions) != 1 or not isinstance(conditions[0], exp.EQ):
        return None
    ends = [draft.columns.of(side) for side in (conditions[0].left, conditions[0].right)]
    for child, parent in ((ends[0], ends[1]), (ends[1], ends[0])):
        if child is None or parent is None or child.correlated or parent.correlated:
            continue
        holds = foreign_key_holds(draft, child, parent) if child.column.type == parent.column.type else None
        uses = _uses(draft, select, join, parent) if _is_droppable(select, join, parent) else None
        if holds is None or uses is None:
            continue
        declared = declared_not_null(child)
        _remove(select, join, child, parent, uses)
        if declared is None:
            add_conditions(select, exp.Not(this=exp.Is(this=child.node.copy(), expression=exp.Null())))
            declared = Condition(f"a row without {child.column.name} is dropped either way", "IS NOT NULL says so")
        return Step(f"Drop the join with {parent.table.name}: nothing of it is used", (holds, declared))
    return None


def _is_droppable(select: exp.Select, join: exp.Join, parent: ResolvedColumn) -> bool:
    """Return whether the parent is what this join brings in, or the first table with this as the only join."""
    if parent.source.join is join:
        return True
    return parent.source.node.parent is select.args["from_"] and len(select.args["joins"]) == 1


def _uses(draft: Draft, select: exp.Select, join: exp.Join, parent: ResolvedColumn) -> list[exp.Column] | None:
    """Return where else the parent's key is used; None where anything else of the parent is, or that is not certain."""
    uses: list[exp.Column] = []
    for column in select.find_all(exp.Column):
        if column.find_ancestor(exp.Join) is join and column.find_ancestor(exp.Select) is select:
            continue
        owner, resolved = draft.owner_or_star(column), draft.columns.of(column)
        if owner is None and not isinstance(column.parent, exp.Ordered):
            return None
        if owner is not parent.source:
            continue
        if resolved is None or resolved.column is not parent.column or column.parent is select:
            return None
        uses.append(column)
    return uses


def _remove(
    select: exp.Select, join: exp.Join, child: ResolvedColumn, parent: ResolvedColumn, uses: list[exp.Column]
) -> None:
    for column in uses:
        column.replace(child.node.copy())
    if parent.source.join is join:
        select.set("joins", [each for each in select.args["joins"] if each is not join] or None)
    else:
        select.set("from_", exp.From(this=join.this.copy()))
        select.set("joins", None)
