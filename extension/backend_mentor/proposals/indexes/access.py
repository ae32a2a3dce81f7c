"""How a statement reaches each table that it reads: by which columns it looks rows up, and in which order."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlglot import exp

from backend_mentor.domain.schema import TableKind
from backend_mentor.reading.latest import keep_latest
from backend_mentor.reading.resolve import resolve_columns

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.schema import Column, Table
    from backend_mentor.domain.subject import Subject
    from backend_mentor.reading.resolve import Resolution, Source

_QUERIES = (exp.Select, exp.Update, exp.Delete)
_RANGES = (exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Between)
_FLIPPED: dict[type[exp.Expr], type[exp.Expr]] = {exp.GT: exp.LT, exp.LT: exp.GT, exp.GTE: exp.LTE, exp.LTE: exp.GTE}


class Reach(StrEnum):
    """By what a condition lets an index find rows."""

    EQUAL = "equal"
    """The column equals a value that is known before the table is read: a constant, or an outer query's column."""
    RANGE = "range"
    JOIN = "join"
    """The column equals one of a neighbouring source."""


@dataclass(frozen=True, slots=True, eq=False)
class Condition:
    """One condition on one column (or an expression of one table) that an index can serve."""

    reach: Reach
    operator: type[exp.Expr]
    """As if the column stood on the left."""
    key: exp.Expr
    """The column's node, or the expression's."""
    column: Column | None
    """None for an expression."""
    values: tuple[exp.Expr, ...]
    node: exp.Expr
    partner: Source | None = None
    """For a join: the neighbour, where it is known."""


@dataclass(frozen=True, slots=True)
class OrderKey:
    """A column of an ORDER BY."""

    column: Column
    descending: bool
    nulls_first: bool


@dataclass(frozen=True, slots=True, eq=False)
class Access:
    """One table as one query of the statement reads it."""

    subject: Subject
    query: exp.Expr
    source: Source
    table: Table
    conditions: tuple[Condition, ...]
    order: tuple[OrderKey, ...] = ()
    """The ORDER BY, where it is by this table's columns alone and a LIMIT cuts it."""
    used: frozenset[str] | None = None
    """Names of the columns that the statement takes from it; None where a star takes all."""

    def columns(self, reach: Reach) -> tuple[Column, ...]:
        """Return the columns reached that way, in the order of the text, each once."""
        found = {each.column.name: each.column for each in self.conditions if each.reach is reach and each.column}
        return tuple(found.values())

    def conditions_on(self, column: Column, reach: Reach) -> tuple[Condition, ...]:
        """Return the conditions of that kind on that column."""
        return tuple(each for each in self.conditions if each.reach is reach and each.column is column)


@keep_latest
def accesses(subject: Subject) -> tuple[Access, ...]:
    """Return each real table that the statement reads, once for every place in which it is read; never a view."""
    resolution = resolve_columns(subject.statement, subject.schema)
    found = []
    for query in subject.statement.tree.find_all(*_QUERIES, bfs=True):
        sources = resolution.sources(query)
        for source in sources:
            table = source.table
            # A table outside the search path can not be named by an index's own CREATE statement.
            if table is None or table.kind is not TableKind.TABLE or table.namespace is not None:
                continue
            reader = _Reader(resolution, sources, source)
            conditions = tuple(reader.conditions(query))
            found.append(
                Access(subject, query, source, table, conditions, reader.order(query), _used(resolution, query, source))
            )
    return tuple(found)


