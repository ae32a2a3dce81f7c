"""How many rows a table has and what its columns hold: from ANALYZE where it ran, else from a bounded look."""

from __future__ import annotations

import sqlite3
import threading
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from backend_mentor.databases.sqlite.running import HAS_THREADS
from backend_mentor.domain.schema import ColumnStatistics

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from backend_mentor.domain.schema import Column, Index, Table

SAMPLE_ROWS = 2_000
_CHUNK_ROWS = 10
_COMMON_VALUES = 10
# A value that fewer rows of the sample hold than one in a hundred is not called common.
_COMMON_FRACTION = 0.01
_LONG_CHARACTERS = 200


class Statistics:
    """Describes one table after the other until its time is used up; the tables after that stay as they are."""

    def __init__(self, connection: sqlite3.Connection, milliseconds: int, clock: Callable[[], float]) -> None:
        self._connection = connection
        self._clock = clock
        self._end = clock() + milliseconds / 1000
        self._analyzed = _read_analysis(connection)

    def describe(self, table: Table) -> Table:
        """Return the table with its row count and its columns' statistics, as far as they can be had in time."""
        counted = self._count(table)
        by_index = self._analyzed.get(table.name.lower(), {})
        analyzed_rows = next((int(figures[0]) for figures in by_index.values()), None)
        rows = analyzed_rows if counted is None else counted
        described = replace(table, rows=rows, analyzed=bool(by_index))
        sample = self._sample(described)
        columns = tuple(self._describe_column(described, column, sample) for column in table.columns)
        return replace(described, columns=columns)

    def _describe_column(self, table: Table, column: Column, sample: Sequence[Sequence[object]]) -> Column:
        place = table.columns.index(column)
        values = [row[place] for row in sample]
        found = _summarize(values, table.rows) if values else ColumnStatistics()
        leading = [index for index in table.indexes if _leads(index, column)]
        for index in leading:
            figures = self._analyzed.get(table.name.lower(), {}).get(index.name.lower())
            if figures and len(figures) > 1 and len(values) != table.rows:
                found = replace(found, distinct=figures[0] / max(figures[1], 1.0))
        if leading or _is_rowid(table, column):
            low, high = self._bounds(table, column, found)
            found = replace(found, low=low, high=high)
        if _is_rowid(table, column) and table.rows is not None:
            found = replace(found, distinct=float(table.rows), common=())
        return column if found == ColumnStatistics() else replace(column, statistics=found)

    def _bounds(self, table: Table, column: Column, found: ColumnStatistics) -> tuple[object, object]:
        name, relation = quoted(column.name), f"main.{quoted(table.name)}"
        # Two statements: only a lone min() or max() is answered by one look into the index.
        low = self._fetch(f"SELECT min({name}) FROM {relation}")
        high = self._fetch(f"SELECT max({name}) FROM {relation}")
        if not low or not high or isinstance(low[0][0], bytes) or isinstance(high[0][0], bytes):
            return found.low, found.high
        return low[0][0], high[0][0]

    def _sample(self, table: Table) -> list[tuple[object, ...]]:
        """Return up to 2,000 rows: all of a small table, else short runs spread evenly over the rowids."""
        columns = ", ".join(_cut(column) for column in table.columns)
        relation = f"main.{quoted(table.name)}"
        small = table.rows is not None and table.rows <= SAMPLE_ROWS
        name = next((each for each in ("rowid", "_rowid_", "oid") if table.column(each) is None), None)
        if small or not table.rowid or name is None:
            return self._fetch(f"SELECT {columns} FROM {relation} LIMIT {SAMPLE_ROWS}")
        ends = self._fetch(f"SELECT min({name}) FROM {relation}") + self._fetch(f"SELECT max({name}) FROM {relation}")
        if len(ends) < 2 or ends[0][0] is None:
            return []
        first, last = int(str(ends[0][0])), int(str(ends[1][0]))
        runs = SAMPLE_ROWS // _CHUNK_ROWS
        rows: dict[object, tuple[object, ...]] = {}
        query = f"SELECT {name}, {columns} FROM {relation} WHERE {name} >= ? ORDER BY {name} LIMIT {_CHUNK_ROWS}"
        for run in range(runs):
            for row in self._fetch(query, (first + (last - first) * run // runs,)):
                rows[row[0]] = row[1:]
        return list(rows.values())

    def _count(self, table: Table) -> int | None:
        """Return the exact number of rows, or None where there is no time to count them."""
        # A count is one opcode, which no progress handler sees; an interrupt from outside does end it.
        timer = threading.Timer(max(self._end - self._clock(), 0), self._connection.interrupt)
        timer.daemon = True
        if HAS_THREADS:
            timer.start()
        try:
            counted = self._fetch(f"SELECT count(*) FROM main.{quoted(table.name)}")
        finally:
            timer.cancel()
        return int(str(counted[0][0])) if counted else None

    def _fetch(self, sql: str, values: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
        """Return the rows, or none where the time is used up or the table can not be read."""
        if self._clock() >= self._end:
            return []
        try:
            return self._connection.execute(sql, values).fetchall()
        except sqlite3.OperationalError:
            return []


def quoted(name: str) -> str:
    """Return the name in double quotes, which SQLite takes for any identifier."""
    return '"' + name.replace('"', '""') + '"'


def _cut(column: Column) -> str:
    name = quoted(column.name)
    return f"iif(typeof({name}) = 'blob', substr({name}, 1, {_LONG_CHARACTERS}), {name})"


def _read_analysis(connection: sqlite3.Connection) -> dict[str, dict[str, tuple[float, ...]]]:
    """Return, by table and index, the row count and the mean rows per distinct prefix, as ANALYZE wrote them."""
    try:
        rows = connection.execute("SELECT tbl, idx, stat FROM main.sqlite_stat1").fetchall()
    except sqlite3.OperationalError:
        return {}
    found: dict[str, dict[str, tuple[float, ...]]] = {}
    for table, index, figures in rows:
        numbers = tuple(float(word) for word in str(figures or "").split() if word.isdigit())
        if numbers:
            found.setdefault(str(table).lower(), {})[str(index or "").lower()] = numbers
    return found


def _leads(index: Index, column: Column) -> bool:
    return index.where is None and not index.columns[0].expression and index.columns[0].name == column.name


def _is_rowid(table: Table, column: Column) -> bool:
    return table.rowid and table.primary_key == (column.name,) and not any(index.primary for index in table.indexes)


def _summarize(values: Sequence[object], rows: int | None) -> ColumnStatistics:
    present = [value for value in values if value is not None]
    counts = Counter(zip(map(type, present), present, strict=True))
    least = max(2.0, _COMMON_FRACTION * len(values))
    common = tuple(
        (value, count / len(values))
        for (_, value), count in counts.most_common(_COMMON_VALUES)
        if count >= least and not isinstance(value, bytes) and len(str(value)) <= _LONG_CHARACTERS
    )
    # Each value is looked at once, however many rows hold it: there are thousands of rows and a first review waits.
    comparable = [value for _, value in counts if isinstance(value, (str, int, float))]
    # Values of several classes have an order in SQLite, but bounds of it would tell nobody anything.
    if len({isinstance(value, str) for value in comparable}) > 1:
        comparable = []
    return ColumnStatistics(
        distinct=_distinct(counts, len(present), len(values), rows),
        null_fraction=1 - len(present) / len(values),
        common=common,
        low=min(comparable, default=None, key=lambda value: value),
        high=max(comparable, default=None, key=lambda value: value),
        width=sum(_width(value) * count for (_, value), count in counts.items()) / len(present) if present else None,
    )


def _distinct(counts: Counter[tuple[type, object]], present: int, sampled: int, rows: int | None) -> float | None:
    """Return the number of distinct values by the estimator that PostgreSQL uses (Haas and Stokes, 1998)."""
    if rows is None or not present:
        return None if rows is None else 0.0
    total = rows * present / sampled
    once = sum(1 for count in counts.values() if count == 1)
    if sampled >= rows:
        return float(len(counts))
    if once == present:
        return total
    return min(total, present * len(counts) / (present - once + once * present / total))


def _width(value: object) -> int:
    return len(value) if isinstance(value, (str, bytes)) else 8
