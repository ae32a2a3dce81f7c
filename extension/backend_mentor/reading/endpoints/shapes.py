"""Shapes of code around a query that a rule notices and a fix puts right."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from backend_mentor.reading.endpoints.asking import names_session
from backend_mentor.reading.endpoints.fetches import Fetch, assigned_once, nodes_of, read_fetch, scopes
from backend_mentor.reading.endpoints.tables import Relation, Table, tables
from backend_mentor.reading.endpoints.trees import (
    Function,
    calls,
    chain,
    constant,
    functions,
    last_name,
    names_in,
    own_calls,
    own_nodes,
    parents,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source

_SENDING = frozenset(
    {"get", "first", "last", "count", "exists", "create", "get_or_create", "update_or_create", "update", "delete",
     "bulk_create", "bulk_update", "earliest", "latest", "in_bulk", "aggregate"}
)  # fmt: skip
_BUILDING = frozenset(
    {"all", "filter", "exclude", "order_by", "distinct", "select_related", "prefetch_related", "values", "values_list"}
)


def counts_tested(source: Source) -> Iterator[tuple[ast.Call, ast.expr, bool]]:
    """Yield each `count()` that only tells whether there is a row: the call, the whole test, and if it wants one."""
    above = parents(source.tree)
    for call in calls(source.tree):
        names = chain(call)
        if names[-1:] != ("count",) or call.args or call.keywords:
            continue
        if not ("objects" in names[:-1] or (names_session(names[0]) and "query" in names[:-1])):
            continue
        test: ast.AST | None = above.get(call)
        if isinstance(test, ast.Compare) and test.left is call and len(test.ops) == 1:
            wanted = _wants_one(test.ops[0], constant(test.comparators[0]))
            if wanted is not None:
                yield call, test, wanted
        elif isinstance(test, ast.If | ast.While | ast.IfExp) and test.test is call:
            yield call, call, True
        elif isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            yield call, test, False


def _wants_one(operator: ast.cmpop, value: object) -> bool | None:
    if isinstance(value, bool) or value not in (0, 1):
        return None
    if isinstance(operator, ast.Gt | ast.NotEq) and value == 0:
        return True
    if isinstance(operator, ast.GtE) and value == 1:
        return True
    if (isinstance(operator, ast.Eq) and value == 0) or (isinstance(operator, ast.Lt) and value == 1):
        return False
    return None


@dataclass(frozen=True, slots=True)
class LateFilter:
    """A comprehension that fetches rows and keeps those with a value in a column."""

    fetch: Fetch
    loop: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp
    condition: ast.Compare
    column: str
    other: ast.expr
    """What the column is compared with."""


def late_filters(source: Source) -> Iterator[LateFilter]:
    """Yield each comprehension over all rows of a query whose one condition the database could have checked."""
    known = tables(source)
    for scope in scopes(source.tree) if known else ():
        values = assigned_once(scope)
        for loop in nodes_of(scope):
            if not isinstance(loop, ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp):
                continue
            first = loop.generators[0]
            fetch = read_fetch(source, first.iter, values, known) if len(first.ifs) == 1 else None
            condition = first.ifs[0] if first.ifs else None
            if fetch is None or fetch.is_limited or not isinstance(condition, ast.Compare) or len(condition.ops) != 1:
                continue
            if isinstance(first.iter, ast.Name) and _uses(scope, first.iter.id) != 1:
                continue
            column = _column_of(condition.left, first.target, known[fetch.model])
            other = condition.comparators[0]
            if column and _is_value(other, first.target) and _is_comparison(condition.ops[0], other):
                yield LateFilter(fetch, loop, condition, column, other)


def _uses(scope: Function | ast.Module, name: str) -> int:
    return sum(
        isinstance(each, ast.Name) and each.id == name and isinstance(each.ctx, ast.Load) for each in ast.walk(scope)
    )


def _column_of(node: ast.expr, target: ast.expr, table: Table) -> str:
    if not isinstance(node, ast.Attribute) or not isinstance(node.value, ast.Name) or not isinstance(target, ast.Name):
        return ""
    column = table.columns.get(node.attr)
    return node.attr if column is not None and node.value.id == target.id else ""


def _is_value(node: ast.expr, target: ast.expr) -> bool:
    plain = all(
        isinstance(each, ast.Name | ast.Constant | ast.Attribute | ast.expr_context | ast.UnaryOp | ast.USub)
        for each in ast.walk(node)
    )
    return plain and isinstance(target, ast.Name) and target.id not in names_in(node)


def _is_comparison(operator: ast.cmpop, other: ast.expr) -> bool:
    if isinstance(other, ast.Constant) and other.value is None:
        return isinstance(operator, ast.Is | ast.IsNot)
    return isinstance(operator, ast.Eq | ast.NotEq | ast.Lt | ast.LtE | ast.Gt | ast.GtE)


def keys_by_object(source: Source) -> Iterator[tuple[ast.Attribute, Relation]]:
    """Yield each `row.key.id` on a row whose class the cell shows, where Django fetches the other row for it."""
    known = {name: table for name, table in tables(source).items() if table.is_django}
    for scope in scopes(source.tree) if known else ():
        rows = _row_variables(source, scope, known)
        for node in nodes_of(scope):
            if not isinstance(node, ast.Attribute) or node.attr not in {"id", "pk"} or isinstance(node.ctx, ast.Store):
                continue
            inner = node.value
            if not isinstance(inner, ast.Attribute) or not isinstance(inner.value, ast.Name):
                continue
            table, loaded = rows.get(inner.value.id, (None, frozenset()))
            relation = table.relations.get(inner.attr) if table is not None else None
            column = table.columns.get(inner.attr) if table is not None else None
            if relation is None or column is None or inner.attr in loaded or relation.is_many:
                continue
            yield node, relation


def _row_variables(
    source: Source, scope: Function | ast.Module, known: dict[str, Table]
) -> dict[str, tuple[Table | None, frozenset[str]]]:
    """Return the variables of a scope that hold a row of Django, with the relations that came along."""
    values = assigned_once(scope)
    found: dict[str, tuple[Table | None, frozenset[str]]] = {}
    for name, value in values.items():
        names = chain(value)
        if len(names) >= 3 and names[1] == "objects" and names[-1] in {"get", "first", "last"} and names[0] in known:
            asked = {"select_related"} & set(names)
            found[name] = (None if asked else known[names[0]], frozenset())
    for loop in nodes_of(scope):
        if isinstance(loop, ast.For | ast.comprehension) and isinstance(loop.target, ast.Name):
            fetch = read_fetch(source, loop.iter, values, known)
            if fetch is not None:
                table = known[fetch.model]
                found[loop.target.id] = (table, frozenset(each for each in table.relations if fetch.loads((each,))))
    return found


def sync_queries(source: Source) -> Iterator[tuple[ast.Call, ast.AsyncFunctionDef]]:
    """Yield each query of Django that an `async def` sends synchronously: the last call of its chain."""
    known = {name for name, table in tables(source).items() if table.is_django}
    above = parents(source.tree)
    for function in functions(source.tree) if known else ():
        if not isinstance(function, ast.AsyncFunctionDef):
            continue
        for call in own_calls(function):
            names = chain(call)
            if len(names) < 3 or names[1] != "objects" or names[0] not in known:
                continue
            if names[-1] in _SENDING and not isinstance(above.get(call), ast.Await):
                yield call, function
        for node in own_nodes(function):
            if isinstance(node, ast.For) or (isinstance(node, ast.comprehension) and not node.is_async):
                names = chain(node.iter)
                queried = isinstance(node.iter, ast.Call) and names[:1] and names[0] in known and "objects" in names
                if queried and isinstance(node.iter, ast.Call) and last_name(node.iter) in _BUILDING:
                    yield node.iter, function
