"""The rule wide-rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.domain.plan import Operation
from backend_mentor.domain.subject import Gate
from backend_mentor.rules.figures import plan_figures
from backend_mentor.rules.report import from_plan, place_in_plan, report
from backend_mentor.rules.rule import Flags, Passes
from backend_mentor.rules.sample import plan_json, step
from backend_mentor.rules.wording import count, kilobytes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.finding import Finding
    from backend_mentor.domain.subject import Subject


# pgplan's level: rows of 2,000 bytes, four to a page, ten thousand of them.
_BYTES = 2_000
_ROWS = 10_000


class WideRows:
    """Wide rows are carried through a sort or a hash.

    All columns that are selected travel through every step. What is wide is best fetched last, for the rows that are
    left.
    """

    name: ClassVar[str] = "wide-rows"
    severity: ClassVar[Severity] = Severity.ADVICE
    responsibility: ClassVar[Responsibility] = Responsibility.PERFORMANCE
    gate: ClassVar[Gate] = Gate(engines=("postgres",))
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags(
            "SELECT * FROM documents ORDER BY created_at",
            says="50,000 rows of 4,096 bytes are sorted",
            engine="postgres",
            plan=plan_json(
                step(
                    "Sort",
                    step(
                        "Seq Scan",
                        table="documents",
                        expected=50000,
                        rows=50000,
                        milliseconds=90.0,
                        said={"Plan Width": 4096},
                    ),
                    expected=50000,
                    rows=50000,
                    milliseconds=400.0,
                    said={"Sort Key": ["created_at"], "Plan Width": 4096},
                ),
                execution=410.0,
            ),
        ),
        Passes(
            "SELECT * FROM documents ORDER BY created_at LIMIT 20",
            because="only 20 rows are kept at any time",
            engine="postgres",
            plan=plan_json(
                step(
                    "Limit",
                    step(
                        "Sort",
                        step(
                            "Seq Scan",
                            table="documents",
                            expected=50000,
                            rows=50000,
                            milliseconds=90.0,
                            said={"Plan Width": 4096},
                        ),
                        expected=50000,
                        rows=20,
                        milliseconds=100.0,
                        said={"Sort Key": ["created_at"], "Plan Width": 4096},
                    ),
                    expected=20,
                    rows=20,
                    milliseconds=100.0,
                ),
                execution=101.0,
            ),
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each sort or hash of many wide rows."""
        figures = plan_figures(subject)
        for node in figures.running(Operation.SORT, Operation.HASH) if figures else ():
            width = node.detail("Plan Width")
            rows = figures.rows_returned(node) if figures else None
            if figures is None or rows is None or not isinstance(width, int) or not figures.weighs_with_children(node):
                continue
            if width < _BYTES or rows.rows < _ROWS:
                continue
            yield report(
                self,
                place_in_plan(node),
                what=f"In this plan {count(rows.rows)} of {width:,} bytes are "
                f"{'sorted' if node.operation is Operation.SORT else 'hashed'}.",
                why=f"That is {kilobytes(rows.rows * width / 1024)} to move and to keep, for every column selected.",
                instead="Select only the columns that are used, or sort the keys first and join the wide columns to "
                "the rows that are left.",
                evidence=(rows.evidence, from_plan(f"Plan Width: {width}")),
            )
