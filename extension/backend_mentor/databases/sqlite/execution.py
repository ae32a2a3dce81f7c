"""One statement on one connection: run to its end or to its first rows."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Execution:
    """What came of one run."""

    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    """The first rows, as many as were asked for."""
    count: int
    """Of all rows that were read."""
    milliseconds: float


def execute(
    connection: sqlite3.Connection,
    sql: str,
    values: tuple[object, ...] | Mapping[str, object],
    keep: int,
    *,
    whole: bool,
) -> Execution:
    """Run one statement on a connection, keep its first rows, and read on to the end where it is to be whole."""
    began = time.perf_counter()
    cursor = connection.execute(sql, values)
    rows = cursor.fetchmany(keep) if keep else []
    # A deque of no length is the quickest way to read rows without keeping them; enumerate counts them.
    last = deque(enumerate(cursor, 1), maxlen=1) if whole else deque()
    milliseconds = (time.perf_counter() - began) * 1000
    columns = tuple(column[0] for column in cursor.description or ())
    cursor.close()
    return Execution(columns, tuple(rows), len(rows) + (last[0][0] if last else 0), milliseconds)
