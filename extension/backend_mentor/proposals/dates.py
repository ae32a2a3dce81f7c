"""Days, months and years as half-open ranges."""

from __future__ import annotations

import re
from datetime import date, timedelta

from sqlglot import exp

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")


def iso_date(text: str | None) -> date | None:
    """Return the day that a text writes as YYYY-MM-DD; None where it writes it otherwise or there is no such day."""
    if text is None or not _ISO.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def next_day(day: date) -> date | None:
    """Return the day after; None at the end of the calendar."""
    return None if day == date.max else day + timedelta(days=1)


def next_month(day: date) -> date | None:
    """Return the first day of the month after; None at the end of the calendar."""
    if (day.year, day.month) == (date.max.year, 12):
        return None
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def next_year(day: date) -> date | None:
    """Return the first day of the year after; None at the end of the calendar."""
    return None if day.year == date.max.year else date(day.year + 1, 1, 1)


def range_for(operator: type[exp.Expr], column: exp.Expr, start: date, end: date) -> exp.Expr | None:
    """Return the condition on the column itself for a comparison of its period with the one from `start` to `end`.

    `end` is the first day that is no longer in the period. None for operators that no single range can say.
    """
    low, high = (exp.Literal.string(each.isoformat()) for each in (start, end))
    if operator is exp.EQ:
        return exp.And(
            this=exp.GTE(this=column.copy(), expression=low), expression=exp.LT(this=column.copy(), expression=high)
        )
    bounds: dict[type[exp.Expr], tuple[type[exp.Binary], exp.Expr]] = {
        exp.GTE: (exp.GTE, low),
        exp.GT: (exp.GTE, high),
        exp.LT: (exp.LT, low),
        exp.LTE: (exp.LT, high),
    }
    if operator not in bounds:
        return None
    kind, bound = bounds[operator]
    return kind(this=column.copy(), expression=bound)
