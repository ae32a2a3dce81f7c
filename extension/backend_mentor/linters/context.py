"""What stands around a place that ruff names: where the syntax tree settles the matter, the finding is none."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from types import MappingProxyType
from typing import TYPE_CHECKING

from backend_mentor.domain.finding import Severity
from backend_mentor.linters import defaults, times, uses
from backend_mentor.linters.causes import loses_no_cause, passes_on
from backend_mentor.linters.clauses import (
    expects_what_it_names,
    explains_itself,
    has_its_traceback,
    is_expected,
    is_for_import,
    nothing_is_lost,
)
from backend_mentor.linters.spot import Function, Spot, imports, is_route, last_name
from backend_mentor.linters.wording import fitted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from backend_mentor.linters.advice.entry import Advice

_ADDRESSES = frozenset({"url_for", "reverse", "static"})
_KEEP_TEXT = frozenset({"str", "repr", "format", "Markup", "mark_safe", "dumps", "next", "getattr"})
_ERRORS = frozenset({"error", "exception", "exc", "err", "exc_info"})
_CALLED_IN_CLAUSE = re.compile(r"#.*\b(?:except|misplaced-bare-raise|PLE0704)\b")
_HANDLES = re.compile(r"\b(?:app_)?error_?handler\b|\bexception_handler\b")
_EXCEPTION = re.compile(r"(?:Exception|Error)\b")


class Surroundings:
    """A cell's syntax tree, read once for all the places that ruff names in it."""

    def __init__(self, text: str) -> None:
        """Read the cell; of code that can not be parsed yet nothing is known."""
        self.lines = tuple(text.splitlines())
        try:
            self.tree: ast.Module | None = ast.parse(text)
        except (SyntaxError, ValueError, RecursionError):
            self.tree = None
        self._beginning: dict[tuple[int, int], list[ast.expr]] = defaultdict(list)
        functions: list[ast.FunctionDef | ast.AsyncFunctionDef] = []
        for node in ast.walk(self.tree) if self.tree is not None else ():
            if isinstance(node, ast.expr):
                self._beginning[node.lineno, node.col_offset].append(node)
            elif isinstance(node, Function):
                functions.append(node)
        self._functions = tuple(functions)

    def settle(self, code: str, line: int, column: int) -> bool:
        """Return whether the code around a place shows what ruff's rule `code` does not look at.

        `line` and `column` count characters from 1, as ruff does. False for code that can not be parsed yet.
        """
        settles = _SETTLED_BY.get(code)
        if settles is None or self.tree is None:
            return False
        if (code.startswith("S") or code == "BLE001") and "# nosec" in self.lines[line - 1]:
            return True  # somebody has looked at it and said so
        return settles(self._spot(self.tree, line, column))

    def fit(self, advice: Advice, line: int, column: int) -> tuple[str, str]:
        """Return an advice's reason and remedy in the words of a place, counted as in `settle`."""
        return (
            (advice.why, advice.instead) if self.tree is None else fitted(advice, self._spot(self.tree, line, column))
        )

    def weigh(self, advice: Advice, line: int, column: int) -> Severity:
        """Return how grave an advice is at a place, counted as in `settle`."""
        weigh = _WEIGHED_BY.get(advice.name)
        if weigh is None or self.tree is None:
            return advice.severity
        return weigh(self._spot(self.tree, line, column), advice.severity)

    def _spot(self, tree: ast.Module, line: int, column: int) -> Spot:
        before = self.lines[line - 1][: column - 1]
        place = (line, len(before.encode("utf-8", "surrogatepass")))
        return Spot(tree, *place, tuple(self._beginning.get(place, ())), self.lines, self._functions)


def _timeout_is_in_a_mapping(spot: Spot) -> bool:
    return any(keyword.arg is None for call in spot.calls() for keyword in call.keywords)


def _takes_any_path(spot: Spot) -> bool:
    texts = [node.value for node in spot.nodes if isinstance(node, ast.Constant)]
    around = [
        node.value
        for node in ast.walk(spot.tree)
        if isinstance(node, ast.Constant)
        and node.lineno == spot.line
        and node.col_offset <= spot.column < (node.end_col_offset or 0)
    ]
    return any(isinstance(text, str) and ":path}" in text for text in (*texts, *around))


