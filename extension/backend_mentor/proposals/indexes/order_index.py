"""Read rows in the order in which a LIMIT wants them."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.schema import IndexColumn
from backend_mentor.domain.subject import Gate
from backend_mentor.proposals.idea import Becomes, Refuses
from backend_mentor.proposals.indexes.access import accesses
from backend_mentor.proposals.indexes.engines import NULLS_ARE_LARGEST
from backend_mentor.proposals.indexes.existing import implicit_tail, usable
from backend_mentor.proposals.indexes.keys import FEW_ROWS, equal_look_up, fits, is_found_already, is_large
from backend_mentor.proposals.indexes.offer import in_words, leading, offer, rows_of
from backend_mentor.proposals.indexes.sample import MANY_ROWS, TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from backend_mentor.domain.proposal import Proposal
    from backend_mentor.domain.schema import Index, Table
    from backend_mentor.domain.subject import Fact, Subject
    from backend_mentor.proposals.indexes.access import Access, OrderKey
    from backend_mentor.proposals.indexes.keys import LookUp


class OrderIndex:
    """An index on the equality columns and then on those of ORDER BY, where a LIMIT takes the first rows.

    It holds the rows in the wanted order (read from either end), so the query stops after the rows of its LIMIT. Not
    for an order that an index of this engine can not have, such as NULLS LAST in ascending order on SQLite.
    """

    name: ClassVar[str] = "order-index"
    gate: ClassVar[Gate] = Gate()
    answers: ClassVar[tuple[str, ...]] = (
        "top-sort-of-many-rows",
        "rows-sorted-in-temporary-tree",
        "order-index-under-limit",
        "index-walked-for-its-order",
        "full-scan-discards-rows",
    )
    examples: ClassVar[tuple[Becomes | Refuses, ...]] = (
        Becomes(
            "SELECT total FROM orders WHERE customer_id = 7 ORDER BY placed_at DESC, id DESC LIMIT 10",
            "CREATE INDEX orders_customer_id_placed_at_idx ON orders (customer_id, placed_at)",
            TABLES,
        ),
        Becomes(
            "SELECT total FROM orders WHERE customer_id = 7 ORDER BY placed_at DESC, id DESC LIMIT 10",
            "CREATE INDEX orders_customer_id_placed_at_id_idx ON orders (customer_id, placed_at, id)",
            TABLES,
            "postgres",
        ),
        Becomes(
            "SELECT id FROM orders ORDER BY status, placed_at DESC LIMIT 10",
            "CREATE INDEX orders_status_placed_at_idx ON orders (status, placed_at DESC)",
            TABLES,
        ),
        Becomes(
            "SELECT id FROM orders ORDER BY total DESC NULLS LAST LIMIT 10",
            "CREATE INDEX orders_total_idx ON orders (total DESC NULLS LAST)",
            TABLES,
            "postgres",
        ),
        Becomes(
            "SELECT o.id FROM orders o JOIN customers c ON c.id = o.customer_id ORDER BY o.placed_at LIMIT 10",
            "CREATE INDEX orders_placed_at_idx ON orders (placed_at)",
            TABLES,
        ),
        Refuses("SELECT id FROM orders ORDER BY placed_at", "without a LIMIT all rows are read anyway", TABLES),
        Refuses("SELECT id FROM orders ORDER BY total NULLS LAST LIMIT 10", "no SQLite index puts NULLs last", TABLES),
        Refuses(
            "SELECT status, count(*) FROM orders GROUP BY status ORDER BY status LIMIT 3",
            "the groups are cut, and all rows are read for them",
            TABLES,
        ),
        Refuses(
            "SELECT id FROM orders ORDER BY placed_at DESC LIMIT 10",
            "an index is read from its end as well",
            TABLES + "CREATE INDEX newest ON orders (placed_at)",
        ),
        Refuses(
            "SELECT c.id FROM customers c LEFT JOIN orders o ON o.customer_id = c.id ORDER BY o.placed_at LIMIT 10",
            "the outer join adds rows that are not in the table",
            TABLES,
        ),
        Refuses(
            "SELECT id FROM orders ORDER BY placed_at, total LIMIT 10",
            "by placed_at alone few ties are left",
            TABLES + MANY_ROWS + "CREATE INDEX newest ON orders (placed_at)",
        ),
        Becomes(
            "SELECT id FROM orders WHERE customer_id IN (7, 8) ORDER BY placed_at LIMIT 10",
            "CREATE INDEX orders_placed_at_idx ON orders (placed_at)",
            TABLES,
        ),
        Refuses("SELECT id FROM orders ORDER BY total + 1 LIMIT 10", "the order is computed", TABLES),
    )

    def wants(self, subject: Subject) -> Iterator[Fact]:
        """Yield nothing: an index changes no rows."""
        return iter(())

    def propose(self, subject: Subject) -> Iterator[Proposal]:
        """Yield an index on the equality columns and the order's."""
        for access in accesses(subject):
            if not access.order or not is_large(access) or is_found_already(access):
                continue
            look_up = equal_look_up(access, one_value=True)
            table = access.table
            order = _telling(access, look_up)
            keys = _index_keys(subject, table, order)
            if not keys or _is_ordered_already(table, look_up, keys):
                continue
            columns = [*(IndexColumn(name) for name in look_up.names), *keys]
            wanted = in_words([key.name for key in keys])
            found = f"looked up by {in_words(look_up.names)} and " if look_up.columns else ""
            yield offer(
                self.name,
                subject,
                table,
                columns,
                title=f"Index {table.name} by {in_words([column.name for column in columns])}, in the order wanted",
                reason=f"{rows_of(table)} is {found}sorted by {wanted} for the first rows alone, and {leading(table)}. "
                "This one holds them in that order, so the query stops at its LIMIT.",
                answers=self.answers,
            )


