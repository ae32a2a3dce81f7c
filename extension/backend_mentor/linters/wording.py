"""An advice in the words of its place: the cell's own names, and only what holds there."""

from __future__ import annotations

import ast
import re
from types import MappingProxyType
from typing import TYPE_CHECKING

from backend_mentor.linters.clauses import clause_around, clause_at
from backend_mentor.linters.spot import last_name

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from backend_mentor.linters.advice.entry import Advice
    from backend_mentor.linters.spot import Spot

_LONGEST_CALL = 90
_LONGEST_VALUE = 30
_ALWAYS_WRITTEN = frozenset({"warning", "error", "exception", "critical"})
_HOLDERS = MappingProxyType({-1: "%s", ord("s"): "%s", ord("r"): "%r"})
_FROM_CLOCK = frozenset({"now", "utcnow", "today"})
_FROM_NUMBER = frozenset({"fromtimestamp", "utcfromtimestamp"})
_DJANGO = re.compile(r"^\s*(?:from|import) django\b", re.MULTILINE)


def fitted(advice: Advice, spot: Spot) -> tuple[str, str]:
    """Return why it matters at this place, and what to do instead there."""
    fit = _FITTED_BY.get(advice.name)
    return fit(advice, spot) if fit is not None else (advice.why, advice.instead)


def _log_message(advice: Advice, spot: Spot) -> tuple[str, str]:
    call = next((each for each in _calls(spot) if each.args and _begins(each.args[0], spot)), None)
    if call is None:
        return advice.why, advice.instead
    why = "Each message is a text of its own for whoever groups or searches them"
    why += "." if last_name(call.func) in _ALWAYS_WRITTEN else ", and is made even where its level is off."
    return why, f"Pass the values as arguments: `{_as_arguments(call) or _in_outline(call)}`."


def _as_arguments(call: ast.Call) -> str | None:
    """Return a logging call with the values of its f-string as arguments; None where that is not a short matter."""
    text = call.args[0]
    if not isinstance(text, ast.JoinedStr) or len(call.args) > 1:
        return None
    message, values = "", list[ast.expr]()
    for part in text.values:
        if isinstance(part, ast.Constant):
            message += str(part.value).replace("%", "%%")
        elif isinstance(part, ast.FormattedValue) and part.format_spec is None and part.conversion in _HOLDERS:
            message += _HOLDERS[part.conversion]
            values.append(part.value)
        else:
            return None
    written = ast.unparse(ast.Call(call.func, [ast.Constant(message), *values], call.keywords))
    return written if len(written) <= _LONGEST_CALL and "`" not in written else None


def _in_outline(call: ast.Call) -> str:
    """Return what the call is to look like, with the first of its values."""
    values = (each.value for each in ast.walk(call.args[0]) if isinstance(each, ast.FormattedValue))
    value = next(
        (text for each in values if len(text := ast.unparse(each)) <= _LONGEST_VALUE and "`" not in text), "value"
    )
    return f'{ast.unparse(call.func)}("… %s …", {value}, …)'


def _traceback(advice: Advice, spot: Spot) -> tuple[str, str]:
    logger = next((ast.unparse(each.func.value) for each in spot.calls() if isinstance(each.func, ast.Attribute)), "")
    return advice.why, f"Use `{logger}.exception(...)` here." if logger else advice.instead


def _cause(advice: Advice, spot: Spot) -> tuple[str, str]:
    clause = clause_around(spot.tree, spot.line)
    if clause is None or clause.type is None:
        return advice.why, advice.instead
    if clause.name:
        return advice.why, f"Write `raise … from {clause.name}`, or `from None` where the cause is of no use."
    kinds = ast.unparse(clause.type)
    return advice.why, f"Name it and say so: `except {kinds} as error:` and `raise … from error`."


def _time(advice: Advice, spot: Spot) -> tuple[str, str]:
    why, instead = advice.why, advice.instead
    made = next((each for each in spot.calls() if last_name(each.func) in _FROM_CLOCK | _FROM_NUMBER), None)
    if made is not None and last_name(made.func) in _FROM_NUMBER:
        kind = ast.unparse(made.func).rpartition(".")[0]
        number = ast.unparse(made.args[0]) if made.args else "..."
        written = f"{kind}.fromtimestamp({number if len(number) <= _LONGEST_VALUE else '...'}, timezone.utc)"
        instead = f"Use `{written}`, or the zone that is meant in place of UTC."
    if not _DJANGO.search("\n".join(spot.lines)) or "strptime" in spot.lines[spot.line - 1]:
        return why, instead
    why = (
        "With `USE_TZ`, which is on in new Django projects, the ORM warns of it and reads it in the current zone, and "
        "comparing it with an aware one raises a TypeError."
    )
    if made is not None and last_name(made.func) in _FROM_CLOCK:
        instead = "Use `django.utils.timezone.now()`, and `timezone.localdate()` where a day is meant."
    return why, instead


def _useless_clause(advice: Advice, spot: Spot) -> tuple[str, str]:
    tried, _ = clause_at(spot.tree, spot.line)
    if tried is None or not (tried.finalbody or tried.orelse):
        return advice.why, advice.instead
    return advice.why, f"Take the clause away, and keep the `{'finally' if tried.finalbody else 'else'}`."


def _calls(spot: Spot) -> list[ast.Call]:
    return [node for node in ast.walk(spot.tree) if isinstance(node, ast.Call)]


def _begins(node: ast.expr, spot: Spot) -> bool:
    return (node.lineno, node.col_offset) == (spot.line, spot.column)


_FITTED_BY: Mapping[str, Callable[[Advice, Spot], tuple[str, str]]] = MappingProxyType(
    {
        "eager-log-message": _log_message,
        "error-without-traceback": _traceback,
        "cause-lost": _cause,
        "naive-datetime": _time,
        "useless-except": _useless_clause,
    }
)
"""By the advice's name."""
