"""The rule timestamp-without-zone."""

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


class TimestampWithoutZone:
    """A point in time is kept without its zone.

    A timestamp is what a clock on some wall showed. Which moment it was depends on who reads it, and twice a year an
    hour is missing or there twice.
    """

    name: ClassVar[str] = "timestamp-without-zone"
    severity: ClassVar[Severity] = Severity.ADVICE
    responsibility: ClassVar[Responsibility] = Responsibility.DATABASE
    gate: ClassVar[Gate] = Gate(engines=("postgres",))
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags(
            "CREATE TABLE orders (id int PRIMARY KEY, placed_at timestamp)",
            says="orders.placed_at is timestamp without time zone",
            engine="postgres",
        ),
        Passes(
            "CREATE TABLE orders (id int PRIMARY KEY, placed_at timestamptz)",
            because="timestamptz is a moment",
            engine="postgres",
        ),
        Passes(
            "CREATE TABLE orders (id int PRIMARY KEY, placed_on date)", because="a date is a day", engine="postgres"
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each column of the type timestamp."""
        for column in defined_columns(subject.statement.tree):
            if column.type is None or column.type.this is not exp.DType.TIMESTAMP:
                continue
            yield report(
                self,
                place_in_text(subject, column.node),
                what=f"The column {column.table}.{column.name} is timestamp without time zone.",
                why="Which moment it means depends on the zone of whoever reads it.",
                instead=f"Write {column.name} timestamptz; it takes the same 8 bytes.",
                evidence=(from_text(f"{column.name} timestamp"),),
            )
