"""The first row of each group by row_number() becomes GROUP BY."""

from __future__ import annotations

from typing import ClassVar

from sqlglot import exp

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.domain.subject import Gate
from backend_mentor.proposals.draft import Draft
from backend_mentor.proposals.idea import Becomes, Refuses
from backend_mentor.proposals.moves import output_name, qualified
from backend_mentor.proposals.preconditions import Family, family, plain_collation, where_conjuncts
from backend_mentor.proposals.preconditions.nulls import declared_not_null
from backend_mentor.proposals.rewriting import Rewrite, Step
from backend_mentor.proposals.sample import POSTGRES, SQLITE
from backend_mentor.proposals.shapes import integer_of, is_plain, sides

_ORDERED_ALIKE = (Family.INTEGER, Family.NUMBER, Family.TEXT, Family.DATE, Family.TIMESTAMP, Family.ZONED)


class RowNumberToGroupBy(Rewrite):
    """Take max() or min() per group instead of numbering all rows to keep the first of each group.

    Valid where nothing but the partition's columns and the ordering column is shown, since a tie decides every other
    column, and the ordering column is NOT NULL, since NULLs come first or last in an order and never in an extreme.
    """

    name: ClassVar[str] = "row-number-to-group-by"
    gate: ClassVar[Gate] = Gate()
    answers: ClassVar[tuple[str, ...]] = ("rows-sorted-in-temporary-tree",)
    reason: ClassVar[str] = "The first value of each group in order is its extreme, which needs no sort and no"
    " numbering."
    tradeoffs: ClassVar[Tradeoffs] = Tradeoffs("none", "another column of the first row is wanted too")
    examples: ClassVar[tuple[Becomes | Refuses, ...]] = (
        Becomes(
            "SELECT account_id, total FROM (SELECT o.account_id, o.total, row_number() OVER"
            " (PARTITION BY o.account_id ORDER BY o.total DESC) AS place FROM orders o WHERE o.id > 0) AS ranked"
            " WHERE place = 1",
            "SELECT o.account_id AS account_id, max(o.total) AS total FROM orders o WHERE o.id > 0"
            " GROUP BY o.account_id",
            SQLITE,
        ),
        Becomes(
            "SELECT r.latest, r.coupon_id FROM (SELECT coupon_id, id AS latest, row_number() OVER"
            " (PARTITION BY coupon_id ORDER BY id) AS place FROM orders) AS r WHERE 1 = r.place",
            "SELECT min(orders.id) AS latest, orders.coupon_id AS coupon_id FROM orders GROUP BY orders.coupon_id",
            POSTGRES,
            "postgres",
        ),
        Refuses(
            "SELECT account_id, status FROM (SELECT account_id, status, row_number() OVER"
            " (PARTITION BY account_id ORDER BY total DESC) AS place FROM orders) AS ranked WHERE place = 1",
            because="of two orders with the same total either status may be shown",
            schema=SQLITE,
        ),
        Refuses(
            "SELECT account_id, quantity FROM (SELECT account_id, quantity, row_number() OVER"
            " (PARTITION BY account_id ORDER BY quantity) AS place FROM orders) AS ranked WHERE place = 1",
            because="a NULL quantity comes first in the order and never is the minimum",
            schema=SQLITE,
        ),
        Refuses(
            "SELECT account_id, total FROM (SELECT account_id, total, row_number() OVER"
            " (PARTITION BY account_id ORDER BY total DESC) AS place FROM orders) AS ranked WHERE place = 2",
            because="the second is no extreme",
            schema=SQLITE,
        ),
    )

    def take_step(self, draft: Draft) -> Step | None:
        """Replace one numbering."""
        for select in draft.selects():
            sources = draft.sources(select)
            if not is_plain(select) or len(sources) != 1 or not isinstance(sources[0].node, exp.Subquery):
                continue
            inner, alias = sources[0].node.this, sources[0].node.args.get("alias")
            if isinstance(inner, exp.Select) and alias is not None and not alias.columns:
                step = _group(draft, select, inner)
                if step is not None:
                    return step
        return None


def _group(draft: Draft, select: exp.Select, inner: exp.Select) -> Step | None:
    window = _numbering(select, inner)
    if window is None:
        return None
    ordered, parts = window.args["order"].expressions[0], window.args.get("partition_by") or []
    column = draft.columns.of(ordered.this)
    declared = declared_not_null(column) if column is not None else None
    keys = [key for key in parts if draft.columns.of(key) is not None]
    if column is None or declared is None or not keys or len(keys) < len(parts):
        return None
    kind = exp.Max if ordered.args.get("desc") else exp.Min
    shown = [_shown(draft, each, inner, keys, ordered.this, kind) for each in select.expressions]
    group = [copy for key in keys if (copy := qualified(draft, key)) is not None]
    ordered_alike = family(draft, column.column) in _ORDERED_ALIKE and plain_collation(draft, column)
    if any(each is None for each in shown) or not ordered_alike:
        return None
    select.set("expressions", [each for each in shown if each is not None])
    for clause in ("from_", "joins", "where"):
        part = inner.args.get(clause)
        select.set(clause, [each.copy() for each in part] if isinstance(part, list) else part and part.copy())
    select.set("group", exp.Group(expressions=group))
    only = Condition("only the group's columns and the ordering column are shown", "read in the statement")
    return Step(f"Take the {kind.__name__.lower()} of {column.column.name} per group", (declared, only))


def _numbering(select: exp.Select, inner: exp.Select) -> exp.Window | None:
    """Return the row_number() over one ordering column whose first row the outer query keeps, and nothing else."""
    windows = [each for each in inner.expressions if isinstance(each.unalias(), exp.Window)]
    given = {name for name, value in inner.args.items() if value} - {"operation_modifiers"}
    conditions = where_conjuncts(select)
    if len(windows) != 1 or given - {"expressions", "from_", "joins", "where"} or len(conditions) != 1:
        return None
    window = windows[0].unalias()
    order = window.args.get("order")
    if not isinstance(window.this, exp.RowNumber) or order is None or len(order.expressions) != 1:
        return None
    return window if _asks_for_first(conditions[0], windows[0].alias) else None


def _asks_for_first(condition: exp.Expr, place: str) -> bool:
    for side, operator, other in sides(condition):
        if isinstance(side, exp.Column) and side.name.lower() == place.lower():
            return operator is exp.EQ and integer_of(other) == 1
    return False


def _shown(
    draft: Draft,
    projection: exp.Expr,
    inner: exp.Select,
    keys: list[exp.Expr],
    ordered: exp.Expr,
    kind: type[exp.AggFunc],
) -> exp.Expr | None:
    """Return what an output column becomes; None where it is neither a key nor the ordering column."""
    outer = projection.unalias()
    if not isinstance(outer, exp.Column) or outer.is_star:
        return None
    named = [each.unalias() for each in inner.expressions if each.alias_or_name.lower() == outer.name.lower()]
    value = qualified(draft, named[0]) if len(named) == 1 else None
    if value is None or (named[0] != ordered and named[0] not in keys):
        return None
    aggregate = value if named[0] in keys else kind(this=value)
    return exp.Alias(this=aggregate, alias=output_name(projection))
