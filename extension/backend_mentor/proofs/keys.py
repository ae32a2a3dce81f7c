"""The constraints that hold between rows: keys, and the order in which tables can be filled."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from backend_mentor.domain.errors import NotSupportedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from backend_mentor.domain.schema import Index, Schema, Table


@dataclass(frozen=True, slots=True)
class Key:
    """Positions of columns on which no two rows agree."""

    positions: tuple[int, ...]
    nulls_distinct: bool = True
    """True where rows with a NULL among them never clash."""
    folded: bool = False
    """True where letter case and trailing blanks do not count."""

    def of(self, row: Sequence[object]) -> tuple[object, ...] | None:
        """Return what must differ from row to row; None where the row can clash with no other."""
        values = tuple(row[position] for position in self.positions)
        if self.nulls_distinct and None in values:
            return None
        if self.folded:
            return tuple(value.casefold().rstrip() if isinstance(value, str) else value for value in values)
        return values


def enforced_keys(table: Table, names: list[str]) -> tuple[Key, ...]:
    """Return the keys that trial rows obey.

    A partial or expression index is obeyed as if it covered whole rows or plain columns: the databases made so are
    fewer than those possible, and every one of them is possible.
    """
    found: dict[tuple[int, ...], Key] = {}
    if table.primary_key:
        positions = _positions(table.primary_key, names)
        if positions:
            found[positions] = Key(positions, folded=_folds(table, table.primary_key, None))
    for index in table.indexes:
        columns = tuple(name for part in index.columns for name in _names_in(part.name, part.expression, names))
        positions = _positions(columns, names)
        if index.unique and index.valid and positions:
            key = Key(positions, index.nulls_distinct, _folds(table, columns, index))
            known = found.get(positions)
            found[positions] = key if known is None or key.folded or not key.nulls_distinct else known
    return tuple(found.values())


def _names_in(text: str, is_expression: bool, names: list[str]) -> tuple[str, ...]:
    if not is_expression:
        return (text,)
    words = {word.lower() for word in re.findall(r"\w+", text)}
    return tuple(name for name in names if name in words)


def _positions(columns: Iterable[str], names: list[str]) -> tuple[int, ...]:
    lowered = [column.lower() for column in columns]
    if any(column not in names for column in lowered):
        return ()
    return tuple(dict.fromkeys(names.index(column) for column in lowered))


def _folds(table: Table, columns: Iterable[str], index: Index | None) -> bool:
    own = [column.collation for name in columns if (column := table.column(name)) is not None]
    ofindex = [part.collation for part in index.columns] if index is not None else []
    expression = index is not None and any(part.expression for part in index.columns)
    return expression or any((each or "").upper() in ("NOCASE", "RTRIM") for each in (*own, *ofindex))


def with_ancestors(tables: Mapping[str, Table], schema: Schema) -> tuple[Table, ...]:
    """Return the tables with all those that their foreign keys lead to, by name."""
    found = dict(tables)
    pending = list(tables.values())
    while pending:
        for foreign in pending.pop().foreign_keys:
            name = foreign.referenced_table.lower()
            parent = schema.table(name)
            if foreign.holds and name not in found and parent is not None:
                found[name] = parent
                pending.append(parent)
    return tuple(found[name] for name in sorted(found))


def parents_first(tables: Sequence[Table]) -> tuple[Table, ...]:
    """Return the tables so that each comes after those that it refers to.

    Raises NotSupportedError where tables refer to each other in a circle of keys that must not be NULL.
    """
    waiting = {table.name.lower(): table for table in tables}
    done: dict[str, Table] = {}
    while waiting:
        ready = [name for name, table in waiting.items() if not _awaited(table, waiting, required_only=False)]
        ready = ready or [name for name, table in waiting.items() if not _awaited(table, waiting, required_only=True)]
        if not ready:
            circle = ", ".join(sorted(waiting))
            raise NotSupportedError(
                f"{circle} refer to each other in a circle that leaves no table to fill first.",
                "Compare the results on the real data.",
            )
        name = ready[0]
        done[name] = waiting.pop(name)
    return tuple(done.values())


def _awaited(table: Table, waiting: Mapping[str, Table], *, required_only: bool) -> bool:
    """Return whether the table refers to another that is not filled yet."""
    for foreign in table.foreign_keys:
        name = foreign.referenced_table.lower()
        if name == table.name.lower() or name not in waiting:
            continue
        columns = [table.column(each) for each in foreign.columns]
        required = foreign.holds and any(column is not None and not column.nullable for column in columns)
        if required or not required_only:
            return True
    return False