@dataclass(frozen=True, slots=True, eq=False)
class _Reader:
    resolution: Resolution
    sources: tuple[Source, ...]
    source: Source

    def conditions(self, query: exp.Expr) -> Iterator[Condition]:
        where = query.args.get("where")
        for conjunct in _conjuncts(where.this if where is not None else None):
            yield from self._read(conjunct)
        for other in self.sources:
            join = other.join
            # The ON of an outer join selects nothing from the side that is kept whole.
            if join is None or (join.side and (join.side != "LEFT" or other is not self.source)):
                continue
            for conjunct in _conjuncts(join.args.get("on")):
                yield from self._read(conjunct)

    def order(self, query: exp.Expr) -> tuple[OrderKey, ...]:
        order = query.args.get("order")
        if order is None or query.args.get("limit") is None or not isinstance(query, exp.Select):
            return ()
        computed = any(projection.find(exp.AggFunc, exp.Window) for projection in query.expressions)
        if computed or self.source.optional or query.args.get("group") or query.args.get("distinct"):
            return ()
        keys = []
        for ordered in order.expressions:
            column = self._own(ordered.this)
            if column is None:
                return ()
            keys.append(OrderKey(column, bool(ordered.args.get("desc")), bool(ordered.args.get("nulls_first"))))
        return tuple(keys)

    def _read(self, node: exp.Expr) -> Iterator[Condition]:
        if node.find(exp.Collate):
            return  # compared under another collation than the one that an index would have
        if isinstance(node, (exp.EQ, *_RANGES)) and not isinstance(node, exp.Between):
            yield from self._compare(type(node), node.left, node.right, node)
            yield from self._compare(_FLIPPED.get(type(node), type(node)), node.right, node.left, node)
        elif isinstance(node, exp.Between):
            yield from self._known(Reach.RANGE, node.this, (node.args["low"], node.args["high"]), node)
        elif isinstance(node, exp.In) and node.expressions:
            yield from self._known(Reach.EQUAL, node.this, tuple(node.expressions), node)
        elif isinstance(node, exp.Is) and isinstance(node.expression, exp.Null):
            yield from self._known(Reach.EQUAL, node.this, (node.expression,), node)

    def _compare(self, operator: type[exp.Expr], key: exp.Expr, other: exp.Expr, node: exp.Expr) -> Iterator[Condition]:
        reach = Reach.EQUAL if operator is exp.EQ else Reach.RANGE
        known = list(self._known(reach, key, (other,), node, operator))
        column = self._own(key)
        if known or column is None or reach is not Reach.EQUAL or not isinstance(other, exp.Column):
            yield from known
            return
        partner = self._neighbour(other)
        if partner is not None and partner is not self.source:
            yield Condition(Reach.JOIN, operator, key, column, (other,), node, partner)

    def _known(
        self,
        reach: Reach,
        key: exp.Expr,
        values: tuple[exp.Expr, ...],
        node: exp.Expr,
        operator: type[exp.Expr] | None = None,
    ) -> Iterator[Condition]:
        column = self._own(key)
        if column is None and not self._is_own_expression(key):
            return
        if all(self._is_known(value) for value in values):
            yield Condition(reach, operator or type(node), key, column, values, node)

    def _own(self, node: exp.Expr) -> Column | None:
        resolved = self.resolution.of(node)
        return resolved.column if resolved is not None and resolved.source is self.source else None

    def _is_own_expression(self, node: exp.Expr) -> bool:
        columns = list(node.find_all(exp.Column))
        return bool(columns) and all(self._own(column) is not None for column in columns)

    def _is_known(self, value: exp.Expr) -> bool:
        """Return whether the value is settled before this query's sources are read."""
        for column in value.find_all(exp.Column):
            resolved = self.resolution.of(column)
            if resolved is None or any(resolved.source is source for source in self.sources):
                return False
        return True

    def _neighbour(self, column: exp.Column) -> Source | None:
        resolved = self.resolution.of(column)
        if resolved is not None:
            return next((source for source in self.sources if source is resolved.source), None)
        named = [source for source in self.sources if column.table and source.name.lower() == column.table.lower()]
        return named[0] if len(named) == 1 else None


def _conjuncts(node: exp.Expr | None) -> Iterator[exp.Expr]:
    if isinstance(node, exp.And):
        yield from _conjuncts(node.left)
        yield from _conjuncts(node.right)
    elif isinstance(node, exp.Paren):
        yield from _conjuncts(node.this)
    elif node is not None:
        yield node


def _used(resolution: Resolution, query: exp.Expr, source: Source) -> frozenset[str] | None:
    if any(projection.is_star for projection in query.args.get("expressions") or () if not projection.find(exp.Count)):
        return None
    if not isinstance(query, exp.Select):
        return None
    if any(join.args.get("using") or join.method == "NATURAL" for join in query.find_all(exp.Join)):
        return None  # joins by columns that stand nowhere as such
    columns = list(query.find_all(exp.Column))
    if any(resolution.of(column) is None and _may_be_of(column, source) for column in columns):
        return None
    found = [resolved for column in columns if (resolved := resolution.of(column)) is not None]
    return frozenset(each.column.name for each in found if each.source is source)


def _may_be_of(column: exp.Column, source: Source) -> bool:
    """Return whether a column that could not be traced could be the source's after all, or its whole row."""
    whole_row = column.name.lower() == source.name.lower()
    named = column.table.lower() in ("", source.name.lower())
    return whole_row or (named and source.offers(column.name) is not False)
