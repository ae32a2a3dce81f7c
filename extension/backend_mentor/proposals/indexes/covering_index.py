"""Answer a query from the index alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.schema import IndexColumn
from backend_mentor.domain.subject import Gate
from backend_mentor.proposals.idea import Becomes, Refuses
from backend_mentor.proposals.indexes.access import accesses
from backend_mentor.proposals.indexes.engines import HAS_INCLUDE
from backend_mentor.proposals.indexes.existing import finds_one_row, implicit_tail, usable
from backend_mentor.proposals.indexes.keys import FEW_ROWS, equal_look_up, fits, is_large, range_column, times
from backend_mentor.proposals.indexes.offer import in_words, kept_rows, offer, rows_of
from backend_mentor.proposals.indexes.sample import MANY_ROWS, TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.proposal import Proposal
    from backend_mentor.domain.schema import Column, Table
    from backend_mentor.domain.subject import Fact, Subject
    from backend_mentor.proposals.indexes.access import Access

_MOST_PAYLOAD = 3


class CoveringIndex:
    """An index that also holds the up to three further columns that the query takes from the table.

    The rows found need not be read from the table then. Worth a trial where many rows are found; where they are few,
    the plain index is smaller and as good. PostgreSQL carries such columns by INCLUDE, SQLite as further keys.
    """

    name: ClassVar[str] = "covering-index"
    gate: ClassVar[Gate] = Gate()
    answers: ClassVar[tuple[str, ...]] = (
        "search-is-not-covering",
        "full-scan-discards-rows",
        "correlated-subquery-runs-often",
        "index-discards-rows",
    )
    examples: ClassVar[tuple[Becomes | Refuses, ...]] = (
        Becomes(
            "SELECT sum(total) FROM orders WHERE customer_id = 1",
            "CREATE INDEX orders_customer_id_total_idx ON orders (customer_id, total)",
            TABLES + MANY_ROWS,
        ),
        Becomes(
            "SELECT sum(total) FROM orders WHERE customer_id = 1 AND placed_at >= '2026-03-01'",
            "CREATE INDEX orders_customer_id_placed_at_total_idx ON orders (customer_id, placed_at) INCLUDE (total)",
            TABLES,
            "postgres",
        ),
        Becomes(
            "SELECT id, total FROM orders WHERE customer_id = 1",
            "CREATE INDEX orders_customer_id_total_idx ON orders (customer_id, total)",
            TABLES + MANY_ROWS + "CREATE INDEX mine ON orders (customer_id)",
        ),
        Refuses("SELECT * FROM orders WHERE customer_id = 1", "all columns are wanted", TABLES + MANY_ROWS),
        Refuses(
            "SELECT status, total, note, placed_at FROM orders WHERE customer_id = 1",
            "four further columns make it nearly as large as the table",
            TABLES + MANY_ROWS,
        ),
        Refuses(
            "SELECT sum(total) FROM orders WHERE customer_id = 1",
            "an index holds the total already",
            TABLES + MANY_ROWS + "CREATE INDEX mine ON orders (customer_id, status, total)",
        ),
        Refuses(
            "SELECT o.total FROM orders o JOIN lines USING (id) WHERE o.customer_id = 1",
            "a column of USING stands nowhere as such",
            TABLES + MANY_ROWS,
        ),
        Refuses("SELECT sum(total) FROM orders", "nothing is looked up", TABLES + MANY_ROWS),
        Refuses(
            "SELECT status FROM orders WHERE total = 77",
            "three orders have this total, and three rows are read at once",
            TABLES + MANY_ROWS,
        ),
    )

    def wants(self, subject: Subject) -> Iterator[Fact]:
        """Yield nothing: an index changes no rows."""
        return iter(())

    def propose(self, subject: Subject) -> Iterator[Proposal]:
        """Yield an index with the look-up's columns first and the payload behind them."""
        for access in accesses(subject):
            keys, fraction = _keys(access)
            who = "Each look-up" if equal_look_up(access).repeated else "The query"
            table = access.table
            if not keys or not is_large(access) or finds_one_row(table, keys) or _leaves_few(table, fraction):
                continue
            payload = _payload(access, keys)
            if not payload or len(payload) > _MOST_PAYLOAD or not all(fits(column) for column in payload):
                continue
            names = tuple(column.name for column in payload)
            if _is_covered(table, keys, names):
                continue
            carries = HAS_INCLUDE.admits(subject.engine)
            columns = keys if carries else (*keys, *names)
            yield offer(
                self.name,
                subject,
                table,
                [IndexColumn(name) for name in columns],
                include=names if carries else (),
                title=f"Let an index on {table.name} carry {in_words(names)} too",
                reason=f"{who} finds {kept_rows(table, fraction)} of {rows_of(table)} by {in_words(keys)} and "
                f"takes {in_words(names)} from each. From this index it has all of them without the table.",
                answers=self.answers,
                not_if=f"{' or '.join(names)} is updated often, or the plain index is fast enough",
            )


def _keys(access: Access) -> tuple[tuple[str, ...], float | None]:
    look_up, ranged = equal_look_up(access), range_column(access)
    if ranged is None or ranged[0] in look_up.columns or access.order:
        return look_up.names, look_up.fraction
    return (*look_up.names, ranged[0].name), times([look_up.fraction, ranged[1]])


def _payload(access: Access, keys: tuple[str, ...]) -> tuple[Column, ...]:
    """Return the columns that the query takes beside its keys, in the table's order; none where a star takes all."""
    if access.used is None or access.order:
        return ()
    held = {*keys, *implicit_tail(access.table)}
    return tuple(column for column in access.table.columns if column.name in access.used and column.name not in held)


def _leaves_few(table: Table, fraction: float | None) -> bool:
    return fraction is not None and bool(table.rows) and (table.rows or 0) * fraction <= FEW_ROWS


def _is_covered(table: Table, keys: tuple[str, ...], payload: tuple[str, ...]) -> bool:
    held = [
        {*index.column_names, *index.include, *implicit_tail(table)}
        for index in usable(table)
        if index.columns and index.columns[0].name in keys
    ]
    return any({*keys, *payload} <= names for names in held)
