"""What a loop goes through: all of the data, the first that fits, what the code lists; and what a turn asks."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from backend_mentor.rules.endpoint.code import (
    dotted,
    enclosing,
    enclosing_function,
    last_name,
    own_nodes,
    targets,
    within,
)

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source

# What the operator has set is a handful, whatever the data.
_OPERATORS_CHOICE = re.compile(r"\b\w*(?:settings|config)\b", re.IGNORECASE)
_COMPARISONS = frozenset(
    {"in", "contains", "icontains", "startswith", "istartswith", "endswith", "regex", "gt", "gte", "lt", "lte", "range"}
)


def ends_with_first(source: Source, call: ast.Call) -> bool:
    """Return whether the loop is left with what it found: it looks for one item, and does not go through all."""
    loop = next((each for each in enclosing(source.tree, call) if isinstance(each, ast.For | ast.AsyncFor)), None)
    if loop is None:
        return False
    for node in (each for part in loop.body for each in within(part)):
        if isinstance(node, ast.If) and not _asks_for_failure(node.test):
            ends = node.body[-1]
            if isinstance(ends, ast.Break) or (isinstance(ends, ast.Return) and _is_found(ends.value)):
                return True
    return any(isinstance(each, ast.Return) and _is_found(each.value) for each in loop.body)


def _asks_for_failure(test: ast.expr) -> bool:
    if isinstance(test, ast.UnaryOp):
        return isinstance(test.op, ast.Not)
    return isinstance(test, ast.Compare) and not isinstance(test.ops[0], ast.Eq | ast.IsNot | ast.In)


def _is_found(value: ast.expr | None) -> bool:
    """Return whether what is returned is something else than an answer about a failure."""
    answers = isinstance(value, ast.Tuple) or (isinstance(value, ast.Call) and "status" in ast.unparse(value))
    return value is not None and not answers


def is_fixed(source: Source, call: ast.Call, iterable: ast.expr) -> bool:
    """Return whether the code itself says how many items there are."""
    named = (
        iterable.func.value if isinstance(iterable, ast.Call) and isinstance(iterable.func, ast.Attribute) else iterable
    )
    if isinstance(named, ast.List | ast.Tuple | ast.Set | ast.Dict):
        return not any(isinstance(each, ast.Starred) for each in ast.walk(named))
    if _OPERATORS_CHOICE.search(ast.unparse(named)):
        return True
    if not isinstance(named, ast.Name):
        return False
    function = enclosing_function(source.tree, call)
    scopes = [each for each in (function, source.tree) if each is not None]
    for scope in scopes:
        given = [each for each in own_nodes(scope) if isinstance(each, ast.Assign | ast.AnnAssign | ast.AugAssign)]
        bound = [each for each in given if named.id in targets(each)]
        if bound:
            return all(isinstance(each.value, ast.List | ast.Tuple | ast.Set | ast.Dict) for each in bound) and not any(
                _grows(node, named.id) for node in own_nodes(scope)
            )
    return False


def _grows(node: ast.AST, name: str) -> bool:
    """Return whether a statement adds what only the run knows to a container."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and dotted(node.func.value) == name:
        return node.func.attr in {"append", "extend", "add", "update", "insert", "setdefault"}
    return (
        isinstance(node, ast.Subscript)
        and isinstance(node.ctx, ast.Store)
        and dotted(node.value) == name
        and not isinstance(node.slice, ast.Constant)
    )


def has_no_group(source: Source, call: ast.Call) -> bool:
    """Return whether no one statement can ask for all: it names many rows already, compares otherwise, or repairs."""
    if any(isinstance(each, ast.ExceptHandler) for each in enclosing(source.tree, call)):
        return True
    asked = [each for each in ast.walk(call) if isinstance(each, ast.Call)]
    given = [keyword.arg for each in asked for keyword in each.keywords]
    compared = {name.rpartition("__")[2] for name in given if name and "__" in name}
    return (
        None in given
        or any(last_name(each) in {"in_", "like", "ilike", "contains", "between"} for each in asked)
        or bool(compared & _COMPARISONS)
    )
