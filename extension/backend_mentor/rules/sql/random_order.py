"""The rule random-order."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from sqlglot import exp

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.domain.subject import Gate
from backend_mentor.rules.report import from_text, place_in_text, report
from backend_mentor.rules.rule import Flags, Passes
from backend_mentor.rules.wording import excerpt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.finding import Finding
    from backend_mentor.domain.subject import Subject


class RandomOrder:
    """ORDER BY random() computes a number for every row and sorts them all.

    The whole table is read and sorted to return a handful of rows.
    """

    name: ClassVar[str] = "random-order"
    severity: ClassVar[Severity] = Severity.ADVICE
    responsibility: ClassVar[Responsibility] = Responsibility.PERFORMANCE
    gate: ClassVar[Gate] = Gate()
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags("SELECT * FROM accounts ORDER BY random() LIMIT 3", says="every row is numbered at random and sorted"),
        Passes("SELECT random() FROM accounts", because="nothing is sorted by it"),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each ORDER BY of a random number."""
        for ordered in subject.statement.tree.find_all(exp.Ordered):
            inner = ordered.this
            if not (
                isinstance(inner, exp.Rand) or (isinstance(inner, exp.Anonymous) and inner.name.lower() == "random")
            ):
                continue
            yield report(
                self,
                place_in_text(subject, ordered),
                what="For this ORDER BY every row is numbered at random and sorted.",
                why="No index can hold an order that is new each time.",
                instead="Pick random keys first (WHERE id >= a random number … LIMIT 1, several times), or use "
                "TABLESAMPLE where there is one.",
                evidence=(from_text(excerpt(ordered, subject.statement.dialect)),),
            )
