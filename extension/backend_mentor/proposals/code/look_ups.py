"""What the fixes that look rows up together have in common: their names, their keys, and loops that only read."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from backend_mentor.reading.endpoints.tables import tables
from backend_mentor.reading.endpoints.trees import last_name, within

if TYPE_CHECKING:
    from collections.abc import Iterable

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.reading.endpoints.tables import Table

_HARMLESS = frozenset({"append", "add", "get", "print", "items", "info", "debug", "len", "str", "int", "extend"})


def holds_whole_numbers(table: Table, column: str) -> bool:
    """Return whether a column is declared to hold whole numbers, never NULL where its type is an annotation."""
    found = table.columns.get(column)
    if found is None:
        return False
    typed = ast.unparse(found.node.annotation) if isinstance(found.node, ast.AnnAssign) else ""
    kinds = {last_name(each) for each in (found.call.args if found.call else ())}
    return typed == "Mapped[int]" or (not typed and bool(kinds & {"Integer", "BigInteger"}))


def only_reads(source: Source, parts: Iterable[ast.AST], but: ast.AST) -> bool:
    """Return whether statements set no attribute and call nothing that is not known to be harmless, but for one.

    Classes of the cell that no table stands behind are harmless to make.
    """
    plain = {each.name for each in source.models} - tables(source).keys()
    inside = [each for part in parts for each in within(part)]
    left_out = set(ast.walk(but))
    calls = [each for each in inside if isinstance(each, ast.Call) and each not in left_out]
    sets = any(isinstance(each, ast.Attribute) and isinstance(each.ctx, ast.Store) for each in inside)
    return not sets and all(last_name(each) in _HARMLESS | plain for each in calls)


def plural(name: str) -> str:
    """Return the name of several rows of a class: `Book` is `books`."""
    words = re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
    return f"{words[:-1]}ies" if words.endswith("y") else f"{words}s"
