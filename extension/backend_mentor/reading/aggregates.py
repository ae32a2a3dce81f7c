"""Which aggregates a query computes itself, over its own rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_AROUND_A_WINDOWED = (exp.Filter, exp.IgnoreNulls, exp.RespectNulls, exp.WithinGroup)


def own_aggregates(parts: Iterable[exp.Expr]) -> Iterator[exp.AggFunc]:
    """Yield the aggregates in these parts of a query that fold its rows.

    Those of a subquery fold the subquery's rows, and a function with OVER folds none: `sum(count(*)) OVER ()` yields
    the count alone.
    """
    pending = list(parts)
    while pending:
        node = pending.pop(0)
        if isinstance(node, exp.Query):
            continue
        if isinstance(node, exp.AggFunc) and not _has_window(node):
            yield node
        pending.extend(node.iter_expressions())


def gives_one_row(query: exp.Expr) -> bool:
    """Return whether a query folds all its rows into one: it aggregates and has no GROUP BY."""
    return (
        isinstance(query, exp.Select)
        and query.args.get("group") is None
        and next(own_aggregates(query.expressions), None) is not None
    )


def _has_window(node: exp.Expr) -> bool:
    above = node.parent
    while isinstance(above, _AROUND_A_WINDOWED):
        above = above.parent
    return isinstance(above, exp.Window) and above.this.find(type(node)) is not None
