"""The rule hash-spills-to-disk."""

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


class HashSpillsToDisk:
    """The hash table of a join did not fit into memory.

    Both sides of the join are then written to temporary files in batches and read again, one batch at a time.
    """

    name: ClassVar[str] = "hash-spills-to-disk"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.PERFORMANCE
    gate: ClassVar[Gate] = Gate(engines=("postgres",))
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags(
            "SELECT count(*) FROM orders a JOIN orders b ON a.id = b.other",
            says="the hash table over orders took 32 batches",
            engine="postgres",
            plan=plan_json(
                step(
                    "Hash Join",
                    step("Seq Scan", table="trades", expected=200000, rows=200000, milliseconds=20.0),
                    step(
                        "Hash",
                        step("Seq Scan", table="orders", expected=200000, rows=200000, milliseconds=20.0),
                        expected=200000,
                        rows=200000,
                        milliseconds=100.0,
                        said={"Hash Batches": 32, "Original Hash Batches": 32, "Peak Memory Usage": 416},
                    ),
                    expected=200000,
                    rows=200000,
                    milliseconds=220.0,
                    said={"Hash Cond": "(b.other = a.id)"},
                ),
                execution=222.0,
            ),
        ),
        Passes(
            "SELECT count(*) FROM orders a JOIN orders b ON a.id = b.other",
            because="one batch means that the whole hash table stayed in memory",
            engine="postgres",
            plan=plan_json(
                step(
                    "Hash Join",
                    step("Seq Scan", table="trades", expected=200000, rows=200000, milliseconds=20.0),
                    step(
                        "Hash",
                        step("Seq Scan", table="orders", expected=200000, rows=200000, milliseconds=20.0),
                        expected=200000,
                        rows=200000,
                        milliseconds=100.0,
                        said={"Hash Batches": 1, "Original Hash Batches": 1, "Peak Memory Usage": 9000},
                    ),
                    expected=200000,
                    rows=200000,
                    milliseconds=220.0,
                    said={"Hash Cond": "(b.other = a.id)"},
                ),
                execution=222.0,
            ),
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each hash table that was split into batches."""
        figures = plan_figures(subject)
        for node in figures.running(Operation.HASH) if figures else ():
            batches, planned = node.detail("Hash Batches"), node.detail("Original Hash Batches")
            if figures is None or not isinstance(batches, int) or batches <= 1:
                continue
            join = figures.parents[node.number] or node
            if not figures.weighs_with_children(join):
                continue
            tables = listed(dict.fromkeys(each.relation for each in node.walk() if each.relation) or ["the inner side"])
            grew = isinstance(planned, int) and batches > planned
            yield report(
                self,
                place_in_plan(node),
                what=f"In this plan the hash table over {tables} took {count(batches, 'batch')}.",
                why="It did not fit into work_mem × hash_mem_multiplier, so rows of both sides went through files "
                "on disk." + (f" {planned} were planned: the planner expected fewer rows." if grew else ""),
                instead="Filter before the join, select fewer columns of the hashed side, or raise work_mem for "
                "this session.",
                evidence=(from_run(f"Hash Batches: {batches}, {node.detail('Peak Memory Usage')} kB in memory"),),
            )
