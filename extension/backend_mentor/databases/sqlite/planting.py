"""Where the counters go: the text of a query with a counting call for each loop, and which call is for which loop."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from backend_mentor.domain.plan import Operation
from backend_mentor.domain.schema import TableKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlglot import exp
    from sqlglot.optimizer.scope import Scope

    from backend_mentor.domain.plan import Plan, PlanNode
    from backend_mentor.domain.schema import Schema, Table
    from backend_mentor.domain.statement import Statement


@dataclass(frozen=True, slots=True)
class Counters:
    """The numbers of the calls for one loop."""

    visited: int
    passed: int | None
    """None where the rows that pass every condition can not be counted exactly."""
    starts: int | None
    """For the first loop of a correlated subquery: how often that runs."""
    known_starts: float | None
    """For the first loop of anything else: once; None where it is not known."""


@dataclass(frozen=True, slots=True)
class Planted:
    """The query with its counters, and the counters by the number of the plan's node."""

    sql: str
    counters: dict[int, Counters]


@dataclass(frozen=True, slots=True)
class _Source:
    """A table in the FROM clause of one SELECT."""

    shown: str
    """The name that the plan shows, in lower case."""
    table: Table
    key: exp.Column
    """A column that is in every index: the rowid, or the first of the primary key."""
    join: exp.Join | None
    outer: bool
    node: PlanNode
    before: PlanNode | None
    """The loop around its own, None for an outermost one."""


def plant(statement: Statement, schema: Schema, plan: Plan, function: str) -> Planted | None:
    """Return the query with a counter for each loop that can be counted, or None where there is none."""
    from sqlglot.optimizer.scope import traverse_scope

    from backend_mentor.reading.sql import print_sql

    tree = statement.tree.copy()
    planter = _Planter(function, schema, _loops_by_name(plan))
    for scope in traverse_scope(tree):
        planter.plant_scope(scope)
    return Planted(print_sql(tree, statement.dialect), planter.counters) if planter.counters else None


class _Planter:
    def __init__(self, function: str, schema: Schema, loops: dict[str, tuple[PlanNode, PlanNode | None, bool]]) -> None:
        self.counters: dict[int, Counters] = {}
        self._function = function
        self._schema = schema
        self._loops = loops
        self._next = 0
        self._seen: set[str] = set()

    def plant_scope(self, scope: Scope) -> None:
        from sqlglot import exp

        select = scope.expression
        if not isinstance(select, exp.Select):
            return
        joins: list[exp.Join] = select.args.get("joins") or []
        if any(join.side in ("RIGHT", "FULL") for join in joins):
            # The rows without a partner come in a loop of their own, which evaluates the conditions again.
            return
        sources = {source.shown: source for source in self._sources(scope, select, joins)}
        first: list[exp.Expr] = []
        last: list[exp.Expr] = []
        for source in sources.values():
            arguments = [*_keys(select, source), *_around(source, sources, select)]
            visited = self._call(arguments)
            late = _late_columns(select, source) if _passes_exactly(select, source) else None
            passed = None if late is None else self._call([*arguments, *late])
            correlated = self._loops[source.shown][2]
            outside = [column for column in scope.external_columns if column.table] if correlated else []
            starts = self._call(outside[:1]) if source.before is None and outside else None
            known = None if correlated else 1.0
            self.counters[source.node.number] = Counters(
                visited[0], passed[0] if passed else None, starts[0] if starts else None, known
            )
            first += [starts[1]] if starts else []
            last += [passed[1]] if passed else []
            if source.outer and source.join is not None:
                on = source.join.args.get("on")
                source.join.set("on", exp.and_(visited[1], on, copy=False) if on else visited[1])
            else:
                first.append(visited[1])
        where = select.args.get("where")
        terms = [*first, *([where.this] if where else []), *last]
        if terms:
            select.set("where", exp.Where(this=exp.and_(*terms, copy=False)))

    def _call(self, arguments: list[exp.Column]) -> tuple[int, exp.Expr]:
        from sqlglot import exp

        number = self._next
        self._next += 1
        call = exp.Anonymous(
            this=self._function, expressions=[exp.Literal.number(number), *(each.copy() for each in arguments)]
        )
        return number, exp.Anonymous(this="likelihood", expressions=[call, exp.Literal.number("1.0")])

    def _sources(self, scope: Scope, select: exp.Select, joins: list[exp.Join]) -> Iterator[_Source]:
        from sqlglot import exp

        start = select.args.get("from_")
        if start is None:
            return
        for relation, join in [(start.this, None), *((join.this, join) for join in joins)]:
            shown = relation.alias_or_name.lower()
            # A CTE is written like a table and is none, even under a table's name.
            if not isinstance(relation, exp.Table) or scope.sources.get(relation.alias_or_name) is not relation:
                continue
            table = self._schema.table(relation.name)
            outer = join is not None and bool(join.side)
            unplantable = outer and join is not None and (join.args.get("using") or join.method == "NATURAL")
            if table is None or table.kind is not TableKind.TABLE or unplantable or shown not in self._loops:
                continue
            if shown in self._seen:
                # Two of this name in one statement: which loop is whose can not be told. Views may hide a second one.
                self.counters.pop(self._loops[shown][0].number, None)
                continue
            self._seen.add(shown)
            node, before, _ = self._loops[shown]
            yield _Source(shown, table, _key(table, relation.alias_or_name), join, outer, node, before)


