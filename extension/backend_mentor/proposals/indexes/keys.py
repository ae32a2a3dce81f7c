"""Which of the columns that a statement looks rows up by are worth a place in an index, and in which order."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING

from sqlglot import exp

from backend_mentor.proposals.indexes.access import Access, Reach
from backend_mentor.proposals.indexes.existing import finds_one_row, usable
from backend_mentor.proposals.indexes.fractions import equal_fraction, range_fraction

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backend_mentor.domain.schema import Column
    from backend_mentor.proposals.indexes.access import Condition

# Above a fifth of the rows, reading the table from end to end is cheaper than jumping into it row by row.
WORTHWHILE = 0.2
# So few rows are found and sorted at once: a further column in the index would find nothing faster.
FEW_ROWS = 50
MOST_EQUAL = 3
# A thousand rows lie on a dozen pages: reading all of them is as good as a look-up.
_SMALL_TABLE_ROWS = 1_000
_UNFIT_TYPES = ("json", "xml", "point", "box", "polygon", "circle", "tsvector", "[]", "vector")
# A b-tree entry of PostgreSQL holds 2,704 bytes at most; long before that an index is as large as its table.
_WIDEST_BYTES = 400


@dataclass(frozen=True, slots=True)
class LookUp:
    """Columns compared with known values, the most selective first."""

    columns: tuple[Column, ...]
    fraction: float | None
    """The part of the rows that they keep; None where the statistics do not tell."""
    repeated: bool = False
    """True where the values come from a query around it, so that it is looked up anew for each row there."""

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names."""
        return tuple(column.name for column in self.columns)


def equal_look_up(access: Access, *, one_value: bool = False) -> LookUp:
    """Return the equality columns that are worth indexing: the most selective first, until few rows are left.

    With `one_value` those compared with a list are left out: behind several values an index is not in order.
    """
    fractions = {
        column.name: equal_fraction(column, access.conditions_on(column, Reach.EQUAL))
        for column in access.columns(Reach.EQUAL)
    }
    candidates = [
        column
        for column in access.columns(Reach.EQUAL)
        if fits(column)
        and not (one_value and all(_is_list(each) for each in access.conditions_on(column, Reach.EQUAL)))
    ]
    candidates.sort(key=lambda column: _or_unknown(fractions[column.name]))
    chosen: list[Column] = []
    fraction: float | None = None
    for column in candidates[:MOST_EQUAL]:
        own = fractions[column.name]
        rows = access.table.rows
        if chosen and (_too_common(own) or (fraction is not None and rows and rows * fraction <= FEW_ROWS)):
            break
        chosen.append(column)
        fraction = _times(fraction, own)
    conditions = [each for column in chosen for each in access.conditions_on(column, Reach.EQUAL)]
    repeated = any(value.find(exp.Column) for condition in conditions for value in condition.values)
    return LookUp(tuple(chosen), fraction, repeated)


def range_column(access: Access) -> tuple[Column, float | None] | None:
    """Return the column with the narrowest range and the part of the rows within it, or None where there is none."""
    estimated = _planned_fraction(access)
    ranged = [
        (column, _smaller(range_fraction(column, access.conditions_on(column, Reach.RANGE)), estimated))
        for column in access.columns(Reach.RANGE)
        if fits(column)
    ]
    return min(ranged, key=lambda entry: _or_unknown(entry[1]), default=None)


def fits(column: Column) -> bool:
    """Return whether a b-tree takes the column's values and stays smaller than the table."""
    width = column.statistics.width if column.statistics else None
    return not any(word in column.type.lower() for word in _UNFIT_TYPES) and (width or 0) <= _WIDEST_BYTES


def is_found_already(access: Access) -> bool:
    """Return whether an index that is there leaves so few rows that another one has nothing to add."""
    equal = [column.name for column in access.columns(Reach.EQUAL)]
    if finds_one_row(access.table, equal):
        return True
    rows = access.table.rows
    if not rows:
        return False
    return any(rows * fraction <= FEW_ROWS for fraction in _served_fractions(access, equal))


def is_worthwhile(fraction: float | None) -> bool:
    """Return whether a look-up of that part of a table beats reading all of it; unknown is worth a trial."""
    return fraction is None or fraction <= WORTHWHILE


def is_large(access: Access) -> bool:
    """Return whether the table has more rows than a few pages hold; unknown and empty count as large."""
    return not access.table.rows or access.table.rows > _SMALL_TABLE_ROWS


def times(fractions: Sequence[float | None]) -> float | None:
    """Return the product of the known fractions, as if the conditions were independent; None where none is known."""
    known = [fraction for fraction in fractions if fraction is not None]
    return prod(known) if known else None


def _served_fractions(access: Access, equal: Sequence[str]) -> list[float]:
    fractions = []
    for index in usable(access.table):
        product: float | None = None
        for key in index.columns:
            column = access.table.column(key.name)
            if key.expression or column is None or column.name not in equal:
                break
            product = _times(product, equal_fraction(column, access.conditions_on(column, Reach.EQUAL)))
        if product is not None:
            fractions.append(product)
    return fractions


def _is_list(condition: Condition) -> bool:
    return len(condition.values) > 1


def _times(left: float | None, right: float | None) -> float | None:
    return times([left, right])


def _planned_fraction(access: Access) -> float | None:
    """Return the part of the rows that the plan's step returns, by its real count or else the planner's estimate.

    Only where this range is the table's one condition: else the figure is that of all of them together.
    """
    if len({each.column.name for each in access.conditions if each.column}) != 1 or access.subject.plan is None:
        return None
    rows = access.table.rows
    for node in access.subject.plan.nodes():
        name = (node.alias or node.relation or "").lower()
        returned = node.total_actual_rows if node.total_actual_rows is not None else node.estimated_rows
        if rows and returned is not None and name == access.source.name.lower():
            return min(returned / rows, 1.0)
    return None


def _smaller(left: float | None, right: float | None) -> float | None:
    return right if left is None else left if right is None else min(left, right)


def _too_common(fraction: float | None) -> bool:
    return fraction is not None and fraction > 0.5


def _or_unknown(fraction: float | None) -> float:
    return 0.1 if fraction is None else fraction
