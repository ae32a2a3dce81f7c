"""A parameter's default that is made once and shared by each call: whether that does harm."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from backend_mentor.domain.finding import Severity
from backend_mentor.linters.spot import Function, imports, is_route, last_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.linters.spot import Spot

_READERS = frozenset({"get", "items", "keys", "values", "copy", "index", "count"})
_MUTATORS = frozenset(
    {"append", "extend", "insert", "add", "update", "setdefault", "pop", "popitem", "remove", "discard", "clear"}
)


def _is_copied_for_each_request(spot: Spot) -> bool:
    # FastAPI copies the default of a handler's parameter before each call.
    if not any(imports(node, "fastapi") for node in spot.tree.body):
        return False
    for node in ast.walk(spot.tree):
        if not isinstance(node, Function) or not any(is_route(each) for each in node.decorator_list):
            continue
        given = (*node.args.defaults, *node.args.kw_defaults)
        if any(each is not None and (each.lineno, each.col_offset) == (spot.line, spot.column) for each in given):
            return True
    return False


def is_harmless(spot: Spot) -> bool:
    """Return whether the default that ruff names is copied for each request, or nobody changes it."""
    return _is_copied_for_each_request(spot) or _default_is_only_read(spot)


def severity(spot: Spot) -> Severity:
    """Return how grave it is that a default is shared: more where the function itself changes it."""
    found = _parameter(spot)
    if found is None:
        return Severity.WARNING
    function, name, _ = found
    changed = any(_changes(node, name) for node in ast.walk(function))
    return Severity.WARNING if changed else Severity.ADVICE


def _changes(node: ast.AST, name: str) -> bool:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.attr in _MUTATORS and last_name(node.func.value) == name
    if isinstance(node, ast.AugAssign):
        return last_name(node.target) == name
    return isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load) and last_name(node.value) == name


def _default_is_only_read(spot: Spot) -> bool:
    """Return whether nothing in the function changes the default, or lets it out to somebody who can."""
    found = _parameter(spot)
    return found is not None and _holds_plain_values(found[2]) and _is_only_read(found[0], found[1])


def _parameter(spot: Spot) -> tuple[Function, str, ast.expr] | None:
    """Return the function whose parameter has its default here, the parameter's name and the default."""
    for node in spot.functions:
        placed = [*node.args.posonlyargs, *node.args.args]
        given = [
            *zip(placed[len(placed) - len(node.args.defaults) :], node.args.defaults, strict=True),
            *zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True),
        ]
        for parameter, default in given:
            if default is not None and (default.lineno, default.col_offset) == (spot.line, spot.column):
                return node, parameter.arg, default
    return None


def _holds_plain_values(default: ast.expr) -> bool:
    mutable = (ast.List, ast.Dict, ast.Set, ast.Call, ast.ListComp, ast.DictComp, ast.SetComp)
    return not any(isinstance(each, mutable) for each in ast.walk(default) if each is not default)


def _is_only_read(function: Function, name: str) -> bool:
    """Return whether each use of a name takes a key or an item of it, walks through it, or asks what it holds."""
    reading = {
        id(part)
        for node in ast.walk(function)
        for part in _read_by(node)
        if isinstance(part, ast.Name) and part.id == name
    }
    grown = {id(node.target) for node in ast.walk(function) if isinstance(node, ast.AugAssign)}
    renewed = _renewed_at(function, name)
    uses = [
        node
        for node in ast.walk(function)
        if isinstance(node, ast.Name) and node.id == name and (renewed is None or node.lineno <= renewed)
    ]
    # Another value under the same name leaves the default as it was.
    return all(id(use) in reading if isinstance(use.ctx, ast.Load) else id(use) not in grown for use in uses)


def _renewed_at(function: Function, name: str) -> int | None:
    """Return the line of the statement from which on the name always holds a collection that was made anew."""
    fresh = (ast.ListComp, ast.DictComp, ast.SetComp, ast.List, ast.Dict, ast.Set)
    for part in function.body:
        if isinstance(part, ast.Assign) and [last_name(each) for each in part.targets] == [name]:
            value = part.value
            if isinstance(value, fresh) or (
                isinstance(value, ast.Call) and last_name(value.func) in {"list", "dict", "set"}
            ):
                return part.end_lineno
    return None


def _read_by(node: ast.AST) -> Iterator[ast.expr]:
    """Yield what a piece of code reads and leaves as it is."""
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
        yield node.value
    elif isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
        yield node.iter
    elif isinstance(node, ast.Compare):
        yield from node.comparators
    elif isinstance(node, ast.BoolOp):
        yield from node.values
    elif isinstance(node, ast.BinOp):
        yield from (node.left, node.right)
    elif isinstance(node, ast.If | ast.IfExp | ast.While):
        yield node.test
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _READERS:
        yield node.func.value
    elif isinstance(node, ast.Call):
        # What a call that the cell does not show does with it is not known, and mostly it reads.
        yield from (*node.args, *(each.value for each in node.keywords))
    elif isinstance(node, ast.Starred) or (isinstance(node, ast.keyword) and node.arg is None):
        yield node.value
