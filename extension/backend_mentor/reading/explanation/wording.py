"""Numbers, lists, dates and literals as people write them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August"),
    *("September", "October", "November", "December"),
)
_MOMENT = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[ T](\d\d:\d\d)(:\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d(?::?\d\d)?)?)?")


def count(rows: float, noun: str = "row") -> str:
    """Return `1 row`, `200,000 rows`."""
    whole = round(rows)
    return f"{whole:,} {noun if whole == 1 else plural(noun)}"


def plural(noun: str) -> str:
    """Return the plural of a common noun."""
    if re.search(r"[^aeiou]y$", noun):
        return noun[:-1] + "ies"
    return noun + ("es" if re.search(r"(s|x|ch|sh)$", noun) else "s")


def small(number: int) -> str:
    """Return `ten` for 10 and `200` for 200: words up to ten."""
    return _SMALL[number] if 0 <= number < len(_SMALL) else f"{number:,}"


def listed(parts: Sequence[str], word: str = "and") -> str:
    """Return `a`, `a and b`, `a, b and c`; a comma before the last where a part is itself a list."""
    if len(parts) < 2:
        return "".join(parts)
    if any(", " in part or f" {word} " in part for part in parts[:-1]):
        return f"{', '.join(parts[:-1])}, {word} {parts[-1]}"
    return f"{', '.join(parts[:-1])} {word} {parts[-1]}"


def code(sql: str, at_most: int = 80) -> str:
    """Return SQL in backquotes, cut where it is long: the honest word where no sentence is sure to be right."""
    sql = re.sub(r"\s+", " ", sql).strip()
    return f"`{sql if len(sql) <= at_most else sql[: at_most - 1].rstrip() + '…'}`"


def sentence(text: str) -> str:
    """Return the text with a capital and a full stop."""
    text = text.strip()
    if not text:
        return ""
    first = text[0].upper() + text[1:]
    return first if first.endswith((".", ":", "?")) else first + "."


def day(text: str) -> str | None:
    """Return `2 March 2026` for an ISO date, `10:30 on 2 March 2026` for a moment, None for other text."""
    match = _MOMENT.fullmatch(text.strip())
    if not match:
        return None
    year, month, number = int(match[1]), int(match[2]), int(match[3])
    try:
        date(year, month, number)
    except ValueError:
        return None
    said = f"{number} {_MONTHS[month - 1]} {year}"
    if match[4] is None:
        return said
    zone = text.strip()[match.end(5) if match[5] else match.end(4) :]
    seconds = match[5] if match[5] and match[5] != ":00" else ""
    clock = f"{match[4]}{seconds}{zone.replace('Z', ' UTC')}"
    return f"{clock} on {said}"


def month(text: str) -> str | None:
    """Return `March 2026` for `2026-03`, None for other text."""
    match = re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", text.strip())
    return f"{_MONTHS[int(match[2]) - 1]} {match[1]}" if match else None


def is_whole_day(text: str) -> bool:
    """Return whether the text is an ISO date without a time, or one at midnight."""
    match = _MOMENT.fullmatch(text.strip())
    return match is not None and day(text) is not None and (match[4] is None or text.strip()[10:] in _MIDNIGHTS)


_MIDNIGHTS = (" 00:00", " 00:00:00", "T00:00", "T00:00:00")


def value(raw: object) -> str:
    """Return a bound value as people write it: `'open'`, `1,000`, `2 March 2026`, `NULL`."""
    if raw is None:
        return "NULL"
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if isinstance(raw, int | float | Decimal):
        return number(str(raw))
    if isinstance(raw, datetime | date):
        return day(raw.isoformat(sep=" ") if isinstance(raw, datetime) else raw.isoformat()) or str(raw)
    if isinstance(raw, bytes):
        return f"{count(len(raw), 'byte')} of binary data"
    return day(str(raw)) or f"'{raw}'"


def number(text: str) -> str:
    """Return a number's text with its thousands marked; what is no plain number stays."""
    match = re.fullmatch(r"(-?)(\d{4,})(\.\d+)?", text)
    return f"{match[1]}{int(match[2]):,}{match[3] or ''}" if match and int(match[2]) >= 10_000 else text
