"""Rows of Django that a function reads, changes and saves."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from backend_mentor.reading.endpoints.fetches import assigned_once
from backend_mentor.reading.endpoints.tables import tables
from backend_mentor.reading.endpoints.trees import (
    chain,
    dotted,
    functions,
    last_name,
    own_calls,
    own_nodes,
    parents,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source

_ONE = frozenset({"get", "aget", "first", "last", "latest", "earliest"})


@dataclass(frozen=True, slots=True)
class SavedRow:
    """A row that was fetched, given new values and saved as a whole."""

    model: str
    call: ast.Call
    columns: tuple[str, ...]
    """Those that got a value, in the order of the text."""


def saved_rows(source: Source) -> Iterator[SavedRow]:
    """Yield each bare `save()` of a row that its function has fetched without a lock and set known columns of."""
    known = {name: table for name, table in tables(source).items() if table.is_django}
    for function in functions(source.tree) if known else ():
        values = assigned_once(function)
        for call in own_calls(function):
            name = dotted(call.func.value) if isinstance(call.func, ast.Attribute) else ""
            if last_name(call) != "save" or call.args or call.keywords or name not in values:
                continue
            names = chain(values[name])
            table = known.get(names[0]) if names else None
            if table is None or "select_for_update" in names or names[-1] not in _ONE or "objects" not in names:
                continue
            columns = _set_columns(source, function, name)
            if columns and all(each in table.columns for each in columns) and "save" not in _methods(table.model.node):
                yield SavedRow(table.model.name, call, columns)


def _set_columns(source: Source, function: ast.AST, name: str) -> tuple[str, ...]:
    """Return the attributes that the function sets on a variable; nothing where it does more with it than that."""
    above = parents(source.tree)
    found: list[str] = []
    for node in own_nodes(function) if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef) else ():
        if not isinstance(node, ast.Name) or node.id != name or isinstance(node.ctx, ast.Store):
            continue
        attribute = above.get(node)
        if not isinstance(attribute, ast.Attribute):
            # Whoever is handed the row before it is saved can set other columns of it.
            if isinstance(above.get(node), ast.Call):
                return ()
            continue
        if isinstance(attribute.ctx, ast.Store):
            found.append(attribute.attr)
        elif isinstance(above.get(attribute), ast.Call) and attribute.attr not in {"save", "refresh_from_db"}:
            return ()
    return tuple(dict.fromkeys(found))


def _methods(node: ast.ClassDef | None) -> frozenset[str]:
    return frozenset(each.name for each in (node.body if node else ()) if isinstance(each, ast.FunctionDef))