def _telling(access: Access, look_up: LookUp) -> tuple[OrderKey, ...]:
    """Return the order's keys up to the one that leaves no ties; one that equals a known value orders nothing."""
    keys: list[OrderKey] = []
    for key in access.order:
        if key.column.name in look_up.names:
            continue
        keys.append(key)
        if (key.column.name,) in access.table.unique_keys():
            break
    return tuple(keys)


def _index_keys(subject: Subject, table: Table, order: Sequence[OrderKey]) -> tuple[IndexColumn, ...]:
    """Return the keys that give this order from one of the index's ends, or nothing where no index can."""
    if not order or not all(fits(key.column) for key in order):
        return ()
    nulls_are_largest = NULLS_ARE_LARGEST.admits(subject.engine)
    usual = [key.nulls_first == (key.descending == nulls_are_largest) or not key.column.nullable for key in order]
    if not all(usual) and not nulls_are_largest:
        return ()
    turned = all(usual) and all(key.descending for key in order)
    keys = [
        IndexColumn(
            key.column.name,
            descending=key.descending and not turned,
            nulls_first=None if by_default else key.nulls_first,
        )
        for key, by_default in zip(order, usual, strict=True)
    ]
    ends_alike = keys[-1].name in implicit_tail(table) and not any(key.descending for key in keys)
    return tuple(keys[:-1] if ends_alike and len(keys) > 1 else keys)


def _is_ordered_already(table: Table, look_up: LookUp, keys: Sequence[IndexColumn]) -> bool:
    """Return whether an index gives the order, or gives its first key and leaves few ties to sort."""
    first = table.column(keys[0].name)
    distinct = first.statistics.distinct if first is not None and first.statistics else None
    few_ties = bool(table.rows and distinct and table.rows / distinct <= FEW_ROWS)
    wanted = keys[:1] if few_ties else keys
    return any(_gives_order(index, look_up.names, wanted) for index in usable(table))


def _gives_order(index: Index, equal: Sequence[str], keys: Sequence[IndexColumn]) -> bool:
    """Return whether an index gives the order from one of its ends."""
    count = len(equal)
    if {column.name for column in index.columns[:count]} != set(equal):
        return False
    there = index.columns[count : count + len(keys)]
    same = [
        (have.name, have.descending, have.nulls_first) == (want.name, want.descending, want.nulls_first)
        for have, want in zip(there, keys, strict=False)
    ]
    turned = [
        have.name == want.name and have.descending != want.descending and have.nulls_first is want.nulls_first is None
        for have, want in zip(there, keys, strict=False)
    ]
    return len(there) == len(keys) and (all(same) or all(turned))
