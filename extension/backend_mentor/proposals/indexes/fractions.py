"""Which part of a table a condition keeps, by the statistics; None where they do not tell."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlglot import exp

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backend_mentor.domain.schema import Column
    from backend_mentor.proposals.indexes.access import Condition


def equal_fraction(column: Column, conditions: Sequence[Condition]) -> float | None:
    """Return the part of the rows in which the column equals the value, or one of the listed values."""
    fractions = [_of_values(column, condition.values) for condition in conditions]
    known = [fraction for fraction in fractions if fraction is not None]
    return min(known) if known else None


def range_fraction(column: Column, conditions: Sequence[Condition]) -> float | None:
    """Return the part of the rows between the bounds, as if all but the common values were spread evenly."""
    statistics = column.statistics
    if statistics is None:
        return None
    low, high = _position(statistics.low), _position(statistics.high)
    if low is None or high is None or high <= low:
        return None
    begin, end = low, high
    common = [(position, part) for value, part in statistics.common if (position := _position(value)) is not None]
    for condition in conditions:
        positions = [_position(_constant(value)) for value in condition.values]
        if any(position is None for position in positions):
            return None
        places = [position for position in positions if position is not None]
        if condition.operator in (exp.GT, exp.GTE, exp.Between):
            begin = max(begin, places[0])
        if condition.operator in (exp.LT, exp.LTE, exp.Between):
            end = min(end, places[-1])
    within = sum(part for position, part in common if begin <= position <= end)
    rest = max(1 - sum(part for _, part in common) - (statistics.null_fraction or 0.0), 0.0)
    return within + rest * max(end - begin, 0.0) / (high - low)


def value_fraction(column: Column, value: exp.Expr) -> float | None:
    """Return the part of the rows that hold this value; for what is no constant, the part that a mean value holds."""
    statistics = column.statistics
    if statistics is None:
        return None
    nulls = statistics.null_fraction or 0.0
    if isinstance(value, exp.Null):
        return statistics.null_fraction
    constant = _constant(value)
    if constant is not None:
        for common, fraction in statistics.common:
            if str(common) == str(constant):
                return fraction
    if not statistics.distinct:
        return None
    rest = max(1 - nulls - sum(fraction for _, fraction in statistics.common), 0.0)
    rare = statistics.distinct - len(statistics.common)
    if constant is None or not statistics.common:
        return (1 - nulls) / max(statistics.distinct, 1.0)
    # A category that no sample met is as rare as all that the common ones leave.
    return rest / max(rare, 1.0)


def _of_values(column: Column, values: Sequence[exp.Expr]) -> float | None:
    fractions = [value_fraction(column, value) for value in values]
    if any(fraction is None for fraction in fractions):
        return None
    return min(sum(fraction for fraction in fractions if fraction is not None), 1.0)


def _constant(node: exp.Expr) -> object:
    bare = node.this if isinstance(node, (exp.Cast, exp.Paren)) else node
    if isinstance(bare, exp.Neg) and isinstance(bare.this, exp.Literal):
        return _number(f"-{bare.this.name}")
    if not isinstance(bare, exp.Literal):
        return None
    return bare.name if bare.is_string else _number(bare.name)


def _number(text: str) -> object:
    return int(text) if text.lstrip("-").isdigit() else Decimal(text)


def _position(value: object) -> float | None:
    """Return where a value lies on a line: a number as it is, a moment as seconds."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, (int, float, Decimal)):
        return float(value)
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).timestamp()
    return float(value.toordinal() * 86_400) if isinstance(value, date) else None
