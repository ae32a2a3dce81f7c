"""The rule workers-not-launched."""

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


class WorkersNotLaunched:
    """The plan counted on parallel workers that the server did not have.

    The leader did their part as well. The plan was chosen for a speed that it could not reach.
    """

    name: ClassVar[str] = "workers-not-launched"
    severity: ClassVar[Severity] = Severity.ADVICE
    responsibility: ClassVar[Responsibility] = Responsibility.DATABASE
    gate: ClassVar[Gate] = Gate(engines=("postgres",))
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags(
            "SELECT count(*) FROM orders",
            says="4 parallel workers were planned and 1 was launched",
            engine="postgres",
            plan=plan_json(
                step(
                    "Gather",
                    step("Seq Scan", table="orders", expected=100000, rows=100000, loops=2, milliseconds=50.0),
                    expected=200000,
                    rows=200000,
                    milliseconds=60.0,
                    said={"Workers Planned": 4, "Workers Launched": 1},
                ),
                execution=61.0,
            ),
        ),
        Passes(
            "SELECT count(*) FROM orders",
            because="all planned workers were launched",
            engine="postgres",
            plan=plan_json(
                step(
                    "Gather",
                    step("Seq Scan", table="orders", expected=100000, rows=66667, loops=3, milliseconds=50.0),
                    expected=200000,
                    rows=200000,
                    milliseconds=60.0,
                    said={"Workers Planned": 2, "Workers Launched": 2},
                ),
                execution=61.0,
            ),
        ),
        Passes(
            "SELECT count(*) FROM orders",
            because="without a run there is nothing launched yet",
            engine="postgres",
            plan=plan_json(
                step(
                    "Gather",
                    step("Seq Scan", table="orders", expected=100000),
                    expected=200000,
                    said={"Workers Planned": 2},
                )
            ),
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each Gather that got fewer workers than planned."""
        figures = plan_figures(subject)
        for node in figures.running(Operation.GATHER) if figures else ():
            planned, launched = node.detail("Workers Planned"), node.detail("Workers Launched")
            if not isinstance(planned, int) or not isinstance(launched, int) or launched >= planned:
                continue
            yield report(
                self,
                place_in_plan(node),
                what=f"In this plan {count(planned, 'parallel worker')} were planned and {launched} was launched."
                if launched == 1
                else f"In this plan {count(planned, 'parallel worker')} were planned and {launched} were launched.",
                why="All others of the server's pool were busy when the statement began.",
                instead="Compare max_parallel_workers and max_worker_processes with the number of statements that "
                "run at once.",
                evidence=(from_run(f"Workers Planned: {planned}, Workers Launched: {launched}"),),
            )
