"""Questions asked of Python's syntax trees: names with their imports undone, and what stands around a node."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from backend_mentor.domain.cell import Span
from backend_mentor.domain.endpoint import FunctionNode, Source
from backend_mentor.reading.endpoints.trees import walk

Loop = ast.For | ast.AsyncFor | ast.While | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def dotted(node: ast.AST | None) -> str | None:
    """Return a name as written, `session.query`; None for anything but names and attributes."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        base = dotted(node.value)
        return f"{base}.{node.attr}" if base else None
    return None


def called(node: ast.AST | None) -> str | None:
    """Return the dotted name of what is called, or None where it is no call of a name."""
    return dotted(node.func) if isinstance(node, ast.Call) else None


def text_of(node: ast.AST | None) -> str | None:
    """Return the value of a literal string, or None."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def number_of(node: ast.AST | None) -> int | None:
    """Return the value of a literal whole number, or None."""
    if isinstance(node, ast.Constant) and isinstance(node.value, int) and not isinstance(node.value, bool):
        return node.value
    return None


def keyword(call: ast.Call, *names: str) -> ast.expr | None:
    """Return the argument given by the first of these keywords that there is."""
    return next((each.value for name in names for each in call.keywords if each.arg == name), None)


def argument(call: ast.Call, place: int, *names: str) -> ast.expr | None:
    """Return the argument at a place (from 0), or the one given by keyword."""
    if len(call.args) > place and not isinstance(call.args[place], ast.Starred):
        return call.args[place]
    return keyword(call, *names)


def items(node: ast.AST | None) -> tuple[ast.expr, ...]:
    """Return the members of a literal list, tuple or set."""
    return tuple(node.elts) if isinstance(node, ast.List | ast.Tuple | ast.Set) else ()


def imports_of(tree: ast.Module) -> tuple[tuple[str, str], ...]:
    """Return what each imported name stands for, the last import of a name winning."""
    found: dict[str, str] = {}
    for node in walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                first = alias.name.partition(".")[0]
                found[alias.asname or first] = alias.name if alias.asname else first
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            for alias in node.names:
                found[alias.asname or alias.name] = (
                    f"{module}.{alias.name}".replace("..", ".") if module else alias.name
                )
    return tuple(found.items())


@dataclass(frozen=True, slots=True)
class Reader:
    """A cell on its way to a Source: its tree, its names, and the node that each node stands in."""

    source: Source
    """With nothing in it yet but text, tree, framework, offsets and imports."""
    names: Mapping[str, str]
    parents: Mapping[ast.AST, ast.AST]

    @classmethod
    def of(cls, source: Source) -> Reader:
        """Return the reader of a cell."""
        parents = {child: node for node in walk(source.tree) for child in ast.iter_child_nodes(node)}
        return cls(source, dict(source.imports), parents)

    @property
    def tree(self) -> ast.Module:
        """The cell's tree."""
        return self.source.tree

    def full(self, node: ast.AST | None) -> str:
        """Return a dotted name with its import undone; empty for anything but names and attributes."""
        first, dot, rest = (dotted(node) or "").partition(".")
        return self.names.get(first, first) + dot + rest

    def code(self, node: ast.AST | None) -> str | None:
        """Return the source of a node as written, its line breaks taken out."""
        return None if node is None else " ".join(self.source.code_of(node).split())

    def span(self, node: ast.AST) -> Span:
        """Return where a node stands."""
        return self.source.span_of(node)

    def around(self, node: ast.AST) -> Iterator[ast.AST]:
        """Yield what the node stands in, innermost first."""
        while node in self.parents:
            node = self.parents[node]
            yield node

    def function_of(self, node: ast.AST) -> FunctionNode | None:
        """Return the innermost function that the node stands in."""
        return next((each for each in self.around(node) if isinstance(each, FunctionNode)), None)

    def qualified(self, node: ast.AST | None) -> str | None:
        """Return a function's or class's name with the classes and functions that it stands in."""
        if node is None:
            return None
        own = [node, *(each for each in self.around(node) if isinstance(each, _SCOPES))]
        return ".".join(each.name for each in reversed(own) if isinstance(each, _SCOPES))

    def is_in_loop(self, node: ast.AST) -> bool:
        """Return whether the node runs once for each turn of a loop of its own function."""
        below: ast.AST = node
        for each in self.around(node):
            if isinstance(each, _SCOPES):
                return False
            if isinstance(each, Loop) and below is not _read_once(each):
                return True
            below = each
        return False


def _read_once(loop: Loop) -> ast.AST | None:
    # What a `for` goes through is asked for once, before its first turn; the same for a comprehension's first `for`.
    if isinstance(loop, ast.For | ast.AsyncFor):
        return loop.iter
    return None if isinstance(loop, ast.While) else loop.generators[0]
