"""A time without a zone: whether it is compared with others, or kept where somebody has to know which it is."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from backend_mentor.linters.spot import last_name

if TYPE_CHECKING:
    from backend_mentor.linters.spot import Spot

_WRITTEN = frozenset({"strftime", "timestamp"})
_PARTS = frozenset({"strftime", "year", "month", "day", "hour", "minute", "weekday", "isocalendar"})
_BEGINNING = re.compile(r"(?:^|_)(?:start|started|begin|began|before|t0|tic)(?:_|$)", re.IGNORECASE)
_GIVES_ZONE = re.compile(r"localize|make_aware|to_utc|with_zone|add_tz|as_utc", re.IGNORECASE)
_KEEPS_ZONE = frozenset({"replace", "astimezone"})
_AWARE = re.compile(r"tzinfo|ZoneInfo|pytz|timezone\b|\bUTC\b|make_aware|localize|\btz=|dateutil|\btz\b")
_ASKS_FOR_VERSION = re.compile(r"version_info|hasattr\(\w+, 'UTC'\)")


def is_no_moment(spot: Spot) -> bool:
    """Return whether a local time is compared with nothing and kept nowhere."""
    return (
        is_written_at_once(spot)
        or becomes_text(spot)
        or becomes_day(spot)
        or measures_time(spot)
        or is_first_value(spot)
        or gets_zone(spot)
        or agrees_with_others(spot)
    )


def is_no_moment_in_utc(spot: Spot) -> bool:
    """Return whether a time in UTC that does not say so is compared with none that does, and kept nowhere."""
    return becomes_text(spot) or measures_time(spot) or gets_zone(spot)


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
    own = set(map(id, spot.nodes))
    return any(
        isinstance(call.func, ast.Attribute)
        and call.func.attr in _WRITTEN
        and any(id(each) in own for part in (call.func.value, *call.args) for each in ast.walk(part))
        for call in ast.walk(spot.tree)
        if isinstance(call, ast.Call)
    )


def becomes_text(spot: Spot) -> bool:
    """Return whether a time is only written as the code says, or taken apart, and compared with no other."""
    scope = spot.function() or spot.tree
    if any(isinstance(call.func, ast.Attribute) and call.func.attr == "strftime" for call in spot.calls()):
        return True
    name = _bound_to(spot, scope)
    written = {
        id(node.value)
        for node in ast.walk(scope)
        if isinstance(node, ast.FormattedValue) or (isinstance(node, ast.Attribute) and node.attr in _PARTS)
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
    """Return whether a time is given its zone by what stands around it, or further on in its function."""
    made = {id(call) for call in spot.calls()}
    function = spot.function()
    calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)] if function is not None else []
    if any(_GIVES_ZONE.search(last_name(call.func)) for call in calls) and not _is_kept(spot):
        return True
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


def is_duration(spot: Spot) -> bool:
    """Return whether a moment is made of a length of time, which no zone changes."""
    given = " ".join(ast.unparse(each) for call in spot.calls() for each in call.args)
    return bool(re.search(r"total_seconds|duration|elapsed|delta|interval", given, re.IGNORECASE))
