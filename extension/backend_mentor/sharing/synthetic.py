"""Made-up rows: as many NULLs, distinct values and as wide a range as the statistics know, and no value of theirs."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from backend_mentor.domain.errors import MentorError
from backend_mentor.proofs.families import Family, as_moment, fit, fresh, is_iso, kind_of
from backend_mentor.proofs.keys import enforced_keys, parents_first
from backend_mentor.proofs.mentions import Mentions
from backend_mentor.sharing.distribution import SHARED_KINDS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from backend_mentor.domain.schema import Column, Schema, Table
    from backend_mentor.proofs.families import Kind
    from backend_mentor.proofs.keys import Key

ROWS_AT_MOST = 200
"""Of a table that is not known to have fewer: enough for a plan and a page of results, small enough to read."""
_ATTEMPTS = 20
_WORDS = (Family.TEXT, Family.LABELS)
_NULLS = 0.1
"""The share of NULLs in a nullable column of which nothing is known."""

Row = tuple[object, ...]


@dataclass(slots=True)
class Maker:
    """Makes the rows of one database; the same seed makes the same ones."""

    schema: Schema
    """The public one: what it holds of values is what may be used."""
    insert: Callable[[Table, tuple[str, ...], Row], bool]
    """Puts a row into the new database and returns whether its constraints took it."""
    compared: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By column, words that the notebook's own queries ask for."""
    draw: random.Random = field(default_factory=lambda: random.Random(7))  # noqa: S311  made-up rows, no secrets
    made: dict[str, list[dict[str, object]]] = field(default_factory=dict)

    def fill(self) -> dict[str, int]:
        """Fill every table, parents first, and return how many rows each got."""
        tables = [table for table in self.schema.tables if table.kind in SHARED_KINDS]
        try:
            ordered = parents_first(tables)
        except MentorError:
            # In a circle the keys that can be NULL are, and a table that can not begin stays empty.
            ordered = tuple(tables)
        return {table.name: self._fill(table) for table in ordered}

    def _fill(self, table: Table) -> int:
        columns = [column for column in table.columns if not column.generated]
        names = tuple(column.name for column in columns)
        keys = enforced_keys(table, [name.lower() for name in names])
        mentions = Mentions()
        for check in table.checks:
            mentions.take_condition(table, check.expression, self.schema.engine.name)
        wanted = ROWS_AT_MOST if table.rows is None else min(max(table.rows, 0), ROWS_AT_MOST)
        sources = [self._source(table, column, mentions, keys, wanted, place) for place, column in enumerate(columns)]
        rows = self.made.setdefault(table.name.lower(), [])
        taken: list[set[Row]] = [set() for _ in keys]
        for number in range(wanted):
            for attempt in range(_ATTEMPTS):
                row = self._row(table, names, sources, number + attempt * wanted, strict=attempt >= _ATTEMPTS // 2)
                found = [key.of(row) for key in keys]
                if any(value in seen for value, seen in zip(found, taken, strict=True) if value is not None):
                    continue
                if self.insert(table, names, row):
                    rows.append(dict(zip((name.lower() for name in names), row, strict=True)))
                    for value, seen in zip(found, taken, strict=True):
                        seen.update([value] if value is not None else [])
                    break
        return len(rows)

    def _row(self, table: Table, names: tuple[str, ...], sources: list[Source], number: int, *, strict: bool) -> Row:
        row = {
            name.lower(): source.value(number, self.draw, strict=strict)
            for name, source in zip(names, sources, strict=True)
        }
        for foreign in table.foreign_keys:
            parents = self.made.get(foreign.referenced_table.lower(), [])
            places = [name.lower() for name in foreign.columns]
            if any(row.get(place) is None for place in places):
                continue
            parent = self.draw.choice(parents) if parents else {}
            for place, referenced in zip(places, foreign.referenced_columns, strict=False):
                row[place] = parent.get(referenced.lower())
        return tuple(row[name.lower()] for name in names)

    def _source(
        self, table: Table, column: Column, mentions: Mentions, keys: tuple[Key, ...], rows: int, place: int
    ) -> Source:
        key = (table.name.lower(), column.name.lower())
        raw = tuple(mentions.values.get(key, ()))
        kind = kind_of(column, self.schema.engine.name, raw)
        admitted = tuple(
            value for value in (fit(each, kind) for each in mentions.hits.get(key, ())) if value is not None
        )
        alone = any(one.positions == (place,) for one in keys)
        statistics = column.statistics
        distinct = rows
        if not alone and statistics and statistics.distinct is not None:
            # A share of the rows where there are more than are made, the number itself where there are few.
            share = statistics.distinct / max(table.rows or rows, 1)
            distinct = max(1, round(min(statistics.distinct, rows) if share < 0.5 else rows * min(share, 1)))
        nulls = 0.0
        if column.nullable and column.name not in table.primary_key:
            nulls = _NULLS if statistics is None or statistics.null_fraction is None else statistics.null_fraction
        return Source(
            column, kind, max(distinct, 1), nulls, admitted, self.compared.get(column.name.lower(), ()), alone
        )


@dataclass(frozen=True, slots=True)
class Source:
    """Where the values of one column come from."""

    column: Column
    kind: Kind
    distinct: int
    nulls: float
    admitted: tuple[object, ...]
    """What its CHECK admits, as far as that is known."""
    asked_for: tuple[str, ...]
    """Words that the notebook compares it with."""
    unique: bool

    def value(self, number: int, draw: random.Random, *, strict: bool) -> object:
        """Return the value for the row of this number; a unique column has another for each.

        `strict` after rows were refused: what the CHECK is known to admit, for numbers too.
        """
        if self.nulls and draw.random() < self.nulls:
            return None
        if self.asked_for and not self.unique and not strict and self.kind.family in _WORDS and draw.random() < 0.5:
            return draw.choice(self.asked_for)
        # A CHECK's words are a list to take from; its bound on numbers is one among many values.
        if self.admitted and not self.unique and (strict or self.kind.family in _WORDS):
            return draw.choice(self.admitted)
        step = number if self.unique else draw.randrange(self.distinct)
        made = _make(self.column, self.kind, step, self.distinct, unique=self.unique)
        return float(made) if isinstance(made, Decimal) else made


def _make(column: Column, kind: Kind, step: int, distinct: int, *, unique: bool) -> object:
    low = column.statistics.low if column.statistics else None
    high = column.statistics.high if column.statistics else None
    family = kind.family
    if family in (Family.TEXT, Family.ANY, Family.LABELS):
        text = f"{column.name} {step + 1}"
        return text if kind.length is None or len(text) <= kind.length else f"{step + 1}"[-kind.length :]
    if family is Family.BOOLEAN or (family is Family.INTEGER and "bool" in column.type.lower()):
        return bool(step % 2) if family is Family.BOOLEAN else step % 2
    if family in (Family.INTEGER, Family.REAL, Family.NUMERIC):
        return _number(kind, low, high, step, distinct, unique=unique)
    if is_iso(low) and is_iso(high) and family is not Family.TIME:
        return _moment(kind, str(low), str(high), step, distinct)
    if family is Family.JSON:
        return f'{{"{column.name}": {step + 1}}}'
    if family is Family.ARRAY:
        return "{}"
    if family is Family.INTERVAL:
        return f"{step + 1} days"
    return fresh(kind, step)


def _number(kind: Kind, low: object, high: object, step: int, distinct: int, *, unique: bool) -> object:
    if unique or not isinstance(low, int | float) or not isinstance(high, int | float) or low >= high:
        begin = low if isinstance(low, int | float) and not unique else 1
        return fit(begin + step, kind)
    width = (high - low) / max(distinct - 1, 1)
    value = low + width * step
    return fit(int(value) if kind.family is Family.INTEGER else round(value, 2), kind)


def _moment(kind: Kind, low: str, high: str, step: int, distinct: int) -> object:
    start, end = as_moment(low), as_moment(high)
    moment = start + timedelta(seconds=int((end - start).total_seconds() * step / max(distinct - 1, 1)))
    if kind.family is not Family.ISO_TEXT:
        return fit(moment, kind)
    if len(low) <= 10:
        return moment.date().isoformat()[: len(low)]
    return moment.isoformat(sep="T" if "T" in low else " ", timespec="seconds" if low.count(":") > 1 else "minutes")
