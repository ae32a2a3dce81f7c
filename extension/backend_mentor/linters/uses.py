"""What a value is used for, where that decides whether a warning of ruff's applies to it."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from backend_mentor.linters.spot import is_route, last_name

if TYPE_CHECKING:
    from backend_mentor.linters.spot import Spot

_CHECKSUM = re.compile(r"etag|checksum|cache|finger_?print|dedup", re.IGNORECASE)
_SECRET = re.compile(
    r"passw|passphrase|secret|token|sign|auth|credential|otp|reset|verif|session|api_?key", re.IGNORECASE
)
_FROM_OUTSIDE = re.compile(r"request|body|upload|cookie|payload|\brecv\b|socket|\.read\(|redis|message", re.IGNORECASE)
_ABOUT_NAMES = frozenset(
    {
        "expanduser", "expandvars", "basename", "dirname", "join", "normpath", "split", "splitext", "abspath", "isabs",
        "relpath", "commonpath",
    }
)  # fmt: skip
_WRITTEN = frozenset({"strftime", "timestamp"})
_OWN_FILES = frozenset({"parse", "iterparse"})


def is_checksum(spot: Spot) -> bool:
    """Return whether a hash guards nothing: a checksum by its name, or far from all that is secret."""
    function = spot.function()
    if function is not None and _CHECKSUM.search(function.name):
        return True
    around = (
        spot.text_of(function) if function is not None else "\n".join(spot.lines[max(0, spot.line - 4) : spot.line + 3])
    )
    return not _SECRET.search(around)


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


def is_written_at_once(spot: Spot) -> bool:
    """Return whether a time becomes a text or a number at once, and is compared with no other."""
    return any(isinstance(call.func, ast.Attribute) and call.func.attr in _WRITTEN for call in spot.calls())


def gets_zone(spot: Spot) -> bool:
    """Return whether a time is given its zone by what stands around it."""
    return spot.lines[spot.line - 1][: spot.column].rstrip().endswith("localize(")


def is_day(spot: Spot) -> bool:
    """Return whether a text is read as a day, which has no zone."""
    formats = [
        each.value
        for call in spot.calls()
        for each in call.args[1:2]
        if isinstance(each, ast.Constant) and isinstance(each.value, str)
    ]
    return bool(formats) and not any(re.search(r"%[HIMScXT]", each) for each in formats)


def reads_own_file(spot: Spot) -> bool:
    """Return whether XML comes from a file, which this program or its operator wrote."""
    return any(last_name(call.func) in _OWN_FILES for call in spot.calls())


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
