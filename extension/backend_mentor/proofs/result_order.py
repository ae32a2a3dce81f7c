"""What the order of a statement's result means, and which of its rows a LIMIT may choose freely."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlglot import exp

from backend_mentor.reading.sql import print_sql

if TYPE_CHECKING:
    from backend_mentor.domain.statement import Statement


@dataclass(frozen=True, slots=True)
class ResultOrder:
    """How results of a statement are to be compared."""

    ordered: bool
    """True where the outermost query has an ORDER BY."""
    limited: bool
    offset_rows: int = 0
    full: Statement | None = None
    """The statement without its LIMIT, its sort keys added as the last columns; None where that can not be written."""
    keys: int = 0
    """How many of the last columns of `full` are sort keys."""
    named: tuple[bool, ...] | None = None
    """By output column, whether its name was chosen by the author; None where a `*` hides their number."""
    folded: bool = False
    """True where the engine sorts without regard to letter case."""


def read_order(statement: Statement, *, folded: bool = False) -> ResultOrder:
    """Return how results of the statement are to be compared."""
    tree = statement.tree
    query = tree.unnest() if isinstance(tree, exp.Subquery) else tree
    if not isinstance(query, exp.Query):
        return ResultOrder(ordered=False, limited=False)
    order = query.args.get("order")
    limited = any(query.args.get(part) is not None for part in ("limit", "offset"))
    full, keys = _full(statement, query)
    return ResultOrder(
        ordered=order is not None,
        limited=limited,
        offset_rows=_offset(query, statement),
        full=full,
        keys=keys,
        named=_named(query),
        folded=folded,
    )


def _full(statement: Statement, query: exp.Query) -> tuple[Statement | None, int]:
    copy = query.copy()
    copy.set("limit", None)
    copy.set("offset", None)
    order = copy.args.get("order")
    keys = [ordered.this for ordered in order.expressions] if order is not None else []
    visible = [_visible(key, copy) for key in keys]
    if isinstance(copy, exp.Select) and copy.args.get("distinct") is None:
        for key, position in zip(keys, visible, strict=True):
            added = copy.expressions[position].unalias() if position is not None else key
            if added.is_star or (position is not None and any(each.is_star for each in copy.expressions)):
                return None, 0
            copy.append("expressions", added.copy())
        return _statement(statement, copy), len(keys)
    if keys:
        return _with_visible_keys(statement, copy, visible)
    return _statement(statement, copy), 0


def _with_visible_keys(
    statement: Statement, query: exp.Query, visible: list[int | None]
) -> tuple[Statement | None, int]:
    """Return a DISTINCT or set operation with its sort keys repeated, through a query around it."""
    if any(position is None for position in visible):
        return None, 0
    names = [projection.alias_or_name for projection in query.selects]
    if not all(names) or len(set(names)) != len(names) or "*" in names:
        return None, 0
    inner = query.copy()
    order = inner.args["order"]
    inner.set("order", None)
    columns = [exp.column(exp.to_identifier(name, quoted=True)) for name in names]
    keys = [columns[position].copy() for position in visible if position is not None]
    around = exp.select(*columns, *keys).from_(inner.subquery("everything"))
    ordered = [each.copy() for each in order.expressions]
    for each, key in zip(ordered, keys, strict=True):
        each.set("this", key.copy())
    around.set("order", exp.Order(expressions=ordered))
    return _statement(statement, around), len(keys)


def _visible(key: exp.Expr, query: exp.Query) -> int | None:
    """Return which output column a sort key is: by position, by output name, or by the same expression."""
    selects = query.selects
    if isinstance(key, exp.Literal) and not key.is_string:
        return int(key.this) - 1 if 0 < int(key.this) <= len(selects) else None
    for position, projection in enumerate(selects):
        named = isinstance(key, exp.Column) and not key.table and projection.alias_or_name.lower() == key.name.lower()
        if named or projection.unalias() == key:
            return position
    return None


def _named(query: exp.Query) -> tuple[bool, ...] | None:
    selects = query.selects
    if any(projection.is_star for projection in selects):
        return None
    return tuple(isinstance(projection, exp.Alias | exp.Column) for projection in selects)


def _offset(query: exp.Query, statement: Statement) -> int:
    offset = query.args.get("offset")
    node = offset.expression if offset is not None else None
    if isinstance(node, exp.Literal) and not node.is_string:
        return int(node.this)
    return 0


def _statement(statement: Statement, tree: exp.Expr) -> Statement:
    sql = print_sql(tree, statement.dialect)
    return replace(statement, text=sql, sql=sql, tree=tree)
