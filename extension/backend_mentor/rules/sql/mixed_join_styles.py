"""The rule mixed-join-styles."""

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


class MixedJoinStyles:
    """One FROM mixes commas and JOIN.

    JOIN binds tighter than a comma, so an ON can not see a table before the comma, and the conditions of the commas
    stand far away in the WHERE.
    """

    name: ClassVar[str] = "mixed-join-styles"
    severity: ClassVar[Severity] = Severity.INFO
    responsibility: ClassVar[Responsibility] = Responsibility.LOGIC
    gate: ClassVar[Gate] = Gate()
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags("SELECT 1 FROM a, b JOIN c ON c.id = b.id WHERE a.id = b.id", says="this FROM has a comma and a JOIN"),
        Passes("SELECT 1 FROM a, b WHERE a.id = b.id", because="commas alone are one style"),
        Passes("SELECT 1 FROM a JOIN b ON b.id = a.id JOIN c ON c.id = b.id", because="JOIN alone is one style"),
        Passes(
            "SELECT 1 FROM a JOIN b ON b.id = a.id, json_each(a.tags)",
            because="a table function takes its rows from what stands before the comma",
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each FROM with both."""
        for query in subject.statement.tree.find_all(exp.Select):
            joins = [
                join
                for join in query.args.get("joins") or ()
                if isinstance(join.this, exp.Table) and isinstance(join.this.this, exp.Identifier)
            ]
            commas = [
                join
                for join in joins
                if not any(join.args.get(name) for name in ("on", "using", "side", "kind", "method"))
            ]
            if commas and len(commas) < len(joins):
                yield report(
                    self,
                    place_in_text(subject, commas[0].this),
                    what="In this query this FROM has a comma and a JOIN.",
                    why="JOIN binds tighter than the comma, and half of the conditions stand in the WHERE.",
                    instead="Write every join as JOIN … ON.",
                    evidence=(from_text(f"comma before {commas[0].this.alias_or_name}"),),
                )
