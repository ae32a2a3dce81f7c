"""Made-up rows for a database of any size, such that statements sent once for each row show: pure.

Each table gets as many rows as the others. A list shows an N+1 over its rows where each row has a parent and a child of
its own; a single object shows one over its parts where all of them are its own, which is what `focus` asks for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend_mentor.domain.errors import NotSupportedError
from backend_mentor.domain.proof import Rows
from backend_mentor.domain.schema import TableKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from backend_mentor.domain.schema import Column, ForeignKey, Schema, Table

    Allowed = Mapping[tuple[str, str], tuple[object, ...]]
    """Values that the code or its models name for a column, by table and column; the first is taken."""


def make_rows(schema: Schema, size: int, allowed: Allowed, focus: str | None = None) -> tuple[Rows, ...]:
    """Return `size` rows of each table, parents first; of `focus`, a table, the first row is the parent of all.

    Raises NotSupportedError where tables refer to each other in a circle that no NULL breaks."""
    made: dict[str, Rows] = {}
    for table, pending in _in_order(schema):
        made[table.name.lower()] = _Maker(table, pending, made, size, allowed, focus).rows()
    return tuple(made.values())


def _in_order(schema: Schema) -> Iterator[tuple[Table, frozenset[ForeignKey]]]:
    """Yield the tables, parents first, each with the references that are left NULL since their table comes later."""
    left = [table for table in schema.tables if table.kind is TableKind.TABLE]
    known: set[str] = set()
    while left:
        ready = [table for table in left if not _waits_for(table, known, left)]
        if not ready:
            ready = [table for table in left if all(_may_be_null(table, key) for key in _waits_for(table, known, left))]
        if not ready:
            names = " and ".join(table.name for table in left[:3])
            raise NotSupportedError(
                f"{names} refer to each other by columns that can not be NULL, so no rows can be made up for them.",
                "Grow them by hand: insert 1, 10 and 100 rows, and count the statements of each.",
            )
        table = ready[0]
        yield table, frozenset(_waits_for(table, known, left))
        known.add(table.name.lower())
        left.remove(table)


def _waits_for(table: Table, known: set[str], left: list[Table]) -> list[ForeignKey]:
    waiting = {other.name.lower() for other in left} - {table.name.lower()}
    return [key for key in table.foreign_keys if key.referenced_table.lower() in waiting - known]


def _may_be_null(table: Table, key: ForeignKey) -> bool:
    return all((column := table.column(name)) is not None and column.nullable for name in key.columns)


class _Maker:
    """Makes the rows of one table."""

    def __init__(
        self,
        table: Table,
        pending: frozenset[ForeignKey],
        made: Mapping[str, Rows],
        size: int,
        allowed: Allowed,
        focus: str | None,
    ) -> None:
        self.table, self.pending, self.allowed, self.size = table, pending, allowed, size
        self.focus = (focus or "").lower()
        self.columns = [column for column in table.columns if not column.generated]
        self.parents = {
            key: parent
            for key in table.foreign_keys
            if key not in pending and (parent := made.get(key.referenced_table.lower())) is not None
        }

    def rows(self) -> Rows:
        """Return them, without those that a key of the table forbids."""
        taken: set[tuple[object, ...]] = set()
        rows: list[tuple[object, ...]] = []
        names = [column.name.lower() for column in self.columns]
        keys = [tuple(names.index(name.lower()) for name in key) for key in self._keys(names)]
        for number in range(self.size):
            row = self._row(number + 1)
            marks = {
                (place, *(row[column] for column in key))
                for place, key in enumerate(keys)
                if all(row[column] is not None for column in key)
            }
            if not marks & taken:
                taken |= marks
                rows.append(row)
        return Rows(self.table.name, tuple(column.name for column in self.columns), tuple(rows))

    def _keys(self, names: list[str]) -> list[tuple[str, ...]]:
        return [key for key in self.table.unique_keys() if all(name.lower() in names for name in key)]

    def _row(self, number: int) -> tuple[object, ...]:
        values = {column.name.lower(): self._value(column, number) for column in self.columns}
        for key in self.table.foreign_keys:
            if key in self.pending:
                values.update({name.lower(): None for name in key.columns})
            elif key.referenced_table.lower() == self.table.name.lower():
                self._refer_to_itself(values, key)
            elif key in self.parents:
                pick = 0 if key.referenced_table.lower() == self.focus else number - 1
                values.update(_referred(key, self.parents[key], pick))
        return tuple(values[column.name.lower()] for column in self.columns)

    def _refer_to_itself(self, values: dict[str, object], key: ForeignKey) -> None:
        for name, referenced in zip(key.columns, key.referenced_columns, strict=False):
            column = self.table.column(name)
            is_free = column is not None and column.nullable
            values[name.lower()] = None if is_free else values.get(referenced.lower())

    def _value(self, column: Column, number: int) -> object:
        unique = any(column.name in key for key in self.table.unique_keys())
        named = self.allowed.get((self.table.name.lower(), column.name.lower()), ())
        if named and not unique:
            return named[0]
        return _made(column, number, self.table)


def _referred(key: ForeignKey, parent: Rows, pick: int) -> dict[str, object]:
    if not parent.rows:
        return {name.lower(): None for name in key.columns}
    row = parent.rows[pick % len(parent.rows)]
    heads = [name.lower() for name in parent.columns]
    referenced = key.referenced_columns or parent.columns[:1]
    return {
        name.lower(): row[heads.index(other.lower())]
        for name, other in zip(key.columns, referenced, strict=False)
        if other.lower() in heads
    }


# What stands for "no longer": a row with it set is one that lists leave out.
_GONE = (
    "deleted",
    "removed",
    "archived",
    "disabled",
    "cancelled",
    "canceled",
    "expired",
    "revoked",
    "hidden",
    "banned",
)


def _made(column: Column, number: int, table: Table) -> object:
    """Return a value of the column's declared type, another one for each row where that is of use."""
    declared, name = column.type.upper(), column.name.lower()
    is_gone = any(word in name for word in _GONE)
    if is_gone and column.nullable:
        return None
    if "BOOL" in declared:
        return 0 if is_gone else 1
    for word, value in _BY_TYPE:
        if word in declared:
            return value(number)
    if any(word in declared for word in ("INT", "SERIAL")):
        return number
    if any(word in declared for word in ("NUM", "DEC", "REAL", "FLOA", "DOUB")):
        return number
    if "BLOB" in declared or "BINARY" in declared or "BYTE" in declared:
        return f"value {number}".encode()
    return _text(declared, name, number)


def _text(declared: str, name: str, number: int) -> str:
    if "email" in name:
        return f"person{number}@example.net"
    if "url" in name or "link" in name:
        return f"https://example.net/{number}"
    room = "".join(character for character in declared.partition("(")[2] if character.isdigit())
    text = f"{name} {number}"
    return text if not room or len(text) <= int(room) else str(number)[: int(room)]


def _identifier(number: int) -> str:
    return f"{number:032x}"


_BY_TYPE = (
    ("TIMESTAMP", lambda number: f"2026-01-{1 + number % 28:02d} 12:00:{number % 60:02d}.000000"),
    ("DATETIME", lambda number: f"2026-01-{1 + number % 28:02d} 12:00:{number % 60:02d}.000000"),
    ("DATE", lambda number: f"2026-01-{1 + number % 28:02d}"),
    ("TIME", lambda number: f"12:00:{number % 60:02d}.000000"),
    ("JSON", lambda _: "{}"),
    ("UUID", _identifier),
    ("CHAR(32)", _identifier),  # how SQLAlchemy and Django keep a UUID where the engine has no type for it
)
