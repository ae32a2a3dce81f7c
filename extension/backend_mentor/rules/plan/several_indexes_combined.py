"""The rule several-indexes-combined."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.domain.plan import Operation
from backend_mentor.domain.subject import Gate
from backend_mentor.rules.figures import plan_figures
from backend_mentor.rules.report import place_in_plan, report
from backend_mentor.rules.rule import Flags, Passes
from backend_mentor.rules.sample import plan_json, step
from backend_mentor.rules.wording import count, listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.finding import Finding
    from backend_mentor.domain.subject import Subject


# Below a thousand entries, reading a second index is a matter of microseconds.
_ENTRIES = 1_000


class SeveralIndexesCombined:
    """Two or more indexes are read and intersected where one index could answer.

    Each index gives all rows that meet its own condition, and only what is in all of them is fetched. One index of
    these columns together reads just the rows that are wanted.
    """

    name: ClassVar[str] = "several-indexes-combined"
    severity: ClassVar[Severity] = Severity.ADVICE
    responsibility: ClassVar[Responsibility] = Responsibility.PERFORMANCE
    gate: ClassVar[Gate] = Gate(engines=("postgres",))
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags(
            "SELECT * FROM orders WHERE account_id = 5 AND status = 'open'",
            says="orders_account and orders_status are read for 42,000 entries to find 80 rows",
            engine="postgres",
            plan=plan_json(
                step(
                    "Bitmap Heap Scan",
                    step(
                        "BitmapAnd",
                        step("Bitmap Index Scan", index="orders_account", expected=2000, rows=2000, milliseconds=0.4),
                        step("Bitmap Index Scan", index="orders_status", expected=40000, rows=40000, milliseconds=4.0),
                        expected=80,
                        rows=0,
                        milliseconds=5.0,
                    ),
                    table="orders",
                    expected=80,
                    rows=80,
                    milliseconds=5.5,
                ),
                execution=5.6,
            ),
        ),
        Passes(
            "SELECT * FROM orders WHERE account_id = 5 AND other < 1000",
            because="10 and 900 entries are read in a tenth of a millisecond",
            engine="postgres",
            plan=plan_json(
                step(
                    "Bitmap Heap Scan",
                    step(
                        "BitmapAnd",
                        step("Bitmap Index Scan", index="orders_account", expected=10, rows=10, milliseconds=0.01),
                        step("Bitmap Index Scan", index="orders_other", expected=900, rows=900, milliseconds=0.07),
                        expected=1,
                        rows=0,
                        milliseconds=0.08,
                    ),
                    table="orders",
                    expected=1,
                    rows=0,
                    milliseconds=0.09,
                ),
                execution=0.1,
            ),
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each intersection of indexes that reads a thousand entries or more."""
        figures = plan_figures(subject)
        for node in figures.running(Operation.BITMAP_AND) if figures else ():
            parent = figures.parents[node.number] if figures else None
            entries = [
                each.total_actual_rows if each.actual_rows is not None else each.estimated_rows
                for each in node.children
            ]
            if figures is None or parent is None or not figures.weighs_with_children(parent):
                continue
            total = sum(each or 0 for each in entries)
            found = figures.rows_returned(parent)
            if total < _ENTRIES or found is None or found.rows > total / 10:
                continue
            names = listed(each.index or each.label for each in node.children)
            yield report(
                self,
                place_in_plan(node),
                what=f"In this plan {names} are read for {total:,.0f} entries to find {count(found.rows)}.",
                why="Each index alone is a rough sieve; their intersection is made in memory.",
                instead=f"Give {parent.relation} one index of these columns together, those compared with = first.",
                evidence=(found.evidence,),
            )
