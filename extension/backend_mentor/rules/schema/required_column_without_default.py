"""The rule required-column-without-default."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from sqlglot import exp

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.domain.subject import Gate
from backend_mentor.rules.definitions import added_columns, known_rows
from backend_mentor.rules.report import from_text, place_in_text, report
from backend_mentor.rules.rule import Flags, Passes
from backend_mentor.rules.wording import count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.finding import Finding
    from backend_mentor.domain.subject import Subject


class RequiredColumnWithoutDefault:
    """A NOT NULL column is added without a default.

    The rows that are there would have NULL in it, so the statement fails on every table that is not empty. SQLite
    refuses it even then.
    """

    name: ClassVar[str] = "required-column-without-default"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.DATABASE
    gate: ClassVar[Gate] = Gate()
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags(
            "ALTER TABLE orders ADD COLUMN channel TEXT NOT NULL", says="orders.channel is NOT NULL and has no default"
        ),
        Passes(
            "ALTER TABLE orders ADD COLUMN channel TEXT NOT NULL DEFAULT 'web'",
            because="the rows that are there get 'web'",
        ),
        Passes("ALTER TABLE orders ADD COLUMN channel TEXT", because="the rows that are there get NULL"),
        Passes(
            "ALTER TABLE orders ADD COLUMN n bigint NOT NULL GENERATED ALWAYS AS IDENTITY",
            because="each row is given a number",
            engine="postgres",
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each added column with NOT NULL, no default and no generated value."""
        given = (
            exp.DefaultColumnConstraint,
            exp.GeneratedAsIdentityColumnConstraint,
            exp.ComputedColumnConstraint,
            exp.GeneratedAsRowColumnConstraint,
        )
        for column in added_columns(subject.statement.tree):
            if not column.required or column.constraint(*given) is not None:
                continue
            rows = known_rows(subject.schema, column.table)
            yield report(
                self,
                place_in_text(subject, column.node),
                what=f"The column {column.table}.{column.name} is NOT NULL and has no default.",
                why=f"The {count(rows)} that are there would have NULL in it, so the statement fails."
                if rows
                else "Rows that are there would have NULL in it, so the statement fails.",
                instead="Add it with a DEFAULT; or add it nullable, fill it in batches, and set NOT NULL then.",
                evidence=(from_text(f"ADD COLUMN {column.name} … NOT NULL"),),
            )
