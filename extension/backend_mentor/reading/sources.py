"""Which table a column of a query belongs to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlglot import exp

from backend_mentor.domain.schema import Column, Schema, Table


@dataclass(frozen=True, slots=True)
class Source:
    """One entry of a FROM clause, or the target of a write."""

    alias: str
    """The name that its columns are qualified with."""
    node: exp.Expr
    join: exp.Join | None = None
    """None for the first entry."""

    @property
    def name(self) -> str:
        """The table's own name; empty for a derived table or a function."""
        return self.node.name if isinstance(self.node, exp.Table) else ""


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column of a real table, as one place of a query means it."""

    source: Source
    table: Table
    column: Column

    @property
    def text(self) -> str:
        """As in `orders.status`."""
        return f"{self.table.name}.{self.column.name}"


def sources_of(query: exp.Expr) -> tuple[Source, ...]:
    """Return what a SELECT, UPDATE or DELETE reads, in the order written."""
    found: list[Source] = []
    if isinstance(query, exp.Update | exp.Delete) and isinstance(query.this, exp.Table):
        found.append(Source(query.this.alias_or_name, query.this))
    first = query.args.get("from_")
    if isinstance(first, exp.From):
        found += _entry(first.this, None)
    for using in query.args.get("using") or ():
        found += _entry(using, None)
    for join in query.args.get("joins") or ():
        found += _entry(join.this, join)
    for lateral in query.args.get("laterals") or ():
        found += _entry(lateral, None)
    return tuple(found)


def common_tables(node: exp.Expr) -> dict[str, exp.CTE]:
    """Return the common table expressions that `node` can see, by their name in lower case; the nearest wins."""
    found: dict[str, exp.CTE] = {}
    current: exp.Expr | None = node
    while current is not None:
        clause = current.args.get("with_")
        for each in clause.expressions if clause else ():
            found.setdefault(each.alias.lower(), each)
        current = current.parent
    return found


def table_of(source: Source, schema: Schema) -> Table | None:
    """Return the real table behind a source; None for a common table expression, a function or an unknown name."""
    node = source.node
    if not isinstance(node, exp.Table) or not isinstance(node.this, exp.Identifier):
        return None
    if not node.db and node.name.lower() in common_tables(node):
        return None
    return schema.table(node.name, node.db or None)


def enclosing_queries(node: exp.Expr) -> Iterator[exp.Expr]:
    """Yield the queries around a node, the nearest first."""
    current = node.parent
    while current is not None:
        if isinstance(current, exp.Select | exp.Update | exp.Delete | exp.Merge):
            yield current
        current = current.parent


def find_column(column: exp.Column, schema: Schema) -> TableColumn | None:
    """Return the real column that this one means; None where that is not certain."""
    for query in enclosing_queries(column):
        sources = sources_of(query)
        if column.table:
            for source in sources:
                if source.alias.lower() == column.table.lower():
                    return _in_source(source, column.name, schema)
            continue
        real = [found for source in sources if (found := _in_source(source, column.name, schema))]
        if any(table_of(source, schema) is None for source in sources):
            return None
        if real:
            return real[0] if len(real) == 1 or _is_joined_by_name(query, column.name) else None
    return None


def is_unique(columns: set[str], table: Table) -> bool:
    """Return whether these columns, in lower case, hold a key of the table that can not be NULL."""
    for key in table.unique_keys():
        known = [table.column(name) for name in key]
        never_null = all(column is not None and not column.nullable for column in known)
        if {name.lower() for name in key} <= columns and (never_null or _is_rowid(key, table)):
            return True
    return False


def _is_rowid(key: tuple[str, ...], table: Table) -> bool:
    column = table.column(key[0]) if len(key) == 1 and key == table.primary_key and table.rowid else None
    return column is not None and column.type.upper() == "INTEGER"


def _in_source(source: Source, name: str, schema: Schema) -> TableColumn | None:
    table = table_of(source, schema)
    column = table.column(name) if table else None
    return TableColumn(source, table, column) if table and column else None


def _is_joined_by_name(query: exp.Expr, name: str) -> bool:
    return any(
        name.lower() in {each.name.lower() for each in join.args.get("using") or ()} or join.args.get("method")
        for join in query.args.get("joins") or ()
    )


def _entry(node: exp.Expr, join: exp.Join | None) -> list[Source]:
    if isinstance(node, exp.Paren) or (isinstance(node, exp.Subquery) and isinstance(node.this, exp.Table)):
        inner = _entry(node.this, join)
    else:
        inner = [Source(node.alias_or_name, node, join)]
    for nested in node.args.get("joins") or ():
        inner += _entry(nested.this, nested)
    return inner
