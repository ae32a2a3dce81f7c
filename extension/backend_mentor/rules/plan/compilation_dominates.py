"""The rule compilation-dominates."""

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


# DataXplan's level; a saving below five milliseconds is not worth a setting.
_SHARE = 0.25
_MILLISECONDS = 5.0


class CompilationDominates:
    """Compiling the statement to machine code took a large part of its time.

    Postgres compiles (JIT) what it expects to be costly. A statement whose cost is over-estimated is compiled in vain.
    """

    name: ClassVar[str] = "compilation-dominates"
    severity: ClassVar[Severity] = Severity.ADVICE
    responsibility: ClassVar[Responsibility] = Responsibility.DATABASE
    gate: ClassVar[Gate] = Gate(engines=("postgres",))
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags(
            "SELECT count(*) FROM orders WHERE amount > 5",
            says="compilation took 180 ms of 300 ms",
            engine="postgres",
            plan=plan_json(
                step("Seq Scan", table="orders", expected=200000, rows=200000, milliseconds=110.0),
                execution=300.0,
                JIT={"Functions": 12, "Timing": {"Total": 180.0}},
            ),
        ),
        Passes(
            "SELECT count(*) FROM orders WHERE amount > 5",
            because="20 ms of 2 s are well spent",
            engine="postgres",
            plan=plan_json(
                step("Seq Scan", table="orders", expected=200000, rows=200000, milliseconds=1900.0),
                execution=2000.0,
                JIT={"Functions": 12, "Timing": {"Total": 20.0}},
            ),
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield a finding where compilation took a quarter of the run or more."""
        plan = subject.plan
        compilation = _dictionary(plan.detail("JIT") if plan else None)
        spent = _dictionary(compilation.get("Timing")).get("Total")
        if plan is None or plan.milliseconds is None or not isinstance(spent, (int, float)):
            return
        if spent < _MILLISECONDS or spent < _SHARE * plan.milliseconds:
            return
        yield report(
            self,
            place_in_plan(plan.root),
            what=f"In this statement compilation took {milliseconds(spent)} of {milliseconds(plan.milliseconds)}.",
            why=f"The planner's cost, {plan.root.cost or 0:,.0f}, was above jit_above_cost, so "
            f"{compilation.get('Functions')} functions were compiled.",
            instead="SET jit = off for this session, or raise jit_above_cost; where the row estimates are wrong, "
            "mend them first.",
            evidence=(from_run(f"JIT Timing Total: {spent} ms"),),
        )


def _dictionary(value: object) -> dict[object, object]:
    return dict(value) if isinstance(value, tuple) else {}
