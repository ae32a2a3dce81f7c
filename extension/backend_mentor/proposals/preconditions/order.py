"""Whether the order of rows is decided, and whether anybody looks at it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from backend_mentor.domain.proof import Condition
from backend_mentor.proposals.preconditions.keys import no_fan_out, unique_key

if TYPE_CHECKING:
    from backend_mentor.proposals.draft import Draft
    from backend_mentor.reading.resolve import Source

_ORDERED_AGGREGATES = (exp.ArrayAgg, exp.GroupConcat, exp.JSONArrayAgg, exp.JSONObjectAgg, exp.First, exp.Last)
_PLAIN_AGGREGATES = (exp.Sum, exp.Count, exp.Min, exp.Max, exp.Avg)


def total_order(draft: Draft, select: exp.Select, source: Source) -> tuple[Condition, ...] | None:
    """Return the conditions that ORDER BY decides the place of every row: it names a key of `source`, and no join
    multiplies its rows."""
    order = select.args.get("order")
    if order is None or source.table is None:
        return None
    resolved = [draft.columns.of(ordered.this) for ordered in order.expressions]
    key = unique_key(source.table, [each.column.name for each in resolved if each and each.source is source])
    fan_out = no_fan_out(draft, select, (source,))
    return None if key is None or fan_out is None else (key, *fan_out)


def order_free(select: exp.Select) -> Condition | None:
    """Return the condition that a query does not pass on the order in which its FROM clause delivers rows.

    It groups or aggregates by functions that take rows in any order, or sorts for itself, and cuts nothing off.
    """
    if select.args.get("limit") or select.args.get("offset") or select.args.get("distinct"):
        return None
    if select.find(exp.Window, exp.Anonymous, exp.AnonymousAggFunc, *_ORDERED_AGGREGATES):
        return None
    if select.args.get("order") is not None and select.args.get("group") is None:
        return Condition("nobody sees the inner order", "the query around it sorts for itself")
    if _only_aggregates(select):
        return Condition("nobody sees the inner order", "the query around it aggregates its rows")
    return None


def _only_aggregates(select: exp.Select) -> bool:
    group = select.args.get("group")
    grouped = {each.sql() for each in group.expressions} if group is not None else set()
    for projection in select.expressions:
        bare = projection.unalias()
        if bare.sql() not in grouped and not isinstance(bare, (*_PLAIN_AGGREGATES, exp.Literal)):
            return False
    return group is not None or any(projection.find(*_PLAIN_AGGREGATES) for projection in select.expressions)
