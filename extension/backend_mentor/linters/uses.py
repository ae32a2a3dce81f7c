"""What a value is used for, where that decides whether a warning of ruff's applies to it."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from backend_mentor.linters.spot import Function, is_route, last_name

if TYPE_CHECKING:
    from backend_mentor.linters.spot import Spot

_CHECKSUM = re.compile(r"etag|checksum|cache|finger_?print|dedup", re.IGNORECASE)
_SECRET = re.compile(
    r"passw|passphrase|secret|token|sign|auth|credential|otp|reset|verif|session|api_?key", re.IGNORECASE
)
_DRAWN = re.compile(r"urandom|token_bytes|token_hex|uuid4|getrandbits")
_LOOKED_UP = re.compile(r"etag|checksum|cache|_id\b|_key\b|lookup", re.IGNORECASE)
_FROM_OUTSIDE = re.compile(r"request|body|upload|cookie|payload|\brecv\b|socket|\.read\(|redis|message", re.IGNORECASE)
_SENT = re.compile(r"request|body|upload|cookie|payload|\brecv\b|socket|\bfile\b|message|\bread\(", re.IGNORECASE)
_ABOUT_NAMES = frozenset(
    {
        "expanduser", "expandvars", "basename", "dirname", "join", "normpath", "split", "splitext", "abspath", "isabs",
        "relpath", "commonpath",
    }
)  # fmt: skip
_ESCAPES = re.compile(
    r"\b(?:format_html(?:_join)?|html_safe|escape|conditional_escape|bleach|nh3|sanitize\w*|clean_html|render_markdown)\b"
    r"|replace\(\s*['\"]<['\"]"
)
_AT_START = re.compile(r"(?:^|_)(?:lifespan|startup|start_up|on_start|shutdown|on_shutdown)(?:_|$)")
_CALLS_AT_ONCE = frozenset(
    {
        "sorted",
        "sort",
        "min",
        "max",
        "filter",
        "map",
        "any",
        "all",
        "next",
        "sum",
        "reduce",
        "to_thread",
        "run_sync",
        "apply",
        "applymap",
        "transform",
        "agg",
        "aggregate",
        "pipe",
        "sub",
    }
)
_LISTS_MEMBERS = re.compile(r"\b(?:getmembers|getnames|namelist|infolist)\(")
_OTHER_LOGGERS = re.compile(r"\s*(?:from|import) (?:loguru|structlog)\b")
_CONSTANT = re.compile(r"[A-Z_][A-Z0-9_]+|_?[A-Z]\w*\.\w+(?:\.(?:value|name))?")
_OWN_FILES = frozenset({"parse", "iterparse"})


def is_checksum(spot: Spot) -> bool:
    """Return whether a hash guards nothing: a checksum or a key to look up by its name, or of nothing secret."""
    function = spot.function()
    made = spot.lines[spot.line - 1][: spot.column].partition("=")[0]
    if (function is not None and _CHECKSUM.search(function.name)) or _LOOKED_UP.search(made):
        return True
    hashed = " ".join(ast.unparse(each) for call in spot.calls() for each in call.args)
    nearby = "\n".join(spot.lines[spot.line : spot.line + 3])
    name = function.name if function is not None else ""
    return not _SECRET.search(f"{name} {made} {hashed or nearby}") or _DRAWN.search(hashed) is not None


def loads_no_objects(spot: Spot) -> bool:
    """Return whether YAML is read with a loader that makes plain values alone."""
    # PyYAML's FullLoader makes no objects of arbitrary classes since 5.4.
    given = [
        each
        for call in ast.walk(spot.tree)
        if isinstance(call, ast.Call) and call.lineno <= spot.line <= (call.end_lineno or 0)
        for each in (*call.args[1:2], *(keyword.value for keyword in call.keywords if keyword.arg == "Loader"))
        if (each.lineno, each.col_offset) == (spot.line, spot.column) or call in spot.calls()
    ]
    return any(last_name(each) in {"FullLoader", "CFullLoader"} for each in given)


def reads_no_file(spot: Spot) -> bool:
    """Return whether a call of `os.path` works on a name and asks no disk."""
    return any(isinstance(call.func, ast.Attribute) and call.func.attr in _ABOUT_NAMES for call in spot.calls())


def has_traceback(spot: Spot) -> bool:
    """Return whether a logging call is given the exception itself, or the text of its traceback."""
    calls = list(spot.calls())
    return any(each.arg == "exc_info" for call in calls for each in call.keywords) or any(
        last_name(each.func) in {"format_exc", "format_exception"}
        for call in calls
        for part in call.args
        for each in ast.walk(part)
        if isinstance(each, ast.Call)
    )


def holds_constants(spot: Spot) -> bool:
    """Return whether all that an f-string holds, if anything, is written in the code: constants, an enumeration's."""
    texts = [each for each in spot.nodes if isinstance(each, ast.JoinedStr)]
    values = [node.value for each in texts for node in each.values if isinstance(node, ast.FormattedValue)]
    return bool(texts) and all(_CONSTANT.fullmatch(ast.unparse(each)) for each in values)


