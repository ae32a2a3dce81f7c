"""The rule sort-spills-to-disk."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.domain.plan import Operation, PlanNode
from backend_mentor.domain.subject import Gate
from backend_mentor.rules.figures import plan_figures
from backend_mentor.rules.report import from_run, place_in_plan, report
from backend_mentor.rules.rule import Flags, Passes
from backend_mentor.rules.sample import plan_json, step
from backend_mentor.rules.wording import kilobytes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.finding import Finding
    from backend_mentor.domain.subject import Subject


class SortSpillsToDisk:
    """A sort did not fit into memory and was done in files on disk.

    Rows are written to temporary files, sorted in parts and read again. The memory that it would need is larger than
    the files, which are packed more tightly: about twice as much as a rule of thumb.
    """

    name: ClassVar[str] = "sort-spills-to-disk"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.PERFORMANCE
    gate: ClassVar[Gate] = Gate(engines=("postgres",))
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags(
            "SELECT * FROM orders ORDER BY note",
            says="the sort by note wrote 30 MB to disk",
            engine="postgres",
            plan=plan_json(
                step(
                    "Sort",
                    step("Seq Scan", table="orders", expected=200000, rows=200000, milliseconds=20.0),
                    expected=200000,
                    rows=200000,
                    milliseconds=350.0,
                    said={
                        "Sort Key": ["note"],
                        "Sort Method": "external merge",
                        "Sort Space Used": 30720,
                        "Sort Space Type": "Disk",
                    },
                ),
                execution=360.0,
            ),
        ),
        Passes(
            "SELECT * FROM orders ORDER BY note",
            because="the sort was done in memory",
            engine="postgres",
            plan=plan_json(
                step(
                    "Sort",
                    step("Seq Scan", table="orders", expected=200000, rows=200000, milliseconds=20.0),
                    expected=200000,
                    rows=200000,
                    milliseconds=350.0,
                    said={
                        "Sort Key": ["note"],
                        "Sort Method": "quicksort",
                        "Sort Space Used": 30720,
                        "Sort Space Type": "Memory",
                    },
                ),
                execution=360.0,
            ),
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each sort that used the disk, in any of its processes."""
        figures = plan_figures(subject)
        for node in figures.running(Operation.SORT, Operation.TOP_SORT, Operation.INCREMENTAL_SORT) if figures else ():
            used = _disk_kilobytes(node)
            if figures is None or not used or not figures.weighs(node):
                continue
            keys = ", ".join(node.keys)
            yield report(
                self,
                place_in_plan(node),
                what=f"In this plan the sort by {keys} wrote {kilobytes(used)} to disk.",
                why="The rows did not fit into work_mem, so they were written to files, sorted in parts and read "
                "again.",
                instead=f"Sort fewer or narrower rows, give {keys} an index that delivers the order, or "
                f"SET work_mem = '{_suggested_megabytes(used)}MB' for this session.",
                evidence=(from_run(f"Sort Method: {node.detail('Sort Method')}, {kilobytes(used)}"),),
            )


def _disk_kilobytes(node: PlanNode) -> float:
    used = 0.0
    for said in (node.details, *_worker_details(node)):
        facts = dict(said)
        amount = facts.get("Sort Space Used")
        if facts.get("Sort Space Type") == "Disk" and isinstance(amount, (int, float)):
            used += amount
    return used


def _worker_details(node: PlanNode) -> list[tuple[tuple[str, object], ...]]:
    workers = node.detail("Workers")
    return [each for each in workers if isinstance(each, tuple)] if isinstance(workers, tuple) else []


def _suggested_megabytes(used: float) -> int:
    # Rows in memory carry headers and pointers that the files do not: twice their size, rounded up to 8 MB.
    return int(-(-used * 2 // 8192) * 8)
