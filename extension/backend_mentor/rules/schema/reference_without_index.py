"""The rule reference-without-index."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.domain.subject import Gate
from backend_mentor.rules.definitions import defined_references, new_table
from backend_mentor.rules.report import from_text, place_in_text, report
from backend_mentor.rules.rule import Flags, Passes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.finding import Finding
    from backend_mentor.domain.subject import Subject


class ReferenceWithoutIndex:
    """A foreign key's column has no index.

    Neither SQLite nor PostgreSQL makes one. Each delete or change of a referred row then reads the whole referring
    table, and so does each join from there.
    """

    name: ClassVar[str] = "reference-without-index"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.PERFORMANCE
    gate: ClassVar[Gate] = Gate()
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags(
            "CREATE TABLE orders (id INTEGER PRIMARY KEY, account_id INTEGER REFERENCES accounts (id))",
            says="orders (account_id) refers to accounts and has no index",
        ),
        Flags(
            "ALTER TABLE orders ADD CONSTRAINT orders_account FOREIGN KEY (account_id) REFERENCES accounts (id)",
            engine="postgres",
            says="orders (account_id)",
            schema="CREATE TABLE accounts (id int PRIMARY KEY); CREATE TABLE orders (id int PRIMARY KEY, "
            "account_id int)",
        ),
        Passes(
            "CREATE TABLE profiles (account_id INTEGER PRIMARY KEY REFERENCES accounts (id))",
            because="the primary key is an index of the column",
        ),
        Passes(
            "CREATE TABLE members (id INTEGER PRIMARY KEY, account_id INTEGER REFERENCES accounts (id), team_id "
            "INTEGER, UNIQUE (account_id, team_id))",
            because="the UNIQUE index begins with the column",
        ),
        Passes(
            "ALTER TABLE orders ADD FOREIGN KEY (account_id) REFERENCES accounts (id)",
            engine="postgres",
            because="the index is there already",
            schema="CREATE TABLE accounts (id int PRIMARY KEY); CREATE TABLE orders (id int PRIMARY KEY, "
            "account_id int); CREATE INDEX orders_account ON orders (account_id)",
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each reference whose columns lead no index of the statement or the catalogue."""
        tree = subject.statement.tree
        table = new_table(tree)
        keys = [table.primary_key, *table.unique] if table is not None else []
        for reference in defined_references(tree):
            existing = subject.schema.table(reference.table)
            led = any(_leads(key, reference.columns) for key in keys)
            led = led or (
                existing is not None
                and any(_leads(index.column_names, reference.columns) for index in existing.indexes)
            )
            if led or (existing is not None and _leads(existing.primary_key, reference.columns)):
                continue
            columns = ", ".join(reference.columns)
            yield report(
                self,
                place_in_text(subject, reference.node),
                what=f"In this schema {reference.table} ({columns}) refers to {reference.referenced_table} and has "
                "no index.",
                why=f"Each delete from {reference.referenced_table} reads all of {reference.table} to see whether a "
                "row still refers to it.",
                instead=f"CREATE INDEX {reference.table}_{'_'.join(reference.columns)} ON {reference.table} "
                f"({columns}).",
                evidence=(from_text(f"REFERENCES {reference.referenced_table}"),),
            )


def _leads(key: tuple[str, ...], columns: tuple[str, ...]) -> bool:
    return {name.lower() for name in key[: len(columns)]} == {name.lower() for name in columns}