def reads_own_file(spot: Spot) -> bool:
    """Return whether XML comes from a file, which this program or its operator wrote, or from no request."""
    function = spot.function()
    if any(last_name(call.func) in _OWN_FILES for call in spot.calls()):
        return True
    return (
        function is not None
        and not any(is_route(each) for each in function.decorator_list)
        and not _FROM_OUTSIDE.search(spot.text_of(function))
    )


def reads_own_bytes(spot: Spot) -> bool:
    """Return whether pickled bytes come from no request, or through a class that names what it makes."""
    bases = [each for node in ast.walk(spot.tree) if isinstance(node, ast.ClassDef) for each in node.bases]
    if any((each.lineno, each.col_offset) == (spot.line, spot.column) for each in bases):
        return True
    function = spot.function()
    return (
        function is not None
        and not any(is_route(each) for each in function.decorator_list)
        and not _FROM_OUTSIDE.search(spot.text_of(function))
    )


def reads_sent_bytes(spot: Spot) -> bool:
    """Return whether what is unpickled comes from a request by its name, or by that of what it was made of."""
    scope = spot.function() or spot.tree
    given = {each.id for call in spot.calls() for each in ast.walk(call) if isinstance(each, ast.Name)}
    made = [
        ast.unparse(node.value)
        for node in ast.walk(scope)
        if isinstance(node, ast.Assign) and given & {last_name(each) for each in node.targets}
    ]
    here = " ".join(ast.unparse(call) for call in spot.calls())
    return isinstance(scope, ast.Module) or _SENT.search(" ".join((here, *made))) is not None


def is_constant_command(spot: Spot) -> bool:
    """Return whether a shell is handed a list whose parts are all written in the code."""
    firsts = [call.args[0] for call in spot.calls() if call.args]
    return bool(firsts) and all(
        isinstance(each, ast.List | ast.Tuple) and all(isinstance(part, ast.Constant) for part in each.elts)
        for each in firsts
    )


def waits_outside_requests(spot: Spot) -> bool:
    """Return whether no request waits for the loop: the function is bound to no address."""
    function = spot.function()
    return function is None or not any(is_route(each) for each in function.decorator_list)


def lets_cancelling_through_alone(spot: Spot) -> bool:
    """Return whether a clause in front of the `finally` takes every exception but those that end the task."""
    for node in ast.walk(spot.tree):
        if isinstance(node, ast.Try) and any(
            part.lineno <= spot.line <= (part.end_lineno or 0) for part in node.finalbody
        ):
            return any(
                each.type is None or last_name(each.type) in {"Exception", "BaseException"} for each in node.handlers
            )
    return False


def is_checked_before(spot: Spot) -> bool:
    """Return whether the members of an archive are gone through, and one that points elsewhere is refused."""
    function = spot.function()
    text = spot.text_of(function) if function is not None else ""
    return bool(_LISTS_MEMBERS.search(text)) and "raise" in text


