"""Relations that are read row by row: each read of one sends a statement of its own."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from backend_mentor.reading.endpoints.fetches import Fetch, assigned_once, awaits_database, nodes_of, read_fetch, scopes
from backend_mentor.reading.endpoints.tables import Relation, Table, tables
from backend_mentor.reading.endpoints.trees import Function, functions, last_name, parents, within

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from backend_mentor.domain.endpoint import Source

Loop = ast.For | ast.AsyncFor | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
# These are answered from the rows that were fetched ahead; any other call on Django's related manager asks again.
_FROM_MEMORY = frozenset({"all", "count", "exists"})


@dataclass(frozen=True, slots=True)
class LazyReads:
    """The relations that a loop reads from the rows of one query, which the query did not ask for."""

    fetch: Fetch
    paths: tuple[tuple[Relation, ...], ...]
    """Each relation with those that lead to it, as from an order by its customer to the city."""
    nodes: tuple[ast.expr, ...]
    """Where each is read first."""
    variable: str
    """The loop's own."""
    is_async: bool


@dataclass(slots=True)
class _Walk:
    """One loop being read; what the walk has found so far is filled in as it goes."""

    known: Mapping[str, Table]
    helpers: Mapping[str, Function]
    above: Mapping[ast.AST, ast.AST]
    found: dict[tuple[str, ...], tuple[tuple[Relation, ...], ast.expr]] = field(default_factory=dict)


def lazy_reads(source: Source) -> Iterator[LazyReads]:
    """Yield each loop over objects of a mapped class that reads their relations one by one."""
    return iter(_lazy_reads(source))


@lru_cache(maxsize=32)
def _lazy_reads(source: Source) -> tuple[LazyReads, ...]:
    return tuple(_find_lazy_reads(source))


def _find_lazy_reads(source: Source) -> Iterator[LazyReads]:
    known = tables(source)
    if not any(table.relations for table in known.values()):
        return
    helpers = {each.name: each for each in functions(source.tree)}
    for scope in scopes(source.tree):
        values = assigned_once(scope)
        for loop in (each for each in nodes_of(scope) if isinstance(each, Loop)):
            variable, iterable, bodies = _parts(loop)
            fetch = read_fetch(source, iterable, values, known)
            if fetch is None or not variable or _ends_early(loop) or fetch.most_rows == 1:
                continue
            walk = _Walk(known, helpers, parents(source.tree))
            _follow(walk, bodies, {variable: (fetch.model, ())}, 0)
            paths = _not_loaded(fetch, walk)
            if paths:
                awaits = awaits_database(scope)
                found = tuple(each for each, _ in paths)
                yield LazyReads(fetch, found, tuple(node for _, node in paths), variable, awaits)


def _parts(loop: Loop) -> tuple[str, ast.expr, list[ast.AST]]:
    """Return a loop's variable, what it goes through, and what runs once for each item."""
    if isinstance(loop, ast.For | ast.AsyncFor):
        return (loop.target.id if isinstance(loop.target, ast.Name) else ""), loop.iter, list(loop.body)
    first, *others = loop.generators
    results = [loop.key, loop.value] if isinstance(loop, ast.DictComp) else [loop.elt]
    name = first.target.id if isinstance(first.target, ast.Name) else ""
    return name, first.iter, [*first.ifs, *others, *results]


def _ends_early(loop: Loop) -> bool:
    """Return whether the loop can end with its first item, so that the number of its statements is not known."""
    return isinstance(loop, ast.For | ast.AsyncFor) and any(
        isinstance(each, ast.Break | ast.Return) for part in loop.body for each in within(part)
    )


_Place = tuple[str, tuple[Relation, ...]]


def _follow(walk: _Walk, roots: Sequence[ast.AST], rows: dict[str, _Place], depth: int) -> None:
    """Note each relation that is read from the variables that stand for rows, in a body and in functions it calls."""
    # A comprehension names its variable after the expression that uses it, so the variables are gathered first.
    for node in [each for _ in range(2) for root in roots for each in within(root)]:
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
            _place(walk, node, rows)
        if isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
            target, value = node.target, _without_call(node.iter)
        elif isinstance(node, ast.Assign):
            target, value = node.targets[0], node.value
        else:
            continue
        place = _place(walk, value, rows)
        if place is not None and isinstance(target, ast.Name):
            rows[target.id] = place
    for call in (each for root in roots for each in within(root) if isinstance(each, ast.Call) and depth == 0):
        helper = walk.helpers.get(call.func.id) if isinstance(call.func, ast.Name) else None
        given = helper.args.args if helper is not None else []
        own = {
            parameter.arg: rows[value.id]
            for parameter, value in zip(given, call.args, strict=False)
            if isinstance(value, ast.Name) and value.id in rows
        }
        if helper is not None and own:
            _follow(walk, helper.body, own, depth + 1)


def _place(walk: _Walk, node: ast.expr, rows: Mapping[str, _Place]) -> _Place | None:
    """Return what rows an expression stands for, and note the relation where it reads one."""
    if isinstance(node, ast.Name):
        return rows.get(node.id)
    if not isinstance(node, ast.Attribute):
        return None
    above = _place(walk, node.value, rows)
    table = walk.known.get(above[0]) if above is not None else None
    relation = table.relations.get(node.attr) if table is not None else None
    if above is None or relation is None:
        return None
    path = (*above[1], relation)
    if relation.is_lazy and not (relation.is_django and not _asks_django(walk, node, relation)):
        walk.found.setdefault(tuple(each.name for each in path), (path, node))
    return relation.target or "", path


def _without_call(node: ast.expr) -> ast.expr:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and last_name(node) == "all":
        return node.func.value
    return node


def _asks_django(walk: _Walk, node: ast.Attribute, relation: Relation) -> bool:
    """Return whether the read sends a statement that a fetch ahead would spare; the other row's key does not."""
    if relation.is_many:
        return _from_memory(walk, node)
    above = walk.above.get(node)
    return not (isinstance(above, ast.Attribute) and above.attr in {"id", "pk"})


def _from_memory(walk: _Walk, node: ast.Attribute) -> bool:
    """Return whether Django answers a call on the related rows from what was fetched ahead."""
    method = walk.above.get(node)
    called = walk.above.get(method) if method is not None else None
    if not isinstance(method, ast.Attribute) or not isinstance(called, ast.Call) or called.args or called.keywords:
        return False
    goes_on = isinstance(walk.above.get(called), ast.Attribute)
    return method.attr in _FROM_MEMORY and not goes_on


def _not_loaded(fetch: Fetch, walk: _Walk) -> list[tuple[tuple[Relation, ...], ast.expr]]:
    """Return the reads that the query did not ask for, without those that a longer path contains."""
    wanted = {
        names: found
        for names, found in walk.found.items()
        if not fetch.loads(names) and not (len(names) > 1 and _is_eager_below(walk, names))
    }
    longest = [
        names for names in wanted if not any(other[: len(names)] == names and other != names for other in wanted)
    ]
    return [wanted[names] for names in longest]


def _is_eager_below(walk: _Walk, names: tuple[str, ...]) -> bool:
    """Return whether a relation on the way is loaded without being asked for: what to name then is not known."""
    return not all(names[:length] in walk.found for length in range(1, len(names)))
