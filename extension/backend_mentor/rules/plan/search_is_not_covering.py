"""The rule search-is-not-covering."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from sqlglot import exp

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.domain.plan import Operation, PlanNode
from backend_mentor.domain.subject import Gate
from backend_mentor.reading.resolve import resolve_columns
from backend_mentor.rules.figures import SCAN_FLOOR_ROWS, plan_figures
from backend_mentor.rules.report import from_plan, from_run, from_statistics, place_in_plan, report
from backend_mentor.rules.rule import Flags, Passes
from backend_mentor.rules.wording import count, listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.finding import Evidence, Finding
    from backend_mentor.domain.schema import Table
    from backend_mentor.domain.subject import Subject

_ORDERS = """CREATE TABLE orders (id INTEGER PRIMARY KEY, side TEXT, amount INTEGER, note INTEGER, placed_at TEXT);
    CREATE INDEX orders_side ON orders (side);
    INSERT INTO orders (side, amount, note)
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
    SELECT iif(i % 2, 'buy', 'sell'), i, i % 1000 FROM n"""


class SearchIsNotCovering:
    """An index finds many rows, and each of them is looked up in the table.

    SQLite reads the index in order and then jumps to the table once for each row. With the selected columns in the
    index too, it never leaves the index.
    """

    name: ClassVar[str] = "search-is-not-covering"
    severity: ClassVar[Severity] = Severity.ADVICE
    responsibility: ClassVar[Responsibility] = Responsibility.PERFORMANCE
    gate: ClassVar[Gate] = Gate(engines=("sqlite",))
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags(
            "SELECT sum(amount) FROM orders WHERE side = 'buy'",
            says="index orders_side finds 10,000 rows of orders",
            schema=_ORDERS,
            plan="SEARCH orders USING INDEX orders_side (side=?)",
        ),
        Passes(
            "SELECT * FROM orders WHERE side = 'buy'",
            because="an index of all columns would be a second table",
            schema=_ORDERS,
            plan="SEARCH orders USING INDEX orders_side (side=?)",
        ),
        Passes(
            "SELECT sum(amount) FROM orders WHERE note = 'x'",
            because="20 rows are looked up in no time",
            schema=_ORDERS + "; CREATE INDEX orders_note ON orders (note)",
            plan="SEARCH orders USING INDEX orders_note (note=?)",
        ),
        Passes(
            "SELECT amount FROM orders WHERE account_id = 7",
            because="how many rows the search finds is not known without a run",
            plan="SEARCH orders USING INDEX orders_account (account_id=?)",
        ),
        Passes(
            "SELECT amount FROM orders WHERE account_id = 7",
            because="the index alone answers",
            plan="SEARCH orders USING COVERING INDEX orders_account_amount (account_id=?)",
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each search by a non-covering index that was counted to visit thousands of rows."""
        figures = plan_figures(subject)
        for node in figures.running(Operation.SEARCH) if figures else ():
            table = subject.schema.table(node.relation or "")
            found = _rows_found(node, table)
            if figures is None or table is None or node.covering is not False or found is None or node.index is None:
                continue
            columns = _read_columns(subject, node)
            if found[0] < SCAN_FLOOR_ROWS or not figures.weighs(node):
                continue
            # An index that repeats most of the table is a second table to keep up.
            if not 0 < len(columns) <= 4 or 2 * len(columns) > len(table.columns):
                continue
            yield report(
                self,
                place_in_plan(node),
                what=f"In this plan the index {node.index} finds {count(found[0])} of {table.name}, each looked up "
                "in the table.",
                why=f"{node.index} does not hold {listed(columns)}, so every row costs a second search.",
                instead=_remedy(table, node, columns),
                evidence=(found[1], from_plan(node.label)),
            )


def _remedy(table: Table, node: PlanNode, columns: list[str]) -> str:
    index = next((each for each in table.indexes if each.name == node.index), None)
    if index is None or not index.constraint:
        return f"Append {listed(columns)} to {node.index}, so that the index alone answers."
    keys = ", ".join((*index.column_names, *columns))
    return (
        f"Give {table.name} an index of ({keys}), so that the index alone answers; that of the constraint has to stay."
    )


def _rows_found(node: PlanNode, table: Table | None) -> tuple[float, Evidence] | None:
    """Return how many rows the search visits in all: counted, or by the statistics of a lone equality."""
    if node.total_visited_rows is not None:
        return node.total_visited_rows, from_run(f"{count(node.total_visited_rows)} visited")
    only = re.fullmatch(r"(\w+)=\?", node.index_condition or "")
    column = table.column(only[1]) if table is not None and only else None
    distinct = column.statistics.distinct if column is not None and column.statistics is not None else None
    if table is None or column is None or not table.rows or not distinct:
        return None
    return table.rows / distinct, from_statistics(
        f"{column.name} has {count(distinct, 'value')} in {count(table.rows)}"
    )


def _read_columns(subject: Subject, node: PlanNode) -> list[str]:
    """Return the columns that the statement reads of the table and the index does not hold; none under a star."""
    tree = subject.statement.tree
    if any(not isinstance(star.parent, exp.Count) for star in tree.find_all(exp.Star)):
        return []
    alias = (node.alias or node.relation or "").lower()
    used = [
        each for each in resolve_columns(tree, subject.schema).columns_within(tree) if each.source.name.lower() == alias
    ]
    if not used:
        return []
    table = used[0].table
    index = next((each for each in table.indexes if each.name == node.index), None)
    held = {name.lower() for name in (*(index.column_names if index else ()), *table.primary_key)}
    return [name for name in dict.fromkeys(each.column.name for each in used) if name.lower() not in held]
