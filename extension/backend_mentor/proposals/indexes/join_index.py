"""Look the partners of a join up instead of reading their whole table."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.schema import IndexColumn
from backend_mentor.domain.subject import Gate
from backend_mentor.proposals.idea import Becomes, Refuses
from backend_mentor.proposals.indexes.access import Reach, accesses
from backend_mentor.proposals.indexes.existing import finds_one_row, is_served
from backend_mentor.proposals.indexes.keys import equal_look_up, fits, is_large, is_worthwhile, range_column, times
from backend_mentor.proposals.indexes.offer import leading, offer, rows_of
from backend_mentor.proposals.indexes.sample import MANY_ROWS, TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from backend_mentor.domain.proposal import Proposal
    from backend_mentor.domain.schema import Column
    from backend_mentor.domain.subject import Fact, Subject
    from backend_mentor.proposals.indexes.access import Access, Condition

# Where the join finds more than a twentieth of a table, reading all of it once is cheaper than the look-ups.
_SMALL_PART = 0.05


class JoinIndex:
    """An index on the join column of the table whose partners are looked up: mostly a foreign key without one.

    Worth a trial where the other side is cut down to few rows by conditions of its own, or where SQLite builds such
    an index for each run of the query. Where both sides are read whole, a hash of one of them is the better join.
    """

    name: ClassVar[str] = "join-index"
    gate: ClassVar[Gate] = Gate()
    answers: ClassVar[tuple[str, ...]] = (
        "automatic-index",
        "scan-inside-join",
        "nested-loop-blow-up",
        "join-filter-discards-rows",
        "bloom-filter-stands-in",
    )
    examples: ClassVar[tuple[Becomes | Refuses, ...]] = (
        Becomes(
            "SELECT l.product FROM orders o JOIN lines l ON l.order_id = o.id WHERE o.id = 7",
            "CREATE INDEX lines_order_id_idx ON lines (order_id)",
            TABLES,
        ),
        Becomes(
            "SELECT o.total FROM customers c, orders o WHERE o.customer_id = c.id AND c.email = 'x@example.com'",
            "CREATE INDEX orders_customer_id_idx ON orders (customer_id)",
            TABLES,
            "postgres",
        ),
        Becomes(
            "SELECT c.id, o.total FROM customers c LEFT JOIN orders o ON o.customer_id = c.id WHERE c.city = 'Rome'",
            "CREATE INDEX orders_customer_id_idx ON orders (customer_id)",
            TABLES,
        ),
        Refuses(
            "SELECT o.total FROM customers c JOIN orders o ON o.customer_id = c.id",
            "both tables are read whole, and a hash joins them best",
            TABLES,
            "postgres",
        ),
        Refuses(
            "SELECT o.total FROM customers c JOIN orders o ON o.customer_id = c.id WHERE c.email = 'x'",
            "an index leads with the join column already",
            TABLES + "CREATE INDEX mine ON orders (customer_id, total)",
        ),
        Refuses(
            "SELECT c.id, o.total FROM orders o LEFT JOIN customers c ON c.id = o.customer_id WHERE c.city = 'x'",
            "the customers are found by their primary key",
            TABLES,
        ),
        Refuses(
            "SELECT s.amount FROM lines l JOIN stock s ON s.day = l.amount AND s.product = l.product WHERE l.id = 7",
            "the primary key of stock leads with the join's other column",
            TABLES + "CREATE TABLE stock (product text, day integer, amount integer, PRIMARY KEY (product, day))",
        ),
        Refuses(
            "SELECT o.id FROM customers c JOIN orders o ON o.customer_id = c.id WHERE c.id > 100",
            "four customers of five are kept",
            TABLES + MANY_ROWS,
        ),
    )

    def wants(self, subject: Subject) -> Iterator[Fact]:
        """Yield nothing: an index changes no rows."""
        return iter(())

    def propose(self, subject: Subject) -> Iterator[Proposal]:
        """Yield an index on a join column whose other side is small, or that the plan shows to be missed."""
        every = accesses(subject)
        for access in every:
            table = access.table
            for column, condition in _joins(access):
                if _is_found_already(access, condition) or not fits(column) or not is_large(access):
                    continue
                automatic = _builds_automatic_index(subject, access)
                if not automatic and not _is_small(every, access, condition):
                    continue
                cause = (
                    f"SQLite builds an index on {table.name} for each run of this query and throws it away"
                    if automatic
                    else f"few rows of the other side are left, and for each of them {rows_of(table)} is searched by "
                    f"{column.name}, while {leading(table)}"
                )
                yield offer(
                    self.name,
                    subject,
                    table,
                    [IndexColumn(column.name)],
                    title=f"Index {table.name} by {column.name}, by which it is joined",
                    reason=f"{cause[0].upper()}{cause[1:]}. This one finds the partners without reading the rest.",
                    answers=self.answers,
                )


def _joins(access: Access) -> Iterator[tuple[Column, Condition]]:
    for column in access.columns(Reach.JOIN):
        for condition in access.conditions_on(column, Reach.JOIN)[:1]:
            yield column, condition


def _is_found_already(access: Access, condition: Condition) -> bool:
    """Return whether an index leads with a column of this join, or all conditions together hold a unique key."""
    joined = [column for column, each in _joins(access) if each.partner is condition.partner]
    equal = [*access.columns(Reach.JOIN), *access.columns(Reach.EQUAL)]
    if any(is_served(access.table, (column.name,)) for column in joined):
        return True
    return finds_one_row(access.table, [column.name for column in equal])


def _builds_automatic_index(subject: Subject, access: Access) -> bool:
    nodes = subject.plan.nodes() if subject.plan is not None else ()
    names = {access.source.name.lower(), access.table.name.lower()}
    return any(node.automatic and {(node.alias or "").lower(), (node.relation or "").lower()} & names for node in nodes)


def _is_small(every: Sequence[Access], access: Access, condition: Condition) -> bool:
    """Return whether conditions of its own leave the other side few rows against this table's."""
    outer = next((each for each in every if each.source is condition.partner), None)
    if outer is None:
        return False
    look_up, ranged = equal_look_up(outer), range_column(outer)
    if not look_up.columns and ranged is None:
        return False
    fraction = times([look_up.fraction, ranged[1] if ranged is not None else None])
    if fraction is None:
        return True
    if not outer.table.rows or not access.table.rows:
        return is_worthwhile(fraction)
    column = condition.column
    distinct = column.statistics.distinct if column is not None and column.statistics else None
    return outer.table.rows * fraction <= _SMALL_PART * (distinct or access.table.rows)
