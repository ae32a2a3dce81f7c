"""The rule offset-throws-rows-away."""

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


# Sqd's level: from ten thousand skipped rows on, a page takes longer than the rows that it shows.
_SKIPPED_ROWS = 10_000


class OffsetThrowsRowsAway:
    """Rows are produced in order and thrown away to reach the page that is shown.

    OFFSET has no short cut: each page costs all pages before it. Remembering the last row of a page and asking for
    what follows it costs the same for every page.
    """

    name: ClassVar[str] = "offset-throws-rows-away"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.PERFORMANCE
    gate: ClassVar[Gate] = Gate(engines=("postgres",))
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags(
            "SELECT * FROM orders ORDER BY id LIMIT 10 OFFSET 100000",
            says="100,000 rows are produced and thrown away to show 10",
            engine="postgres",
            plan=plan_json(
                step(
                    "Limit",
                    step(
                        "Index Scan",
                        table="orders",
                        index="orders_pkey",
                        expected=200000,
                        rows=100010,
                        milliseconds=19.0,
                    ),
                    expected=10,
                    rows=10,
                    milliseconds=23.0,
                ),
                execution=23.1,
            ),
        ),
        Passes(
            "SELECT * FROM orders ORDER BY id LIMIT 10 OFFSET 20",
            because="20 skipped rows cost nothing",
            engine="postgres",
            plan=plan_json(
                step(
                    "Limit",
                    step("Index Scan", table="orders", index="orders_pkey", expected=200000, rows=30, milliseconds=0.1),
                    expected=10,
                    rows=10,
                    milliseconds=0.1,
                ),
                execution=0.2,
            ),
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each LIMIT that took far more rows than it gave."""
        figures = plan_figures(subject)
        for node in figures.running(Operation.LIMIT) if figures else ():
            taken = node.children[-1].total_actual_rows if node.children else None
            given = node.total_actual_rows
            if taken is None or given is None or taken - given < _SKIPPED_ROWS:
                continue
            yield report(
                self,
                place_in_plan(node),
                what=f"In this plan {count(taken - given)} are produced and thrown away to show {given:,.0f}.",
                why="OFFSET has to produce every row that it skips.",
                instead="Page by key: remember the last row shown and ask for WHERE (order columns) > (its values).",
                evidence=(from_run(f"{count(taken)} below the LIMIT, {given:,.0f} above it"),),
            )