def is_escaped(spot: Spot) -> bool:
    """Return whether what is declared safe was escaped: in the function, or by the function of the cell it calls."""
    function = spot.function()
    if function is not None and _ESCAPES.search(spot.text_of(function)):
        return True
    given = {last_name(each.func) for call in spot.calls() for part in call.args for each in ast.walk(part)
             if isinstance(each, ast.Call)}  # fmt: skip
    made_by = [node for node in ast.walk(spot.tree) if isinstance(node, Function) and node.name in given]
    return any(_ESCAPES.search(spot.text_of(node)) for node in made_by)


def keeps_no_request_waiting(spot: Spot) -> bool:
    """Return whether a function runs before requests are taken, or speaks to somebody at a terminal."""
    function = spot.function()
    if function is None:
        return False
    decorators = " ".join(ast.unparse(each) for each in function.decorator_list)
    if _AT_START.search(function.name) or "asynccontextmanager" in decorators or "on_event" in decorators:
        return True
    return not any(is_route(each) for each in function.decorator_list) and any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "input"
        for node in ast.walk(function)
    )


def has_arguments(spot: Spot) -> bool:
    """Return whether a logging call has arguments already, which its text may not mix with, or takes none by `%`."""
    if any(_OTHER_LOGGERS.match(line) for line in spot.lines):
        return True
    calls = [
        node
        for node in ast.walk(spot.tree)
        if isinstance(node, ast.Call)
        and node.args
        and (node.args[0].lineno, node.args[0].col_offset) == (spot.line, spot.column)
    ]
    return any(len(call.args) > 1 or any(each.arg == "extra" for each in call.keywords) for call in calls)


def _begins_at(node: ast.expr, spot: Spot) -> bool:
    return (node.lineno, node.col_offset) == (spot.line, spot.column)


def is_used_in_its_turn(spot: Spot) -> bool:
    """Return whether a function made in a loop is only called within the same turn."""
    around = [
        node
        for node in ast.walk(spot.tree)
        if isinstance(node, ast.For | ast.AsyncFor | ast.While) and node.lineno <= spot.line <= (node.end_lineno or 0)
    ]
    loop = max(around, key=lambda node: node.lineno, default=None)
    if loop is None:
        return False
    for node in ast.walk(loop):
        if isinstance(node, ast.Call):
            given = (*node.args, *(each.value for each in node.keywords))
            if any(isinstance(each, ast.Lambda) and _stands_in(each, spot) for each in given):
                return last_name(node.func) in _CALLS_AT_ONCE
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and _stands_in(node, spot):
            return _is_called_alone(loop, node.name)
    return False


def _stands_in(node: ast.expr | ast.stmt, spot: Spot) -> bool:
    return node.lineno <= spot.line <= (node.end_lineno or 0)


def _is_called_alone(loop: ast.AST, name: str) -> bool:
    """Return whether a function is called wherever a loop names it, or given to what ends with the turn."""
    called = {id(node.func) for node in ast.walk(loop) if isinstance(node, ast.Call)}
    called |= {
        id(each)
        for node in ast.walk(loop)
        if isinstance(node, ast.With | ast.AsyncWith)
        for item in node.items
        for each in ast.walk(item.context_expr)
    }
    called |= {
        id(each)
        for node in ast.walk(loop)
        if isinstance(node, ast.Call) and last_name(node.func) in _CALLS_AT_ONCE
        for each in (*node.args, *(keyword.value for keyword in node.keywords))
    }
    uses = [node for node in ast.walk(loop) if isinstance(node, ast.Name) and node.id == name]
    return bool(uses) and all(id(use) in called for use in uses)


def is_import(spot: Spot) -> bool:
    """Return whether what is taken twice is an import: the second brings the same."""
    return any(
        isinstance(node, ast.Import | ast.ImportFrom) and node.lineno <= spot.line <= (node.end_lineno or 0)
        for node in ast.walk(spot.tree)
    )


def sets_item(spot: Spot) -> bool:
    """Return whether an item is replaced, which changes no length, or one is added that was not there."""
    if any(isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store) for node in spot.nodes):
        return True
    adds = any(last_name(call.func) == "append" for call in spot.calls())
    return adds and any(
        isinstance(node, ast.If)
        and any(isinstance(each, ast.NotIn) for each in ast.walk(node.test))
        and node.lineno < spot.line <= (node.body[-1].end_lineno or 0)
        for node in ast.walk(spot.tree)
    )
