"""A place that ruff names, with what stands around it."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

Function = ast.FunctionDef | ast.AsyncFunctionDef
_ROUTES = frozenset({"get", "post", "put", "patch", "delete", "head", "options", "api_route", "websocket", "route"})


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a cell that can be parsed."""

    tree: ast.Module
    line: int
    """From 1."""
    column: int
    """In bytes of UTF-8, from 0, as the tree counts it."""
    nodes: tuple[ast.expr, ...]
    """The expressions that begin here, the largest first."""
    lines: tuple[str, ...]
    """The cell's."""
    functions: tuple[Function, ...]
    """The cell's, in any order."""

    def calls(self) -> Iterator[ast.Call]:
        """Yield the calls that begin here."""
        yield from (node for node in self.nodes if isinstance(node, ast.Call))

    def function(self) -> Function | None:
        """Return the innermost function around the place."""
        around = [node for node in self.functions if node.lineno <= self.line <= (node.end_lineno or 0)]
        return max(around, key=lambda node: node.lineno, default=None)

    def text_of(self, node: ast.AST) -> str:
        """Return the lines of a piece of the cell."""
        return "\n".join(self.lines[getattr(node, "lineno", 1) - 1 : getattr(node, "end_lineno", None)])


def is_route(decorator: ast.expr) -> bool:
    """Return whether a decorator binds a function to an address."""
    return (
        isinstance(decorator, ast.Call) and isinstance(decorator.func, ast.Attribute) and decorator.func.attr in _ROUTES
    )


def last_name(node: ast.expr) -> str:
    """Return the last part of a dotted name."""
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def imports(node: ast.stmt, package: str) -> bool:
    """Return whether a statement imports a package, or something of it."""
    names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
    names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
    return any(name.partition(".")[0] == package for name in names)
