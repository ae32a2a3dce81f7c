"""What the planner knows of a column's values, from pg_stats."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING

from backend_mentor.domain.schema import ColumnStatistics

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_READERS: dict[str, Callable[[str], object]] = {
    "smallint": int,
    "integer": int,
    "bigint": int,
    "real": float,
    "double precision": float,
    "numeric": Decimal,
    "boolean": "t".__eq__,
}
# Of these the text sorts as the value does; of other text the order is the collation's, which is not ours.
_SORTABLE_TEXT = ("date", "timestamp without time zone")
_ALL_ROWS = 0.9999


def column_statistics(type_name: str, rows: object, figures: Sequence[object]) -> ColumnStatistics:
    """Return a column's statistics from one row of pg_stats; `rows` is the table's estimate, negative if unknown."""
    null_fraction, width, distinct, correlation, values, frequencies, low, high, covered = figures
    read = _READERS.get(type_name, str)
    common = _common(values, frequencies, read)
    lowest, highest = (None if bound is None else read(str(bound)) for bound in (low, high))
    if type_name in _READERS or type_name in _SORTABLE_TEXT:
        # The histogram leaves the most common values out; without one they are all that there is.
        known = [value for value, _ in common] + [each for each in (lowest, highest) if each is not None]
        complete = low is not None or (_number(covered) or 0.0) + (_number(null_fraction) or 0.0) >= _ALL_ROWS
        if known and complete:
            lowest, highest = min(known, key=_order), max(known, key=_order)
    return ColumnStatistics(
        distinct=_distinct(_number(distinct), _number(rows)),
        null_fraction=_number(null_fraction),
        common=common,
        low=lowest,
        high=highest,
        width=_number(width),
        correlation=_number(correlation),
    )


def _common(values: object, frequencies: object, read: Callable[[str], object]) -> tuple[tuple[object, float], ...]:
    if values is None or frequencies is None:
        return ()
    pairs = zip(json.loads(str(values)), json.loads(str(frequencies)), strict=True)
    return tuple((read(value), float(frequency)) for value, frequency in pairs)


def _distinct(distinct: float | None, rows: float | None) -> float | None:
    """Return a count; a negative one is a part of the rows (pg_stats.n_distinct), 0 is unknown."""
    if distinct is None or distinct == 0:
        return None
    if distinct > 0:
        return distinct
    return -distinct * rows if rows is not None and rows >= 0 else None


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float | Decimal) else None


def _order(value: object) -> tuple[float, str]:
    number = _number(value)
    return (0.0, str(value)) if number is None else (number, "")
