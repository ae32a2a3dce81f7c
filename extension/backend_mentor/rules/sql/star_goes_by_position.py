"""The rule star-goes-by-position."""

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


class StarGoesByPosition:
    """SELECT * feeds columns to something that takes them by position.

    In a UNION, an INSERT or a view the columns of the star are matched or frozen by their place. A column that is
    added to the table shifts them or breaks the statement.
    """

    name: ClassVar[str] = "star-goes-by-position"
    severity: ClassVar[Severity] = Severity.ADVICE
    responsibility: ClassVar[Responsibility] = Responsibility.LOGIC
    gate: ClassVar[Gate] = Gate()
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags("INSERT INTO archive (id, status) SELECT * FROM orders", says="the star feeds an INSERT by position"),
        Flags("SELECT * FROM orders UNION ALL SELECT * FROM archive", says="the star feeds a UNION by position"),
        Passes("CREATE TABLE copy AS SELECT * FROM orders", because="a copy takes its columns from the star, by name"),
        Passes("SELECT * FROM orders", because="at the top of a query that a person reads it is fine"),
        Passes("INSERT INTO archive (id) SELECT count(*) FROM orders", because="that star counts rows"),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each star of an INSERT's or CREATE VIEW's query, or of a part of a UNION."""
        for query in subject.statement.tree.find_all(exp.Select):
            star = next((each for each in query.expressions if each.is_star), None)
            around = query.parent
            fed = _fed(around, query)
            if star is None or fed is None:
                continue
            yield report(
                self,
                place_in_text(subject, star),
                what=f"In this statement the star feeds {fed} by position.",
                why="A column that is added to the table shifts what comes after it, or breaks the statement.",
                instead="Name the columns.",
                evidence=(from_text(excerpt(star, subject.statement.dialect)),),
            )


def _fed(around: exp.Expr | None, query: exp.Select) -> str | None:
    if isinstance(around, exp.Insert):
        return "an INSERT"
    if isinstance(around, exp.Create) and around.kind == "VIEW":
        return "a view"
    first = isinstance(around, exp.SetOperation) and around.left is query
    return f"a {type(around).__name__.upper()}" if first else None
