"""The rule arbitrary-length."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.domain.subject import Gate
from backend_mentor.rules.definitions import defined_columns
from backend_mentor.rules.report import from_text, place_in_text, report
from backend_mentor.rules.rule import Flags, Passes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.finding import Finding
    from backend_mentor.domain.subject import Subject


class ArbitraryLength:
    """varchar(n) sets a limit that somebody will meet.

    It takes the same room as text. The limit is usually a guess, and to lower it later rewrites the table.
    """

    name: ClassVar[str] = "arbitrary-length"
    severity: ClassVar[Severity] = Severity.INFO
    responsibility: ClassVar[Responsibility] = Responsibility.DATABASE
    gate: ClassVar[Gate] = Gate(engines=("postgres",))
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags(
            "CREATE TABLE accounts (id int PRIMARY KEY, name varchar(50))",
            says="accounts.name is cut off at 50 characters",
            engine="postgres",
        ),
        Passes(
            "CREATE TABLE accounts (id int PRIMARY KEY, name varchar)", because="there is no limit", engine="postgres"
        ),
        Passes(
            "CREATE TABLE accounts (id int PRIMARY KEY, name text CHECK (length(name) <= 50))",
            because="a CHECK is a limit with a reason, and easy to change",
            engine="postgres",
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each varchar(n) column."""
        for column in defined_columns(subject.statement.tree):
            if column.type is None or not column.type.is_type("varchar") or not column.type.expressions:
                continue
            length = column.type.expressions[0].name
            yield report(
                self,
                place_in_text(subject, column.node),
                what=f"The column {column.table}.{column.name} is cut off at {length} characters.",
                why="varchar(n) is stored like text; only the limit is added.",
                instead=f"Write {column.name} text, and a CHECK where {length} has a reason.",
                evidence=(from_text(f"{column.name} varchar({length})"),),
            )
