"""Statements of which a single step can run for minutes: no interrupt reaches into it, so a child process runs them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlglot import exp

    from backend_mentor.domain.statement import Statement

# Above this a blob or a padded string takes noticeable time to make.
_LARGE = 100_000
_MAKERS = frozenset(["randomblob", "zeroblob"])
_FORMATS = frozenset(["printf", "format"])
_COPIERS = frozenset(["hex", "replace", "quote", "group_concat", "string_agg", "instr"])


def runaway_call(statement: Statement) -> str | None:
    """Return the call in a statement that can run away in a single step, or None."""
    from sqlglot import exp

    for call in statement.tree.find_all(exp.Func):
        name = (call.name if isinstance(call, exp.Anonymous) else call.sql_name()).lower()
        if _runs_away(name, call):
            return f"{name}()"
    return None


def _runs_away(name: str, call: exp.Func) -> bool:
    from sqlglot import exp

    if name in _MAKERS:
        return not _is_small_number(_arguments(call))
    if name in _FORMATS:
        first = next(iter(_arguments(call)), None)
        return not (isinstance(first, exp.Literal) and not re.search(r"\*|\d{5,}", first.name))
    if name in _COPIERS:
        # Copies of copies: replace(replace(...)) grows by a power with each level.
        inner = [each for each in call.find_all(type(call)) if each is not call]
        return len(inner) >= 2
    return False


def _arguments(call: exp.Func) -> list[exp.Expr]:
    return list(call.iter_expressions())


def _is_small_number(arguments: list[exp.Expr]) -> bool:
    from sqlglot import exp

    first = next(iter(arguments), None)
    return isinstance(first, exp.Literal) and not first.is_string and float(first.name) <= _LARGE
