"""The rule not-null-scans-table."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from sqlglot import exp

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.domain.subject import Gate
from backend_mentor.rules.definitions import alterations, is_worth_a_lock
from backend_mentor.rules.report import from_catalogue, place_in_text, report
from backend_mentor.rules.rule import Flags, Passes
from backend_mentor.rules.wording import count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.finding import Finding
    from backend_mentor.domain.subject import Subject


class NotNullScansTable:
    """SET NOT NULL reads the whole table under lock.

    PostgreSQL has to see that no NULL is there, and keeps everybody out until it has. A validated CHECK tells it
    beforehand.
    """

    name: ClassVar[str] = "not-null-scans-table"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.DATABASE
    gate: ClassVar[Gate] = Gate(engines=("postgres",))
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags(
            "ALTER TABLE orders ALTER COLUMN status SET NOT NULL",
            says="orders is locked while 20,000 rows are looked at",
            engine="postgres",
            schema="CREATE TABLE orders (id int PRIMARY KEY, status text); INSERT INTO orders SELECT i, 'open' FROM "
            "generate_series(1, 20000) AS i; ANALYZE orders",
        ),
        Passes(
            "ALTER TABLE orders ALTER COLUMN status SET NOT NULL",
            because="a CHECK says already that it is not NULL",
            engine="postgres",
            schema="CREATE TABLE orders (id int PRIMARY KEY, status text CHECK (status IS NOT NULL)); INSERT INTO "
            "orders SELECT i, 'open' FROM generate_series(1, 20000) AS i; ANALYZE orders",
        ),
        Passes(
            "ALTER TABLE orders ALTER COLUMN status DROP NOT NULL",
            because="to allow NULL needs no look at the rows",
            engine="postgres",
            schema="CREATE TABLE orders (id int PRIMARY KEY, status text NOT NULL)",
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each SET NOT NULL on a table that is not small and has no such CHECK."""
        tree = subject.statement.tree
        for action in alterations(tree, exp.AlterColumn):
            table = subject.schema.table(tree.this.name)
            if (
                action.args.get("allow_null") is not False
                or table is None
                or not is_worth_a_lock(subject.schema, table.name)
            ):
                continue
            name = action.this.name
            if any(
                check.holds and re.search(rf"\b{re.escape(name)}\b IS NOT NULL", check.expression)
                for check in table.checks
            ):
                continue
            yield report(
                self,
                place_in_text(subject, action),
                what=f"In production {table.name} is locked while {count(table.rows) if table.rows else 'all rows'} "
                "are looked at.",
                why=f"No constraint says yet that {name} is never NULL.",
                instead=f"ADD CHECK ({name} IS NOT NULL) NOT VALID, then VALIDATE CONSTRAINT, then SET NOT NULL, "
                "then drop the CHECK.",
                evidence=(from_catalogue(f"{table.name}.{name} has no CHECK against NULL"),),
            )
