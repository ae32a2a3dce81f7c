"""What becomes of the number by which a caller says how many rows the answer holds."""

from __future__ import annotations

import ast
import re
from enum import StrEnum
from typing import TYPE_CHECKING

from backend_mentor.domain.endpoint import ParameterKind
from backend_mentor.rules.endpoint.code import (
    Function,
    calls,
    constant_text,
    defaults,
    functions,
    last_name,
    names_in,
    own_nodes,
    parameters,
    targets,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Handler, Source

_SIZES = frozenset({"limit", "page_size", "per_page", "size", "top", "first", "max_results"})
_DECLARES = frozenset({"Query", "Body", "Form"})
_LIMITS = frozenset({"limit", "fetchmany"})
_LIMIT_IN_TEXT = re.compile(r"\blimit\b|\bfetch\s+(?:first|next)\b", re.IGNORECASE)


class Fate(StrEnum):
    """What a cell shows of a page size's way."""

    BOUNDED = "bounded"
    LIMITS_STATEMENT = "limits a statement"
    LEAVES_CELL = "leaves the cell"
    UNUSED = "unused"


def page_sizes(source: Source) -> Iterator[tuple[Handler, str, ast.arg]]:
    """Yield each integer of a query by which callers choose the number of rows: its handler, name and declaration."""
    if source.framework not in ("FastAPI", "Litestar"):
        return
    for handler in source.handlers:
        for each in handler.parameters_of(ParameterKind.QUERY):
            if each.name in _SIZES and each.type in ("int", "int | None") and isinstance(each.node, ast.arg):
                yield handler, each.name, each.node


def fate_of(source: Source, function: Function, parameter: ast.arg, *, calls_left: int = 1) -> Fate:
    """Return what becomes of a parameter in a function, and in those of the cell that it is given to."""
    if _is_bounded(source, function, parameter):
        return Fate.BOUNDED
    if any(_limits(node, parameter.arg) for node in calls(function)):
        return Fate.LIMITS_STATEMENT
    fates = [
        fate_of(source, called, taken, calls_left=calls_left - 1)
        for called, taken in _given_to(source, function, parameter.arg)
        if calls_left
    ]
    for fate in (Fate.BOUNDED, Fate.LIMITS_STATEMENT):
        if fate in fates:
            return fate
    given = any(_is_given(call, parameter.arg) for call in calls(function))
    return Fate.LEAVES_CELL if given else Fate.UNUSED


def receiver_of(function: Function, name: str) -> ast.Call | None:
    """Return the first call that is given the variable as it is."""
    return next((call for call in calls(function) if _is_given(call, name)), None)


def _is_bounded(source: Source, function: Function, parameter: ast.arg) -> bool:
    """Return whether its declaration has an upper bound, or the function compares it with something."""
    parts = [parameter.annotation, defaults(function).get(parameter.arg)]
    # A declaration that several handlers share stands at the top level.
    shared = {each.id for each in parts if isinstance(each, ast.Name)}
    parts += [
        each.value
        for each in source.tree.body
        if isinstance(each, ast.Assign | ast.AnnAssign) and shared & targets(each)
    ]
    # A call of one's own (`limit: int = page_size()`) can hold a bound that the cell does not show.
    if any(isinstance(part, ast.Call) and last_name(part) not in _DECLARES for part in parts):
        return True
    if any(re.search(r"\b(le|lt)=", ast.unparse(part)) for part in parts if part is not None):
        return True
    return any(_may_bound(node) and parameter.arg in names_in(node) for node in own_nodes(function))


def _may_bound(node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        return bool(re.search(r"min$|clamp|clip|valid|check|bound|cap(?:ped)?$", last_name(node)))
    return isinstance(node, ast.Compare)


def _limits(call: ast.Call, name: str) -> bool:
    """Return whether a call gives a statement the number of its rows."""
    if last_name(call) in _LIMITS and isinstance(call.func, ast.Attribute):
        return _is_given(call, name)
    if last_name(call) not in {"execute", "text", "fetch", "fetchall", "raw"} or name not in names_in(call):
        return False
    texts = [constant_text(each) or "" for each in ast.walk(call) if isinstance(each, ast.Constant)]
    return any(_LIMIT_IN_TEXT.search(text) for text in texts)


def _is_given(call: ast.Call, name: str) -> bool:
    given = (*call.args, *(each.value for each in call.keywords))
    return any(isinstance(each, ast.Name) and each.id == name for each in given)


def _given_to(source: Source, function: Function, name: str) -> Iterator[tuple[Function, ast.arg]]:
    """Yield the functions of the cell that a function gives the variable to, with the parameter that takes it."""
    for call in calls(function):
        called = next((each for each in functions(source.tree) if each.name == last_name(call)), None)
        if called is None or called is function or not isinstance(call.func, ast.Name):
            continue
        placed = [*called.args.posonlyargs, *called.args.args]
        for taken, value in zip(placed, call.args, strict=False):
            if isinstance(value, ast.Name) and value.id == name:
                yield called, taken
        for each in call.keywords:
            taken_by_name = next((one for one in parameters(called) if one.arg == each.arg), None)
            if isinstance(each.value, ast.Name) and each.value.id == name and taken_by_name is not None:
                yield called, taken_by_name
