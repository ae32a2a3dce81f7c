"""Which table each column of a statement belongs to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlglot import exp

from backend_mentor.domain.statement import Statement
from backend_mentor.reading.latest import keep_latest
from backend_mentor.reading.scopes import HOLDERS, Scopes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from backend_mentor.domain.schema import Column, Schema, Table


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """One entry of a FROM clause, or the table that a write is about."""

    name: str
    """By which columns refer to it: the alias where there is one."""
    node: exp.Expr
    table: Table | None = None
    """The real table or view; None for a CTE, a subquery, a function or a name that the schema lacks."""
    columns: frozenset[str] | None = None
    """The names that it offers, in lower case; None where they are not known."""
    optional: bool = False
    """True where an outer join fills it with NULLs for want of a partner."""
    join: exp.Join | None = None
    """The join that brings it in; None for the first of a FROM clause and for what follows no JOIN."""

    def offers(self, name: str) -> bool | None:
        """Return whether it has a column of that name; None where that is not known."""
        return None if self.columns is None else name.lower() in self.columns


@dataclass(frozen=True, slots=True, eq=False)
class ResolvedColumn:
    """A column as it stands in a statement, with the table that it comes from."""

    node: exp.Column
    source: Source
    table: Table
    column: Column
    correlated: bool
    """True where it belongs to a query around the one that it stands in."""


@dataclass(frozen=True, slots=True, eq=False)
class Resolution:
    """The columns and sources of one tree. It knows nodes by identity: look up those of the same tree, no copies."""

    tree: exp.Expr
    _columns: Mapping[int, ResolvedColumn] = field(repr=False)
    _sources: Mapping[int, tuple[Source, ...]] = field(repr=False)

    def of(self, node: exp.Expr | None) -> ResolvedColumn | None:
        """Return what a column node refers to.

        None where it is no column, is ambiguous, unknown, or comes out of a CTE or subquery rather than a table.
        """
        return self._columns.get(id(node))

    def sources(self, query: exp.Expr) -> tuple[Source, ...]:
        """Return what the query itself reads (or writes), in the order of its FROM clause; empty for other nodes."""
        return self._sources.get(id(query), ())

    def all_sources(self) -> tuple[Source, ...]:
        """Return the sources of every query of the tree, outermost first."""
        return tuple(source for sources in self._sources.values() for source in sources)

    def columns_within(self, node: exp.Expr) -> tuple[ResolvedColumn, ...]:
        """Return the resolved columns in and below a node; columns that could not be resolved are left out."""
        found = (self.of(column) for column in node.find_all(exp.Column))
        return tuple(column for column in found if column is not None)

    def resolves_all(self, node: exp.Expr) -> bool:
        """Return whether every column in and below a node could be traced to a table."""
        return all(self.of(column) is not None for column in node.find_all(exp.Column))


def resolve_columns(statement: Statement | exp.Expr, schema: Schema) -> Resolution:
    """Trace each column of a statement (or tree) to its table and column, by the scoping rules of SQL.

    An inner query sees the sources around it, a CTE and a derived table without LATERAL do not; a CTE's name hides a
    table's; in ORDER BY an output name comes before a column's. What is not certain is left unresolved: a bare name
    that two sources offer, or that a source of unknown columns could offer.
    """
    # A bare tree can be edited between two questions; a statement's own is never.
    return _resolve_latest(statement, schema) if isinstance(statement, Statement) else _resolve_tree(statement, schema)


def _resolve_tree(tree: exp.Expr, schema: Schema) -> Resolution:
    sources: dict[int, tuple[Source, ...]] = {}
    for query in tree.find_all(*HOLDERS, bfs=True):
        sources[id(query)] = tuple(_sources(query, schema))
    columns: dict[int, ResolvedColumn] = {}
    scopes = Scopes()
    for node in tree.find_all(exp.Column):
        resolved = _resolve(node, sources, scopes)
        if resolved is not None:
            columns[id(node)] = resolved
    return Resolution(tree, columns, sources)


@keep_latest
def _resolve_latest(statement: Statement, schema: Schema) -> Resolution:
    return _resolve_tree(statement.tree, schema)


def output_names(query: exp.Expr, schema: Schema) -> frozenset[str] | None:
    """Return the lower-case names of a query's output columns; None where a star hides some of them."""
    query = query.unnest() if isinstance(query, exp.Subquery) else query
    while isinstance(query, exp.SetOperation):
        query = query.left.unnest() if isinstance(query.left, exp.Subquery) else query.left
    if not isinstance(query, exp.Select):
        return None
    names: set[str] = set()
    for projection in query.expressions:
        if not projection.is_star:
            names.add(projection.alias_or_name.lower())
            continue
        qualifier = projection.table.lower() if isinstance(projection, exp.Column) else ""
        starred = [each for each in _sources(query, schema) if qualifier in ("", each.name.lower())]
        if not starred or any(each.columns is None for each in starred):
            return None
        names.update(name for each in starred for name in each.columns or ())
    return frozenset(names)


def common_table(node: exp.Table) -> exp.CTE | None:
    """Return the CTE that a table's name refers to where it stands, or None where it is a real table's name."""
    if node.args.get("db"):
        return None
    above: exp.Expr | None = node
    while above is not None:
        within, above = above, above.parent
        for cte in _visible_ctes(above, within):
            if cte.alias.lower() == node.name.lower():
                return cte
    return None


def _visible_ctes(query: exp.Expr | None, within: exp.Expr) -> list[exp.CTE]:
    """Return the CTEs of a query that one of its parts sees; a CTE sees those before it, and itself if RECURSIVE."""
    if isinstance(query, exp.With):
        before = query.expressions[: (within.index or 0) + (1 if query.recursive else 0)]
        return [cte for cte in before if isinstance(cte, exp.CTE)]
    clause = query.args.get("with_") if query is not None else None
    return [] if clause is None or clause is within else list(clause.expressions)