def _is_read_elsewhere(spot: Spot) -> bool:
    """Return whether a part of a path is read from the request, or stands in one of a handler's addresses alone."""
    name = re.search(r"\{(\w+)", spot.lines[spot.line - 1][spot.column :])
    routes = [
        node
        for node in ast.walk(spot.tree)
        if isinstance(node, Function)
        and any(each.lineno <= spot.line <= (each.end_lineno or 0) for each in node.decorator_list)
    ]
    if name is None or not routes:
        return False
    others = [each for each in routes[0].decorator_list if is_route(each) and f"{{{name[1]}" not in ast.unparse(each)]
    read = re.compile(rf"path_params.*['\"]{name[1]}['\"]")
    return bool(others) or any(read.search(line) for line in spot.lines) or _has_dependency_for(name[1], routes[0])


def _has_dependency_for(name: str, function: Function) -> bool:
    """Return whether a parameter is called after a part of the path, of a type that may well read it."""
    given = function.args
    required = [*given.posonlyargs, *given.args]
    required = required[: len(required) - len(given.defaults)]
    required += [each for each, default in zip(given.kwonlyargs, given.kw_defaults, strict=True) if default is None]
    word = name.partition("_")[0]
    return any(
        word in each.arg.split("_") and isinstance(each.annotation, ast.Name | ast.Attribute) and len(word) > 1
        for each in required
    )


def _runs_a_constant(spot: Spot) -> bool:
    firsts = [call.args[0] for call in spot.calls() if call.args]
    scope = spot.function() or spot.tree
    return bool(firsts) and all(_is_own_text(each, scope, depth=1) for each in firsts)


def _raises_again(spot: Spot) -> bool:
    """Return whether a bare `raise` stands in a function that only `except` clauses call, or is said to."""
    function = spot.function()
    if any(_CALLED_IN_CLAUSE.search(line) for line in spot.lines[max(0, spot.line - 4) : spot.line]):
        return True
    if function is None:
        return False
    clauses = [node for node in ast.walk(spot.tree) if isinstance(node, ast.ExceptHandler)]
    inside = {id(node) for clause in clauses for node in ast.walk(clause)}
    calls = [
        node for node in ast.walk(spot.tree) if isinstance(node, ast.Call) and last_name(node.func) == function.name
    ]
    return bool(calls) and all(id(call) in inside for call in calls)


def _handles_an_exception(spot: Spot) -> bool:
    """Return whether the function is given an exception: the framework calls it while that one is handled."""
    function = spot.function()
    if function is None:
        return False
    if any(_HANDLES.search(ast.unparse(each)) for each in function.decorator_list):
        return True
    given = (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)
    return any(
        each.arg in _ERRORS or (each.annotation is not None and _EXCEPTION.search(ast.unparse(each.annotation)))
        for each in given
    )


def _is_registered(spot: Spot) -> bool:
    """Return whether the first definition was given to a decorator that uses it, where two of one name may be."""
    if any(imports(node, "flask") for node in spot.tree.body):
        return False  # Flask refuses two views of one name
    function = spot.function()
    return function is not None and bool(function.decorator_list)


def _is_own_markup(spot: Spot) -> bool:
    """Return whether all of the text that is declared safe is written in the code."""
    scope = spot.function() or spot.tree
    given = [each for call in spot.calls() for each in call.args[:1]]
    return bool(given) and all(_is_own_text(each, scope, depth=3) for each in given)


