"""The rule top-sort-of-many-rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.domain.plan import Operation
from backend_mentor.domain.subject import Gate
from backend_mentor.rules.conditions import conditions_on
from backend_mentor.rules.figures import SCAN_FLOOR_ROWS, plan_figures
from backend_mentor.rules.groups import sorts_groups
from backend_mentor.rules.report import place_in_plan, report
from backend_mentor.rules.rule import Flags, Passes
from backend_mentor.rules.sample import plan_json, step
from backend_mentor.rules.wording import count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.finding import Finding
    from backend_mentor.domain.subject import Subject


class TopSortOfManyRows:
    """All rows are read and sorted to return the first few.

    A LIMIT makes the sort small in memory, but every row still has to be read and compared. An index in the order of
    the ORDER BY hands over the first rows and stops.
    """

    name: ClassVar[str] = "top-sort-of-many-rows"
    severity: ClassVar[Severity] = Severity.ADVICE
    responsibility: ClassVar[Responsibility] = Responsibility.PERFORMANCE
    gate: ClassVar[Gate] = Gate()
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags(
            "SELECT * FROM orders ORDER BY placed_at DESC LIMIT 10",
            says="200,000 rows are sorted by placed_at DESC for the sake of 10",
            engine="postgres",
            plan=plan_json(
                step(
                    "Limit",
                    step(
                        "Sort",
                        step("Seq Scan", table="orders", expected=200000, rows=200000, milliseconds=20.0),
                        expected=200000,
                        rows=10,
                        milliseconds=45.0,
                        said={"Sort Key": ["placed_at DESC"], "Sort Method": "top-N heapsort"},
                    ),
                    expected=10,
                    rows=10,
                    milliseconds=45.0,
                ),
                execution=45.3,
            ),
        ),
        Passes(
            "SELECT * FROM orders WHERE account_id = 7 ORDER BY placed_at DESC LIMIT 10",
            because="an index found the 120 rows that are sorted",
            engine="postgres",
            plan=plan_json(
                step(
                    "Limit",
                    step(
                        "Sort",
                        step(
                            "Index Scan",
                            table="orders",
                            index="orders_account",
                            expected=120,
                            rows=120,
                            milliseconds=0.2,
                            said={"Index Cond": "(account_id = 7)"},
                        ),
                        expected=120,
                        rows=10,
                        milliseconds=0.4,
                        said={"Sort Key": ["placed_at DESC"], "Sort Method": "top-N heapsort"},
                    ),
                    expected=10,
                    rows=10,
                    milliseconds=0.4,
                ),
                execution=0.5,
            ),
        ),
        Passes(
            "SELECT customer_id, count(*) AS placed FROM orders GROUP BY customer_id ORDER BY placed DESC LIMIT 10",
            because="what is sorted are groups by a number that is counted, and no index holds that",
            engine="postgres",
            plan=plan_json(
                step(
                    "Limit",
                    step(
                        "Sort",
                        step(
                            "Aggregate",
                            step("Seq Scan", table="orders", expected=200000, rows=200000, milliseconds=20.0),
                            expected=20000,
                            rows=20000,
                            milliseconds=40.0,
                        ),
                        expected=20000,
                        rows=10,
                        milliseconds=45.0,
                        said={"Sort Key": ["(count(*)) DESC"], "Sort Method": "top-N heapsort"},
                    ),
                    expected=10,
                    rows=10,
                    milliseconds=45.0,
                ),
                execution=45.0,
            ),
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each bounded sort of thousands of rows."""
        if sorts_groups(subject):
            return
        figures = plan_figures(subject)
        for node in figures.running(Operation.TOP_SORT) if figures else ():
            if figures is None or not node.children or not figures.weighs_with_children(node):
                continue
            sorted_rows = figures.rows_returned(node.children[-1]) or figures.rows_read(node.children[-1])
            if sorted_rows is None or sorted_rows.rows < SCAN_FLOOR_ROWS:
                continue
            source = node.children[-1]
            if source.actual_rows is None and source.estimated_rows is None and conditions_on(subject, source):
                continue  # how many of the rows that are read come to be sorted is not known
            kept = min(
                (each.actual_rows or each.estimated_rows or 0 for each in (node, *figures.above(node))), default=0
            )
            keys = ", ".join(node.keys) or "the ORDER BY"
            few = f"{kept:,.0f}" if kept else "the first few"
            yield report(
                self,
                place_in_plan(node),
                what=f"{count(sorted_rows.rows)} are sorted by {keys} for the sake of {few}.",
                why="No index delivers this order, so every row is read and compared before the first can be returned.",
                instead=f"Give the table an index of the columns compared with =, then {keys}, in the same "
                "direction and order of NULLs.",
                evidence=(sorted_rows.evidence,),
            )
