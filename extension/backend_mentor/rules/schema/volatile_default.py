"""The rule volatile-default."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from sqlglot import exp

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.domain.subject import Gate
from backend_mentor.rules.definitions import added_columns, known_rows
from backend_mentor.rules.report import from_text, place_in_text, report
from backend_mentor.rules.rule import Flags, Passes
from backend_mentor.rules.wording import count, excerpt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.finding import Finding
    from backend_mentor.domain.subject import Subject


class VolatileDefault:
    """A new column's default has to be computed for every row.

    A constant default is kept once in the catalogue. random(), gen_random_uuid() or clock_timestamp() differ from row
    to row, so the whole table is rewritten under an ACCESS EXCLUSIVE lock.
    """

    name: ClassVar[str] = "volatile-default"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.DATABASE
    gate: ClassVar[Gate] = Gate(engines=("postgres",))
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags(
            "ALTER TABLE orders ADD COLUMN token uuid DEFAULT gen_random_uuid()",
            says="orders is rewritten to fill token",
            engine="postgres",
        ),
        Passes(
            "ALTER TABLE orders ADD COLUMN added_at timestamptz DEFAULT now()",
            because="now() is one value for the whole statement",
            engine="postgres",
        ),
        Passes(
            "CREATE TABLE orders (id uuid PRIMARY KEY DEFAULT gen_random_uuid())",
            because="a new table has no rows to rewrite",
            engine="postgres",
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each added column with a volatile default."""
        volatile = {
            "random",
            "gen_random_uuid",
            "uuid_generate_v4",
            "uuidv4",
            "uuidv7",
            "clock_timestamp",
            "nextval",
            "timeofday",
        }
        for column in added_columns(subject.statement.tree):
            default = column.constraint(exp.DefaultColumnConstraint)
            called = re.findall(r"(\w+)\(", default.sql("postgres").lower()) if default is not None else []
            if default is None or not volatile & set(called):
                continue
            rows = known_rows(subject.schema, column.table)
            yield report(
                self,
                place_in_text(subject, column.node),
                what=f"With this default {column.table} is rewritten to fill "
                f"{column.name}{f', {count(rows)}' if rows else ''}.",
                why="The table is locked against all reads and writes until it is done.",
                instead="Add the column without a default, set the default for new rows, and fill the old ones in "
                "batches.",
                evidence=(from_text(excerpt(default, subject.statement.dialect)),),
            )
