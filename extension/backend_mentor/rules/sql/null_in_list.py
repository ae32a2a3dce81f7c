"""The rule null-in-list."""

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


class NullInList:
    """A NULL in an IN list never matches, and in a NOT IN list it rejects every row.

    `x IN (1, NULL)` finds only 1. `x NOT IN (1, NULL)` can not be true for any x.
    """

    name: ClassVar[str] = "null-in-list"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.LOGIC
    gate: ClassVar[Gate] = Gate()
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags("SELECT * FROM orders WHERE status IN ('open', NULL)", says="the NULL in this list never matches"),
        Flags(
            "SELECT * FROM orders WHERE status NOT IN ('open', NULL)",
            says="no row can pass status NOT IN ('open', NULL)",
        ),
        Passes("SELECT * FROM orders WHERE status IN ('open', 'NULL')", because="that is the word 'NULL', a string"),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each list that names NULL."""
        dialect = subject.statement.dialect
        for node in subject.statement.tree.find_all(exp.In):
            if not any(isinstance(each, exp.Null) for each in node.expressions):
                continue
            negated = isinstance(node.parent, exp.Not)
            column = excerpt(node.this, dialect)
            shown = f"{column} NOT IN ({', '.join(excerpt(each, dialect) for each in node.expressions)})"
            yield report(
                self,
                place_in_text(subject, node),
                what=f"In this statement no row can pass {shown}."
                if negated
                else f"For {column} the NULL in this list never matches.",
                why="Whether a value differs from an unknown one is unknown."
                if negated
                else "A comparison with NULL is unknown, never true.",
                instead=f"Take NULL out of the list, and add {'AND' if negated else 'OR'} {column} IS "
                f"{'NOT ' if negated else ''}NULL where it is meant.",
                evidence=(from_text(excerpt(node, dialect)),),
                severity=Severity.CRITICAL if negated else None,
            )
