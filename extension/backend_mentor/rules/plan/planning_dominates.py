"""The rule planning-dominates."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.domain.subject import Gate
from backend_mentor.rules.report import from_run, place_in_plan, report
from backend_mentor.rules.rule import Flags, Passes
from backend_mentor.rules.sample import plan_json, step
from backend_mentor.rules.wording import milliseconds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.finding import Finding
    from backend_mentor.domain.subject import Subject


_FACTOR = 3.0
_MILLISECONDS = 10.0


class PlanningDominates:
    """Planning the statement takes longer than running it.

    Many joins, partitions or indexes make many plans to compare. A statement that is sent often pays that each time.
    """

    name: ClassVar[str] = "planning-dominates"
    severity: ClassVar[Severity] = Severity.ADVICE
    responsibility: ClassVar[Responsibility] = Responsibility.DATABASE
    gate: ClassVar[Gate] = Gate(engines=("postgres",))
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags(
            "SELECT * FROM measurements WHERE at = '2026-03-02' AND device = 7",
            says="planning took 45 ms and execution 2.0 ms",
            engine="postgres",
            plan=plan_json(
                step("Index Scan", table="measurements", index="m_at", rows=3, milliseconds=1.9),
                planning=45.0,
                execution=2.0,
            ),
        ),
        Passes(
            "SELECT 1 FROM accounts WHERE id = 1",
            because="0.3 ms against 0.02 ms is a large factor of nothing",
            engine="postgres",
            plan=plan_json(
                step("Index Scan", table="accounts", index="accounts_pkey", rows=1, milliseconds=0.02),
                planning=0.3,
                execution=0.02,
            ),
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield a finding where planning took three times the run and ten milliseconds."""
        plan = subject.plan
        if plan is None or plan.milliseconds is None or plan.planning_milliseconds is None:
            return
        if plan.planning_milliseconds < max(_MILLISECONDS, _FACTOR * plan.milliseconds):
            return
        yield report(
            self,
            place_in_plan(plan.root),
            what=f"For this statement planning took {milliseconds(plan.planning_milliseconds)} and execution "
            f"{milliseconds(plan.milliseconds)}.",
            why="Each join order, partition and index is one more plan to weigh, each time that the statement is sent.",
            instead="Prepare the statement once and run it often, or give it a condition that leaves fewer partitions.",
            evidence=(from_run(f"Planning Time: {plan.planning_milliseconds} ms"),),
        )
