"""The rule aggregate-spills-to-disk."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.domain.plan import Operation
from backend_mentor.domain.subject import Gate
from backend_mentor.rules.figures import plan_figures
from backend_mentor.rules.report import from_run, place_in_plan, report
from backend_mentor.rules.rule import Flags, Passes
from backend_mentor.rules.sample import plan_json, step
from backend_mentor.rules.wording import count, kilobytes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.finding import Finding
    from backend_mentor.domain.subject import Subject


class AggregateSpillsToDisk:
    """Grouping did not fit into memory and went through files on disk.

    A hash aggregate keeps one entry for each group. What does not fit into memory is written out and read again.
    """

    name: ClassVar[str] = "aggregate-spills-to-disk"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.PERFORMANCE
    gate: ClassVar[Gate] = Gate(engines=("postgres",))
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags(
            "SELECT account_id, count(*) FROM orders GROUP BY account_id",
            says="grouping by account_id wrote 14 MB to disk",
            engine="postgres",
            plan=plan_json(
                step(
                    "Aggregate",
                    step("Seq Scan", table="orders", expected=200000, rows=200000, milliseconds=20.0),
                    expected=200000,
                    rows=150000,
                    milliseconds=250.0,
                    said={"Strategy": "Hashed", "Group Key": ["account_id"], "HashAgg Batches": 5, "Disk Usage": 14336},
                ),
                execution=260.0,
            ),
        ),
        Passes(
            "SELECT account_id, count(*) FROM orders GROUP BY account_id",
            because="all groups fitted into memory",
            engine="postgres",
            plan=plan_json(
                step(
                    "Aggregate",
                    step("Seq Scan", table="orders", expected=200000, rows=200000, milliseconds=20.0),
                    expected=2000,
                    rows=2000,
                    milliseconds=50.0,
                    said={
                        "Strategy": "Hashed",
                        "Group Key": ["account_id"],
                        "HashAgg Batches": 1,
                        "Peak Memory Usage": 400,
                    },
                ),
                execution=60.0,
            ),
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each hash aggregate that used the disk."""
        figures = plan_figures(subject)
        for node in figures.running(Operation.GROUP) if figures else ():
            used = node.detail("Disk Usage")
            if figures is None or not isinstance(used, (int, float)) or used <= 0 or not figures.weighs(node):
                continue
            keys = ", ".join(node.keys)
            yield report(
                self,
                place_in_plan(node),
                what=f"In this plan grouping by {keys} wrote {kilobytes(used)} to disk.",
                why=f"The {count(node.total_actual_rows or 0, 'group')} did not fit into work_mem × "
                "hash_mem_multiplier.",
                instead=f"Group fewer rows, give {keys} an index so that the rows arrive in order, or raise "
                "work_mem for this session.",
                evidence=(from_run(f"HashAgg Batches: {node.detail('HashAgg Batches')}, Disk Usage: {used} kB"),),
            )
