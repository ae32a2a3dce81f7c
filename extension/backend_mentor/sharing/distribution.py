"""A schema with what may be told of it: its shape and rounded statistics, no value that a row holds."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from backend_mentor.domain.errors import NotSupportedError
from backend_mentor.domain.schema import ColumnStatistics, TableKind
from backend_mentor.proofs.families import holds_iso, is_iso

if TYPE_CHECKING:
    from backend_mentor.domain.schema import Check, Column, Index, Schema, Table
    from backend_mentor.sharing.literals import Literals

IDENTITY = "identity"
"""What a catalogue gives as the default of an identity column."""
SHARED_KINDS = (TableKind.TABLE, TableKind.PARTITIONED)


def names_of(schema: Schema) -> frozenset[str]:
    """Return every name that the schema gives to something, in lower case."""
    found = {"main", "public", "pg_catalog", "rowid", "c", "default"}
    for table in schema.tables:
        found |= {table.name, table.namespace or ""}
        found |= {column.name for column in table.columns} | {column.collation or "" for column in table.columns}
        found |= {index.name for index in table.indexes} | {check.name or "" for check in table.checks}
        found |= {foreign.name or "" for foreign in table.foreign_keys}
        found |= {foreign.referenced_table for foreign in table.foreign_keys}
    return frozenset(name.lower() for name in found if name)


def make_public(schema: Schema, literals: Literals) -> tuple[Schema, tuple[tuple[str, str], ...]]:
    """Return the schema that may be shared, and the name and reason of each relation that it does without.

    Common values are row values, and so are a text's lowest and highest: both go. A number's range is rounded outwards
    to its first digit, a date's to whole years.
    """
    kept: list[Table] = []
    left_out: list[tuple[str, str]] = []
    for table in schema.tables:
        if table.kind not in (*SHARED_KINDS, TableKind.VIEW):
            left_out.append((table.name, f"a {table.kind.value} is not made up"))
            continue
        try:
            kept.append(_table(table, literals))
        except NotSupportedError as error:
            left_out.append((table.name, error.what))
    return replace(schema, tables=tuple(kept)), tuple(left_out)


def _table(table: Table, literals: Literals) -> Table:
    return replace(
        table,
        columns=tuple(_column(column, literals) for column in table.columns),
        indexes=tuple(_index(index, literals) for index in table.indexes),
        checks=tuple(_check(check, literals) for check in table.checks),
        definition=literals.clean(table.definition) if table.definition else None,
    )


def _column(column: Column, literals: Literals) -> Column:
    default = literals.clean(column.default) if column.default else None
    # PostgreSQL's identity is a number that may be given, and other tables' rows refer to it.
    generated = column.generated and column.default != IDENTITY
    return replace(column, default=default, generated=generated, statistics=_statistics(column))


def _index(index: Index, literals: Literals) -> Index:
    columns = tuple(
        replace(column, name=literals.clean(column.name)) if column.expression else column for column in index.columns
    )
    return replace(index, columns=columns, where=literals.clean(index.where) if index.where else None)


def _check(check: Check, literals: Literals) -> Check:
    return replace(check, expression=literals.clean(check.expression))


def _statistics(column: Column) -> ColumnStatistics | None:
    known = column.statistics
    if known is None:
        return None
    low, high = _rounded(known.low, down=True), _rounded(known.high, down=False)
    if low is None and high is None and holds_iso(column, ()):
        low, high = "2026-01-01", "2026-12-31"
    return ColumnStatistics(known.distinct, known.null_fraction, low=low, high=high)


def _rounded(value: object, *, down: bool) -> object:
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float | Decimal):
        return _outwards(float(value), down=down) if math.isfinite(float(value)) else None
    if isinstance(value, date | datetime):
        value = value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()
    if not is_iso(value):
        return None
    text = str(value)
    year = text[:4] + ("-01-01" if down else "-12-31")
    time = re.search(r"[ T]\d\d:\d\d(:\d\d)?", text)
    return year + (f"{time[0][0]}00:00:00" if time and time[1] else f"{time[0][0]}00:00" if time else "")


def _outwards(value: float, *, down: bool) -> int | float:
    """Return the next number with one digit other than zero, away from the range's middle."""
    if value == 0:
        return 0
    step = 10.0 ** math.floor(math.log10(abs(value)))
    found = (math.floor if down else math.ceil)(value / step) * step
    return int(found) if step >= 1 else round(found, 12)
