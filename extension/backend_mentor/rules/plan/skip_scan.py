"""The rule skip-scan."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.domain.plan import Operation
from backend_mentor.domain.subject import Gate
from backend_mentor.rules.figures import plan_figures
from backend_mentor.rules.report import from_plan, place_in_plan, report
from backend_mentor.rules.rule import Flags, Passes
from backend_mentor.rules.wording import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.finding import Finding
    from backend_mentor.domain.subject import Subject


class SkipScan:
    """An index is used by its second column, jumping over each value of its first.

    SQLite does this when ANALYZE found few values in the first column. It is one search for each of them, and it
    turns into a scan as these values grow in number.
    """

    name: ClassVar[str] = "skip-scan"
    severity: ClassVar[Severity] = Severity.ADVICE
    responsibility: ClassVar[Responsibility] = Responsibility.PERFORMANCE
    gate: ClassVar[Gate] = Gate(engines=("sqlite",))
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags(
            "SELECT * FROM orders WHERE placed_at = '2026-03-02'",
            says="orders_status_placed_at is searched once for each value of status",
            plan="SEARCH orders USING INDEX orders_status_placed_at (ANY(status) AND placed_at=?)",
        ),
        Flags(
            "SELECT value FROM measures WHERE at >= '2026-03-02' AND at < '2026-03-03'",
            says="the primary key of measures is searched once for each value of device_id",
            plan="SEARCH measures USING PRIMARY KEY (ANY(device_id) AND at>? AND at<?)",
        ),
        Passes(
            "SELECT * FROM orders WHERE status = 'open' AND placed_at = '2026-03-02'",
            because="the index is used from its first column on",
            plan="SEARCH orders USING INDEX orders_status_placed_at (status=? AND placed_at=?)",
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each skip-scan."""
        figures = plan_figures(subject)
        for node in figures.running(Operation.SEARCH) if figures else ():
            skipped = re.findall(r"ANY\((\w+)\)", node.index_condition or "")
            if not skipped:
                continue
            used = list(dict.fromkeys(re.findall(r"(\w+)[=<>]", node.index_condition or "")))
            searched = node.index or f"the primary key of {node.relation}"
            columns = "columns" if len(used) > 1 else "column"
            yield report(
                self,
                place_in_plan(node),
                what=f"In this plan {searched} is searched once for each value of {listed(skipped)}.",
                why=f"No index begins with {listed(used) if used else 'the column of the condition'}, the {columns} "
                "that the statement restricts.",
                instead=f"Give {node.relation} an index that begins with {listed(used) if used else 'that column'}.",
                evidence=(from_plan(node.label),),
            )
