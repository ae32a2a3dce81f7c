"""The planner's word on an index that does not exist: tried on an empty copy that is told the index's statistics."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING

from backend_mentor.databases.sqlite.clone import load_statistics, open_clone
from backend_mentor.databases.sqlite.explain import plan_rows, read
from backend_mentor.databases.sqlite.failures import translate
from backend_mentor.databases.sqlite.statistics import quoted
from backend_mentor.domain.errors import NotSupportedError, TimeLimitError
from backend_mentor.domain.proof import Cost

if TYPE_CHECKING:
    from backend_mentor.databases.sqlite.place import Place
    from backend_mentor.domain.schema import Index, IndexColumn, Schema
    from backend_mentor.domain.statement import Statement

EXACT = "clone with statistics"
SAMPLED = "clone with statistics of a sample"
_SAMPLE_ROWS = 20_000
_PAGE_BYTES = 4096
# SQLite stores an integer in 1, 2, 3, 4, 6 or 8 bytes (https://sqlite.org/fileformat2.html).
_INTEGER_BYTES = (2**7, 2**15, 2**23, 2**31, 2**39, 2**47, 2**63, 2**64)


@dataclass(frozen=True, slots=True)
class IndexFigures:
    """What ANALYZE would find of an index, and how large it would be."""

    rows: int
    distinct: tuple[float, ...]
    """The number of distinct values of the first key, the first two keys, and so on."""
    key_bytes: float
    """The mean length of one entry's keys."""
    exact: bool

    @property
    def statistics(self) -> str:
        """The index's row of sqlite_stat1: the rows, then the mean rows for each distinct prefix, rounded up."""
        means = (max(1, -int(-self.rows // max(distinct, 1.0))) for distinct in self.distinct)
        return " ".join(map(str, (self.rows, *means)))

    @property
    def size_bytes(self) -> int:
        """The size on disk: for each entry its keys, its rowid and their header, on pages that are nine tenths full."""
        header_bytes = 5 + len(self.distinct)
        rowid_bytes = next(place for place, most in enumerate(_INTEGER_BYTES, 1) if self.rows < most)
        used_bytes = self.rows * (self.key_bytes + rowid_bytes + header_bytes)
        return max(1, round(used_bytes / 0.9 / _PAGE_BYTES)) * _PAGE_BYTES


def what_if(statement: Statement, index: Index, place: Place, schema: Schema) -> Cost:
    """Return whether the planner would take the index; SQLite tells no cost."""
    if index.include or index.method != "btree":
        raise NotSupportedError(
            "SQLite has no INCLUDE columns and no index but the B-tree.", "Put the columns into the key."
        )
    figures = measure(index, place, schema)
    with open_clone(place) as clone:
        try:
            clone.execute(index.create_sql())
            clone.execute("DELETE FROM sqlite_stat1 WHERE idx = ?", (index.name,))
            clone.execute("INSERT INTO sqlite_stat1 VALUES (?, ?, ?)", (index.table, index.name, figures.statistics))
            load_statistics(clone)
            plan = read(plan_rows(clone, statement), statement)
        except sqlite3.Error as error:
            raise translate(error, place.name) from error
    used = any((node.index or "").lower() == index.name.lower() for node in plan.nodes())
    return Cost(None, None, EXACT if figures.exact else SAMPLED, uses_index=used, size_bytes=figures.size_bytes)


def measure(index: Index, place: Place, schema: Schema) -> IndexFigures:
    """Return the index's figures from the user's rows: counted in time, else judged from a sample."""
    table = schema.table(index.table)
    if table is None or not index.columns:
        raise NotSupportedError(f"There is no table {index.table} to index.", "Name a table of this database.")
    relation = f"main.{quoted(table.name)}" + (f" WHERE {index.where}" if index.where else "")
    milliseconds = place.limits.fact_milliseconds
    try:
        return place.read(lambda reader: _measure(reader, index, relation, exact=True), milliseconds=milliseconds)
    except TimeLimitError:
        sample = f"(SELECT * FROM {relation} LIMIT {_SAMPLE_ROWS})"
        # The rows of a sample are counted: what it takes has its limit in them, however slow the machine.
        longest = max(milliseconds, place.limits.milliseconds)
        found = place.read(lambda reader: _measure(reader, index, sample, exact=False), milliseconds=longest)
        return _scaled(found, table.rows)


def _measure(connection: sqlite3.Connection, index: Index, relation: str, *, exact: bool) -> IndexFigures:
    keys = [_key(column) for column in index.columns]
    rows = int(connection.execute(f"SELECT count(*) FROM {relation}").fetchone()[0])
    distinct = []
    for places in range(1, len(keys) + 1):
        prefix = ", ".join(keys[:places])
        counted = connection.execute(f"SELECT count(*) FROM (SELECT DISTINCT {prefix} FROM {relation})").fetchone()[0]
        distinct.append(float(counted))
    lengths = " + ".join(map(_length, keys))
    width = connection.execute(
        f"SELECT avg(width) FROM (SELECT {lengths} AS width FROM {relation} LIMIT {_SAMPLE_ROWS})"
    ).fetchone()[0]
    return IndexFigures(rows, tuple(distinct), float(width or 0.0), exact)


def _length(key: str) -> str:
    """Return SQL for the bytes that a key's value takes."""
    steps = " ".join(f"WHEN abs({key}) < {most} THEN {place}" for place, most in enumerate(_INTEGER_BYTES[:4], 1))
    return (
        f"CASE typeof({key}) WHEN 'text' THEN length({key}) WHEN 'blob' THEN length({key}) WHEN 'null' THEN 0 "
        f"WHEN 'integer' THEN CASE {steps} ELSE 8 END ELSE 8 END"
    )


def _key(column: IndexColumn) -> str:
    name = f"({column.name})" if column.expression else quoted(column.name)
    return f"{name} COLLATE {column.collation}" if column.collation else name


def _scaled(sample: IndexFigures, rows: int | None) -> IndexFigures:
    """Return the figures of all rows: a prefix whose values hardly repeat in the sample grows with the rows."""
    total = max(rows or sample.rows, sample.rows)
    factor = total / max(sample.rows, 1)
    distinct = tuple(each * factor if each > sample.rows / 10 else each for each in sample.distinct)
    return IndexFigures(total, distinct, sample.key_bytes, exact=False)
