"""Rows of the original, on the user's word alone: some of each table, and those that they refer to."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from backend_mentor.domain.errors import MentorError
from backend_mentor.domain.schema import quote
from backend_mentor.proofs.keys import parents_first
from backend_mentor.reading.sql import read_statement
from backend_mentor.sharing.distribution import SHARED_KINDS
from backend_mentor.sharing.secrets import is_sensitive

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from backend_mentor.databases.base import Database
    from backend_mentor.domain.schema import ForeignKey, Schema, Table
    from backend_mentor.sharing.secrets import Eraser

Row = dict[str, object]
_ROWS_LOOKED_AT = 10_000
_KEYS_AT_ONCE = 200


@dataclass(slots=True)
class Sampler:
    """Takes rows out of the original; what is a secret in them is replaced, the same one by the same one."""

    database: Database
    schema: Schema
    """The public one: what is left out of it is not looked at."""
    eraser: Eraser
    rows: int
    draw: random.Random = field(default_factory=lambda: random.Random(7))  # noqa: S311  which rows is no secret
    taken: dict[str, dict[tuple[object, ...], Row]] = field(default_factory=dict)
    _stand_ins: dict[object, str] = field(default_factory=dict)

    def fill(self, insert: Callable[[Table, tuple[str, ...], tuple[object, ...]], bool]) -> dict[str, int]:
        """Put the rows into the new database, parents first; return how many each table got."""
        tables = [table for table in self.schema.tables if table.kind in SHARED_KINDS]
        try:
            ordered = parents_first(tables)
        except MentorError:
            ordered = tuple(tables)
        by_name = {table.name.lower(): table for table in ordered}
        for table in reversed(ordered):
            found = self._fetch(table, f" LIMIT {_ROWS_LOOKED_AT}")
            self._take(table, self.draw.sample(found, min(self.rows, len(found))), by_name)
        return {table.name: self._insert(table, insert) for table in ordered}

    def _take(self, table: Table, rows: Iterable[Row], tables: dict[str, Table]) -> None:
        kept = self.taken.setdefault(table.name.lower(), {})
        new = {tuple(row.values()): row for row in rows}
        new = {key: row for key, row in new.items() if key not in kept}
        kept.update(new)
        for foreign in table.foreign_keys if new else ():
            parent = tables.get(foreign.referenced_table.lower())
            if parent is not None:
                self._take(parent, self._parents(parent, foreign, new.values()), tables)

    def _parents(self, parent: Table, foreign: ForeignKey, rows: Iterable[Row]) -> list[Row]:
        wanted = {tuple(row[name.lower()] for name in foreign.columns) for row in rows}
        keys = sorted((key for key in wanted if None not in key), key=repr)
        found: list[Row] = []
        for start in range(0, len(keys), _KEYS_AT_ONCE):
            conditions = " OR ".join(
                "("
                + " AND ".join(
                    f"{quote(name)} = {_literal(value)}"
                    for name, value in zip(foreign.referenced_columns, key, strict=False)
                )
                + ")"
                for key in keys[start : start + _KEYS_AT_ONCE]
            )
            found += self._fetch(parent, f" WHERE {conditions}")
        return found

    def _fetch(self, table: Table, rest: str) -> list[Row]:
        names = [column.name for column in table.columns if not column.generated]
        place = f"{quote(table.namespace)}.{quote(table.name)}" if table.namespace else quote(table.name)
        text = f"SELECT {', '.join(map(quote, names))} FROM {place}{rest}"
        fetched = self.database.fetch(read_statement(text, self.database.engine.name))
        return [dict(zip((name.lower() for name in names), row, strict=True)) for row in fetched.rows]

    def _insert(self, table: Table, insert: Callable[[Table, tuple[str, ...], tuple[object, ...]], bool]) -> int:
        names = tuple(column.name for column in table.columns if not column.generated)
        rows = self.taken.get(table.name.lower(), {}).values()
        # A row that refers to one of its own table finds it when that one stands before it.
        waiting = [tuple(self._public(name, row[name.lower()]) for name in names) for row in rows]
        count = 0
        while waiting:
            refused = [row for row in waiting if not insert(table, names, row)]
            count += len(waiting) - len(refused)
            if len(refused) == len(waiting):
                break
            waiting = refused
        return count

    def _public(self, column: str, value: object) -> object:
        if isinstance(value, bytes | memoryview):
            raw = bytes(value)
            return (
                b""
                if is_sensitive(column) or self.eraser.holds_secret(raw) or _reads_as_secret(raw, self.eraser)
                else raw
            )
        if value is None or isinstance(value, bool):
            return value
        if not is_sensitive(column) and self.eraser.erase(str(value), "sampled rows") == str(value):
            return value
        return self._stand_ins.setdefault(value, f"{column} {len(self._stand_ins) + 1}")


def _reads_as_secret(raw: bytes, eraser: Eraser) -> bool:
    text = raw.decode("latin-1")
    return eraser.erase(text, "sampled rows") != text


def _literal(value: object) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return repr(value)
    return "'" + str(value).replace("'", "''") + "'"
