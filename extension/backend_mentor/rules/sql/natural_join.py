"""The rule natural-join."""

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


class NaturalJoin:
    """NATURAL JOIN joins by whatever columns share a name.

    A column that is added to one of the tables, `created_at` say, becomes a join condition without a word, and the
    result shrinks.
    """

    name: ClassVar[str] = "natural-join"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.LOGIC
    gate: ClassVar[Gate] = Gate()
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags(
            "SELECT * FROM orders NATURAL JOIN accounts",
            says="the columns that join accounts are those that happen to share a name",
            schema="CREATE TABLE orders (id INTEGER PRIMARY KEY, account_id INTEGER); CREATE TABLE accounts "
            "(account_id INTEGER PRIMARY KEY)",
        ),
        Passes("SELECT * FROM orders JOIN accounts USING (account_id)", because="USING names the column"),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each NATURAL JOIN."""
        for join in subject.statement.tree.find_all(exp.Join):
            if join.method != "NATURAL":
                continue
            name = join.this.alias_or_name
            yield report(
                self,
                place_in_text(subject, join),
                what=f"In this join the columns that join {name} are those that happen to share a name.",
                why="A new column with a common name changes the result without an error.",
                instead=f"Write JOIN {name} USING (…) or ON with the columns that are meant.",
                evidence=(from_text(f"NATURAL JOIN {name}"),),
            )
