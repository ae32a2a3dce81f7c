"""Whether two queries return the same on the user's own rows."""

from __future__ import annotations

import sqlite3
from itertools import zip_longest
from typing import TYPE_CHECKING

from backend_mentor.databases.sqlite.runaway import runaway_call
from backend_mentor.databases.sqlite.running import bindings
from backend_mentor.domain.errors import NotSupportedError
from backend_mentor.domain.proof import OwnData, Rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backend_mentor.databases.sqlite.place import Place
    from backend_mentor.domain.statement import Statement

_SAMPLE_ROWS = 5


def compare(before: Statement, after: Statement, place: Place, *, ordered: bool) -> OwnData:
    """Return how the results differ: as bags of rows, told apart by type too; as lists where they are ordered.

    Bags are compared inside the database, lists row by row as they come. Raises NotSupportedError where the numbers
    of columns differ or where a call can run away.
    """
    for statement in (before, after):
        if name := runaway_call(statement):
            raise NotSupportedError(f"{name} can run away in a single step.", "Compare with a small constant.")
    return place.read(lambda connection: _compare(connection, before, after, ordered=ordered))


def _compare(connection: sqlite3.Connection, before: Statement, after: Statement, *, ordered: bool) -> OwnData:
    columns = _columns(connection, before)
    other = _columns(connection, after)
    if len(columns) != len(other):
        raise NotSupportedError(
            f"One query returns {len(columns)} columns and the other {len(other)}.", "Return the same columns."
        )
    if ordered:
        return _compare_lists(connection, before, after, columns)
    return _compare_bags(connection, before, after, columns)


def _columns(connection: sqlite3.Connection, statement: Statement) -> tuple[str, ...]:
    cursor = connection.execute(f"SELECT * FROM (\n{_body(statement)}\n) LIMIT 0", bindings(statement))
    return tuple(column[0] for column in cursor.description)


def _compare_lists(
    connection: sqlite3.Connection, before: Statement, after: Statement, columns: tuple[str, ...]
) -> OwnData:
    first = connection.execute(before.sql, bindings(before))
    second = connection.execute(after.sql, bindings(after))
    rows = only_before = only_after = 0
    sample: list[tuple[object, ...]] = []
    for place, (left, right) in enumerate(zip_longest(first, second), 1):
        rows += left is not None
        if _same(left, right):
            continue
        only_before += left is not None
        only_after += right is not None
        if len(sample) < _SAMPLE_ROWS:
            sample += [(side, place, *row) for side, row in (("before", left), ("after", right)) if row is not None]
    shown = Rows("difference", ("only in", "place", *columns), tuple(sample)) if sample else None
    return OwnData(rows, only_before, only_after, shown, ordered=True)


def _same(left: tuple[object, ...] | None, right: tuple[object, ...] | None) -> bool:
    if left is None or right is None:
        return False
    return left == right and [type(value) for value in left] == [type(value) for value in right]


def _compare_bags(
    connection: sqlite3.Connection, before: Statement, after: Statement, columns: tuple[str, ...]
) -> OwnData:
    names = [f"c{place}" for place in range(len(columns))]
    listed = ", ".join(names)
    # Grouped by type too, since 1 = 1.0; and by bytes, or a column's own collation would make 'a' equal 'A'.
    groups = ", ".join(f"{name} COLLATE BINARY, typeof({name})" for name in names)
    bags = (
        f"WITH mentor_before({listed}) AS (\n{_body(before)}\n), mentor_after({listed}) AS (\n{_body(after)}\n), "
        f"mentor_bags AS (SELECT {listed}, sum(mentor_side) AS mentor_left, sum(1 - mentor_side) AS mentor_right "
        f"FROM (SELECT 1 AS mentor_side, * FROM mentor_before UNION ALL SELECT 0, * FROM mentor_after) "
        f"GROUP BY {groups}) "
    )
    values = _together(before, after)
    rows, only_before, only_after = connection.execute(
        f"{bags} SELECT coalesce(sum(mentor_left), 0), coalesce(sum(max(mentor_left - mentor_right, 0)), 0), "
        f"coalesce(sum(max(mentor_right - mentor_left, 0)), 0) FROM mentor_bags",
        values,
    ).fetchone()
    sample = None
    if only_before or only_after:
        found = connection.execute(
            f"{bags} SELECT iif(mentor_left > mentor_right, 'before', 'after'), "
            f"abs(mentor_left - mentor_right), {listed} FROM mentor_bags "
            f"WHERE mentor_left <> mentor_right LIMIT {_SAMPLE_ROWS}",
            values,
        ).fetchall()
        sample = Rows("difference", ("only in", "times", *columns), tuple(found))
    return OwnData(rows, only_before, only_after, sample)


def _body(statement: Statement) -> str:
    return statement.sql.strip().rstrip(";")


def _together(before: Statement, after: Statement) -> tuple[object, ...] | Mapping[str, object]:
    """Return the parameters of both as one: they are the same ones, of which either may lack some."""
    first, second = bindings(before), bindings(after)
    if not second or first == second:
        return first
    if not first:
        return second
    if isinstance(first, tuple) or isinstance(second, tuple):
        raise NotSupportedError("The two queries have different parameters.", "Give both the same parameters.")
    return {**first, **second}
