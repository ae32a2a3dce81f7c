"""The rule rows-sorted-in-temporary-tree."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.domain.plan import Operation
from backend_mentor.domain.subject import Gate
from backend_mentor.rules.conditions import conditions_on
from backend_mentor.rules.figures import SCAN_FLOOR_ROWS, plan_figures
from backend_mentor.rules.groups import sorts_groups
from backend_mentor.rules.report import from_plan, place_in_plan, report
from backend_mentor.rules.rule import Flags, Passes
from backend_mentor.rules.wording import count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.finding import Finding
    from backend_mentor.domain.subject import Subject


_PURPOSES = {
    Operation.SORT: "ORDER BY",
    Operation.TOP_SORT: "ORDER BY",
    Operation.INCREMENTAL_SORT: "the rest of the ORDER BY",
    Operation.GROUP: "GROUP BY",
    Operation.DISTINCT: "DISTINCT",
}
_SORTS = frozenset({Operation.SORT, Operation.TOP_SORT, Operation.INCREMENTAL_SORT})


class RowsSortedInTemporaryTree:
    """SQLite sorts the rows into a temporary B-tree.

    No index delivers them in the order that ORDER BY, GROUP BY or DISTINCT needs, so all of them are collected before
    the first is returned.
    """

    name: ClassVar[str] = "rows-sorted-in-temporary-tree"
    severity: ClassVar[Severity] = Severity.ADVICE
    responsibility: ClassVar[Responsibility] = Responsibility.PERFORMANCE
    gate: ClassVar[Gate] = Gate(engines=("sqlite",))
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags(
            "SELECT * FROM orders ORDER BY placed_at",
            says="20,000 rows go into a temporary B-tree for ORDER BY",
            schema="""CREATE TABLE orders (id INTEGER PRIMARY KEY, placed_at TEXT);
                INSERT INTO orders (placed_at) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE
            i < 20000) SELECT i FROM n""",
            plan="|--SCAN orders\n`--USE TEMP B-TREE FOR ORDER BY",
        ),
        Passes(
            "SELECT * FROM countries ORDER BY name",
            because="sorting 20 rows takes microseconds",
            schema="""CREATE TABLE countries (id INTEGER PRIMARY KEY, name TEXT);
                INSERT INTO countries (name) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i
            < 20) SELECT i FROM n""",
            plan="|--SCAN countries\n`--USE TEMP B-TREE FOR ORDER BY",
        ),
        Passes(
            "SELECT * FROM orders WHERE account_id = 7 ORDER BY placed_at",
            because="the rows of one account are few, and how many is not known without a run",
            schema="CREATE TABLE orders (id INTEGER PRIMARY KEY, account_id INTEGER, placed_at TEXT); CREATE INDEX "
            "orders_account ON orders (account_id)",
            plan="|--SEARCH orders USING INDEX orders_account (account_id=?)\n`--USE TEMP B-TREE FOR ORDER BY",
        ),
        Passes(
            "SELECT account_id, count(*) FROM orders GROUP BY account_id ORDER BY count(*)",
            because="groups are sorted, and there are fewer of them than rows",
            schema="""CREATE TABLE orders (id INTEGER PRIMARY KEY, account_id INTEGER);
                CREATE INDEX orders_account ON orders (account_id);
                INSERT INTO orders (account_id) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE
            i < 20000) SELECT i % 100 FROM n""",
            plan="|--SCAN orders USING COVERING INDEX orders_account\n`--USE TEMP B-TREE FOR ORDER BY",
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each temporary B-tree that takes thousands of rows; only known numbers count."""
        figures = plan_figures(subject)
        for node in figures.running(*_PURPOSES) if figures else ():
            if figures is None or "TEMP B-TREE" not in node.label or not node.children:
                continue
            source = node.children[-1]
            if node.operation in _SORTS and source.relation is not None and sorts_groups(subject):
                continue
            rows = figures.rows_returned(source) or (
                figures.rows_read(source) if source.operation in (Operation.SCAN, Operation.INDEX_SCAN) else None
            )
            if rows is None or rows.rows < SCAN_FLOOR_ROWS:
                continue
            if conditions_on(subject, source) and source.actual_rows is None:
                continue
            yield report(
                self,
                place_in_plan(node),
                what=f"In this plan {count(rows.rows)} go into a temporary B-tree for {_PURPOSES[node.operation]}.",
                why="No index delivers them in this order, so the first row is returned only after the last was read.",
                instead=f"Give {source.relation or 'the table'} an index whose columns are those of the WHERE with "
                f"=, then those of the {_PURPOSES[node.operation].removeprefix('the rest of the ')}.",
                evidence=(rows.evidence, from_plan(node.label)),
            )
