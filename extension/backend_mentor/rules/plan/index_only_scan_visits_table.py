"""The rule index-only-scan-visits-table."""

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


# DataXplan and pgexplain begin at a tenth of the rows.
_SHARE_FETCHED = 0.1
_FETCHES = 1_000


class IndexOnlyScanVisitsTable:
    """An index-only scan looks at the table after all.

    An index alone answers only for pages that VACUUM has marked as visible to everyone. For all others the row is
    fetched to see whether it still counts.
    """

    name: ClassVar[str] = "index-only-scan-visits-table"
    severity: ClassVar[Severity] = Severity.ADVICE
    responsibility: ClassVar[Responsibility] = Responsibility.DATABASE
    gate: ClassVar[Gate] = Gate(engines=("postgres",))
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags(
            "SELECT count(*) FROM orders WHERE other BETWEEN 1 AND 50000",
            says="50,000 of 50,000 rows of orders were looked up in the table",
            engine="postgres",
            plan=plan_json(
                step(
                    "Index Only Scan",
                    table="orders",
                    index="orders_other",
                    expected=50000,
                    rows=50000,
                    milliseconds=60.0,
                    said={"Index Cond": "(other > 0)", "Heap Fetches": 50000},
                ),
                execution=61.0,
            ),
        ),
        Passes(
            "SELECT count(*) FROM orders WHERE other BETWEEN 1 AND 50000",
            because="12 fetches are the newest rows, which no VACUUM has seen yet",
            engine="postgres",
            plan=plan_json(
                step(
                    "Index Only Scan",
                    table="orders",
                    index="orders_other",
                    expected=50000,
                    rows=50000,
                    milliseconds=9.0,
                    said={"Index Cond": "(other > 0)", "Heap Fetches": 12},
                ),
                execution=9.3,
            ),
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each index-only scan that fetched a tenth of its rows or more."""
        figures = plan_figures(subject)
        for node in figures.running(Operation.SEARCH, Operation.INDEX_SCAN) if figures else ():
            fetches, rows = node.detail("Heap Fetches"), node.total_actual_rows
            if figures is None or not isinstance(fetches, (int, float)) or rows is None or not figures.weighs(node):
                continue
            total = max(rows, fetches)
            if fetches < _FETCHES or fetches < _SHARE_FETCHED * total:
                continue
            yield report(
                self,
                place_in_plan(node),
                what=f"In this index-only scan {fetches:,.0f} of {count(total)} of {node.relation} were looked up "
                "in the table.",
                why="VACUUM has not marked these pages as visible to all since they were written.",
                instead=f"Run VACUUM {node.relation}; where it is written often, lower its "
                "autovacuum_vacuum_scale_factor.",
                evidence=(from_run(f"Heap Fetches: {fetches:,.0f}"),),
            )
