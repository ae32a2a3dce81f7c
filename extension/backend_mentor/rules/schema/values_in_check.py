"""The rule values-in-check."""

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


class ValuesInCheck:
    """The allowed values are written into a CHECK.

    A new value means a change of the schema. A table of values can be read, joined, described and extended by an
    INSERT.
    """

    name: ClassVar[str] = "values-in-check"
    severity: ClassVar[Severity] = Severity.INFO
    responsibility: ClassVar[Responsibility] = Responsibility.DATABASE
    gate: ClassVar[Gate] = Gate()
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags(
            "CREATE TABLE orders (id INTEGER PRIMARY KEY, status TEXT CHECK (status IN ('open', 'filled', 'closed')))",
            says="the 3 values of status stand in a CHECK",
        ),
        Passes(
            "CREATE TABLE orders (id INTEGER PRIMARY KEY, side TEXT CHECK (side IN ('buy', 'sell')))",
            because="two values that will never be three are well kept in a CHECK",
        ),
        Passes(
            "CREATE TABLE orders (id INTEGER PRIMARY KEY, amount INTEGER CHECK (amount > 0))",
            because="that is a rule, and no list",
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each CHECK with a list of three texts or more."""
        for constraint in subject.statement.tree.find_all(exp.CheckColumnConstraint):
            for membership in constraint.find_all(exp.In):
                values = membership.expressions
                if len(values) < 3 or not all(isinstance(value, exp.Literal) and value.is_string for value in values):
                    continue
                yield report(
                    self,
                    place_in_text(subject, membership),
                    what=f"In this table the {len(values)} values of {membership.this.name} stand in a CHECK.",
                    why="A new value is a change of the schema, and no query can read the list.",
                    instead="Leave it where the list is part of the code; else make a table of values and refer to it.",
                    evidence=(from_text(excerpt(membership, subject.statement.dialect)),),
                )
