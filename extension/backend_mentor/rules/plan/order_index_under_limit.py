"""The rule order-index-under-limit."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from sqlglot import exp

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.domain.plan import Operation
from backend_mentor.domain.subject import Gate
from backend_mentor.rules.conditions import conditions_on
from backend_mentor.rules.figures import plan_figures
from backend_mentor.rules.report import from_run, place_in_plan, report
from backend_mentor.rules.rule import Flags, Passes
from backend_mentor.rules.sample import plan_json, step
from backend_mentor.rules.wording import count, listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.finding import Finding
    from backend_mentor.domain.subject import Subject


_DROPPED_ROWS = 1_000
_DROPPED_PER_KEPT = 100


class OrderIndexUnderLimit:
    """An index is walked for its order alone, and the filter throws away nearly all of it.

    Under a LIMIT the planner bets that enough matching rows come early in this order. When they do not, it walks a
    large part of the index and fetches every row on the way.
    """

    name: ClassVar[str] = "order-index-under-limit"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.PERFORMANCE
    gate: ClassVar[Gate] = Gate()
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags(
            "SELECT * FROM orders WHERE account_id = 7 ORDER BY placed_at LIMIT 10",
            says="150,010 rows of orders are read in the order of orders_placed_at to find 10",
            engine="postgres",
            plan=plan_json(
                step(
                    "Limit",
                    step(
                        "Index Scan",
                        table="orders",
                        index="orders_placed_at",
                        expected=900,
                        rows=10,
                        milliseconds=80.0,
                        said={"Filter": "(account_id = 7)", "Rows Removed by Filter": 150000},
                    ),
                    expected=10,
                    rows=10,
                    milliseconds=80.0,
                ),
                execution=80.1,
            ),
        ),
        Passes(
            "SELECT * FROM orders WHERE account_id = 7 ORDER BY placed_at LIMIT 10",
            because="the bet was won: 10 rows were found among the first 60",
            engine="postgres",
            plan=plan_json(
                step(
                    "Limit",
                    step(
                        "Index Scan",
                        table="orders",
                        index="orders_placed_at",
                        expected=900,
                        rows=10,
                        milliseconds=0.1,
                        said={"Filter": "(account_id = 7)", "Rows Removed by Filter": 50},
                    ),
                    expected=10,
                    rows=10,
                    milliseconds=0.1,
                ),
                execution=0.2,
            ),
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each whole-index walk under a LIMIT that dropped a hundred rows for each that it kept."""
        figures = plan_figures(subject)
        for node in figures.running(Operation.INDEX_SCAN) if figures else ():
            read = figures.rows_read(node) if figures else None
            kept = node.total_actual_rows
            if figures is None or read is None or kept is None or not figures.is_limited(node):
                continue
            if read.rows - kept < max(_DROPPED_ROWS, _DROPPED_PER_KEPT * kept):
                continue
            conditions = conditions_on(subject, node)
            names = listed(
                dict.fromkeys(each.name for part in conditions for each in part.find_all(exp.Column))
                or ["the filter's columns"]
            )
            yield report(
                self,
                place_in_plan(node),
                what=f"{count(read.rows)} of {node.relation} are read in the order of {node.index} to find "
                f"{kept:,.0f}.",
                why=f"{node.index} gives the order and says nothing of {names}, so every row on the way is fetched "
                "and checked.",
                instead=f"Give {node.relation} one index of {names} first and then the columns of the ORDER BY.",
                evidence=(read.evidence, from_run(f"{count(kept)} kept")),
            )
