"""The rule padded-text."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from sqlglot import exp

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.domain.subject import Gate
from backend_mentor.rules.definitions import defined_columns
from backend_mentor.rules.report import from_text, place_in_text, report
from backend_mentor.rules.rule import Flags, Passes
from backend_mentor.rules.wording import excerpt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.finding import Finding
    from backend_mentor.domain.subject import Subject


class PaddedText:
    """char(n) pads its values with blanks.

    It saves nothing over text, costs the blanks, and compares in ways that surprise.
    """

    name: ClassVar[str] = "padded-text"
    severity: ClassVar[Severity] = Severity.ADVICE
    responsibility: ClassVar[Responsibility] = Responsibility.DATABASE
    gate: ClassVar[Gate] = Gate(engines=("postgres",))
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags(
            "CREATE TABLE countries (id int PRIMARY KEY, code char(3))",
            says="countries.code is char(3)",
            engine="postgres",
        ),
        Passes(
            "CREATE TABLE countries (id int PRIMARY KEY, code text)",
            because="text holds what it is given",
            engine="postgres",
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each char(n) column."""
        for column in defined_columns(subject.statement.tree):
            if column.type is None or column.type.this not in (exp.DType.CHAR, exp.DType.BPCHAR):
                continue
            shown = excerpt(column.type, subject.statement.dialect).lower()
            yield report(
                self,
                place_in_text(subject, column.node),
                what=f"The column {column.table}.{column.name} is {shown}.",
                why="Shorter values are padded with blanks, in the file and in the result.",
                instead=f"Write {column.name} text, with CHECK (length({column.name}) = …) where the length matters.",
                evidence=(from_text(f"{column.name} {shown}"),),
            )
