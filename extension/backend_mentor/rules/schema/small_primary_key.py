"""The rule small-primary-key."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from sqlglot import exp

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.domain.subject import Gate
from backend_mentor.rules.definitions import new_table
from backend_mentor.rules.report import from_text, place_in_text, report
from backend_mentor.rules.rule import Flags, Passes
from backend_mentor.rules.wording import excerpt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.finding import Finding
    from backend_mentor.domain.subject import Subject


class SmallPrimaryKey:
    """A primary key of four bytes ends at 2,147,483,647.

    Numbers of failed inserts are used up too. To widen the key later rewrites the table and all that refer to it,
    under lock.
    """

    name: ClassVar[str] = "small-primary-key"
    severity: ClassVar[Severity] = Severity.ADVICE
    responsibility: ClassVar[Responsibility] = Responsibility.DATABASE
    gate: ClassVar[Gate] = Gate(engines=("postgres",))
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags(
            "CREATE TABLE events (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY)",
            says="events.id ends at 2,147,483,647",
            engine="postgres",
        ),
        Flags("CREATE TABLE events (id serial PRIMARY KEY)", says="events.id ends at 2,147,483,647", engine="postgres"),
        Passes(
            "CREATE TABLE events (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY)",
            because="eight bytes do not run out",
            engine="postgres",
        ),
        Passes(
            "CREATE TABLE currencies (id int PRIMARY KEY, code text)",
            because="a key without a sequence is given by hand, and there are few",
            engine="postgres",
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each generated primary key of four bytes."""
        table = new_table(subject.statement.tree)
        for column in table.columns if table is not None and len(table.primary_key) == 1 else ():
            if table is None or column.name != table.primary_key[0] or column.type is None:
                continue
            generated = column.constraint(exp.GeneratedAsIdentityColumnConstraint) is not None
            if column.type.this is not exp.DType.SERIAL and not (generated and column.type.this is exp.DType.INT):
                continue
            yield report(
                self,
                place_in_text(subject, column.node),
                what=f"The key {column.table}.{column.name} ends at 2,147,483,647.",
                why="Failed inserts use up numbers too, and to widen a key later rewrites the table under lock.",
                instead=f"Write {column.name} bigint GENERATED ALWAYS AS IDENTITY; four bytes more a row.",
                evidence=(from_text(excerpt(column.type, subject.statement.dialect)),),
            )
