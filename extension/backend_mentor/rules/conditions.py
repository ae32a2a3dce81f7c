"""The conditions of a statement: what each of its tables is restricted by, and which index a column leads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from backend_mentor.domain.errors import StatementSyntaxError
from backend_mentor.reading.resolve import resolve_columns
from backend_mentor.reading.sql import parse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.plan import PlanNode
    from backend_mentor.domain.schema import Index, Table
    from backend_mentor.domain.subject import Subject
    from backend_mentor.reading.resolve import Source

COMPARISONS = (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.NullSafeEQ, exp.NullSafeNEQ)
RANGES = (exp.LT, exp.LTE, exp.GT, exp.GTE, exp.Between)


def conjuncts(condition: exp.Expr | None) -> tuple[exp.Expr, ...]:
    """Return the parts of a condition that must all hold."""
    if condition is None:
        return ()
    inner = condition.unnest() if isinstance(condition, exp.Paren) else condition
    if isinstance(inner, exp.And):
        return tuple(part for side in inner.flatten() for part in conjuncts(side))
    return (inner,)


def query_conditions(query: exp.Expr) -> Iterator[exp.Expr]:
    """Yield what every row of a query must meet: its WHERE and the ON of its inner joins."""
    where = query.args.get("where")
    yield from conjuncts(where.this if where is not None else None)
    for join in query.args.get("joins") or ():
        if join.side not in ("LEFT", "RIGHT", "FULL"):
            yield from conjuncts(join.args.get("on"))


def conditions_on(subject: Subject, node: PlanNode) -> tuple[exp.Expr, ...]:
    """Return what a plan's node checks row by row: its own filter, else what the text says of its table alone.

    SQLite's plans show no filters. A table that the statement names twice under one alias gives no answer.
    """
    if node.filter is not None:
        return conjuncts(parse_condition(node.filter, subject.engine.name))
    resolution = resolve_columns(subject.statement, subject.schema)
    name = (node.alias or node.relation or "").lower()
    matching = [source for source in resolution.all_sources() if source.name.lower() == name and source.table]
    if len(matching) != 1:
        return ()
    return tuple(_restricting(matching[0], subject))


def _restricting(source: Source, subject: Subject) -> Iterator[exp.Expr]:
    resolution = resolve_columns(subject.statement, subject.schema)
    query = source.node.find_ancestor(exp.Select, exp.Update, exp.Delete)
    if query is None:
        return
    for condition in query_conditions(query):
        names = {column.source.node for column in resolution.columns_within(condition)}
        if names == {source.node} and resolution.resolves_all(condition):
            yield condition


def parse_condition(text: str, dialect: str) -> exp.Expr | None:
    """Return the tree of a condition as an engine prints it, or None where it is in the engine's private notation."""
    try:
        tree = parse(f"SELECT 1 WHERE {text}", dialect)
    except StatementSyntaxError:
        return None
    where = tree.args.get("where")
    return where.this if where is not None else None


def indexes_led_by(table: Table, column: str) -> tuple[Index, ...]:
    """Return the valid B-tree indexes whose first key is this column, and whole ones before partial ones."""
    led = [
        index
        for index in table.indexes
        if index.valid
        and index.method == "btree"
        and not index.columns[0].expression
        and index.columns[0].name.lower() == column.lower()
    ]
    return tuple(sorted(led, key=lambda index: index.where is not None))


def is_led(table: Table, column: str) -> bool:
    """Return whether a search by this column has an index or the table's own key to go by."""
    key = table.primary_key
    return bool(indexes_led_by(table, column)) or (bool(key) and key[0].lower() == column.lower())


def access_name(table: Table, column: str) -> str | None:
    """Return what a search by this column could use, in words: `the index orders_status`, `the primary key`."""
    led = indexes_led_by(table, column)
    if led and not led[0].primary:
        return f"the index {led[0].name}"
    if led or (table.primary_key and table.primary_key[0].lower() == column.lower()):
        return f"the primary key of {table.name}"
    return None


def is_constant(node: exp.Expr) -> bool:
    """Return whether an expression has one value for the whole statement: literals, placeholders, and what is made
    of them."""
    return not any(node.find_all(exp.Column, exp.Query, exp.Star)) and not isinstance(node, exp.Query)
