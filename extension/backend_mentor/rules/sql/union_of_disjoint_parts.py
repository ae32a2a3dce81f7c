"""The rule union-of-disjoint-parts."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from sqlglot import exp

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.domain.subject import Gate
from backend_mentor.rules.report import from_text, place_in_text, report
from backend_mentor.rules.rule import Flags, Passes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.finding import Finding
    from backend_mentor.domain.subject import Subject


class UnionOfDisjointParts:
    """UNION looks for duplicates between parts that can have none.

    Each part carries a different constant in the same column, so no row of one equals a row of the other. UNION
    compares them all the same; UNION ALL does not.
    """

    name: ClassVar[str] = "union-of-disjoint-parts"
    severity: ClassVar[Severity] = Severity.ADVICE
    responsibility: ClassVar[Responsibility] = Responsibility.PERFORMANCE
    gate: ClassVar[Gate] = Gate()
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags(
            "SELECT 'order' AS kind, id FROM orders UNION SELECT 'trade', id FROM trades",
            says="'order' and 'trade' keep the parts of this UNION apart",
        ),
        Passes(
            "SELECT 'order' AS kind, id FROM orders UNION ALL SELECT 'trade', id FROM trades", because="it is UNION ALL"
        ),
        Passes(
            "SELECT account_id FROM orders UNION SELECT account_id FROM trades", because="an account can be in both"
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each UNION of two SELECTs with different literals in one place."""
        for union in subject.statement.tree.find_all(exp.Union):
            left, right = union.left, union.right
            if not union.args.get("distinct") or not isinstance(left, exp.Select) or not isinstance(right, exp.Select):
                continue
            pairs = zip(left.expressions, right.expressions, strict=False)
            apart = [
                (one.unalias(), other.unalias())
                for one, other in pairs
                if isinstance(one.unalias(), exp.Literal)
                and isinstance(other.unalias(), exp.Literal)
                and one.unalias() != other.unalias()
            ]
            if apart:
                one, other = (each.sql() for each in apart[0])
                yield report(
                    self,
                    place_in_text(subject, left.expressions[0], right.expressions[0]),
                    what=f"The constants {one} and {other} keep the parts of this UNION apart.",
                    why="No row of one part can equal a row of the other; duplicates within a part are all that "
                    "UNION removes.",
                    instead="Write UNION ALL; add DISTINCT to a part where its own rows repeat.",
                    evidence=(from_text(f"{one}, {other}"),),
                )
