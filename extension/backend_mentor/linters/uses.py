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
_ABOUT_NAMES = frozenset(
    {
        "expanduser", "expandvars", "basename", "dirname", "join", "normpath", "split", "splitext", "abspath", "isabs",
        "relpath", "commonpath",
    }
)  # fmt: skip
_ASKS_FOR_VERSION = re.compile(r"version_info|hasattr\(\w+, 'UTC'\)")
_WRITTEN = frozenset({"strftime", "timestamp"})
_ESCAPES = re.compile(
    r"\b(?:format_html(?:_join)?|html_safe|escape|conditional_escape|bleach|nh3|sanitize\w*|clean_html|render_markdown)\b"
    r"|replace\(\s*['\"]<['\"]"
)
_AT_START = re.compile(r"(?:^|_)(?:lifespan|startup|start_up|on_start|shutdown|on_shutdown)(?:_|$)")
_CALLS_AT_ONCE = frozenset(
    {"sorted", "sort", "min", "max", "filter", "map", "any", "all", "next", "sum", "reduce", "to_thread", "run_sync"}
)
_BEGINNING = re.compile(r"(?:^|_)(?:start|started|begin|began|before|t0|tic)(?:_|$)", re.IGNORECASE)
_LISTS_MEMBERS = re.compile(r"\b(?:getmembers|getnames|namelist|infolist)\(")
_OTHER_LOGGERS = re.compile(r"\s*(?:from|import) (?:loguru|structlog)\b")
_CONSTANT = re.compile(r"[A-Z_][A-Z0-9_]+|_?[A-Z]\w*\.\w+(?:\.(?:value|name))?")
_GIVES_ZONE = re.compile(r"localize|make_aware|to_utc|with_zone|add_tz|as_utc", re.IGNORECASE)
_KEEPS_ZONE = frozenset({"replace", "astimezone"})
_AWARE = re.compile(r"tzinfo|ZoneInfo|pytz|timezone\b|\bUTC\b|make_aware|localize|\btz=|dateutil|\btz\b")
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


def is_for_older_versions(spot: Spot) -> bool:
    """Return whether an older Python alone comes here, which has nothing better."""
    return any(
        isinstance(node, ast.If)
        and _ASKS_FOR_VERSION.search(ast.unparse(node.test))
        and node.lineno <= spot.line <= (node.end_lineno or 0)
        for node in ast.walk(spot.tree)
    )


def is_written_at_once(spot: Spot) -> bool:
    """Return whether a time becomes a text or a number at once, and is compared with no other."""
    return any(isinstance(call.func, ast.Attribute) and call.func.attr in _WRITTEN for call in spot.calls())


def becomes_text(spot: Spot) -> bool:
    """Return whether a time is only written with a format of the code's own, which says as much as is meant."""
    scope = spot.function() or spot.tree
    if any(isinstance(call.func, ast.Attribute) and call.func.attr == "strftime" for call in spot.calls()):
        return True
    name = _bound_to(spot, scope)
    written = {
        id(node.value) for node in ast.walk(scope) if isinstance(node, ast.Attribute) and node.attr == "strftime"
    }
    read = _reads_of(name, scope, after=spot.line) if name else []
    return bool(read) and all(id(each) in written for each in read)


def _bound_to(spot: Spot, scope: ast.AST) -> str | None:
    """Return the name that a statement gives to the value made here."""
    for node in ast.walk(scope):
        if isinstance(node, ast.Assign) and node.value in spot.nodes and isinstance(node.targets[0], ast.Name):
            return node.targets[0].id
    return None


def _reads_of(name: str, scope: ast.AST, after: int = 0) -> list[ast.Name]:
    return [
        node
        for node in ast.walk(scope)
        if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load) and node.lineno > after
    ]


