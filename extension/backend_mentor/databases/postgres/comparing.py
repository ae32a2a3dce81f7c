"""Two results compared inside the server, as bags of rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend_mentor.domain.errors import NotSupportedError
from backend_mentor.domain.proof import OwnData, Rows
from backend_mentor.domain.schema import quote
from backend_mentor.reading.sql import read_statement

if TYPE_CHECKING:
    from backend_mentor.databases.postgres.opening import Answer, Reader
    from backend_mentor.domain.statement import Statement
    from backend_mentor.domain.subject import Fact

_SAMPLE_ROWS = 5
# As the server itself would write the name: with its schema where the search path does not find it.
_TABLE = """
SELECT oid::regclass::text FROM pg_catalog.pg_class WHERE relname = $1 AND relkind IN ('r', 'p', 'm', 'v', 'f')
ORDER BY pg_table_is_visible(oid) DESC, oid LIMIT 1
"""
# json, its array, xml, the geometric types (box and circle are equal where their areas are) and record have no
# equality of their own, or not one that means the same value: their text has. Type numbers of pg_type.dat.
_COMPARED_AS_TEXT = frozenset([114, 199, 142, 143, 600, 601, 602, 603, 604, 628, 718, 1017, 1020, 2249, 2287])


def compare_results(reader: Reader, before: Statement, after: Statement, *, ordered: bool) -> OwnData:
    """Return how many rows each statement has that the other has not, in one snapshot of the user's rows.

    With `ordered`, a row's place counts too. Raises NotSupportedError where the two have different columns.
    """
    if before.values != after.values:
        raise NotSupportedError(
            "The two statements take different parameters.", "Give both the same values in the same order."
        )
    with_results = _both_results(reader, before, after, ordered=ordered)
    counts = (
        "SELECT (SELECT count(*) FROM mentor_before), "
        "(SELECT count(*) FROM (TABLE mentor_before EXCEPT ALL TABLE mentor_after) AS x), "
        "(SELECT count(*) FROM (TABLE mentor_after EXCEPT ALL TABLE mentor_before) AS x)"
    )
    rows, only_before, only_after = (
        _whole(each) for each in reader.query(with_results + counts, before.values).rows[0]
    )
    sample = None
    if only_before or only_after:
        columns = reader.column_types(before.sql).columns
        sample = _sample(columns, reader.query(with_results + _differences(), before.values), ordered=ordered)
    return OwnData(rows, only_before, only_after, sample, ordered)


def fact_statement(reader: Reader, fact: Fact) -> Statement:
    """Return the query that asks whether no row of the table fails the fact."""
    found = reader.query(_TABLE, (fact.table,)).rows
    table = str(found[0][0]) if found else quote(fact.table)
    return read_statement(f"SELECT NOT EXISTS (SELECT 1 FROM {table} WHERE ({fact.holds}) IS FALSE)", "postgres")


def _both_results(reader: Reader, before: Statement, after: Statement, *, ordered: bool) -> str:
    first, second = reader.column_types(before.sql), reader.column_types(after.sql)
    if len(first.columns) != len(second.columns) or not first.columns:
        raise NotSupportedError(
            f"The two statements return {len(first.columns)} and {len(second.columns)} columns.",
            "Compare statements that return the same columns.",
        )
    columns = [f"c{number}" for number in range(1, len(first.columns) + 1)]
    selected = [
        f"{column}::text" if kinds[0] != kinds[1] or kinds[0] in _COMPARED_AS_TEXT else column
        for column, kinds in zip(columns, zip(first.types, second.types, strict=True), strict=True)
    ]
    place = ["row_number() OVER ()"] if ordered else []
    kept = ", ".join([*place, *selected])
    names = ", ".join(columns)
    return (
        f"WITH mentor_before AS MATERIALIZED (SELECT {kept} FROM (\n{before.sql}\n) AS q({names})), "
        f"mentor_after AS MATERIALIZED (SELECT {kept} FROM (\n{after.sql}\n) AS q({names})) "
    )


def _differences() -> str:
    return (
        f"(SELECT 'before' AS only, x.* FROM (TABLE mentor_before EXCEPT ALL TABLE mentor_after) AS x "
        f"LIMIT {_SAMPLE_ROWS}) UNION ALL "
        f"(SELECT 'after', x.* FROM (TABLE mentor_after EXCEPT ALL TABLE mentor_before) AS x LIMIT {_SAMPLE_ROWS})"
    )


def _sample(columns: tuple[str, ...], answer: Answer, *, ordered: bool) -> Rows:
    places = ("place",) if ordered else ()
    return Rows("", ("only in", *places, *columns), answer.rows)


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0
