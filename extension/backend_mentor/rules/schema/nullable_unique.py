"""The rule nullable-unique."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from sqlglot import exp

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.domain.subject import Gate
from backend_mentor.rules.definitions import defined_columns
from backend_mentor.rules.report import from_text, place_in_text, report
from backend_mentor.rules.rule import Flags, Passes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.finding import Finding
    from backend_mentor.domain.subject import Subject


class NullableUnique:
    """A UNIQUE column may hold NULL any number of times.

    NULL equals nothing, not even NULL, so the constraint lets every NULL pass.
    """

    name: ClassVar[str] = "nullable-unique"
    severity: ClassVar[Severity] = Severity.ADVICE
    responsibility: ClassVar[Responsibility] = Responsibility.DATABASE
    gate: ClassVar[Gate] = Gate()
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags(
            "CREATE TABLE accounts (id INTEGER PRIMARY KEY, email TEXT UNIQUE)",
            says="accounts.email is UNIQUE and may be NULL in any number of rows",
        ),
        Passes("CREATE TABLE accounts (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE)", because="it is NOT NULL"),
        Passes(
            "CREATE TABLE accounts (id int PRIMARY KEY, email text UNIQUE NULLS NOT DISTINCT)",
            because="NULLS NOT DISTINCT allows one NULL",
            engine="postgres",
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each column that is UNIQUE on its own and not NOT NULL."""
        for column in defined_columns(subject.statement.tree):
            unique = column.constraint(exp.UniqueColumnConstraint)
            if (
                unique is None
                or unique.args.get("nulls")
                or column.required
                or column.constraint(exp.PrimaryKeyColumnConstraint)
            ):
                continue
            yield report(
                self,
                place_in_text(subject, column.node),
                what=f"The column {column.table}.{column.name} is UNIQUE and may be NULL in any number of rows.",
                why="UNIQUE compares values, and NULL equals nothing.",
                instead=f"Add NOT NULL; leave it where a row may have no {column.name}.",
                evidence=(from_text(f"{column.name} … UNIQUE"),),
            )
