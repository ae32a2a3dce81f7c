"""The rule common-table-read-again."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.domain.plan import Operation
from backend_mentor.domain.subject import Gate
from backend_mentor.rules.figures import plan_figures
from backend_mentor.rules.report import from_run, place_in_plan, report
from backend_mentor.rules.rule import Flags, Passes
from backend_mentor.rules.sample import plan_json, step
from backend_mentor.rules.wording import count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.finding import Finding
    from backend_mentor.domain.subject import Subject


_ROWS = 10_000


class CommonTableReadAgain:
    """A materialised common table expression is filtered only after it was written out in full.

    What stands outside a materialised WITH does not reach into it, so no index of the tables below is used and every
    row is kept first. Inlined, the condition goes down to the table.
    """

    name: ClassVar[str] = "common-table-read-again"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.PERFORMANCE
    gate: ClassVar[Gate] = Gate()
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags(
            "WITH recent AS MATERIALIZED (SELECT * FROM orders) SELECT * FROM recent WHERE account_id = 7",
            says="recent keeps 200,000 rows and the query uses 10 of them",
            engine="postgres",
            plan=plan_json(
                step(
                    "CTE Scan",
                    step(
                        "Seq Scan",
                        table="orders",
                        expected=200000,
                        rows=200000,
                        milliseconds=20.0,
                        said={"Parent Relationship": "InitPlan", "Subplan Name": "CTE recent"},
                    ),
                    expected=1000,
                    rows=10,
                    milliseconds=90.0,
                    said={
                        "CTE Name": "recent",
                        "Alias": "recent",
                        "Filter": "(account_id = 7)",
                        "Rows Removed by Filter": 199990,
                    },
                ),
                execution=91.0,
            ),
        ),
        Passes(
            "WITH totals AS (SELECT account_id, sum(amount) AS total FROM orders GROUP BY 1) SELECT * FROM totals "
            "WHERE total > 9",
            because="the WITH holds 300 rows: to keep and filter them costs nothing",
            engine="postgres",
            plan=plan_json(
                step(
                    "CTE Scan",
                    step(
                        "Aggregate",
                        step("Seq Scan", table="orders", expected=2000, rows=2000, milliseconds=1.0),
                        rows=300,
                        milliseconds=2.0,
                        said={
                            "Parent Relationship": "InitPlan",
                            "Subplan Name": "CTE totals",
                            "Group Key": ["account_id"],
                            "Strategy": "Hashed",
                        },
                    ),
                    expected=100,
                    rows=10,
                    milliseconds=2.1,
                    said={
                        "CTE Name": "totals",
                        "Alias": "totals",
                        "Filter": "(total > 9)",
                        "Rows Removed by Filter": 290,
                    },
                ),
                execution=2.2,
            ),
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each scan of a common table expression that drops nine rows of ten."""
        figures = plan_figures(subject)
        for node in figures.running(Operation.CTE_SCAN) if figures else ():
            read = figures.rows_read(node) if figures else None
            kept = node.total_actual_rows
            if figures is None or read is None or kept is None or not node.filter or read.rows < _ROWS:
                continue
            if kept > 0.1 * read.rows:
                continue
            yield report(
                self,
                place_in_plan(node),
                what=f"{node.relation or node.alias} keeps {count(read.rows)} and the query uses {kept:,.0f} of them.",
                why=f"{node.filter} is checked only after the WITH was written out, so it reaches no index below.",
                instead="Write NOT MATERIALIZED, or put the condition inside the WITH.",
                evidence=(read.evidence, from_run(f"{count(kept)} kept")),
            )
