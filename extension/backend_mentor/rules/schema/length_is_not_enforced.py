"""The rule length-is-not-enforced."""

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


class LengthIsNotEnforced:
    """SQLite ignores the length of a type.

    VARCHAR(20) takes a text of any length. Where the limit matters, only a CHECK keeps it.
    """

    name: ClassVar[str] = "length-is-not-enforced"
    severity: ClassVar[Severity] = Severity.INFO
    responsibility: ClassVar[Responsibility] = Responsibility.DATABASE
    gate: ClassVar[Gate] = Gate(engines=("sqlite",))
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags(
            "CREATE TABLE accounts (id INTEGER PRIMARY KEY, code VARCHAR(20))",
            says="accounts.code takes texts longer than 20 characters",
        ),
        Passes(
            "CREATE TABLE accounts (id INTEGER PRIMARY KEY, code TEXT CHECK (length(code) <= 20))",
            because="a CHECK is kept",
        ),
        Passes(
            "CREATE TABLE accounts (id INTEGER PRIMARY KEY, amount NUMERIC(12, 2))",
            because="that names a precision, which no one takes for a limit of length",
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each text type with a length."""
        for column in defined_columns(subject.statement.tree):
            kind = column.type
            if kind is None or not kind.is_type("varchar", "char", "nvarchar", "nchar", "text") or not kind.expressions:
                continue
            if column.constraint(exp.CheckColumnConstraint) is not None:
                continue
            length = kind.expressions[0].name
            yield report(
                self,
                place_in_text(subject, column.node),
                what=f"The column {column.table}.{column.name} takes texts longer than {length} characters.",
                why="SQLite reads VARCHAR(n) as TEXT and ignores n.",
                instead=f"Add CHECK (length({column.name}) <= {length}).",
                evidence=(from_text(excerpt(kind, subject.statement.dialect)),),
            )
