"""Whether two results say the same: as bags of rows, in order where there is one, with the freedom that ties leave."""

from __future__ import annotations

import math
from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from backend_mentor.domain.proof import Rows
    from backend_mentor.proofs.result_order import ResultOrder

Row = tuple[object, ...]

# Sums of floats depend on the order of their parts; nothing else about a number is forgiven.
_RELATIVE_TOLERANCE = 1e-9


def difference(before: Rows, after: Rows, order: ResultOrder, full: Callable[[], Rows | None]) -> str | None:
    """Return what differs: `error`, `columns`, `types`, `rows` or `order`; None where nothing does.

    Where the original fails the pair tells nothing, and None is returned: a rewrite may only remove errors. `full` runs
    `order.full` on the same tables; it is asked only where ties could excuse a difference.
    """
    if before.error is not None:
        return None
    if after.error is not None:
        return "error"
    if before.rows == after.rows and _same_types(before.rows, after.rows):
        return _column_difference(before, after, order)
    by_columns = _column_difference(before, after, order)
    if by_columns is not None:
        return by_columns
    by_bag = _bag_difference(before.rows, after.rows)
    if not order.ordered and not order.limited:
        return by_bag
    if by_bag is not None and not order.limited:
        return by_bag
    return _excused(before, after, order, by_bag, full)


def tells(before: Rows, after: Rows) -> bool:
    """Return whether the original answered with at least one row, and without an error."""
    return before.error is None and bool(before.rows)


def _column_difference(before: Rows, after: Rows, order: ResultOrder) -> str | None:
    if len(before.columns) != len(after.columns):
        return "columns"
    chosen = order.named or (True,) * len(before.columns)
    pairs = zip(before.columns, after.columns, chosen, strict=False)
    # The engine makes up the name of an expression without an alias, and promises nothing about it.
    return "columns" if any(one != other for one, other, is_chosen in pairs if is_chosen) else None


def _bag_difference(before: Sequence[Row], after: Sequence[Row]) -> str | None:
    if len(before) != len(after):
        return "rows"
    ones, others = _bag(before), _bag(after)
    if ones == others:
        return None
    if _close(ones - others, others - ones):
        return None
    values = Counter(tuple(_value(cell) for cell in row) for row in before)
    return "types" if values == Counter(tuple(_value(cell) for cell in row) for row in after) else "rows"


def _excused(
    before: Rows, after: Rows, order: ResultOrder, by_bag: str | None, full: Callable[[], Rows | None]
) -> str | None:
    """Return the difference that is left once tied rows may come in any order, and a LIMIT may cut them anywhere."""
    if len(before.rows) != len(after.rows):
        return "rows"
    everything = full()
    if everything is None or everything.error is not None:
        # The sort keys can not be seen: what a tie explains can not be told from what it does not.
        return None
    width = len(everything.columns) - order.keys
    visible = [tuple(row[:width]) for row in everything.rows]
    keys = [_key(row[width:], order) for row in everything.rows]
    if _bag(after.rows) - _bag(visible):
        return by_bag if by_bag == "types" else "rows"
    key_of: dict[Row, Row] = {}
    for row, key in zip(visible, keys, strict=True):
        if key_of.setdefault(_cells(row), key) != key:
            return None  # equal rows under different keys: any of them may stand for any other
    wanted = keys[order.offset_rows : order.offset_rows + len(before.rows)] if order.limited else keys
    if [key_of[_cells(row)] for row in after.rows] == wanted:
        return None
    return "rows" if by_bag is not None else "order"


def _bag(rows: Iterable[Row]) -> Counter[Row]:
    return Counter(map(_cells, rows))


def _cells(row: Row) -> Row:
    return tuple(_cell(value) for value in row)


def _cell(value: object) -> object:
    """Return a value that is equal and hashed alike only for values of the same type, floats rounded."""
    if isinstance(value, float):
        return ("float", "nan" if math.isnan(value) else f"{value:.9g}")
    if isinstance(value, dict | list):
        return ("json", repr(value))
    if isinstance(value, memoryview):
        return ("bytes", bytes(value))
    return (type(value).__name__, value)


def _value(value: object) -> object:
    if isinstance(value, bool | int | float | Decimal):
        return f"{float(value):.9g}"
    return repr(value) if isinstance(value, dict | list) else str(value)


def _key(values: Row, order: ResultOrder) -> Row:
    if order.folded:
        return tuple(value.casefold().rstrip() if isinstance(value, str) else _value(value) for value in values)
    return tuple(None if value is None else _value(value) for value in values)


def _same_types(before: Sequence[Row], after: Sequence[Row]) -> bool:
    return all(list(map(type, one)) == list(map(type, other)) for one, other in zip(before, after, strict=True))


def _close(ones: Counter[Row], others: Counter[Row]) -> bool:
    """Return whether the rows that are left over differ by no more than the rounding of floats."""
    left, right = sorted(ones.elements(), key=repr), sorted(others.elements(), key=repr)
    return len(left) == len(right) and all(
        _cell_close(one, other)
        for row, twin in zip(left, right, strict=True)
        for one, other in zip(row, twin, strict=True)
    )


def _cell_close(one: object, other: object) -> bool:
    if one == other:
        return True
    if not (isinstance(one, tuple) and isinstance(other, tuple)) or one[0] != "float" or other[0] != "float":
        return False
    return math.isclose(float(one[1]), float(other[1]), rel_tol=_RELATIVE_TOLERANCE * 10)
