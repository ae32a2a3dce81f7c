"""What stands around a place that ruff names: where the syntax tree settles the matter, the finding is none."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from backend_mentor.linters.clauses import nothing_is_lost, tells_what_it_expects

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

Function = ast.FunctionDef | ast.AsyncFunctionDef
_CHECKSUM = re.compile(r"etag|checksum|cache|finger_?print|dedup", re.IGNORECASE)
_READERS = frozenset({"get", "items", "keys", "values", "copy", "index", "count"})
_ASKERS = frozenset({"len", "set", "list", "dict", "tuple", "sorted", "any", "all", "sum", "min", "max", "enumerate"})
_ADDRESSES = frozenset({"url_for", "reverse", "static"})
_ABOUT_NAMES = frozenset({"expanduser", "expandvars", "basename", "dirname", "join", "normpath", "split", "splitext"})
_WRITTEN = frozenset({"strftime", "timestamp"})
_EXCEPTION = re.compile(r"(?:Exception|Error)\b")
_ROUTES = frozenset({"get", "post", "put", "patch", "delete", "head", "options", "api_route", "websocket"})


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

    def calls(self) -> Iterator[ast.Call]:
        """Yield the calls that begin here."""
        yield from (node for node in self.nodes if isinstance(node, ast.Call))

    def function(self) -> Function | None:
        """Return the innermost function around the place."""
        around = [
            node
            for node in ast.walk(self.tree)
            if isinstance(node, Function) and node.lineno <= self.line <= (node.end_lineno or 0)
        ]
        return max(around, key=lambda node: node.lineno, default=None)


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
        for node in ast.walk(self.tree) if self.tree is not None else ():
            if isinstance(node, ast.expr):
                self._beginning[node.lineno, node.col_offset].append(node)

    def settle(self, code: str, line: int, column: int) -> bool:
        """Return whether the code around a place shows what ruff's rule `code` does not look at.

        `line` and `column` count characters from 1, as ruff does. False for code that can not be parsed yet.
        """
        settles = _SETTLED_BY.get(code)
        if settles is None or self.tree is None:
            return False
        before = self.lines[line - 1][: column - 1]
        place = (line, len(before.encode("utf-8", "surrogatepass")))
        return settles(Spot(self.tree, *place, tuple(self._beginning.get(place, ())), self.lines))


def _timeout_is_in_a_mapping(spot: Spot) -> bool:
    return any(keyword.arg is None for call in spot.calls() for keyword in call.keywords)


def _is_checksum(spot: Spot) -> bool:
    function = spot.function()
    return function is not None and _CHECKSUM.search(function.name) is not None


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


def _loads_no_objects(spot: Spot) -> bool:
    # PyYAML's FullLoader makes no objects of arbitrary classes since 5.4.
    given = [
        each
        for call in ast.walk(spot.tree)
        if isinstance(call, ast.Call) and call.lineno <= spot.line <= (call.end_lineno or 0)
        for each in (*call.args[1:2], *(keyword.value for keyword in call.keywords if keyword.arg == "Loader"))
        if (each.lineno, each.col_offset) == (spot.line, spot.column) or call in spot.calls()
    ]
    return any(_last_name(each) in {"FullLoader", "CFullLoader"} for each in given)


def _runs_a_constant(spot: Spot) -> bool:
    firsts = [call.args[0] for call in spot.calls() if call.args]
    scope = spot.function() or spot.tree
    return bool(firsts) and all(_is_own_text(each, scope, depth=1) for each in firsts)


def _raises_again(spot: Spot) -> bool:
    """Return whether a bare `raise` stands in a function that only `except` clauses call."""
    function = spot.function()
    if function is None:
        return False
    clauses = [node for node in ast.walk(spot.tree) if isinstance(node, ast.ExceptHandler)]
    inside = {id(node) for clause in clauses for node in ast.walk(clause)}
    calls = [
        node for node in ast.walk(spot.tree) if isinstance(node, ast.Call) and _last_name(node.func) == function.name
    ]
    return bool(calls) and all(id(call) in inside for call in calls)


def _is_copied_for_each_request(spot: Spot) -> bool:
    # FastAPI copies the default of a handler's parameter before each call.
    if not any(_imports_fastapi(node) for node in spot.tree.body):
        return False
    for node in ast.walk(spot.tree):
        if not isinstance(node, Function) or not any(_is_route(each) for each in node.decorator_list):
            continue
        given = (*node.args.defaults, *node.args.kw_defaults)
        if any(each is not None and (each.lineno, each.col_offset) == (spot.line, spot.column) for each in given):
            return True
    return False


def _handles_an_exception(spot: Spot) -> bool:
    """Return whether the function is given an exception: the framework calls it while that one is handled."""
    function = spot.function()
    if function is None:
        return False
    given = (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)
    return any(each.annotation is not None and _EXCEPTION.search(ast.unparse(each.annotation)) for each in given)


def _default_is_harmless(spot: Spot) -> bool:
    return _is_copied_for_each_request(spot) or _default_is_only_read(spot)


def _default_is_only_read(spot: Spot) -> bool:
    """Return whether nothing in the function changes the default, hands it on, or keeps it."""
    for node in ast.walk(spot.tree):
        if not isinstance(node, Function):
            continue
        placed = [*node.args.posonlyargs, *node.args.args]
        given = [
            *zip(placed[len(placed) - len(node.args.defaults) :], node.args.defaults, strict=True),
            *zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True),
        ]
        for parameter, default in given:
            if default is not None and (default.lineno, default.col_offset) == (spot.line, spot.column):
                return _holds_plain_values(default) and _is_only_read(node, parameter.arg)
    return False


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
    uses = [node for node in ast.walk(function) if isinstance(node, ast.Name) and node.id == name]
    return all(isinstance(use.ctx, ast.Load) and id(use) in reading for use in uses)


def _read_by(node: ast.AST) -> Iterator[ast.expr]:
    """Yield what a piece of code reads and leaves as it is."""
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
        yield node.value
    elif isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
        yield node.iter
    elif isinstance(node, ast.Compare):
        yield from node.comparators
    elif isinstance(node, ast.If | ast.IfExp | ast.While):
        yield node.test
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _READERS:
        yield node.func.value
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _ASKERS:
        yield from node.args


def _reads_no_file(spot: Spot) -> bool:
    return any(isinstance(call.func, ast.Attribute) and call.func.attr in _ABOUT_NAMES for call in spot.calls())


def _is_written_at_once(spot: Spot) -> bool:
    # A time that becomes a text or a number in the same expression is compared with no other.
    return any(isinstance(call.func, ast.Attribute) and call.func.attr in _WRITTEN for call in spot.calls())


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
    if isinstance(node, ast.Call) and _last_name(node.func) in _ADDRESSES:
        return all(_is_own_text(each, scope, depth) for each in (*node.args, *(each.value for each in node.keywords)))
    return isinstance(node, ast.Name) and depth > 0 and _is_bound_to_own_text(node.id, scope, depth - 1)


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


def _imports_fastapi(node: ast.stmt) -> bool:
    names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
    names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
    return any(name.partition(".")[0] == "fastapi" for name in names)


def _is_route(decorator: ast.expr) -> bool:
    return (
        isinstance(decorator, ast.Call) and isinstance(decorator.func, ast.Attribute) and decorator.func.attr in _ROUTES
    )


def _last_name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


_SETTLED_BY: Mapping[str, Callable[[Spot], bool]] = MappingProxyType(
    {
        "ASYNC240": _reads_no_file,
        "B006": _default_is_harmless,
        "DTZ005": _is_written_at_once,
        "FAST003": _takes_any_path,
        "LOG014": _handles_an_exception,
        "PLE0704": _raises_again,
        "S102": _runs_a_constant,
        "S110": lambda spot: nothing_is_lost(spot.tree, spot.lines, spot.line),
        "S112": lambda spot: nothing_is_lost(spot.tree, spot.lines, spot.line),
        "S113": _timeout_is_in_a_mapping,
        "S307": _runs_a_constant,
        "S308": _is_own_markup,
        "S324": _is_checksum,
        "S506": _loads_no_objects,
        "S704": _is_own_markup,
        "TRY400": lambda spot: tells_what_it_expects(spot.tree, spot.line, spot.calls()),
    }
)
"""By ruff's code."""
