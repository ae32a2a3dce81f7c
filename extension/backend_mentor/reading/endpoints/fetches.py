"""Queries whose rows are objects of one mapped class, and the variables that hold those objects."""

from __future__ import annotations

import ast
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from backend_mentor.reading.endpoints.asking import chained
from backend_mentor.reading.endpoints.trees import (
    Function,
    constant,
    constant_text,
    dotted,
    full_name,
    keyword,
    last_name,
    own_nodes,
    walk,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.reading.endpoints.tables import Table

Scope = Function | ast.Module
_SELECTS = frozenset({"sqlalchemy.select", "sqlalchemy.future.select", "sqlmodel.select", "sqlalchemy.sql.select"})
_KEEPS = frozenset(
    {
        "where", "filter", "filter_by", "order_by", "limit", "offset", "distinct", "join", "outerjoin", "options",
        "with_for_update", "group_by", "having", "select_from",
    }
)  # fmt: skip
_RESULTS = frozenset({"all", "scalars", "unique", "fetchall"})
_KEEPS_SET = frozenset(
    {
        "all", "filter", "exclude", "order_by", "distinct", "reverse", "using", "select_related", "prefetch_related",
        "annotate", "only", "defer", "select_for_update",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fetch:
    """A query of the rows of one mapped class."""

    model: str
    start: ast.expr
    """`select(M)`, `session.query(M)` or `M.objects`: what comes next to it applies to the whole query."""
    statement: ast.expr
    """The whole chain that makes the query, without what sends it."""
    is_django: bool
    is_scalar: bool
    """True where the rows that come back are the objects themselves."""

    @property
    def steps(self) -> tuple[ast.Call, ...]:
        """The calls of the chain after its start, from the last to the first."""
        return tuple(each for each in chained(_whole(self.statement)) if each is not self.start)

    @property
    def step_names(self) -> frozenset[str]:
        """What is called on the chain: `where`, `order_by`."""
        return frozenset(last_name(each) for each in self.steps)

    @property
    def most_rows(self) -> int | None:
        """The literal limit of the query; None where it has none, or one that the cell does not show."""
        if isinstance(self.statement, ast.Subscript) and isinstance(self.statement.slice, ast.Slice):
            found = constant(self.statement.slice.upper)
        else:
            found = next(
                (constant(each.args[0]) for each in self.steps if last_name(each) == "limit" and each.args), None
            )
        return found if isinstance(found, int) else None

    @property
    def is_limited(self) -> bool:
        """True where the query says itself how many rows it wants at most."""
        return isinstance(self.statement, ast.Subscript) or bool(self.step_names & {"limit", "slice", "fetch"})

    def loads(self, path: tuple[str, ...]) -> bool:
        """Return whether the query asks for the rows that the relation at this path stands for, or is said to."""
        if self.is_django:
            return self._loads_django(path)
        for each in self.steps:
            if last_name(each) != "options":
                continue
            for option in each.args:
                if not _is_plain_option(option) or ("*" in ast.unparse(option)):
                    return True
                given = [last_name(call.args[0]) for call in reversed(list(chained(option))) if call.args]
                if tuple(given[: len(path)]) == path:
                    return True
        return any(last_name(call) == "contains_eager" for each in self.steps for call in chained(each))

    def _loads_django(self, path: tuple[str, ...]) -> bool:
        wanted = "__".join(path)
        for each in self.steps:
            if last_name(each) not in {"select_related", "prefetch_related"}:
                continue
            if not each.args and last_name(each) == "select_related":
                return True
            for given in each.args:
                text = (
                    constant_text(given.args[0]) if isinstance(given, ast.Call) and given.args else constant_text(given)
                )
                if text is None or text == wanted or text.startswith(f"{wanted}__"):
                    return True
        return False


def scopes(tree: ast.Module) -> Iterator[Scope]:
    """Yield the top level of a cell and each of its functions."""
    yield tree
    yield from (node for node in walk(tree) if isinstance(node, Function))


def nodes_of(scope: Scope) -> Iterator[ast.AST]:
    """Yield the nodes of a scope in the order of the text, without those of functions and classes inside it."""
    return own_nodes(scope)


@lru_cache(maxsize=512)
def awaits_database(scope: Scope) -> bool:
    """Return whether a scope awaits what it asks a database, as code on an asynchronous session does."""
    return any(
        isinstance(node, ast.Await)
        and last_name(node.value) in {"execute", "scalars", "exec", "stream", "stream_scalars"}
        for node in nodes_of(scope)
    )


@lru_cache(maxsize=512)
def assigned_once(scope: Scope) -> Mapping[str, ast.expr]:
    """Return the variables of a scope that get a value in one place alone, with what they are given."""
    stores = Counter(
        node.id for node in nodes_of(scope) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store | ast.Del)
    )
    if isinstance(scope, Function):
        stores.update(each.arg for each in ast.walk(scope.args) if isinstance(each, ast.arg))
    found = {}
    for node in nodes_of(scope):
        target = node.targets[0] if isinstance(node, ast.Assign) and len(node.targets) == 1 else None
        target = node.target if isinstance(node, ast.AnnAssign | ast.NamedExpr) else target
        value = getattr(node, "value", None)
        if isinstance(target, ast.Name) and isinstance(value, ast.expr) and stores[target.id] == 1:
            found[target.id] = value
    return MappingProxyType(found)


def read_fetch(
    source: Source, node: ast.expr, values: Mapping[str, ast.expr], known: Mapping[str, Table]
) -> Fetch | None:
    """Return the query whose objects an expression is the collection of; None where it is anything else.

    `values` are the variables that `assigned_once` gives, `known` the cell's mapped classes.
    """
    for _ in range(4):
        node = node.value if isinstance(node, ast.Await) else node
        if isinstance(node, ast.Name) and node.id in values:
            node = values[node.id]
        elif isinstance(node, ast.Call) and dotted(node.func) in {"list", "tuple"} and len(node.args) == 1:
            node = node.args[0]
    found = _of_django(node, known) or _of_result(source, node, values, known)
    return found if found is not None and found.is_scalar else None


def _of_django(node: ast.expr, known: Mapping[str, Table]) -> Fetch | None:
    if isinstance(node, ast.Subscript) and not isinstance(node.slice, ast.Slice):
        return None
    inner = _whole(node)
    while isinstance(inner, ast.Call) and isinstance(inner.func, ast.Attribute):
        if inner.func.attr not in _KEEPS_SET:
            return None
        inner = inner.func.value
    if not isinstance(inner, ast.Attribute) or inner.attr != "objects" or _whole(node) is inner:
        return None
    table = known.get(dotted(inner.value))
    return Fetch(table.model.name, inner, node, True, True) if table is not None and table.is_django else None


def _of_result(
    source: Source, node: ast.expr, values: Mapping[str, ast.expr], known: Mapping[str, Table]
) -> Fetch | None:
    """Return the query of a SQLAlchemy result: `session.scalars(select(M)).all()`, `session.query(M).all()`."""
    scalar = False
    while True:
        node = node.value if isinstance(node, ast.Await) else node
        if isinstance(node, ast.Name) and node.id in values:
            used = node.id
            node, values = values[used], {name: each for name, each in values.items() if name != used}
            continue
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            return None
        name = node.func.attr
        if name in _RESULTS and not node.args:
            scalar = scalar or name == "scalars"
            whole = _of_statement(source, node.func.value, known)
            if whole is not None and not _is_select(source, whole.start):
                return whole
            node = node.func.value
            continue
        if name in {"scalars", "execute", "exec"} and node.args:
            given = node.args[0]
            given = values.get(given.id, given) if isinstance(given, ast.Name) else given
            found = _of_statement(source, given, known)
            if found is None or not _is_select(source, found.start):
                return None
            return Fetch(found.model, found.start, found.statement, False, scalar or name in {"scalars", "exec"})
        found = _of_statement(source, node, known)
        return found if found is not None and not _is_select(source, found.start) else None


def _of_statement(source: Source, node: ast.expr, known: Mapping[str, Table]) -> Fetch | None:
    inner = node
    while isinstance(inner, ast.Call) and isinstance(inner.func, ast.Attribute):
        if inner.func.attr == "query" or full_name(source.tree, inner.func) in _SELECTS:
            break
        if inner.func.attr not in _KEEPS:
            return None
        inner = inner.func.value
    if not isinstance(inner, ast.Call) or len(inner.args) != 1 or not isinstance(inner.args[0], ast.Name):
        return None
    by_query = isinstance(inner.func, ast.Attribute) and inner.func.attr == "query"
    table = known.get(inner.args[0].id)
    if table is None or table.is_django or not (by_query or _is_select(source, inner)):
        return None
    return Fetch(table.model.name, inner, node, False, True)


def _is_select(source: Source, node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and full_name(source.tree, node.func) in _SELECTS


def _whole(node: ast.expr) -> ast.expr:
    return node.value if isinstance(node, ast.Subscript) else node


def _is_plain_option(node: ast.expr) -> bool:
    """Return whether a loader option names one path of attributes, so that it can be told what it loads."""
    return isinstance(node, ast.Call) and all(
        len(each.args) == 1 and isinstance(each.args[0], ast.Attribute) and keyword(each, "recursion_depth") is None
        for each in chained(node)
    )
