"""Look rows up by known values and one range."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.schema import IndexColumn
from backend_mentor.domain.subject import Gate
from backend_mentor.proposals.idea import Becomes, Refuses
from backend_mentor.proposals.indexes.access import accesses
from backend_mentor.proposals.indexes.existing import is_served
from backend_mentor.proposals.indexes.keys import (
    equal_look_up,
    is_found_already,
    is_large,
    is_worthwhile,
    range_column,
    times,
)
from backend_mentor.proposals.indexes.offer import in_words, kept_rows, leading, offer, rows_of
from backend_mentor.proposals.indexes.sample import MANY_ROWS, TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.proposal import Proposal
    from backend_mentor.domain.subject import Fact, Subject


class RangeIndex:
    """An index on the columns compared with known values, then on the one column with a range.

    The range comes last: behind it an index is no longer in order, so a column after it finds nothing.
    """

    name: ClassVar[str] = "range-index"
    gate: ClassVar[Gate] = Gate()
    answers: ClassVar[tuple[str, ...]] = ("full-scan-discards-rows", "index-discards-rows")
    examples: ClassVar[tuple[Becomes | Refuses, ...]] = (
        Becomes(
            "SELECT total FROM orders WHERE placed_at >= '2026-03-02' AND placed_at < '2026-03-03'",
            "CREATE INDEX orders_placed_at_idx ON orders (placed_at)",
            TABLES,
        ),
        Becomes(
            "SELECT total FROM orders WHERE total > 100 AND customer_id = 7",
            "CREATE INDEX orders_customer_id_total_idx ON orders (customer_id, total)",
            TABLES,
            "postgres",
        ),
        Becomes(
            "SELECT o.id FROM customers c JOIN orders o ON o.customer_id = c.id AND o.total BETWEEN 10 AND 12",
            "CREATE INDEX orders_total_idx ON orders (total)",
            TABLES + MANY_ROWS,
        ),
        Refuses(
            "SELECT total FROM orders WHERE total > 100 AND customer_id = 7",
            "an index leads with customer_id and total already",
            TABLES + "CREATE INDEX mine ON orders (customer_id, total, status)",
        ),
        Refuses("SELECT id FROM orders WHERE total > 100", "six rows of seven are kept", TABLES + MANY_ROWS),
        Refuses("SELECT id FROM orders WHERE total > customer_id", "both sides come from the same row", TABLES),
        Refuses("SELECT id FROM orders WHERE total + 1 > 100", "the column itself is not compared", TABLES),
        Refuses(
            "SELECT c.id FROM customers c LEFT JOIN orders o ON o.customer_id = c.id AND c.city > 'x'",
            "the ON of an outer join selects nothing from its left side",
            TABLES,
        ),
    )

    def wants(self, subject: Subject) -> Iterator[Fact]:
        """Yield nothing: an index changes no rows."""
        return iter(())

    def propose(self, subject: Subject) -> Iterator[Proposal]:
        """Yield an index on the equality columns and the narrowest range."""
        for access in accesses(subject):
            ranged = range_column(access)
            if ranged is None or not is_large(access) or is_found_already(access):
                continue
            column, range_part = ranged
            table, look_up = access.table, equal_look_up(access)
            fraction = times([look_up.fraction, range_part])
            if column in look_up.columns or not is_worthwhile(fraction):
                continue
            if is_served(table, look_up.names, (column.name,)):
                continue
            names = (*look_up.names, column.name)
            yield offer(
                self.name,
                subject,
                table,
                [IndexColumn(name) for name in names],
                title=f"Index {table.name} by {in_words(names)}",
                reason=f"{rows_of(table)} is searched by a range of {column.name}, and {leading(table)}. "
                f"With this one the query reads {kept_rows(table, fraction)} that lie side by side.",
                answers=self.answers,
            )
