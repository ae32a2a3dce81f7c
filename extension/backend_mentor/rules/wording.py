"""How rules write figures, names and bits of SQL in their messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend_mentor.reading.dialects import DIALECTS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlglot import exp

_LONGEST_EXCERPT = 70


def count(number: float, noun: str = "row") -> str:
    """Return a number with its noun, as in `200,000 rows`, `1 row`; a fraction of a row is rounded."""
    whole = round(number)
    return f"{whole:,} {noun if whole == 1 else plural(noun)}"


def plural(noun: str) -> str:
    """Return the plural of an English noun that the messages use."""
    if noun.endswith("y") and noun[-2] not in "aeiou":
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith(("s", "x", "ch", "sh")) else f"{noun}s"


def percent(fraction: float) -> str:
    """Return a fraction as a percentage, small ones with the digits that they need: `0.02 %`, `12 %`."""
    amount = fraction * 100
    if amount >= 10 or amount == 0:
        return f"{amount:.0f} %"
    return f"{amount:.1g} %" if amount >= 0.01 else "less than 0.01 %"


def excerpt(node: exp.Expr, dialect: str) -> str:
    """Return a piece of SQL on one line, cut where it is longer than a message bears."""
    # People write functions in lower case; the printer would shout them.
    text = " ".join(node.sql(DIALECTS[dialect], normalize_functions="lower").split())
    return text if len(text) <= _LONGEST_EXCERPT else text[: _LONGEST_EXCERPT - 1] + "…"


def listed(names: Iterable[str]) -> str:
    """Return names as people list them: `a`, `a and b`, `a, b and c`."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def kilobytes(amount: float) -> str:
    """Return an amount of kB as people read it: `640 kB`, `12 MB`, `3 GB`."""
    for unit, size in (("GB", 1024 * 1024), ("MB", 1024)):
        if amount >= size:
            return f"{amount / size:.0f} {unit}" if amount >= 10 * size else f"{amount / size:.1f} {unit}"
    return f"{amount:.0f} kB"


def milliseconds(amount: float) -> str:
    """Return a duration as people read it: `0.4 ms`, `38 ms`, `2.5 s`."""
    if amount >= 1000:
        return f"{amount / 1000:.1f} s"
    return f"{amount:.0f} ms" if amount >= 10 else f"{amount:.1f} ms"
