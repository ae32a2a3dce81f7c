"""The rule several-searches-for-or."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.domain.plan import Operation
from backend_mentor.domain.subject import Gate
from backend_mentor.rules.figures import plan_figures
from backend_mentor.rules.report import from_plan, place_in_plan, report
from backend_mentor.rules.rule import Flags, Passes
from backend_mentor.rules.wording import count, listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.finding import Finding
    from backend_mentor.domain.subject import Subject


class SeveralSearchesForOr:
    """An OR is answered by one index search for each of its branches.

    Each branch is searched on its own and rows found twice are weeded out. That is far better than a scan; one index
    that both branches share is better still.
    """

    name: ClassVar[str] = "several-searches-for-or"
    severity: ClassVar[Severity] = Severity.INFO
    responsibility: ClassVar[Responsibility] = Responsibility.PERFORMANCE
    gate: ClassVar[Gate] = Gate(engines=("sqlite",))
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags(
            "SELECT * FROM orders WHERE account_id = 7 OR status = 'new'",
            says="2 searches answer the OR",
            plan="`--MULTI-INDEX OR\n   |--INDEX 1\n   |  `--SEARCH orders USING INDEX orders_account "
            "(account_id=?)\n   `--INDEX 2\n      `--SEARCH orders USING INDEX orders_status (status=?)",
        ),
        Passes(
            "SELECT * FROM orders WHERE account_id IN (7, 8)",
            because="an IN of one column is one search",
            plan="SEARCH orders USING INDEX orders_account (account_id=?)",
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each OR by several indexes."""
        figures = plan_figures(subject)
        for node in figures.running(Operation.BITMAP_OR) if figures else ():
            searches = [each for each in node.walk() if each.index or each.operation is Operation.SEARCH]
            if "MULTI-INDEX OR" not in node.label or len(searches) < 2:
                continue
            names = listed(each.index or "the primary key" for each in searches)
            yield report(
                self,
                place_in_plan(node),
                what=f"In this plan {count(len(searches), 'search')} answer the OR, by {names}.",
                why="Rows that meet several branches are found several times and kept once.",
                instead="Leave it, unless a branch finds most of the table: then scan once.",
                evidence=(from_plan(node.label),),
            )
