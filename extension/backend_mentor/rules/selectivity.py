"""How much of a table a condition keeps, by what the statistics say of its column."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

if TYPE_CHECKING:
    from collections.abc import Iterable

    from backend_mentor.domain.schema import Column, Table


def fraction_kept(condition: exp.Expr, table: Table) -> float | None:
    """Return the fraction of the rows for which a plain column equals a value or one of several; None where unknown.

    The most common values are counted by their own fraction; each other value is taken to hold an equal part of the
    rest, as PostgreSQL's eqsel does.
    """
    if isinstance(condition, exp.EQ):
        sides = (condition.this, condition.expression)
        columns = [side for side in sides if isinstance(side, exp.Column)]
        values = [side for side in sides if not isinstance(side, exp.Column)]
    elif isinstance(condition, exp.In) and condition.expressions:
        columns, values = [condition.this], condition.expressions
    else:
        return None
    column = table.column(columns[0].name) if len(columns) == 1 and isinstance(columns[0], exp.Column) else None
    parts = [_part(column, value) for value in values] if column is not None else [None]
    known = [part for part in parts if part is not None]
    return min(sum(known), 1.0) if len(known) == len(parts) else None


def kept_at_most(conditions: Iterable[exp.Expr], table: Table) -> float:
    """Return the most rows of a table that can meet all conditions, by those whose fraction is known."""
    known = (fraction_kept(each, table) for each in conditions)
    return (table.rows or 0) * min((each for each in known if each is not None), default=1.0)


def _part(column: Column, value: exp.Expr) -> float | None:
    statistics = column.statistics
    if statistics is None or not statistics.distinct:
        return None
    if isinstance(value, exp.Literal):
        for common, fraction in statistics.common:
            if str(common) == value.name:
                return fraction
    rest = 1 - sum(fraction for _, fraction in statistics.common) - (statistics.null_fraction or 0)
    others = statistics.distinct - len(statistics.common)
    return max(rest, 0.0) / others if others >= 1 else 0.0