_LOOPS = (Operation.SCAN, Operation.INDEX_SCAN, Operation.SEARCH)


def _is_partial(node: PlanNode) -> bool:
    return node.automatic and " PARTIAL " in node.label


def _loops_by_name(plan: Plan) -> dict[str, tuple[PlanNode, PlanNode | None, bool]]:
    """Return, by shown name, each loop over a table, the loop around it, and whether it is in a correlated subquery.

    A name of two loops is left out, and so are the searches of an OR, which visit a row twice, and an automatic partial
    index, for which SQLite evaluates the conditions once to build it and once to search it.
    """
    found: dict[str, list[tuple[PlanNode, PlanNode | None, bool]]] = {}
    pending: list[tuple[PlanNode, PlanNode | None, bool]] = [(plan.root, None, False)]
    while pending:
        node, before, correlated = pending.pop()
        name = (node.alias or node.relation or "").lower()
        if name and node.operation in _LOOPS and not _is_partial(node):
            found.setdefault(name, []).append((node, before, correlated))
        around = None
        for child in node.children:
            pending.append((child, around, correlated or node.correlated))
            if node.operation is Operation.NESTED_LOOP and child.operation is not Operation.BLOOM_FILTER:
                around = child
        if node.operation is Operation.BITMAP_OR:
            for below in node.walk():
                found.setdefault((below.alias or below.relation or "").lower(), []).append((below, None, correlated))
    return {name: entries[0] for name, entries in found.items() if len(entries) == 1}


def _around(source: _Source, sources: dict[str, _Source], select: exp.Select) -> list[exp.Column]:
    """Return a column of the loop around, where that is of the same SELECT and no outer join is between."""
    from sqlglot import exp

    if source.before is None or source.outer:
        return []
    name = (source.before.alias or source.before.relation or "").lower()
    if name in sources:
        return [sources[name].key]
    # A subquery or common table expression has no rowid; any column of it that the SELECT itself uses will do.
    return [column for column in select.find_all(exp.Column) if column.table.lower() == name][:1]


def _passes_exactly(select: exp.Select, source: _Source) -> bool:
    """Tell whether a last condition sees just the rows that pass: nothing is evaluated after it.

    Subqueries are; so are the conditions that SQLite derives from a chain of equalities over three tables.
    """
    from sqlglot import exp

    joins: list[exp.Join] = select.args.get("joins") or []
    if source.outer or len(joins) > 1 or any(join.args.get("using") or join.method for join in joins):
        return False
    return not any(condition.find(exp.Select, exp.Exists) for condition in _conditions(select))


def _conditions(select: exp.Select) -> list[exp.Expr]:
    joins: list[exp.Join] = select.args.get("joins") or []
    where = select.args.get("where")
    return [*([where] if where else []), *(join.args["on"] for join in joins if join.args.get("on"))]


def _equated(select: exp.Select, source: _Source) -> set[str]:
    """Return the source's columns that are set equal to something: SQLite puts a constant in their place everywhere."""
    from sqlglot import exp

    columns = [
        column
        for condition in _conditions(select)
        for equality in condition.find_all(exp.EQ, exp.Is)
        for column in equality.find_all(exp.Column)
    ]
    return {column.name.lower() for column in columns if column.table.lower() in ("", source.shown)}


def _free_column(select: exp.Select, source: _Source, taken: set[str]) -> exp.Column | None:
    """Return a column of the source that is in none of `taken` and that no constant takes the place of."""
    from sqlglot import exp

    taken = taken | _equated(select, source)
    name = next((column.name for column in source.table.columns if column.name.lower() not in taken), None)
    return None if name is None else exp.column(name, table=source.key.table, quoted=True)


def _keys(select: exp.Select, source: _Source) -> list[exp.Column]:
    """Return what makes a call be evaluated for each row: the key, and more where a constant takes its place."""
    names = {"rowid", "_rowid_", "oid", *(name.lower() for name in source.table.primary_key)}
    if not names & _equated(select, source):
        return [source.key]
    more = _free_column(select, source, names) if source.node.index is None else None
    return [source.key, *([more] if more else [])]


def _late_columns(select: exp.Select, source: _Source) -> list[exp.Column] | None:
    """Return what makes a call be evaluated after the last condition on its table; None where nothing does.

    With an index that does not cover the query, conditions on the index's own columns are evaluated before the table
    is looked at and the others after it, each lot in the order of the text. So the call needs a column of the table.
    """
    if source.node.index is None or source.node.covering:
        return []
    index = next((each for each in source.table.indexes if each.name == source.node.index), None)
    if index is None:
        return None
    own = {name.lower() for name in (*index.column_names, *source.table.primary_key)}
    column = _free_column(select, source, own)
    return None if column is None else [column]


def _key(table: Table, alias: str) -> exp.Column:
    from sqlglot import exp

    if not table.rowid:
        return exp.column(table.primary_key[0], table=alias, quoted=True)
    name = next((each for each in ("rowid", "_rowid_", "oid") if table.column(each) is None), "rowid")
    return exp.column(name, table=alias)
