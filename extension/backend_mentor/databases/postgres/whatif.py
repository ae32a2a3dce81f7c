"""The planner's word on an index that does not exist, by HypoPG."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from backend_mentor.databases.postgres.explain import explain_text
from backend_mentor.domain.errors import NotSupportedError
from backend_mentor.domain.proof import Cost
from backend_mentor.reading.plans.postgres import read_plan

if TYPE_CHECKING:
    from backend_mentor.databases.postgres.opening import Reader
    from backend_mentor.domain.plan import Plan
    from backend_mentor.domain.schema import Index, Schema, Table
    from backend_mentor.domain.statement import Statement

_PAGE_BYTES = 8192
_FILL = 0.9
"""A B-tree's leaf pages are filled to nine tenths when it is built (CREATE INDEX, fillfactor)."""
_METHODS = ("btree", "hash", "brin")
# Equal values of these can look different, so a B-tree keeps each (nbtutils.c, _bt_allequalimage).
_NOT_SHARED = ("numeric", "real", "double precision", "jsonb")


def try_index(reader: Reader, statement: Statement, index: Index, schema: Schema) -> Cost:
    """Return the estimated cost before and after; raises NotSupportedError where HypoPG can not tell."""
    _check_possible(reader, index)
    before = read_plan(explain_text(reader, statement), schema.engine)
    name = _create(reader, index)
    try:
        after = read_plan(explain_text(reader, statement), schema.engine)
    finally:
        # Hypothetical indexes live in the session, which a pooler may hand on: ROLLBACK does not remove them.
        reader.query(f"SELECT {_namespace(reader)}.hypopg_reset()")
    return Cost(
        before.root.cost,
        after.root.cost,
        "HypoPG",
        uses_index=_uses(after, name),
        size_bytes=estimated_bytes(index, schema),
    )


def estimated_bytes(index: Index, schema: Schema) -> int | None:
    """Return the size that a B-tree will have, from the statistics; None where they are missing.

    HypoPG's own estimate leaves out that equal keys share their entry (1.1 to 3.7 times too large); this one counts 6
    bytes a row for them, as a posting list does, and was within 6 % on the five indexes that it was tried on.
    """
    table = schema.table(index.table)
    if table is None or not table.rows or index.method != "btree" or index.where:
        return None
    width, distinct, shares = 0.0, 1.0, not index.include
    for name in (*index.column_names, *index.include):
        column = table.column(name)
        if column is None or column.statistics is None or column.statistics.width is None:
            return None
        width += column.statistics.width
        distinct *= column.statistics.distinct or table.rows
        shares = shares and not column.type.startswith(_NOT_SHARED)
    return _pages(table, width, distinct if shares else 1.0 * table.rows) * _PAGE_BYTES


def _pages(table: Table, width: float, distinct: float) -> int:
    rows = float(table.rows or 0)
    distinct = max(1.0, min(distinct, rows))
    key = 8 * math.ceil((width + 8) / 8)
    plain = rows * (key + 4)
    shared = distinct * (key + 4) + rows * 6 if rows / distinct >= 2 else plain
    return max(2, math.ceil(min(plain, shared) / (_PAGE_BYTES * _FILL - 40)) + 1)


def _check_possible(reader: Reader, index: Index) -> None:
    if _namespace(reader) is None:
        raise NotSupportedError(
            "This server has no HypoPG, so its planner can not be asked about an index that is not there.",
            "Ask for it to be installed (CREATE EXTENSION hypopg, by a superuser), or try the index on a scratch copy.",
        )
    if index.method not in _METHODS:
        raise NotSupportedError(
            f"HypoPG can not imagine a {index.method} index.", "Build it on a scratch copy and measure it there."
        )
    if any(column.expression for column in index.columns):
        raise NotSupportedError(
            "The planner has no statistics of an expression before its index is built and analyzed, "
            "so an estimate would mislead.",
            "Build the index on a scratch copy and measure it there.",
        )


def _create(reader: Reader, index: Index) -> str:
    namespace = _namespace(reader)
    sql = f"SELECT indexname FROM {namespace}.hypopg_create_index($1)"
    [(name,)] = reader.query(sql, (index.create_sql(),)).rows
    return str(name)


def _namespace(reader: Reader) -> str | None:
    """Return where HypoPG's functions are, which need not be in the search path; None where there are none."""
    sql = "SELECT extnamespace::regnamespace::text FROM pg_catalog.pg_extension WHERE extname = 'hypopg'"
    rows = reader.query(sql).rows
    return str(rows[0][0]) if rows else None


def _uses(plan: Plan, name: str) -> bool:
    return any(node.index == name for node in plan.nodes())
