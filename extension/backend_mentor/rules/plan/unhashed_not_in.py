"""The rule unhashed-not-in."""

from __future__ import annotations

import re
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


class UnhashedNotIn:
    """NOT IN goes through the subquery's whole result for every row.

    The result did not fit into memory as a hash table, so it is searched from its start each time. NOT EXISTS can be
    done as one anti-join, whatever the size; mind that it treats NULL differently.
    """

    name: ClassVar[str] = "unhashed-not-in"
    severity: ClassVar[Severity] = Severity.CRITICAL
    responsibility: ClassVar[Responsibility] = Responsibility.PERFORMANCE
    gate: ClassVar[Gate] = Gate(engines=("postgres",))
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags(
            "SELECT * FROM accounts WHERE id NOT IN (SELECT account_id FROM orders)",
            says="the subquery of NOT IN on orders is gone through for each row of accounts",
            engine="postgres",
            plan=plan_json(
                step(
                    "Seq Scan",
                    step(
                        "Materialize",
                        step("Seq Scan", table="orders", expected=2000000),
                        expected=2000000,
                        said={"Parent Relationship": "SubPlan", "Subplan Name": "SubPlan 1"},
                    ),
                    table="accounts",
                    expected=10000,
                    cost=500000000.0,
                    said={"Filter": "(NOT (ANY (id = (SubPlan 1).col1)))"},
                )
            ),
        ),
        Passes(
            "SELECT * FROM accounts WHERE id NOT IN (SELECT account_id FROM orders)",
            because="the subplan is hashed: it runs once and is looked up in memory",
            engine="postgres",
            plan=plan_json(
                step(
                    "Seq Scan",
                    step(
                        "Seq Scan",
                        table="orders",
                        expected=20000,
                        said={"Parent Relationship": "SubPlan", "Subplan Name": "SubPlan 1"},
                    ),
                    table="accounts",
                    expected=10000,
                    said={"Filter": "(NOT (ANY (id = (hashed SubPlan 1).col1)))"},
                )
            ),
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each filter with a NOT IN whose subplan is not hashed."""
        figures = plan_figures(subject)
        for node in figures.running() if figures else ():
            for child in node.children:
                if not (child.role or "").startswith("SubPlan") or child.loops == 0:
                    continue
                condition = node.filter or ""
                if not re.search(r"NOT \((ANY|SubPlan)", condition) or f"hashed {child.role}" in condition:
                    continue
                tables = listed(dict.fromkeys(each.relation for each in child.walk() if each.relation) or ["no table"])
                yield report(
                    self,
                    place_in_plan(child),
                    what=f"In this plan the subquery of NOT IN on {tables} is gone through for each row of "
                    f"{node.relation or 'the query'}.",
                    why="Its result is too large for a hash table in work_mem, so the cost is one size times the "
                    "other.",
                    instead="Write NOT EXISTS with the columns declared NOT NULL, which runs as one anti-join.",
                    evidence=(from_plan(f"Filter: {node.filter}"),),
                )
