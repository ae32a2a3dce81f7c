"""The rule plain-json."""

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


class PlainJson:
    """json keeps the text; jsonb keeps what it says.

    Each look into a json value parses its text again, and no index reaches into it.
    """

    name: ClassVar[str] = "plain-json"
    severity: ClassVar[Severity] = Severity.ADVICE
    responsibility: ClassVar[Responsibility] = Responsibility.DATABASE
    gate: ClassVar[Gate] = Gate(engines=("postgres",))
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags(
            "CREATE TABLE events (id int PRIMARY KEY, payload json)", says="events.payload is json", engine="postgres"
        ),
        Passes(
            "CREATE TABLE events (id int PRIMARY KEY, payload jsonb)",
            because="jsonb can have a GIN index",
            engine="postgres",
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each json column."""
        for column in defined_columns(subject.statement.tree):
            if column.type is None or column.type.this is not exp.DType.JSON:
                continue
            yield report(
                self,
                place_in_text(subject, column.node),
                what=f"The column {column.table}.{column.name} is json.",
                why="Its text is parsed anew at each look, and it can have no GIN index and no equality.",
                instead=f"Write {column.name} jsonb; leave json where the exact text has to be kept.",
                evidence=(from_text(f"{column.name} json"),),
            )
