"""Whether an index that is there already does what a new one would do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend_mentor.domain.schema import Index, IndexColumn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backend_mentor.domain.schema import Table


def usable(table: Table) -> tuple[Index, ...]:
    """Return the indexes that serve any row, the primary key as one of them even where it has no index of its own."""
    found = [index for index in table.indexes if index.valid and index.where is None and index.method == "btree"]
    if table.primary_key and not any(index.primary for index in found):
        keys = tuple(IndexColumn(name) for name in table.primary_key)
        found.append(Index("primary key", table.name, keys, unique=True, primary=True))
    return tuple(found)


def serves(index: Index, equal: Sequence[str], tail: Sequence[str] = ()) -> bool:
    """Return whether an index leads with these columns in any order, and goes on with the tail in its order."""
    names = _names(index)
    count = len(equal)
    return set(names[:count]) == set(equal) and names[count : count + len(tail)] == tuple(tail)


def is_served(table: Table, equal: Sequence[str], tail: Sequence[str] = ()) -> bool:
    """Return whether one of the table's indexes serves that."""
    return any(serves(index, equal, tail) for index in usable(table))


def finds_one_row(table: Table, equal: Sequence[str]) -> bool:
    """Return whether these columns hold a whole unique key, so that a look-up ends at one row."""
    return any(set(key) <= set(equal) for key in table.unique_keys())


def implicit_tail(table: Table) -> tuple[str, ...]:
    """Return what every index of the table ends with unasked: on SQLite the rowid, under its column's name."""
    rowid_key = table.rowid and len(table.primary_key) == 1 and not any(index.primary for index in table.indexes)
    return table.primary_key if rowid_key else ()


def _names(index: Index) -> tuple[str, ...]:
    return tuple("" if column.expression or column.collation else column.name for column in index.columns)
