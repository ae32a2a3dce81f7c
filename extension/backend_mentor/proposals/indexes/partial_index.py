"""Keep only the few rows that a query asks for in the index."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from sqlglot import exp

from backend_mentor.domain.schema import IndexColumn, quote
from backend_mentor.domain.subject import Gate
from backend_mentor.proposals.idea import Becomes, Refuses
from backend_mentor.proposals.indexes.access import Reach, accesses
from backend_mentor.proposals.indexes.existing import implicit_tail
from backend_mentor.proposals.indexes.fractions import value_fraction
from backend_mentor.proposals.indexes.keys import fits, is_found_already, is_large, range_column
from backend_mentor.proposals.indexes.offer import kept_rows, offer, rows_of
from backend_mentor.proposals.indexes.sample import MANY_ROWS, TABLES
from backend_mentor.reading.sql import print_sql

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.proposal import Proposal
    from backend_mentor.domain.schema import Table
    from backend_mentor.domain.subject import Fact, Subject
    from backend_mentor.proposals.indexes.access import Access, Condition

_SMALL_PART = 0.1
# A column of so few values is a state or a kind: its literal is part of the program and comes again.
_MOST_STATES = 12


class PartialIndex:
    """An index over only those rows in which a column has the state that the query names, such as `status = 'open'`.

    Worth a trial where the statistics say that a tenth of the rows or fewer are in that state, and the state is
    written into the query as a literal: the engines use the index only for queries that imply its condition.
    """

    name: ClassVar[str] = "partial-index"
    gate: ClassVar[Gate] = Gate()
    answers: ClassVar[tuple[str, ...]] = (
        "full-scan-discards-rows",
        "index-discards-rows",
        "index-walked-for-its-order",
    )
    examples: ClassVar[tuple[Becomes | Refuses, ...]] = (
        Becomes(
            "SELECT id, total FROM orders o WHERE o.status = 'open' ORDER BY o.placed_at LIMIT 20",
            "CREATE INDEX orders_placed_at_where_status_open_idx ON orders (placed_at) WHERE status = 'open'",
            TABLES + MANY_ROWS,
        ),
        Becomes(
            "SELECT id FROM orders WHERE status = 'open' AND customer_id = 2",
            "CREATE INDEX orders_customer_id_where_status_open_idx ON orders (customer_id) WHERE status = 'open'",
            TABLES + MANY_ROWS,
        ),
        Becomes(
            "SELECT customer_id, count(*) FROM orders WHERE status = 'open' GROUP BY customer_id",
            "CREATE INDEX orders_customer_id_where_status_open_idx ON orders (customer_id) WHERE status = 'open'",
            TABLES + MANY_ROWS,
        ),
        Refuses(
            "SELECT id FROM orders WHERE status = 'paid' ORDER BY placed_at LIMIT 20",
            "almost all orders are paid",
            TABLES + MANY_ROWS,
        ),
        Refuses(
            "SELECT id FROM orders WHERE status = 'open' ORDER BY placed_at LIMIT 20",
            "nothing is known of how many orders are open",
            TABLES,
        ),
        Refuses(
            "SELECT id FROM orders WHERE total = 77 ORDER BY placed_at",
            "700 totals are no states: each would need an index of its own",
            TABLES + MANY_ROWS,
        ),
        Refuses(
            "SELECT id FROM parcels WHERE tenant_id = 3",
            "each tenant would need an index of its own",
            """CREATE TABLE parcels (id INTEGER PRIMARY KEY, tenant_id INTEGER, note TEXT);
            INSERT INTO parcels (tenant_id, note) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n
            WHERE i < 20000) SELECT i % 40, 'a note' FROM n;
            ANALYZE;""",
        ),
        Refuses(
            "SELECT id FROM orders WHERE status = 'open' ORDER BY placed_at LIMIT 20",
            "such an index is there already",
            TABLES + MANY_ROWS + "CREATE INDEX mine ON orders (placed_at) WHERE status = 'open'",
        ),
    )

    def wants(self, subject: Subject) -> Iterator[Fact]:
        """Yield nothing: an index changes no rows."""
        return iter(())

    def propose(self, subject: Subject) -> Iterator[Proposal]:
        """Yield an index over the rows of the rarest state, ordered as the query needs them."""
        for access in accesses(subject):
            state = _rarest_state(access)
            if state is None or not is_large(access) or is_found_already(access):
                continue
            condition, fraction = state
            table = access.table
            keys = _keys(access, condition)
            where = _predicate(condition, subject.statement.dialect)
            if not keys or _is_there(table, where):
                continue
            yield offer(
                self.name,
                subject,
                table,
                [IndexColumn(name) for name in keys],
                title=f"Index only the rows of {table.name} where {where}",
                reason=f"Of {rows_of(table)}, {kept_rows(table, fraction)} have {where}. "
                "An index over those alone stays small and leads straight to them.",
                answers=self.answers,
                where=where,
                fraction=fraction,
                not_if=f"{where} comes to hold for many rows, or queries name the state by a parameter",
            )


def _rarest_state(access: Access) -> tuple[Condition, float] | None:
    states = []
    for condition in access.conditions:
        if condition.column is None or _names_a_row(condition.column.name, access.table):
            continue
        fraction = _state_fraction(condition)
        if fraction is not None and fraction <= _SMALL_PART:
            states.append((condition, fraction))
    return min(states, key=lambda state: state[1], default=None)


def _names_a_row(column: str, table: Table) -> bool:
    """Return whether the column refers to another table: its next value is another row, not another state."""
    references = {name.lower() for key in table.foreign_keys for name in key.columns}
    return column.lower() in references or column.lower().endswith("_id")


def _state_fraction(condition: Condition) -> float | None:
    """Return the part of the rows in that state; None where it is no state or where nothing is known."""
    column = condition.column
    if condition.reach is not Reach.EQUAL or column is None or len(condition.values) != 1 or not column.statistics:
        return None
    value = condition.values[0]
    if isinstance(value, exp.Null):
        return column.statistics.null_fraction
    few = column.statistics.distinct is not None and column.statistics.distinct <= _MOST_STATES
    return value_fraction(column, value) if few and isinstance(value, (exp.Literal, exp.Boolean)) else None


def _keys(access: Access, state: Condition) -> tuple[str, ...]:
    """Return the columns to order the few rows by: those looked up, else those sorted, else those grouped by."""
    equal = [column.name for column in access.columns(Reach.EQUAL) if column is not state.column and fits(column)]
    ranged = range_column(access)
    ordered = [key.column.name for key in access.order if not key.descending or len(access.order) == 1]
    tail = [ranged[0].name] if ranged is not None else ordered or _grouped(access)
    names = tuple(dict.fromkeys([*equal, *tail]))[:3]
    if not names:
        return access.table.primary_key
    return names[:-1] if len(names) > 1 and names[-1:] == implicit_tail(access.table) else names


def _grouped(access: Access) -> list[str]:
    group = access.query.args.get("group")
    columns = (
        [access.table.column(node.name) for node in group.expressions if isinstance(node, exp.Column)] if group else []
    )
    return [column.name for column in columns if column is not None and fits(column)]


def _predicate(condition: Condition, dialect: str) -> str:
    name = quote(condition.column.name) if condition.column else ""
    value = condition.values[0]
    return f"{name} IS NULL" if isinstance(value, exp.Null) else f"{name} = {print_sql(value, dialect)}"


def _is_there(table: Table, where: str) -> bool:
    wanted = _bare(where)
    return any(index.where is not None and _bare(index.where) == wanted for index in table.indexes)


def _bare(predicate: str) -> str:
    # PostgreSQL gives a predicate back as `(status = 'open'::text)`.
    bare = predicate.replace("::text", "").replace('"', "")
    return "".join(each for each in bare if each not in "() ").lower()
