"""The rule serial-column."""

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


class SerialColumn:
    """serial is the old way to number rows.

    It makes a sequence beside the column with an owner and rights of its own, and lets anybody write any number. An
    identity column is the SQL standard and has neither trouble.
    """

    name: ClassVar[str] = "serial-column"
    severity: ClassVar[Severity] = Severity.INFO
    responsibility: ClassVar[Responsibility] = Responsibility.DATABASE
    gate: ClassVar[Gate] = Gate(engines=("postgres",))
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags("CREATE TABLE orders (id bigserial PRIMARY KEY)", says="orders.id is bigserial", engine="postgres"),
        Passes(
            "CREATE TABLE orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY)",
            because="it is an identity column",
            engine="postgres",
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each serial column."""
        for column in defined_columns(subject.statement.tree):
            if column.type is None or column.type.this not in (
                exp.DType.SERIAL,
                exp.DType.BIGSERIAL,
                exp.DType.SMALLSERIAL,
            ):
                continue
            shown = column.type.sql("postgres").lower()
            yield report(
                self,
                place_in_text(subject, column.node),
                what=f"The column {column.table}.{column.name} is {shown}.",
                why="Its sequence has rights of its own, and a number that is written by hand collides later.",
                instead=f"Write {column.name} bigint GENERATED ALWAYS AS IDENTITY.",
                evidence=(from_text(f"{column.name} {shown}"),),
            )
