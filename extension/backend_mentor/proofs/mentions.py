"""What the statements say of the data: the columns they read, what these are compared with, the rows counted."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlglot import exp

from backend_mentor.domain.errors import MentorError, NotSupportedError
from backend_mentor.domain.schema import Engine, Schema, TableKind, quote
from backend_mentor.proofs.constants import constants_of
from backend_mentor.proofs.inversion import invert
from backend_mentor.reading.resolve import common_table, resolve_columns
from backend_mentor.reading.sql import read_statement

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from backend_mentor.domain.schema import Table
    from backend_mentor.domain.statement import Statement
    from backend_mentor.proofs.inversion import Aim
    from backend_mentor.reading.resolve import Resolution

ColumnKey = tuple[str, str]
"""A table's and a column's name, in lower case."""

_COMPARISONS = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.NullSafeEQ, exp.NullSafeNEQ, exp.Is)
_MIRRORED = {"gt": "lt", "lt": "gt", "gte": "lte", "lte": "gte"}
_AGGREGATES = (exp.Avg, exp.Sum)
_PATTERNS = (exp.Like, exp.ILike, exp.Glob, exp.RegexpLike, exp.SimilarTo)


@dataclass(slots=True)
class Mentions:
    """What was found in the statements; filled while they are read, left alone afterwards."""

    tables: dict[str, Table] = field(default_factory=dict)
    """The tables that the statements read, views taken apart, by lower-case name."""
    columns: set[ColumnKey] = field(default_factory=set)
    values: dict[ColumnKey, list[object]] = field(default_factory=lambda: defaultdict(list))
    """Values at and around which a condition changes its mind."""
    hits: dict[ColumnKey, list[object]] = field(default_factory=lambda: defaultdict(list))
    """Those of them that satisfy the condition they come from."""
    equalities: list[tuple[ColumnKey, ColumnKey]] = field(default_factory=list)
    counts: set[int] = field(default_factory=set)
    """Numbers of rows at which a HAVING or a LIMIT changes its mind."""
    averaged: set[ColumnKey] = field(default_factory=set)
    """Columns inside an aggregate that rows are compared with: one row far above the others tells them apart."""
    stars: bool = False
    """True where a `*` reads whatever a table has."""
    checked: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """By table, the columns that CHECKs and facts speak of."""

    def take_condition(self, table: Table, expression: str, dialect: str) -> None:
        """Note the values of a CHECK or fact over one table; an expression that does not parse tells nothing."""
        try:
            statement = read_statement(f"SELECT 1 FROM {quote(table.name)} WHERE {expression}", dialect)
        except MentorError:
            self.checked[table.name.lower()].update(column.name.lower() for column in table.columns)
            return
        alone = Schema(Engine(dialect, ()), (table,))
        of_condition = Mentions()
        _Reader(statement, alone, of_condition).read()
        self.checked[table.name.lower()].update(name for _, name in of_condition.columns)
        for key, values in of_condition.values.items():
            self.values[key].extend(values)
        # Where the statements say nothing of a column, a value that its CHECK admits is the best there is.
        for key, hits in of_condition.hits.items():
            if not self.hits.get(key):
                self.hits[key].extend(hits)


def read_mentions(statements: Sequence[Statement], schema: Schema) -> Mentions:
    """Return what the statements mention; raises NotSupportedError for a relation that can not be made up."""
    mentions = Mentions()
    seen_views: set[str] = set()
    pending = list(statements)
    while pending:
        statement = pending.pop()
        pending += _take_tables(statement, schema, mentions, seen_views)
        _Reader(statement, schema, mentions).read()
    return mentions


def _take_tables(statement: Statement, schema: Schema, mentions: Mentions, seen: set[str]) -> Iterable[Statement]:
    """Note the tables that a statement reads; yield the queries of the views among them."""
    for node in statement.tree.find_all(exp.Table):
        if not isinstance(node.this, exp.Identifier) or common_table(node) is not None:
            continue
        table = schema.table(node.name, node.db or None)
        if table is None:
            raise NotSupportedError(f"{node.name} is no table of this database.", "Check the name.")
        if table.kind in (TableKind.TABLE, TableKind.PARTITIONED):
            mentions.tables[table.name.lower()] = table
        elif table.kind is TableKind.VIEW:
            if table.name not in seen:
                seen.add(table.name)
                yield _view_query(table, statement.dialect)
        else:
            raise NotSupportedError(
                f"{table.name} is a {table.kind.value}, whose rows can not be made up for a trial.",
                "Compare the results on the real data.",
            )


def _view_query(view: Table, dialect: str) -> Statement:
    try:
        statement = read_statement((view.definition or "").rstrip().rstrip(";"), dialect)
    except MentorError as error:
        raise NotSupportedError(f"The view {view.name} can not be read: {error.what}", "Name its tables.") from error
    tree = statement.tree.expression if isinstance(statement.tree, exp.Create) else statement.tree
    return read_statement(tree.sql(dialect), dialect) if tree is not statement.tree else statement


class _Reader:
    """Reads one statement into the mentions."""

    def __init__(self, statement: Statement, schema: Schema, mentions: Mentions) -> None:
        self.statement = statement
        self.mentions = mentions
        self.resolution: Resolution = resolve_columns(statement, schema)
        self._depth = 0

    def read(self) -> None:
        tree = self.statement.tree
        for column in tree.find_all(exp.Column):
            self.mentions.columns.update(self.trace(column))
        self.mentions.stars |= any(not isinstance(star.parent, exp.Count) for star in tree.find_all(exp.Star))
        for node in tree.find_all(*_COMPARISONS):
            self._comparison(node)
        for node in tree.find_all(*_PATTERNS):
            self._pattern(node)
        for between in tree.find_all(exp.Between):
            self._aim(between.this, constants_of(between.args["low"], self.statement), "between")
            self._aim(between.this, constants_of(between.args["high"], self.statement), "between")
            self._relate(between.this, between.args["low"])
        for membership in tree.find_all(exp.In):
            self._membership(membership)
        for limit in tree.find_all(exp.Limit, exp.Fetch, exp.Offset):
            node = limit.args.get("count") or limit.expression
            counts = constants_of(node, self.statement) if node is not None else ()
            self.mentions.counts.update(count for count in counts if isinstance(count, int))
        for operation in tree.find_all(exp.SetOperation):
            self._pair(operation.left.selects, operation.right.selects)
        self._shared_names(tree)

    def trace(self, node: exp.Column) -> tuple[ColumnKey, ...]:
        """Return the table columns that a column's value is made of, through subqueries and CTEs."""
        found = self.resolution.of(node)
        if found is not None:
            return ((found.table.name.lower(), found.column.name.lower()),)
        behind = self.behind(node)
        if behind is None:
            return ()
        self._depth += 1
        keys = tuple(key for column in behind.find_all(exp.Column) for key in self.trace(column))
        self._depth -= 1
        return keys

    def behind(self, node: exp.Column) -> exp.Expr | None:
        """Return the expression that a derived table's or CTE's column stands for; None where it can not be told."""
        if self._depth > 8:
            return None
        for source in self.resolution.all_sources():
            if source.table is not None or (node.table and source.name.lower() != node.table.lower()):
                continue
            cte = common_table(source.node) if isinstance(source.node, exp.Table) else None
            query = cte.this if cte is not None else source.node
            selects = query.selects if isinstance(query, exp.Query) else []
            alias = (cte or source.node).args.get("alias")
            names = [each.name for each in alias.columns] if alias is not None else []
            for position, projection in enumerate(selects):
                name = names[position] if position < len(names) else projection.alias_or_name
                if name.lower() == node.name.lower() and projection is not node:
                    return projection.unalias() if isinstance(projection, exp.Alias) else projection
        return None

    def _comparison(self, node: exp.Expr) -> None:
        left, right = node.this, node.expression
        operator = node.key
        self._aim(left, constants_of(_list_of(right), self.statement), operator)
        self._aim(right, constants_of(_list_of(left), self.statement), _MIRRORED.get(operator, operator))
        if isinstance(left, exp.Tuple) and isinstance(right, exp.Tuple):
            for one, other in zip(left.expressions, right.expressions, strict=False):
                self._aim(one, constants_of(other, self.statement), operator)
                self._relate(one, other)
            return
        self._relate(left, right)
        self._outlier(left, right)

    def _outlier(self, left: exp.Expr, right: exp.Expr) -> None:
        """Note columns compared with `k * avg(…)`: a row exceeds k times the mean only among more than k rows."""
        for aggregate in (*left.find_all(*_AGGREGATES), *right.find_all(*_AGGREGATES)):
            self.mentions.averaged.update(self._columns(aggregate))
            above = aggregate.parent
            factors = constants_of(above.left, self.statement) if isinstance(above, exp.Mul) else ()
            factors += constants_of(above.right, self.statement) if isinstance(above, exp.Mul) else ()
            self.mentions.counts.update(int(factor) for factor in factors if isinstance(factor, int | Decimal))

    def _pattern(self, node: exp.Expr) -> None:
        for pattern in constants_of(node.expression, self.statement):
            text = str(pattern)
            if isinstance(node, exp.RegexpLike):
                text = text.strip("^$")
            self._aim(node.this, (text,), "like")

    def _membership(self, node: exp.In) -> None:
        query = node.args.get("query")
        if query is not None:
            inner = query.unnest() if isinstance(query, exp.Subquery) else query
            left = node.this.expressions if isinstance(node.this, exp.Tuple) else [node.this]
            self._pair(left, inner.selects if isinstance(inner, exp.Query) else ())
            return
        for each in node.expressions:
            if isinstance(node.this, exp.Tuple) and isinstance(each, exp.Tuple):
                for one, other in zip(node.this.expressions, each.expressions, strict=False):
                    self._aim(one, constants_of(other, self.statement), "eq")
            else:
                self._aim(node.this, constants_of(each, self.statement), "eq")
                self._relate(node.this, each)

    def _pair(self, left: Sequence[exp.Expr], right: Sequence[exp.Expr]) -> None:
        for one, other in zip(left, right, strict=False):
            self._relate(one, other)
            self._aim(one, constants_of(other.unalias(), self.statement), "eq")

    def _relate(self, left: exp.Expr, right: exp.Expr) -> None:
        """Let the columns of two sides that are compared share their values."""
        ones, others = self._columns(left), self._columns(right)
        if ones and others:
            self.mentions.equalities.append((ones[0], others[0]))

    def _columns(self, node: exp.Expr) -> tuple[ColumnKey, ...]:
        if isinstance(node, exp.Any | exp.All | exp.Paren | exp.Subquery):
            return self._columns(node.this)
        if isinstance(node, exp.Query):
            return self._columns(node.selects[0]) if node.selects else ()
        return tuple(key for column in node.find_all(exp.Column) for key in self.trace(column))

    def _aim(self, node: exp.Expr, values: tuple[object, ...], operator: str) -> None:
        if values:
            for aim in invert(node, values, operator, self.behind):
                self._take(aim)

    def _take(self, aim: Aim) -> None:
        if aim.column is None:
            self.mentions.counts.update(value for value in aim.values if isinstance(value, int) and value >= 0)
            return
        for key in self.trace(aim.column):
            self.mentions.values[key].extend(aim.values)
            self.mentions.hits[key].extend(aim.hits)

    def _shared_names(self, tree: exp.Expr) -> None:
        """Relate the columns of JOIN … USING and NATURAL JOIN."""
        for query in tree.find_all(exp.Select):
            sources = [each for each in self.resolution.sources(query) if each.table is not None]
            for source in sources:
                if source.join is None:
                    continue
                using = {each.name.lower() for each in source.join.args.get("using") or ()}
                natural = source.join.method == "NATURAL"
                for other in sources:
                    shared = (source.columns or frozenset()) & (other.columns or frozenset())
                    for name in sorted(shared if natural else shared & using):
                        self.mentions.equalities.append(
                            ((source.table.name.lower(), name), (other.table.name.lower(), name))  # type: ignore[union-attr]
                        )


def _list_of(node: exp.Expr) -> exp.Expr:
    """Return the array inside `ANY (…)`, casts taken off, else the node."""
    array = node.find(exp.Array) if isinstance(node, exp.Any | exp.All) else None
    return node if array is None else array
