"""Look rows up by the columns that are compared with known values."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.schema import IndexColumn
from backend_mentor.domain.subject import Gate
from backend_mentor.proposals.idea import Becomes, Refuses
from backend_mentor.proposals.indexes.access import Reach, accesses
from backend_mentor.proposals.indexes.existing import is_served
from backend_mentor.proposals.indexes.keys import equal_look_up, is_found_already, is_large, is_worthwhile
from backend_mentor.proposals.indexes.offer import in_words, kept_rows, leading, offer, rows_of
from backend_mentor.proposals.indexes.sample import MANY_ROWS, TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.proposal import Proposal
    from backend_mentor.domain.subject import Fact, Subject


class EqualityIndex:
    """An index on the columns that a query compares with known values by `=`, IN or IS NULL.

    Worth a trial where those columns keep a fifth of the rows or fewer and no index leads with them yet.
    """

    name: ClassVar[str] = "equality-index"
    gate: ClassVar[Gate] = Gate()
    answers: ClassVar[tuple[str, ...]] = (
        "full-scan-discards-rows",
        "index-discards-rows",
        "correlated-subquery-runs-often",
        "automatic-index",
    )
    examples: ClassVar[tuple[Becomes | Refuses, ...]] = (
        Becomes(
            "SELECT total FROM orders WHERE customer_id = 7",
            "CREATE INDEX orders_customer_id_idx ON orders (customer_id)",
            TABLES,
        ),
        Becomes(
            "SELECT total FROM orders WHERE status = 'open' AND customer_id IN (7, 8)",
            "CREATE INDEX orders_status_customer_id_idx ON orders (status, customer_id)",
            TABLES,
            "postgres",
        ),
        Becomes(
            "SELECT c.id, (SELECT sum(o.total) FROM orders o WHERE o.customer_id = c.id) FROM customers c",
            "CREATE INDEX orders_customer_id_idx ON orders (customer_id)",
            TABLES,
        ),
        Becomes(
            "WITH mine AS (SELECT total FROM orders WHERE customer_id = 7) SELECT sum(total) FROM mine",
            "CREATE INDEX orders_customer_id_idx ON orders (customer_id)",
            TABLES,
        ),
        Refuses("SELECT email FROM customers WHERE id = 7", "the primary key finds the row", TABLES),
        Refuses(
            "SELECT total FROM orders WHERE customer_id = 7",
            "an index leads with customer_id already",
            TABLES + "CREATE INDEX mine ON orders (customer_id, status)",
        ),
        Refuses("SELECT total FROM orders WHERE customer_id = 7 OR total = 3", "OR needs two look-ups", TABLES),
        Refuses("SELECT total FROM orders WHERE customer_id <> 7", "almost all rows differ from one value", TABLES),
        Refuses("SELECT total FROM orders WHERE customer_id = total", "both sides come from the same row", TABLES),
        Refuses("SELECT total FROM orders WHERE customer_id = 1", "half of the rows are kept", TABLES + MANY_ROWS),
        Refuses(
            "SELECT total FROM recent WHERE customer_id = 7",
            "a view can not be indexed",
            TABLES + "CREATE VIEW recent AS SELECT * FROM orders",
        ),
    )

    def wants(self, subject: Subject) -> Iterator[Fact]:
        """Yield nothing: an index changes no rows."""
        return iter(())

    def propose(self, subject: Subject) -> Iterator[Proposal]:
        """Yield an index on the equality columns, most selective first, where nothing else narrows or orders rows."""
        for access in accesses(subject):
            look_up = equal_look_up(access)
            table = access.table
            if not look_up.columns or access.columns(Reach.RANGE) or access.order:
                continue  # a range or an order makes a longer index worth more
            if not is_large(access) or not is_worthwhile(look_up.fraction) or is_found_already(access):
                continue
            if is_served(table, look_up.names):
                continue
            names = in_words(look_up.names)
            who = "each look-up" if look_up.repeated else "the query"
            yield offer(
                self.name,
                subject,
                table,
                [IndexColumn(name) for name in look_up.names],
                title=f"Index {table.name} by {names}",
                reason=f"{rows_of(table)} is searched by {names}, and {leading(table)}. "
                f"With this one {who} goes straight to {kept_rows(table, look_up.fraction)}.",
                answers=self.answers,
            )
