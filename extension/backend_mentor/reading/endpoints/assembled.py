"""A text that a function puts together step by step: assigned, added to in branches, joined from a list."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from backend_mentor.reading.endpoints.trees import constant_text, last_name, own_nodes, targets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.reading.endpoints.trees import Function


@dataclass(frozen=True, slots=True)
class Step:
    """One expression whose text becomes part of the whole, and the statement that adds it."""

    expression: ast.expr
    statement: ast.stmt
    variable: str
    """The text, or the list whose items are joined into it."""


@dataclass(frozen=True, slots=True)
class Assembled:
    """All steps of one variable, in the order of the code."""

    variable: str
    steps: tuple[Step, ...]
    lists: tuple[str, ...]
    """The lists that are joined into it."""


def assembled(function: Function, variable: str) -> Assembled | None:
    """Return how a variable's text is put together; None where it is given one text and no more."""
    own = list(_steps(function, variable))
    lists = tuple(dict.fromkeys(name for step in own for name in joined_lists(step.expression)))
    steps = [*own, *(step for name in lists for step in _items(function, name))]
    if len(steps) < 2:
        return None
    return Assembled(variable, tuple(sorted(steps, key=lambda each: each.expression.lineno)), lists)


def joined_lists(node: ast.AST) -> Iterator[str]:
    """Yield the variables whose items are joined by a constant text inside an expression."""
    for each in ast.walk(node):
        if (
            isinstance(each, ast.Call)
            and isinstance(each.func, ast.Attribute)
            and each.func.attr == "join"
            and constant_text(each.func.value) is not None
            and len(each.args) == 1
            and isinstance(each.args[0], ast.Name)
        ):
            yield each.args[0].id


def _steps(function: Function, variable: str) -> Iterator[Step]:
    for node in own_nodes(function):
        if not isinstance(node, ast.Assign | ast.AugAssign) or variable not in targets(node):
            continue
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target
        if _is_name(target, variable) and isinstance(getattr(node, "op", ast.Add()), ast.Add):
            yield Step(node.value, node, variable)


def _items(function: Function, name: str) -> Iterator[Step]:
    for node in own_nodes(function):
        call = node.value if isinstance(node, ast.Expr) else None
        if (
            isinstance(node, ast.Expr)
            and isinstance(call, ast.Call)
            and isinstance(call.func, ast.Attribute)
            and last_name(call) == "append"
            and _is_name(call.func.value, name)
            and len(call.args) == 1
        ):
            yield Step(call.args[0], node, name)
        elif (
            isinstance(node, ast.Assign | ast.AugAssign) and name in targets(node) and isinstance(node.value, ast.List)
        ):
            for each in node.value.elts:
                yield Step(each, node, name)


def _is_name(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name
