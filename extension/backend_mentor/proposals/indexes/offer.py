"""An index as a proposal: its name, its size, and what it costs to keep."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from backend_mentor.domain.proof import Proof
from backend_mentor.domain.proposal import Proposal, ProposalKind, Tradeoffs
from backend_mentor.domain.schema import Index, IndexColumn
from backend_mentor.proposals.indexes.engines import BUILDS_BESIDE_WRITERS, HAS_ENTRY_HEADER
from backend_mentor.proposals.indexes.existing import usable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backend_mentor.domain.schema import Schema, Table
    from backend_mentor.domain.subject import Subject

# PostgreSQL cuts longer names off: https://www.postgresql.org/docs/18/limits.html
_LONGEST_NAME = 63
_WIDTHS = {"smallint": 2, "integer": 4, "int": 4, "bigint": 8, "date": 4, "boolean": 1, "uuid": 16, "real": 4}
_PAGE_FILL = 0.9


def offer(
    idea: str,
    subject: Subject,
    table: Table,
    columns: Sequence[IndexColumn],
    *,
    title: str,
    reason: str,
    answers: tuple[str, ...],
    include: tuple[str, ...] = (),
    where: str | None = None,
    fraction: float = 1.0,
    not_if: str | None = None,
) -> Proposal:
    """Return the proposal of an index; `fraction` is the part of the rows that a partial index holds."""
    name = free_name(subject.schema, table, columns, include, where)
    index = Index(name, table.name, tuple(columns), where=where, include=include)
    return Proposal(
        kind=ProposalKind.INDEX,
        name=idea,
        title=title,
        before="",
        after=index.create_sql(),
        reason=reason,
        tradeoffs=Tradeoffs(_price(subject, table, index, fraction), not_if or _not_if(table)),
        answers=answers,
        index=index,
        proof=Proof(changes_rows=False),
    )


def free_name(
    schema: Schema,
    table: Table,
    columns: Sequence[IndexColumn],
    include: Sequence[str] = (),
    where: str | None = None,
) -> str:
    """Return a name as PostgreSQL would make it, such as `orders_account_id_placed_at_idx`, that nothing else has."""
    parts = [table.name, *(column.name for column in columns), *include, *(["where", where] if where else [])]
    stem = re.sub(r"\W+", "_", "_".join(parts).lower()).strip("_")[: _LONGEST_NAME - 6].rstrip("_")
    taken = {each.name.lower() for each in schema.tables}
    taken |= {index.name.lower() for each in schema.tables for index in each.indexes}
    names = (f"{stem}_idx{number or ''}" for number in range(len(taken) + 1))
    return next(name for name in names if name not in taken)


def rows_of(table: Table) -> str:
    """Return the table with its size, as in `orders (200,000 rows)`."""
    return f"{table.name} ({table.rows:,} rows)" if table.rows else table.name


def kept_rows(table: Table, fraction: float | None) -> str:
    """Return how many rows are left, as in `about 200 rows`."""
    if fraction is None or not table.rows:
        return "the rows it wants"
    count = max(round(table.rows * fraction), 1)
    return f"about {count:,} {'row' if count == 1 else 'rows'}"


def leading(table: Table) -> str:
    """Return what the existing indexes start with, as in `its indexes lead with id and placed_at`."""
    heads = dict.fromkeys(index.columns[0].name for index in usable(table) if index.columns)
    if not heads:
        return "it has no index"
    return (
        f"its indexes lead with {in_words(tuple(heads))}"
        if len(heads) > 1
        else f"its index leads with {next(iter(heads))}"
    )


def in_words(names: Sequence[str]) -> str:
    """Return a list as people say it: `a`, `a and b`, `a, b and c`."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def index_bytes(subject: Subject, table: Table, index: Index, fraction: float = 1.0) -> int | None:
    """Return the size that the index will have, from the rows and the columns' mean widths; None where unknown.

    An entry is its values and a header: 12 bytes with the line pointer on PostgreSQL, and aligned to 8; on SQLite the
    rowid and one byte for each value. PostgreSQL stores equal keys once, so its index is often smaller.
    """
    widths = [_width(table, column.name) for column in index.columns]
    widths += [_width(table, name) for name in index.include]
    if not table.rows or any(width is None for width in widths):
        return None
    values = sum(width for width in widths if width is not None)
    entry = values + len(widths) + 6
    if HAS_ENTRY_HEADER.admits(subject.engine):
        entry = -(-(values + 8) // 8) * 8 + 4
    return round(table.rows * fraction * entry / _PAGE_FILL)


def _price(subject: Subject, table: Table, index: Index, fraction: float) -> str:
    size = index_bytes(subject, table, index, fraction)
    disk = f"about {_in_units(size)} on disk, and " if size else ""
    rows = f"INSERT of such a row into {table.name}" if index.where else f"INSERT into {table.name}"
    price = f"{disk}each {rows} writes one entry more, each UPDATE of its columns too"
    if BUILDS_BESIDE_WRITERS.admits(subject.engine):
        price += "; in production build it with CREATE INDEX CONCURRENTLY, which lets writers go on"
    return price


def _not_if(table: Table) -> str:
    return f"{table.name} is written far more often than it is read this way"


def _in_units(size: int) -> str:
    return f"{size / 1e6:,.1f} MB" if size >= 100_000 else f"{max(size // 1000, 1)} kB"


def _width(table: Table, name: str) -> int | None:
    column = table.column(name)
    if column is None:
        # An expression is about as wide as the columns that it is made of.
        inside = [_width(table, each.name) for each in table.columns if re.search(rf"\b{re.escape(each.name)}\b", name)]
        known = [width for width in inside if width is not None]
        return sum(known) if known and len(known) == len(inside) else None
    if column.type.lower() in _WIDTHS:
        return _WIDTHS[column.type.lower()]
    return round(column.statistics.width) if column.statistics and column.statistics.width else None
