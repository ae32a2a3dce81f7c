"""The rule disabled-step-was-taken."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.domain.subject import Gate
from backend_mentor.rules.figures import plan_figures
from backend_mentor.rules.report import from_plan, place_in_plan, report
from backend_mentor.rules.rule import Flags, Passes
from backend_mentor.rules.sample import plan_json, step
from backend_mentor.rules.wording import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.finding import Finding
    from backend_mentor.domain.subject import Subject


class DisabledStepWasTaken:
    """The plan uses a kind of step that a setting had switched off.

    The enable_ settings are for experiments. Left in place they push the planner to worse plans, and where there is
    no other way it takes the forbidden step all the same.
    """

    name: ClassVar[str] = "disabled-step-was-taken"
    severity: ClassVar[Severity] = Severity.ADVICE
    responsibility: ClassVar[Responsibility] = Responsibility.DATABASE
    gate: ClassVar[Gate] = Gate(engines=("postgres",))
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags(
            "SELECT * FROM orders",
            says="enable_seqscan is off",
            engine="postgres",
            plan=plan_json(
                step(
                    "Seq Scan", table="orders", expected=200000, rows=200000, milliseconds=20.0, said={"Disabled": True}
                ),
                execution=21.0,
                Settings={"enable_seqscan": "off"},
            ),
        ),
        Passes(
            "SELECT * FROM orders",
            because="no setting was changed",
            engine="postgres",
            plan=plan_json(
                step(
                    "Seq Scan",
                    table="orders",
                    expected=200000,
                    rows=200000,
                    milliseconds=20.0,
                    said={"Disabled": False},
                ),
                execution=21.0,
            ),
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield a finding where an enable_ setting is off and the plan shows its mark."""
        plan = subject.plan
        settings = plan.detail("Settings") if plan else None
        said = dict(settings) if isinstance(settings, tuple) else {}
        switched_off = [str(name) for name, value in said.items() if str(name).startswith("enable_") and value == "off"]
        figures = plan_figures(subject)
        # Before version 18 a disabled step shows only in its cost, which is raised by ten thousand million.
        marked = [
            node
            for node in (figures.running() if figures else ())
            if node.detail("Disabled") is True or (node.cost or 0) >= 1e10
        ]
        if plan is None or not marked:
            return
        names = (
            f"{listed(switched_off)} {'is' if len(switched_off) == 1 else 'are'} off"
            if switched_off
            else "a step was switched off"
        )
        yield report(
            self,
            place_in_plan(marked[-1]),
            what=f"In this session {names}, and the plan needs it all the same.",
            why="The planner compares costs that the setting has made meaningless.",
            instead=f"RESET {switched_off[0] if switched_off else 'ALL'}, and mend what made the setting seem needed.",
            evidence=(from_plan(f"{marked[-1].label} is disabled"),),
        )
