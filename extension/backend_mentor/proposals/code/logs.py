"""The logger of a cell: the one that it has, or the one line that makes it."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from backend_mentor.proposals.code.fix import Edit
from backend_mentor.proposals.code.places import added_before, end_of_imports, indent_of, names_bound, quoted, replaced
from backend_mentor.reading.endpoints.trees import calls, enclosing_function, full_name, last_name, walk

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source

_NAMES = ("logger", "log", "_logger", "LOGGER", "LOG")


@dataclass(frozen=True, slots=True)
class Logger:
    """A logger by its name, and what is to be written so that the cell has it."""

    name: str
    edits: tuple[Edit, ...] = ()
    imports: tuple[str, ...] = ()
    grounds: str = ""


def logger_of(source: Source) -> Logger | None:
    """Return the logger of the standard library that a cell has at its top level, or how it comes by one.

    None where no import begins the cell, so that there is no place for it, or where its name means something else.
    """
    for statement in source.tree.body:
        if not isinstance(statement, ast.Assign) or not isinstance(statement.value, ast.Call):
            continue
        target = statement.targets[0]
        if isinstance(target, ast.Name) and full_name(source.tree, statement.value.func) == "logging.getLogger":
            return Logger(target.id, grounds=f"{target.id} is made on line {statement.lineno}")
    bound = names_bound(source.tree)
    used = {each.id for each in walk(source.tree) if isinstance(each, ast.Name)}
    place = end_of_imports(source)
    if place is None or "logger" in bound or any(name in used - bound for name in _NAMES):
        return None
    line = "logger = logging.getLogger(__name__)\n"
    grounds = "one line makes it, below the imports"
    return Logger("logger", (Edit(place, place, f"\n{line}"),), ("logging",), grounds)


def speaker_of(source: Source) -> Logger | None:
    """Return a logger for a text without values, for which one of any library will do: imported, or of another cell."""
    own = logger_of(source)
    speaks = (
        each.value.id
        for each in walk(source.tree)
        if isinstance(each, ast.Attribute)
        and isinstance(each.value, ast.Name)
        and each.value.id in _NAMES
        and each.attr in {"exception", "error", "warning", "info", "debug"}
    )
    given = next(speaks, None) if own is None else None
    return own if given is None else Logger(given, grounds=f"the cell logs with {given} already")


def failure_logged(source: Source, tried: ast.Try, clause: ast.ExceptHandler) -> Logger | None:
    """Return a logger with the edits that make a clause log what it caught, in place of its `pass` or before the rest.

    No edit where the clause logs the traceback already; None where there is no logger, or no line for it.
    """
    logger = speaker_of(source)
    if any(last_name(call) == "exception" for part in clause.body for call in calls(part)):
        return Logger("", grounds="the clause logs it already")
    if logger is None:
        return None
    first, indent = clause.body[0], indent_of(source, clause.body[0])
    text = f"{logger.name}.exception({quoted(source, _what_failed(source, tried))})"
    if isinstance(first, ast.Pass):
        edit = replaced(source, first, text)
    elif indent is not None:
        edit = added_before(source, first, f"{text}\n{indent}")
    else:
        return None
    return Logger(logger.name, (*logger.edits, edit), logger.imports, logger.grounds)


def _what_failed(source: Source, tried: ast.Try) -> str:
    called = next((name for part in tried.body for call in calls(part) if (name := last_name(call))), None)
    function = enclosing_function(source.tree, tried)
    name = function.name if function is not None else called or "It"
    return f"{name}: {called} failed" if called and called != name else f"{name} failed"
