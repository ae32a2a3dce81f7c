"""The rule materialized-rows-read-again."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.domain.plan import Operation
from backend_mentor.domain.subject import Gate
from backend_mentor.rules.figures import plan_figures
from backend_mentor.rules.report import from_run, place_in_plan, report
from backend_mentor.rules.rule import Flags, Passes
from backend_mentor.rules.sample import plan_json, step
from backend_mentor.rules.wording import count, listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.finding import Finding
    from backend_mentor.domain.subject import Subject


_PASSES = 1_000
_ROWS_IN_ALL = 1_000_000


class MaterializedRowsReadAgain:
    """A kept result is read again from its start for each row of the other side.

    Materialize spares the work below it, but each pass still goes through all of its rows: one size times the other.
    """

    name: ClassVar[str] = "materialized-rows-read-again"
    severity: ClassVar[Severity] = Severity.ADVICE
    responsibility: ClassVar[Responsibility] = Responsibility.PERFORMANCE
    gate: ClassVar[Gate] = Gate(engines=("postgres",))
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags(
            "SELECT count(*) FROM accounts a, periods p WHERE a.at BETWEEN p.starts AND p.ends",
            says="kept rows of periods are gone through 20,000 times, 20,000,000 rows in all",
            engine="postgres",
            plan=plan_json(
                step(
                    "Nested Loop",
                    step("Seq Scan", table="accounts", expected=20000, rows=20000, milliseconds=2.0),
                    step(
                        "Materialize",
                        step("Seq Scan", table="periods", expected=1000, rows=1000, milliseconds=1.0),
                        expected=1000,
                        rows=1000,
                        loops=20000,
                        milliseconds=0.1,
                    ),
                    expected=20000,
                    rows=20000,
                    milliseconds=3000.0,
                ),
                execution=3001.0,
            ),
        ),
        Passes(
            "SELECT count(*) FROM accounts a, accounts b WHERE a.id < 200 AND b.id < 300",
            because="300 passes over 200 rows are 60,000 rows in memory",
            engine="postgres",
            plan=plan_json(
                step(
                    "Nested Loop",
                    step("Seq Scan", table="accounts", expected=300, rows=300, milliseconds=2.0),
                    step(
                        "Materialize",
                        step("Seq Scan", table="accounts", expected=200, rows=200, milliseconds=1.0),
                        expected=200,
                        rows=200,
                        loops=300,
                        milliseconds=0.01,
                    ),
                    expected=60000,
                    rows=60000,
                    milliseconds=15.0,
                ),
                execution=16.0,
            ),
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each Materialize that was gone through a thousand times and a million rows."""
        figures = plan_figures(subject)
        for node in figures.running(Operation.MATERIALIZE) if figures else ():
            total = node.total_actual_rows
            if figures is None or total is None or (node.loops or 0) < _PASSES or total < _ROWS_IN_ALL:
                continue
            join = figures.parents[node.number] or node
            if not figures.weighs_with_children(join):
                continue
            tables = listed(dict.fromkeys(each.relation for each in node.walk() if each.relation) or ["a subquery"])
            yield report(
                self,
                place_in_plan(node),
                what=f"The kept rows of {tables} are gone through {node.loops:,.0f} times, {count(total)} in all.",
                why="No equality and no index picks the partners, so each pass looks at every kept row.",
                instead=f"Join {tables} by an equality, or index the column that the condition restricts.",
                evidence=(from_run(f"loops = {node.loops:,.0f}"),),
            )