def _is_own_text(node: ast.expr, scope: ast.AST, depth: int) -> bool:
    if isinstance(node, ast.Constant):
        return True
    if isinstance(node, ast.FormattedValue):
        return _is_own_text(node.value, scope, depth)
    if isinstance(node, ast.JoinedStr):
        return all(_is_own_text(each, scope, depth) for each in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return all(_is_own_text(each, scope, depth) for each in (node.left, node.right))
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
        return all(_is_own_text(each, scope, depth) for each in (node.left, *_filled_in(node.right)))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id not in _KEEP_TEXT | _ADDRESSES:
        return True  # a function of the project's own, which knows what it makes
    if isinstance(node, ast.Call) and last_name(node.func) in _ADDRESSES:
        return all(_is_own_text(each, scope, depth) for each in (*node.args, *(each.value for each in node.keywords)))
    return isinstance(node, ast.Name) and depth > 0 and _is_bound_to_own_text(node.id, scope, depth - 1)


def _filled_in(node: ast.expr) -> list[ast.expr]:
    """Return the values that `%` puts into a text."""
    if isinstance(node, ast.Dict):
        return list(node.values)
    return list(node.elts) if isinstance(node, ast.Tuple) else [node]


def _is_bound_to_own_text(name: str, scope: ast.AST, depth: int) -> bool:
    bound = [
        node
        for node in ast.walk(scope)
        if isinstance(node, ast.Name) and node.id == name and not isinstance(node.ctx, ast.Load)
    ]
    given = {
        id(target): node.value
        for node in ast.walk(scope)
        if isinstance(node, ast.Assign | ast.AugAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
    }
    return bool(bound) and all(
        id(target) in given and _is_own_text(given[id(target)], scope, depth) for target in bound
    )


def _bytes_of(spot: Spot, severity: Severity) -> Severity:
    return severity if uses.reads_sent_bytes(spot) else Severity.WARNING


_WEIGHED_BY: Mapping[str, Callable[[Spot, Severity], Severity]] = MappingProxyType(
    {
        "mutable-default": lambda spot, _: defaults.severity(spot),
        "unsafe-deserialisation": _bytes_of,
    }
)
"""By the advice's name."""

_SETTLED_BY: Mapping[str, Callable[[Spot], bool]] = MappingProxyType(
    {
        "ASYNC110": uses.waits_outside_requests,
        "ASYNC210": uses.keeps_no_request_waiting,
        "ASYNC220": uses.keeps_no_request_waiting,
        "ASYNC221": uses.keeps_no_request_waiting,
        "ASYNC222": uses.keeps_no_request_waiting,
        "ASYNC230": uses.keeps_no_request_waiting,
        "ASYNC240": lambda spot: uses.reads_no_file(spot) or uses.keeps_no_request_waiting(spot),
        "ASYNC250": uses.keeps_no_request_waiting,
        "ASYNC251": uses.keeps_no_request_waiting,
        "B006": defaults.is_harmless,
        "B012": uses.lets_cancelling_through_alone,
        "B023": uses.is_used_in_its_turn,
        "B904": lambda spot: loses_no_cause(spot.tree, spot.lines, spot.line),
        "B909": uses.sets_item,
        "BLE001": lambda spot: is_expected(spot.tree, spot.line) or nothing_is_lost(spot.tree, spot.lines, spot.line),
        "DTZ002": times.is_no_moment,
        "DTZ003": lambda spot: times.is_no_moment_in_utc(spot) or times.is_for_older_versions(spot),
        "DTZ001": lambda spot: times.gets_zone(spot) or times.agrees_with_others(spot),
        "DTZ004": lambda spot: times.is_no_moment_in_utc(spot) or times.is_duration(spot),
        "DTZ005": times.is_no_moment,
        "DTZ006": times.is_no_moment,
        "DTZ007": lambda spot: (
            times.is_day(spot) or times.becomes_day(spot) or times.gets_zone(spot) or times.agrees_with_others(spot)
        ),
        "E722": lambda spot: is_for_import(spot.tree, spot.line),
        "F811": lambda spot: uses.is_import(spot) or _is_registered(spot),
        "FAST003": lambda spot: _takes_any_path(spot) or _is_read_elsewhere(spot),
        "G001": uses.has_arguments,
        "G003": uses.has_arguments,
        "G004": lambda spot: uses.has_arguments(spot) or uses.holds_constants(spot),
        "LOG004": _handles_an_exception,
        "LOG014": _handles_an_exception,
        "PLE0704": lambda spot: _raises_again(spot) or _handles_an_exception(spot),
        "S102": _runs_a_constant,
        "S110": lambda spot: nothing_is_lost(spot.tree, spot.lines, spot.line),
        "S112": lambda spot: nothing_is_lost(spot.tree, spot.lines, spot.line),
        "S113": _timeout_is_in_a_mapping,
        "S202": uses.is_checked_before,
        "S301": uses.reads_own_bytes,
        "S307": _runs_a_constant,
        "S308": lambda spot: _is_own_markup(spot) or uses.is_escaped(spot),
        "S313": uses.reads_own_file,
        "S314": uses.reads_own_file,
        "S318": uses.reads_own_file,
        "S324": uses.is_checksum,
        "S506": uses.loads_no_objects,
        "S602": uses.is_constant_command,
        "S704": lambda spot: _is_own_markup(spot) or uses.is_escaped(spot),
        "TRY203": lambda spot: explains_itself(spot.tree, spot.lines, spot.line),
        "TRY400": lambda spot: (
            uses.has_traceback(spot)
            or expects_what_it_names(spot.tree, spot.line)
            or passes_on(spot.tree, spot.line)
            or has_its_traceback(spot.tree, spot.line)
        ),
    }
)
"""By ruff's code."""
