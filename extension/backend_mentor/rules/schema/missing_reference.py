"""The rule missing-reference."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.domain.subject import Gate
from backend_mentor.rules.definitions import defined_columns, defined_references
from backend_mentor.rules.report import from_catalogue, place_in_text, report
from backend_mentor.rules.rule import Flags, Passes
from backend_mentor.rules.wording import plural

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.finding import Finding
    from backend_mentor.domain.subject import Subject


class MissingReference:
    """A column is named like a reference and refers to nothing.

    Without a foreign key the database accepts ids that do not exist, and keeps those of rows that are gone.
    """

    name: ClassVar[str] = "missing-reference"
    severity: ClassVar[Severity] = Severity.ADVICE
    responsibility: ClassVar[Responsibility] = Responsibility.DATABASE
    gate: ClassVar[Gate] = Gate()
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags(
            "CREATE TABLE orders (id INTEGER PRIMARY KEY, account_id INTEGER NOT NULL)",
            says="account_id is named after accounts and has no foreign key",
            schema="CREATE TABLE accounts (id INTEGER PRIMARY KEY)",
        ),
        Passes(
            "CREATE TABLE orders (id INTEGER PRIMARY KEY, account_id INTEGER NOT NULL REFERENCES accounts (id))",
            because="it refers to accounts",
            schema="CREATE TABLE accounts (id INTEGER PRIMARY KEY)",
        ),
        Passes(
            "CREATE TABLE orders (id INTEGER PRIMARY KEY, external_id TEXT)",
            because="there is no table of that name",
            schema="CREATE TABLE accounts (id INTEGER PRIMARY KEY)",
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each `…_id` column that a known table is named for and no foreign key covers."""
        covered = {
            name.lower() for reference in defined_references(subject.statement.tree) for name in reference.columns
        }
        for column in defined_columns(subject.statement.tree):
            if not column.name.lower().endswith("_id") or column.name.lower() in covered:
                continue
            stem = column.name[:-3].lower()
            target = next(
                (table for name in (stem, plural(stem)) if (table := subject.schema.table(name)) is not None), None
            )
            if target is None or len(target.primary_key) != 1:
                continue
            yield report(
                self,
                place_in_text(subject, column.node),
                what=f"In {column.table} {column.name} is named after {target.name} and has no foreign key.",
                why=f"Nothing keeps out an id that {target.name} does not hold.",
                instead=f"Write {column.name} … REFERENCES {target.name} ({target.primary_key[0]}), and give it an "
                "index.",
                evidence=(from_catalogue(f"{target.name} has the key {target.primary_key[0]}"),),
            )