def _sources(query: exp.Expr, schema: Schema) -> Iterator[Source]:
    entries = list(_entries(query))
    for position, (node, join, around) in enumerate(entries):
        later = [other for _, other, _ in entries[position + 1 :] if other is not None]
        filled = any(each is not None and each.side in ("LEFT", "FULL") for each in (join, *around))
        filled = filled or any(other.side in ("RIGHT", "FULL") for other in later)
        yield _source(node, join, filled, schema)


_Entry = tuple[exp.Expr, exp.Join | None, tuple[exp.Join, ...]]


def _entries(query: exp.Expr) -> Iterator[_Entry]:
    """Yield each source with the join that brings it in, and the joins in whose parentheses that one stands."""
    if isinstance(query, (exp.Update, exp.Delete, exp.Insert, exp.Merge)):
        target = query.this.this if isinstance(query.this, exp.Schema) else query.this
        if isinstance(target, exp.Table) and not isinstance(query, exp.Insert):
            yield from _with_joins(target, None)
    start = query.args.get("from_")
    if start is not None:
        yield from _with_joins(start.this, None)
    using = query.args.get("using")
    for extra in using if isinstance(using, list) else [using] if using else []:
        yield from _with_joins(extra, None)
    for join in query.args.get("joins") or ():
        yield from _with_joins(join.this, join)


def _with_joins(node: exp.Expr, join: exp.Join | None, around: tuple[exp.Join, ...] = ()) -> Iterator[_Entry]:
    """Yield a source and those that hang from it: `a JOIN (b JOIN c ON …) ON …`, `UPDATE … FROM b JOIN c`."""
    if isinstance(node, exp.Subquery) and isinstance(node.this, exp.Table) and not node.alias:
        yield from _with_joins(node.this, join, around)
    else:
        yield node, join, around
    outer = around if join is None else (*around, join)
    for inner in node.args.get("joins") or ():
        yield from _with_joins(inner.this, inner, outer)


def _source(node: exp.Expr, join: exp.Join | None, optional: bool, schema: Schema) -> Source:
    name = node.alias_or_name
    if isinstance(node, exp.Table) and isinstance(node.this, exp.Identifier):
        cte = common_table(node)
        renamed = node.args.get("alias")
        if cte is not None:
            return Source(name, node, None, _cte_names(cte, schema), optional, join)
        table = schema.table(_folded(node.this), node.db or None)
        if table is None or (renamed is not None and renamed.columns):
            return Source(name, node, None, None, optional, join)
        return Source(name, node, table, frozenset(each.name.lower() for each in table.columns), optional, join)
    inner = node.this if isinstance(node, exp.Lateral) else node
    alias = node.args.get("alias")
    if alias is not None and alias.columns:
        return Source(name, node, None, frozenset(each.name.lower() for each in alias.columns), optional, join)
    return Source(name, node, None, output_names(inner, schema), optional, join)


def _cte_names(cte: exp.CTE, schema: Schema) -> frozenset[str] | None:
    alias = cte.args["alias"]
    if alias.columns:
        return frozenset(each.name.lower() for each in alias.columns)
    with_clause = cte.parent
    recursive = isinstance(with_clause, exp.With) and with_clause.recursive
    return None if recursive else output_names(cte.this, schema)


def _resolve(node: exp.Column, sources: Mapping[int, tuple[Source, ...]], scopes: Scopes) -> ResolvedColumn | None:
    if isinstance(node.this, exp.Star):
        return None
    for depth, query in enumerate(scopes.around(node)):
        if depth == 0 and _is_output_name(node, query):
            return None
        matching = _matching(node, sources.get(id(query), ()))
        if not matching:
            continue
        source = matching[0] if len(matching) == 1 else None
        column = source.table.column(_folded(node.this)) if source is not None and source.table is not None else None
        if source is None or source.table is None or column is None:
            return None
        return ResolvedColumn(node, source, source.table, column, depth > 0)
    return None


def _folded(identifier: exp.Expr) -> str:
    """Return the name as it is looked up first: without quotes, the lower-case name where there is one."""
    return identifier.name if identifier.args.get("quoted") else identifier.name.lower()


def _matching(node: exp.Column, sources: tuple[Source, ...]) -> list[Source]:
    """Return the sources of one query that the column belongs to, as far as names tell; none: look further out."""
    if node.table:
        return [source for source in sources if source.name.lower() == node.table.lower()]
    matching = [source for source in sources if source.offers(node.name) is not False]
    return _merged_by_using(node, matching) if len(matching) > 1 else matching


def _merged_by_using(node: exp.Column, matching: list[Source]) -> list[Source]:
    """Return the left source where `JOIN … USING (name)` makes one column of two, else all of them."""
    merged = [
        source
        for source in matching[1:]
        if source.join is not None
        and not source.join.side
        and any(each.name.lower() == node.name.lower() for each in source.join.args.get("using") or ())
    ]
    return matching[:1] if len(merged) == len(matching) - 1 else matching


def _is_output_name(node: exp.Column, query: exp.Expr) -> bool:
    if node.table or not isinstance(query, exp.Select) or not isinstance(node.parent, exp.Ordered):
        return False
    order = query.args.get("order")
    if order is None or node.parent.parent is not order:
        return False
    for projection in query.expressions:
        if isinstance(projection, exp.Alias) and projection.alias.lower() == node.name.lower():
            inner = projection.this
            return not (isinstance(inner, exp.Column) and inner.name.lower() == node.name.lower())
    return False