def measures_time(spot: Spot) -> bool:
    """Return whether a time is only taken away from another of its kind, which leaves no zone."""
    scope = spot.function() or spot.tree
    taken_away = {
        id(side)
        for node in ast.walk(scope)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub)
        for side in (node.left, node.right)
    }
    name = _bound_to(spot, scope)
    if name is not None:
        read = _reads_of(name, scope)
        return bool(read) and all(id(each) in taken_away for each in read)
    for node in ast.walk(scope):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub) and isinstance(node.right, ast.Name):
            if node.left in spot.nodes:
                return _BEGINNING.search(node.right.id) is not None
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub) and node.right in spot.nodes:
            return isinstance(node.left, ast.Name) and _is_alike(node.left.id, scope)
    return False


def _is_alike(name: str, scope: ast.AST) -> bool:
    """Return whether a name is a time in UTC that does not say so, made in the same function."""
    return any(
        isinstance(node, ast.Assign)
        and [last_name(each) for each in node.targets] == [name]
        and isinstance(node.value, ast.Call)
        and last_name(node.value.func) in {"utcnow", "utcfromtimestamp"}
        for node in ast.walk(scope)
    )


def is_first_value(spot: Spot) -> bool:
    """Return whether a time is what a form shows before anybody has filled it in."""
    return spot.lines[spot.line - 1][: spot.column].rstrip().endswith("initial=")


def gets_zone(spot: Spot) -> bool:
    """Return whether a time is given its zone by what stands around it."""
    made = {id(call) for call in spot.calls()}
    return any(
        isinstance(node, ast.Call)
        and (
            (_GIVES_ZONE.search(last_name(node.func)) is not None and any(id(each) in made for each in node.args))
            or (isinstance(node.func, ast.Attribute) and node.func.attr in _KEEPS_ZONE and id(node.func.value) in made)
        )
        for node in ast.walk(spot.tree)
    )


def agrees_with_others(spot: Spot) -> bool:
    """Return whether a local time is kept nowhere, in a cell where no time names a zone."""
    return not _is_kept(spot) and not any(_AWARE.search(line) for line in spot.lines)


def _is_kept(spot: Spot) -> bool:
    """Return whether a value goes into a field, an item or what is made with it by name."""
    own = {id(node) for node in spot.nodes}
    for node in ast.walk(spot.tree):
        if isinstance(node, ast.Assign) and id(node.value) in own:
            return any(isinstance(each, ast.Attribute | ast.Subscript) for each in node.targets)
        if (isinstance(node, ast.keyword) and id(node.value) in own) or (
            isinstance(node, ast.Dict) and any(id(each) in own for each in node.values)
        ):
            return True
    return False


def is_day(spot: Spot) -> bool:
    """Return whether a text is read as a day, which has no zone."""
    formats = [
        each.value
        for call in spot.calls()
        for each in call.args[1:2]
        if isinstance(each, ast.Constant) and isinstance(each.value, str)
    ]
    return bool(formats) and not any(re.search(r"%[HIMScXT]", each) for each in formats)


def becomes_day(spot: Spot) -> bool:
    """Return whether of the time that is read the day alone is taken."""
    made = {id(call) for call in spot.calls()}
    return any(
        isinstance(node, ast.Attribute) and node.attr in {"date", "year"} and id(node.value) in made
        for node in ast.walk(spot.tree)
    )


def holds_constants(spot: Spot) -> bool:
    """Return whether all that an f-string holds is written in the code: constants, and values of an enumeration."""
    values = [node.value for each in spot.nodes if isinstance(each, ast.JoinedStr) for node in each.values
              if isinstance(node, ast.FormattedValue)]  # fmt: skip
    return bool(values) and all(_CONSTANT.fullmatch(ast.unparse(each)) for each in values)


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


def is_duration(spot: Spot) -> bool:
    """Return whether a moment is made of a length of time, which no zone changes."""
    given = " ".join(ast.unparse(each) for call in spot.calls() for each in call.args)
    return bool(re.search(r"total_seconds|duration|elapsed|delta|interval", given, re.IGNORECASE))


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
    """Return whether an item is replaced, which changes no length."""
    return any(isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store) for node in spot.nodes)
