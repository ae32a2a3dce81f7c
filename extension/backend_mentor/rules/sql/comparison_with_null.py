"""The rule comparison-with-null."""

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


class ComparisonWithNull:
    """A comparison with NULL is never true.

    NULL is no value but the absence of one, so `= NULL` and `<> NULL` are both unknown for every row, and WHERE keeps
    none of them.
    """

    name: ClassVar[str] = "comparison-with-null"
    severity: ClassVar[Severity] = Severity.CRITICAL
    responsibility: ClassVar[Responsibility] = Responsibility.LOGIC
    gate: ClassVar[Gate] = Gate()
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags("SELECT * FROM orders WHERE closed_at = NULL", says="closed_at = NULL is never true"),
        Flags("SELECT * FROM orders WHERE closed_at <> NULL", says="closed_at <> NULL is never true"),
        Passes("SELECT * FROM orders WHERE closed_at IS NULL", because="IS NULL is the test for it"),
        Passes("UPDATE orders SET closed_at = NULL WHERE id = 1", because="that is an assignment, no comparison"),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each comparison of which one side is the word NULL."""
        for node in subject.statement.tree.find_all(exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE):
            if isinstance(node.parent, (exp.Update, exp.OnConflict)) and node.arg_key == "expressions":
                continue
            sides = (node.this, node.expression)
            if not any(isinstance(side, exp.Null) for side in sides):
                continue
            other = sides[0] if isinstance(sides[1], exp.Null) else sides[1]
            test = "IS NOT NULL" if isinstance(node, exp.NEQ) else "IS NULL"
            dialect = subject.statement.dialect
            yield report(
                self,
                place_in_text(subject, node),
                what=f"{excerpt(node, dialect)} is never true.",
                why="A comparison with NULL is unknown for every row, and WHERE keeps only what is true.",
                instead=f"Write {excerpt(other, dialect)} {test}.",
                evidence=(from_text(excerpt(node, dialect)),),
            )
