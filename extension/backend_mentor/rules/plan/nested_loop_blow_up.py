"""The rule nested-loop-blow-up."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.domain.plan import Operation, PlanNode
from backend_mentor.domain.subject import Gate
from backend_mentor.rules.figures import READS_TABLE, PlanFigures, plan_figures
from backend_mentor.rules.report import from_run, place_in_plan, report
from backend_mentor.rules.rule import Flags, Passes
from backend_mentor.rules.sample import plan_json, step
from backend_mentor.rules.wording import count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.finding import Finding
    from backend_mentor.domain.subject import Subject


# DataXplan and pgplan begin at 1,000 passes; QuerySense's graver level is a product of 10 million rows.
_PASSES = 1_000
_ROWS_IN_ALL = 1_000_000


class NestedLoopBlowUp:
    """The inner side of a nested loop is run again and again and reads a million rows in all.

    A nested loop is right for few outer rows. Here the rows of one side are multiplied by those of the other.
    """

    name: ClassVar[str] = "nested-loop-blow-up"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.PERFORMANCE
    gate: ClassVar[Gate] = Gate()
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags(
            "SELECT count(*) FROM accounts a JOIN orders o ON o.account_id = a.id",
            says="orders is gone through 2,000 times and 4,000,000 rows of it are read",
            engine="postgres",
            plan=plan_json(
                step(
                    "Nested Loop",
                    step("Seq Scan", table="accounts", expected=10, rows=2000, milliseconds=1.0),
                    step(
                        "Index Scan",
                        table="orders",
                        index="orders_account",
                        expected=10,
                        rows=2000,
                        loops=2000,
                        milliseconds=0.5,
                        said={"Index Cond": "(account_id = a.id)"},
                    ),
                    expected=100,
                    rows=4000000,
                    milliseconds=1200.0,
                ),
                execution=1210.0,
            ),
        ),
        Passes(
            "SELECT count(*) FROM accounts a JOIN orders o ON o.account_id = a.id",
            because="2,000 look-ups that find one row each are what a nested loop is for",
            engine="postgres",
            plan=plan_json(
                step(
                    "Nested Loop",
                    step("Seq Scan", table="accounts", expected=2000, rows=2000, milliseconds=1.0),
                    step(
                        "Index Scan",
                        table="orders",
                        index="orders_account",
                        expected=1,
                        rows=1,
                        loops=2000,
                        milliseconds=0.002,
                        said={"Index Cond": "(account_id = a.id)"},
                    ),
                    expected=2000,
                    rows=2000,
                    milliseconds=6.0,
                ),
                execution=6.1,
            ),
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each inner node that was run a thousand times and read a million rows."""
        figures = plan_figures(subject)
        for node in figures.running(*READS_TABLE) if figures else ():
            read = figures.rows_read(node) if figures and (node.loops or 0) >= _PASSES else None
            if figures is None or read is None or not node.loops or not node.relation or node.actual_rows is None:
                continue
            if read.rows < _ROWS_IN_ALL or not figures.weighs(node) or not _is_inner(figures, node):
                continue
            yield report(
                self,
                place_in_plan(node),
                what=f"{node.relation} is gone through {node.loops:,.0f} times and {count(read.rows)} of it are read.",
                why=f"A nested loop reads {node.relation} once for each row of its outer side, "
                f"{count(read.rows / node.loops)} a time.",
                instead="Cut the outer side down before the join, or make a hash join possible: compare plain "
                "columns with =, and correct the estimate of the outer side.",
                evidence=(read.evidence, from_run(f"loops = {node.loops:,.0f}")),
            )


def _is_inner(figures: PlanFigures, node: PlanNode) -> bool:
    """Return whether the nearest nested loop above has the node on its inner side."""
    below = node
    for parent in figures.above(node):
        if parent.operation is Operation.NESTED_LOOP:
            return below is not parent.children[0]
        below = parent
    return False
