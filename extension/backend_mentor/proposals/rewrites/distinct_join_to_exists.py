"""DISTINCT over a join that only filters becomes EXISTS."""

from __future__ import annotations

from typing import ClassVar

from sqlglot import exp

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.domain.subject import Gate
from backend_mentor.proposals.draft import Draft
from backend_mentor.proposals.idea import Becomes, Refuses
from backend_mentor.proposals.moves import qualified, set_where
from backend_mentor.proposals.preconditions import conjuncts, unique_key, where_conjuncts
from backend_mentor.proposals.preconditions.keys import listed_columns
from backend_mentor.proposals.rewriting import Rewrite, Step
from backend_mentor.proposals.sample import POSTGRES, SQLITE
from backend_mentor.proposals.shapes import has_star, is_plain, joins_plainly


class DistinctJoinToExists(Rewrite):
    """Ask EXISTS instead of joining a table whose columns are not wanted and removing the repeats by DISTINCT.

    Valid for an inner join of two tables where the SELECT list names one of them alone and holds a NOT NULL key of it:
    then each of its rows comes once, if it has a partner at all, which is what EXISTS asks.
    """

    name: ClassVar[str] = "distinct-join-to-exists"
    gate: ClassVar[Gate] = Gate()
    answers: ClassVar[tuple[str, ...]] = ("distinct-hides-fan-out",)
    reason: ClassVar[str] = (
        "EXISTS stops at a row's first partner; the join makes a row of each partner, and DISTINCT has to find the"
        " twins."
    )
    tradeoffs: ClassVar[Tradeoffs] = Tradeoffs("none", "a column of the other table is wanted too")
    examples: ClassVar[tuple[Becomes | Refuses, ...]] = (
        Becomes(
            "SELECT DISTINCT a.id, a.email FROM accounts a JOIN orders o ON o.account_id = a.id"
            " WHERE o.total > 1 AND country = 'a' ORDER BY a.id",
            "SELECT a.id, a.email FROM accounts a WHERE country = 'a' AND"
            " EXISTS (SELECT 1 FROM orders o WHERE o.account_id = a.id AND o.total > 1) ORDER BY a.id",
            SQLITE,
        ),
        Becomes(
            "SELECT DISTINCT c.* FROM orders o JOIN coupons c ON o.coupon_id = c.id",
            "SELECT c.* FROM coupons c WHERE EXISTS (SELECT 1 FROM orders o WHERE o.coupon_id = c.id)",
            POSTGRES,
            "postgres",
        ),
        Refuses(
            "SELECT DISTINCT a.country FROM accounts a JOIN orders o ON o.account_id = a.id",
            because="without a key in the list two accounts of one country would stay two rows",
            schema=SQLITE,
        ),
        Refuses(
            "SELECT DISTINCT a.id, o.status FROM accounts a JOIN orders o ON o.account_id = a.id",
            because="the other table's column is wanted",
            schema=SQLITE,
        ),
        Refuses(
            "SELECT DISTINCT a.id FROM accounts a LEFT JOIN orders o ON o.account_id = a.id",
            because="the outer join keeps accounts without orders",
            schema=SQLITE,
        ),
    )

    def take_step(self, draft: Draft) -> Step | None:
        """Replace one join."""
        for select in draft.selects():
            distinct, sources = select.args.get("distinct"), draft.sources(select)
            if distinct is None or distinct.args.get("on") or len(sources) != 2 or has_star(select):
                continue
            if not is_plain(select, but=("distinct", "order", "limit", "offset")) or not joins_plainly(select):
                continue
            if select.args["joins"][0].side or select.args["joins"][0].this is not sources[1].node:
                continue
            step = next((step for kept in (0, 1) if (step := _turn(draft, select, kept))), None)
            if step is not None:
                return step
        return None


def _turn(draft: Draft, select: exp.Select, kept: int) -> Step | None:
    keeps, drops = draft.sources(select)[kept], draft.sources(select)[1 - kept]
    order = select.args.get("order")
    shown = [*select.expressions, *([order] if order else [])]
    if keeps.table is None or not all(_shows(draft, node, keeps) for node in shown):
        return None
    key = unique_key(keeps.table, listed_columns(draft, select, keeps))
    join = select.args["joins"][0]
    staying = [each for each in where_conjuncts(select) if draft.owned_by(each, (keeps,)) is True]
    moving = [*conjuncts(join.args.get("on")), *_others(where_conjuncts(select), staying)]
    moved = [copy for each in moving if (copy := qualified(draft, each)) is not None]
    if key is None or len(moved) < len(moving) or not moved:
        return None
    exists = exp.Select(expressions=[exp.Literal.number(1)], from_=exp.From(this=drops.node.copy()))
    set_where(exists, moved)
    select.set("from_", exp.From(this=keeps.node.copy()))
    select.set("joins", None)
    select.set("distinct", None)
    set_where(select, [*(each.copy() for each in staying), exp.Exists(this=exists)])
    unused = Condition(f"no column of {drops.name} is shown", "read in the statement")
    return Step(f"Ask whether {drops.name} has a partner instead of joining it", (key, unused))


def _others(conditions: tuple[exp.Expr, ...], without: list[exp.Expr]) -> list[exp.Expr]:
    return [each for each in conditions if not any(each is other for other in without)]


def _shows(draft: Draft, node: exp.Expr, source: object) -> bool:
    """Return whether every column below the node is the source's; `source.*` counts, an output name does not."""
    columns = list(node.find_all(exp.Column))
    return bool(columns) and all(draft.owner_or_star(column) is source for column in columns)
