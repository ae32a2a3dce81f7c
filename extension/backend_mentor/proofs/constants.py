"""What the constant parts of a statement are worth, near enough to make trial values of them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from sqlglot import exp

from backend_mentor.proofs.families import as_moment, is_iso

if TYPE_CHECKING:
    from backend_mentor.domain.statement import Statement

_NOW = (exp.CurrentTimestamp, exp.CurrentDate, exp.CurrentDatetime)
_DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}
_SECONDS = {"second": 1, "minute": 60, "hour": 3600}
_MODIFIER = re.compile(r"^\s*([+-]?\d+(?:\.\d+)?)\s*(second|minute|hour|day|week|month|year)s?\s*$", re.IGNORECASE)


def constants_of(node: exp.Expr, statement: Statement) -> tuple[object, ...]:
    """Return the values that an expression without columns stands for; empty where it is none or not known.

    A placeholder stands for each value that the statement was given. Months count 30 days and years 365: the values
    only have to lie near the boundary, for their neighbours are tried as well.
    """
    if isinstance(node, exp.Placeholder | exp.Parameter):
        return statement.values
    if isinstance(node, exp.Array | exp.Tuple):
        return tuple(value for each in node.expressions for value in constants_of(each, statement))
    value = constant(node)
    return () if value is None else (value,)


def constant(node: exp.Expr) -> object:
    """Return the value of a literal or of plain arithmetic over literals; None where it is not known."""
    if isinstance(node, exp.Literal):
        return node.this if node.is_string else _number(node.this)
    if isinstance(node, exp.Boolean):
        return bool(node.this)
    if isinstance(node, exp.Paren | exp.Cast | exp.TsOrDsToDate | exp.TsOrDsToTimestamp):
        return constant(node.this)
    if isinstance(node, exp.Neg):
        inner = constant(node.this)
        return -inner if isinstance(inner, int | Decimal) else None
    if isinstance(node, exp.Interval):
        return interval(node)
    if isinstance(node, _NOW):
        return today()
    if isinstance(node, exp.Anonymous):
        return _sqlite_date(node)
    if isinstance(node, exp.Add | exp.Sub | exp.Mul | exp.Div):
        return _arithmetic(node)
    return None


def today() -> datetime:
    """Return this morning in UTC: what `now()` is worth to trial data."""
    return datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)


def interval(node: exp.Interval) -> timedelta | None:
    """Return the length of an interval."""
    amount, unit = node.this, node.args.get("unit")
    text = f"{amount.name if amount is not None else ''} {unit.name if unit is not None else ''}"
    return _length(text)


def add(value: object, other: object, sign: int) -> object:
    """Return `value + sign * other` for numbers and points in time; None where that makes no sense."""
    if isinstance(other, timedelta):
        if isinstance(value, date) or is_iso(value):
            return as_moment(value) + sign * other
        return None
    if isinstance(value, int | Decimal) and isinstance(other, int | Decimal):
        return value + sign * other
    if (isinstance(value, date) or is_iso(value)) and isinstance(other, int):
        return as_moment(value) + timedelta(days=sign * other)
    return None


def _arithmetic(node: exp.Binary) -> object:
    left, right = constant(node.left), constant(node.right)
    if isinstance(node, exp.Add | exp.Sub):
        return add(left, right, 1 if isinstance(node, exp.Add) else -1)
    if not isinstance(left, int | Decimal) or not isinstance(right, int | Decimal):
        return None
    if isinstance(node, exp.Mul):
        return left * right
    return Decimal(left) / right if right else None


def _sqlite_date(node: exp.Anonymous) -> object:
    if node.name.lower() not in ("date", "datetime", "now", "julianday"):
        return today() if node.name.lower() == "now" else None
    arguments = [constant(each) for each in node.expressions]
    if not arguments:
        return today()
    start = today() if arguments[0] == "now" else arguments[0]
    for modifier in arguments[1:]:
        length = _length(str(modifier))
        if length is not None and start is not None:
            start = add(start, length, 1)
    return start


def _length(text: str) -> timedelta | None:
    match = _MODIFIER.match(text)
    if match is None:
        return None
    amount, unit = float(match[1]), match[2].lower()
    return timedelta(days=amount * _DAYS[unit]) if unit in _DAYS else timedelta(seconds=amount * _SECONDS[unit])


def _number(text: str) -> int | Decimal | None:
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return Decimal(text)
    except InvalidOperation:
        return None
