"""Where the answer of a statement is not determined by the data, so that two right answers may differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from backend_mentor.reading.aggregates import gives_one_row
from backend_mentor.reading.resolve import resolve_columns

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.schema import Schema
    from backend_mentor.domain.statement import Statement
    from backend_mentor.reading.resolve import Resolution

_VOLATILE = (exp.Rand, exp.Randn, exp.Uuid)
_VOLATILE_NAMES = {
    "random", "randomblob", "clock_timestamp", "timeofday", "statement_timestamp", "nextval", "gen_random_uuid",
    "uuid_generate_v4", "uuidv7", "uuidv4", "random_normal",
    "changes", "total_changes", "last_insert_rowid", "txid_current",
}  # fmt: skip
_ORDER_SENSITIVE = (exp.ArrayAgg, exp.GroupConcat, exp.JSONArrayAgg, exp.JSONObjectAgg, exp.JSONBObjectAgg)
_RANKING = (exp.RowNumber, exp.Lag, exp.Lead, exp.FirstValue, exp.LastValue, exp.NthValue, exp.Ntile)


def volatile_part(statement: Statement) -> str | None:
    """Return the part whose value changes from run to run, as in `random() changes from run to run`."""
    for node in statement.tree.walk():
        name = node.name.lower() if isinstance(node, exp.Anonymous) else ""
        if isinstance(node, _VOLATILE) or name in _VOLATILE_NAMES:
            return f"{node.sql(statement.dialect)} changes from run to run"
    return None


def limit_without_order(statement: Statement) -> str | None:
    """Return the outermost LIMIT without an ORDER BY, which lets the engine choose the rows."""
    tree = statement.tree
    limit = tree.args.get("limit") or tree.args.get("offset")
    if limit is None or tree.args.get("order") is not None or _returns_one_row(tree):
        return None
    return f"{limit.sql(statement.dialect).strip()} without ORDER BY lets the database choose the rows"


def tie_breakers_missing(statement: Statement, schema: Schema) -> tuple[str, ...]:
    """Return the parts whose value hangs on how ties fall: they can explain a difference, or not matter at all."""
    resolution = resolve_columns(statement, schema)
    reasons = [*_inner_limits(statement, resolution), *_aggregates(statement), *_windows(statement, resolution)]
    reasons += _kept_rows(statement)
    reasons += _bare_columns(statement, resolution) if statement.dialect == "sqlite" else ()
    return tuple(dict.fromkeys(reasons))


def orders_totally(query: exp.Expr, resolution: Resolution) -> bool:
    """Return whether an ORDER BY holds a key of the one table that the query reads, so that no two rows tie."""
    order = query.args.get("order")
    sources = resolution.sources(query)
    if order is None or len(sources) != 1 or sources[0].table is None:
        return False
    if query.args.get("group") is not None or query.args.get("distinct") is not None:
        return False
    found = [resolution.of(ordered.this) for ordered in order.expressions]
    names = {each.column.name.lower() for each in found if each is not None and not each.column.nullable}
    return any({name.lower() for name in key} <= names for key in sources[0].table.unique_keys())


def _inner_limits(statement: Statement, resolution: Resolution) -> Iterator[str]:
    for query in statement.tree.find_all(exp.Query):
        limit = query.args.get("limit")
        if query is statement.tree or limit is None or _returns_one_row(query):
            continue
        if isinstance(query.parent, exp.Exists) or orders_totally(query, resolution):
            continue
        text = limit.sql(statement.dialect).strip()
        yield f"the inner {text} chooses among rows that tie"


def _aggregates(statement: Statement) -> Iterator[str]:
    for node in statement.tree.find_all(*_ORDER_SENSITIVE):
        if node.find(exp.Order) is None:
            yield f"{node.sql(statement.dialect)} takes the rows in whatever order they come"


def _windows(statement: Statement, resolution: Resolution) -> Iterator[str]:
    for window in statement.tree.find_all(exp.Window):
        function = window.this.this if isinstance(window.this, exp.IgnoreNulls | exp.RespectNulls) else window.this
        query = window.parent_select
        if isinstance(function, _RANKING) and (query is None or not _window_is_total(window, query, resolution)):
            yield f"{function.sql(statement.dialect)} numbers rows that tie in any order"


def _window_is_total(window: exp.Window, query: exp.Expr, resolution: Resolution) -> bool:
    order = window.args.get("order")
    sources = resolution.sources(query)
    if order is None or len(sources) != 1 or sources[0].table is None:
        return False
    parts = [*(each.this for each in order.expressions), *(window.args.get("partition_by") or ())]
    found = [resolution.of(part) for part in parts]
    names = {each.column.name.lower() for each in found if each is not None and not each.column.nullable}
    return any({name.lower() for name in key} <= names for key in sources[0].table.unique_keys())


def _kept_rows(statement: Statement) -> Iterator[str]:
    for distinct in statement.tree.find_all(exp.Distinct):
        if distinct.args.get("on") is not None:
            yield "DISTINCT ON keeps one of the rows that tie"


def _bare_columns(statement: Statement, resolution: Resolution) -> Iterator[str]:
    """Yield the columns that SQLite takes from any row of a group; a column of a table grouped by its key is fixed."""
    for query in statement.tree.find_all(exp.Select):
        group = query.args.get("group")
        if group is None:
            continue
        grouped = [found for each in group.expressions if (found := resolution.of(each)) is not None]
        texts = {each.sql().lower() for each in group.expressions}
        for projection in query.expressions:
            inner = projection.unalias()
            found = resolution.of(inner)
            if found is None or inner.sql().lower() in texts or projection.alias_or_name.lower() in texts:
                continue
            names = {each.column.name.lower() for each in grouped if each.source is found.source}
            keys = found.table.unique_keys()
            if found.column.name.lower() in names or any({name.lower() for name in key} <= names for key in keys):
                continue
            yield f"{inner.sql(statement.dialect)} stands outside the GROUP BY and comes from any row of its group"


def _returns_one_row(query: exp.Expr) -> bool:
    if not isinstance(query, exp.Select) or query.args.get("group") is not None:
        return False
    if query.args.get("from_") is None:
        return True
    return gives_one_row(query)
