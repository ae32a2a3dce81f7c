"""The values that trial data draws from, column by column."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import time
from decimal import Decimal
from typing import TYPE_CHECKING

from backend_mentor.domain.errors import NotSupportedError
from backend_mentor.proofs.families import Family, Kind, fit, fresh, is_temporal, kind_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from backend_mentor.domain.schema import Column, Table
    from backend_mentor.domain.subject import Fact
    from backend_mentor.proofs.mentions import ColumnKey, Mentions

# More values than this make joins and groups rare in tables of a few rows.
_MOST_VALUES = 24
_MOST_HITS = 6

_PLAIN: dict[Family, tuple[object, ...]] = {
    Family.INTEGER: (1, 2, 3, 0),
    Family.REAL: (1.0, 2.5, 0.0, -1.0),
    Family.NUMERIC: (Decimal(1), Decimal("2.5"), Decimal(0), Decimal(-1)),
    Family.TEXT: ("a", "b", "A", ""),
    Family.ISO_TEXT: ("2026-01-01", "2026-01-02", "2025-12-31"),
    Family.BOOLEAN: (True, False),
    Family.DATE: ("2026-01-01", "2026-01-02", "2025-12-31"),
    Family.TIMESTAMP: ("2026-01-01 00:00:00", "2026-01-01 23:59:59", "2026-01-02 00:00:00", "2025-12-31 12:00:00"),
    Family.ZONED_TIMESTAMP: ("2026-01-01 00:00:00", "2026-01-01 23:59:59", "2026-01-02 00:00:00"),
    Family.TIME: (time(0), time(12, 30), time(23, 59, 59)),
    Family.INTERVAL: ("1 day", "24 hours", "1 month", "0"),
    Family.UUID: ("00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002"),
    Family.JSON: ("{}", '{"a": 1}', '{"a": null}', "[]", '{"a": "x", "b": [1, 2]}'),
    Family.ARRAY: ("{}", "{1}", "{1,2}", "{2}"),
    Family.BYTES: (b"a", b"b", b""),
    Family.ANY: (1, 2, "a", "b"),
    Family.LABELS: (),
}
_EXTREMES: dict[Family, tuple[object, ...]] = {
    Family.INTEGER: (2**31 - 1, -1),
    Family.TEXT: ("ä", "a b", "%"),
    Family.DATE: ("1970-01-01", "2024-02-29"),
    Family.TIMESTAMP: ("1970-01-01 00:00:00", "2024-02-29 23:59:59"),
    Family.ZONED_TIMESTAMP: ("2024-02-29 23:59:59",),
}


@dataclass(frozen=True, slots=True)
class Pool:
    """What a column may hold in trial data."""

    kind: Kind
    values: tuple[object, ...]
    hits: tuple[object, ...]
    """Values that meet the conditions of the statements; never empty where `values` is not."""
    rare: tuple[object, ...] = ()
    nullable: bool = True
    small: object = None
    """A low number, and in `large` one a million times as high; None for what is no number."""
    large: object = None

    def another(self, number: int) -> object:
        """Return a value that no pool holds, for a key that needs more of them."""
        return fresh(self.kind, number, self.hits[0] if self.hits else None)


def make_pools(
    tables: Sequence[Table], mentions: Mentions, facts: Iterable[Fact], dialect: str
) -> dict[ColumnKey, Pool]:
    """Return the pool of every column; raises NotSupportedError where a needed column's type has no values known."""
    _take_conditions(tables, mentions, facts, dialect)
    classes = _classes(tables, mentions)
    members: dict[ColumnKey, list[ColumnKey]] = defaultdict(list)
    for key, root in classes.items():
        members[root].append(key)
    pools = {}
    for table in tables:
        for column in table.columns:
            key = (table.name.lower(), column.name.lower())
            shared = members.get(classes.get(key, key), [key])
            values = [value for each in shared for value in mentions.values.get(each, ())]
            hits = [value for each in shared for value in mentions.hits.get(each, ())]
            pools[key] = _pool(table, column, values, hits, dialect)
    return pools


def _pool(table: Table, column: Column, raw: list[object], hits: list[object], dialect: str) -> Pool:
    kind = kind_of(column, dialect, tuple(raw))
    common = tuple(value for value, _ in column.statistics.common[:3]) if column.statistics else ()
    plain = (*common, *_PLAIN[kind.family]) if kind.family is Family.LABELS or not raw else _PLAIN[kind.family]
    if is_temporal(kind) and raw:
        plain = ()
    if kind.family is Family.INTEGER and column.type.lower().startswith("bool"):
        plain, raw = (1, 0), [value for value in raw if value in (0, 1)]
    wanted = _unique(fit(value, kind) for value in (*hits, *raw))[:_MOST_VALUES]
    filling = _unique(fit(value, kind) for value in plain)
    values = _unique((*wanted, *filling))
    if dialect == "sqlite":
        values = tuple(float(value) if isinstance(value, Decimal) else value for value in values)
    if not values and not column.nullable:
        raise NotSupportedError(
            f"{table.name}.{column.name} is of type {column.type}, for which no values can be made up.",
            "Run ANALYZE, so that the statistics show values of this type.",
        )
    fitted_hits = _unique(fit(value, kind) for value in hits)[:_MOST_HITS]
    if dialect == "sqlite":
        fitted_hits = tuple(float(value) if isinstance(value, Decimal) else value for value in fitted_hits)
    rare = _unique(fit(value, kind) for value in _EXTREMES.get(kind.family, ()))
    small, large = _spread(kind)
    return Pool(kind, values, fitted_hits or values[:4], rare, column.nullable, small, large)


def _spread(kind: Kind) -> tuple[object, object]:
    if kind.family not in (Family.INTEGER, Family.REAL, Family.NUMERIC):
        return None, None
    high = 1_000_000 if kind.high is None else min(kind.high, 1_000_000)
    return fit(1, kind), fit(high, kind)


def _unique(values: Iterable[object]) -> tuple[object, ...]:
    found: dict[tuple[type, object], object] = {}
    for value in values:
        if value is not None:
            found.setdefault((type(value), value), value)
    return tuple(found.values())


def _take_conditions(tables: Sequence[Table], mentions: Mentions, facts: Iterable[Fact], dialect: str) -> None:
    """Let CHECKs and facts speak as the statements do: a column under `status IN ('new', 'paid')` needs these words."""
    conditions = [(table, check.expression) for table in tables for check in table.checks]
    by_name = {table.name.lower(): table for table in tables}
    conditions += [(by_name[fact.table.lower()], fact.holds) for fact in facts if fact.table.lower() in by_name]
    for table, expression in conditions:
        mentions.take_condition(table, expression, dialect)


def _classes(tables: Sequence[Table], mentions: Mentions) -> dict[ColumnKey, ColumnKey]:
    """Return each column's class: those that are compared with each other or refer to each other share one."""
    parent: dict[ColumnKey, ColumnKey] = {}

    def root(key: ColumnKey) -> ColumnKey:
        while parent.setdefault(key, key) != key:
            key = parent[key]
        return key

    pairs = list(mentions.equalities)
    for table in tables:
        for foreign in table.foreign_keys:
            for column, referenced in zip(foreign.columns, foreign.referenced_columns, strict=False):
                pairs.append(
                    ((table.name.lower(), column.lower()), (foreign.referenced_table.lower(), referenced.lower()))
                )
    for one, other in pairs:
        parent[root(one)] = root(other)
    return {key: root(key) for key in list(parent)}
