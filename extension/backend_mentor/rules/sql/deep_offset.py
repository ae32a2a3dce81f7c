"""The rule deep-offset."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from sqlglot import exp

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.domain.subject import Gate
from backend_mentor.rules.report import from_text, place_in_text, report
from backend_mentor.rules.rule import Flags, Passes
from backend_mentor.rules.wording import count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.finding import Finding
    from backend_mentor.domain.subject import Subject


# A thousand rows skipped is page 50 of 20: from there on a page costs more than it shows.
_SKIPPED_ROWS = 1_000


class DeepOffset:
    """A large OFFSET produces rows only to throw them away.

    Each page costs all pages before it, and a row that is added or removed meanwhile shifts all pages after it.
    """

    name: ClassVar[str] = "deep-offset"
    severity: ClassVar[Severity] = Severity.ADVICE
    responsibility: ClassVar[Responsibility] = Responsibility.PERFORMANCE
    gate: ClassVar[Gate] = Gate()
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags(
            "SELECT * FROM orders ORDER BY id LIMIT 20 OFFSET 100000", says="100,000 rows are produced and thrown away"
        ),
        Passes("SELECT * FROM orders ORDER BY id LIMIT 20 OFFSET 40", because="page three costs next to nothing"),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each OFFSET of a thousand rows or more."""
        for offset in subject.statement.tree.find_all(exp.Offset):
            amount = offset.expression
            if not isinstance(amount, exp.Literal) or amount.is_string or int(float(amount.name)) < _SKIPPED_ROWS:
                continue
            skipped = int(float(amount.name))
            yield report(
                self,
                place_in_text(subject, offset),
                what=f"For this page {count(skipped)} are produced and thrown away.",
                why="OFFSET has no short cut: it reads what it skips.",
                instead="Page by key: remember the last row shown and ask for WHERE (order columns) > (its values).",
                evidence=(from_text(f"OFFSET {skipped}"),),
            )
