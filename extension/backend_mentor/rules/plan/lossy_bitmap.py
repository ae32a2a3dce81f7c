"""The rule lossy-bitmap."""

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


# pgplan's milder level.
_SHARE_LOSSY = 0.5


class LossyBitmap:
    """A bitmap of rows grew too large and was cut down to whole pages.

    Every row of such a page has to be checked again, since the bitmap no longer says which of them were meant.
    """

    name: ClassVar[str] = "lossy-bitmap"
    severity: ClassVar[Severity] = Severity.ADVICE
    responsibility: ClassVar[Responsibility] = Responsibility.PERFORMANCE
    gate: ClassVar[Gate] = Gate(engines=("postgres",))
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags(
            "SELECT sum(amount) FROM orders WHERE account_id < 1500",
            says="3,000 of 3,600 pages of orders were kept without their rows",
            engine="postgres",
            plan=plan_json(
                step(
                    "Bitmap Heap Scan",
                    step("Bitmap Index Scan", index="orders_account", expected=40000, rows=40000, milliseconds=4.0),
                    table="orders",
                    expected=40000,
                    rows=40000,
                    milliseconds=60.0,
                    said={
                        "Recheck Cond": "(account_id < 1500)",
                        "Rows Removed by Index Recheck": 90000,
                        "Exact Heap Blocks": 600,
                        "Lossy Heap Blocks": 3000,
                    },
                ),
                execution=61.0,
            ),
        ),
        Passes(
            "SELECT * FROM notes WHERE body LIKE '%refund%'",
            because="a trigram index always checks its rows again, with all the memory there is",
            engine="postgres",
            plan=plan_json(
                step(
                    "Bitmap Heap Scan",
                    step("Bitmap Index Scan", index="notes_body_trgm", expected=4000, rows=4000, milliseconds=4.0),
                    table="notes",
                    expected=400,
                    rows=400,
                    milliseconds=20.0,
                    said={
                        "Recheck Cond": "(body ~~ '%refund%'::text)",
                        "Rows Removed by Index Recheck": 3600,
                        "Exact Heap Blocks": 900,
                        "Lossy Heap Blocks": 0,
                    },
                ),
                execution=21.0,
            ),
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each bitmap scan of which half the pages or more were lossy."""
        figures = plan_figures(subject)
        for node in figures.running(Operation.BITMAP_SCAN) if figures else ():
            exact, lossy = node.detail("Exact Heap Blocks"), node.detail("Lossy Heap Blocks")
            if figures is None or not isinstance(exact, int) or not isinstance(lossy, int) or not figures.weighs(node):
                continue
            if lossy == 0 or lossy < _SHARE_LOSSY * (exact + lossy):
                continue
            yield report(
                self,
                place_in_plan(node),
                what=f"In this plan {lossy:,} of {count(exact + lossy, 'page')} of {node.relation} were kept "
                "without their rows.",
                why="The bitmap outgrew work_mem, so every row of these pages was checked again.",
                instead="Raise work_mem for this session, or narrow the condition by a second indexed column.",
                evidence=(from_run(f"Lossy Heap Blocks: {lossy:,}, Exact Heap Blocks: {exact:,}"),),
            )
