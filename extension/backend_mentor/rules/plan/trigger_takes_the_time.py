"""The rule trigger-takes-the-time."""

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


_SHARE = 0.25
_MILLISECONDS = 5.0


class TriggerTakesTheTime:
    """A foreign key's check takes a large part of the time of a write.

    Postgres looks for rows that refer to each row that is deleted or whose key is changed. Without an index on the
    referring column it reads that whole table once for each of them.
    """

    name: ClassVar[str] = "trigger-takes-the-time"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.PERFORMANCE
    gate: ClassVar[Gate] = Gate(engines=("postgres",))
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags(
            "DELETE FROM accounts WHERE id < 10",
            says="checking orders (account_id) took 231 ms of 232 ms, 9 times",
            engine="postgres",
            schema="""CREATE TABLE accounts (id int PRIMARY KEY);
                CREATE TABLE orders (id int PRIMARY KEY, account_id int CONSTRAINT orders_account_id_fkey
            REFERENCES accounts)""",
            plan=plan_json(
                step(
                    "ModifyTable",
                    step("Index Scan", table="accounts", index="accounts_pkey", expected=9, rows=9, milliseconds=0.01),
                    table="accounts",
                    expected=0,
                    rows=0,
                    milliseconds=0.1,
                    said={"Operation": "Delete"},
                ),
                execution=232.0,
                Triggers=[
                    {
                        "Trigger Name": "RI_ConstraintTrigger_a_16401",
                        "Constraint Name": "orders_account_id_fkey",
                        "Relation": "accounts",
                        "Time": 231.3,
                        "Calls": 9,
                    }
                ],
            ),
        ),
        Passes(
            "DELETE FROM accounts WHERE id < 10",
            because="the check took a tenth of a millisecond: the column has its index",
            engine="postgres",
            plan=plan_json(
                step(
                    "ModifyTable",
                    step("Index Scan", table="accounts", index="accounts_pkey", expected=9, rows=9, milliseconds=0.01),
                    table="accounts",
                    expected=0,
                    rows=0,
                    milliseconds=0.1,
                    said={"Operation": "Delete"},
                ),
                execution=0.4,
                Triggers=[
                    {
                        "Trigger Name": "RI_ConstraintTrigger_a_16401",
                        "Constraint Name": "orders_account_id_fkey",
                        "Relation": "accounts",
                        "Time": 0.1,
                        "Calls": 9,
                    }
                ],
            ),
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each trigger that took a quarter of the run or more, with the foreign key behind it."""
        plan = subject.plan
        triggers = plan.detail("Triggers") if plan else None
        if plan is None or plan.milliseconds is None or not isinstance(triggers, tuple):
            return
        for trigger in triggers:
            said = dict(trigger) if isinstance(trigger, tuple) else {}
            spent = said.get("Time")
            if not isinstance(spent, (int, float)) or spent < max(_MILLISECONDS, _SHARE * plan.milliseconds):
                continue
            name = said.get("Constraint Name") or said.get("Trigger Name")
            referring = _referring(subject, str(name))
            yield report(
                self,
                place_in_plan(plan.root),
                what=f"In this statement {'checking ' + referring if referring else f'the trigger {name}'} took "
                f"{milliseconds(spent)} of {milliseconds(plan.milliseconds)}, {said.get('Calls')} times.",
                why="Each deleted or changed key is looked for there, and no index leads to it."
                if referring
                else "It runs once for each row that the statement changes.",
                instead=f"Give {referring} an index."
                if referring
                else "Read the trigger's function; where it can, let it run once for the statement.",
                evidence=(from_run(f"Trigger {name}: {spent} ms in {said.get('Calls')} calls"),),
            )


def _referring(subject: Subject, constraint: str) -> str | None:
    for table in subject.schema.tables:
        for key in table.foreign_keys:
            if key.name == constraint:
                return f"{table.name} ({', '.join(key.columns)})"
    return None
