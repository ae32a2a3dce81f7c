"""The rule table-taken-away."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from sqlglot import exp

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.domain.subject import Gate
from backend_mentor.rules.definitions import known_rows
from backend_mentor.rules.report import from_statistics, from_text, place_in_text, report
from backend_mentor.rules.rule import Flags, Passes
from backend_mentor.rules.wording import count, excerpt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.finding import Finding
    from backend_mentor.domain.subject import Subject


class TableTakenAway:
    """A table and all its rows are dropped or emptied.

    There is no WHERE, no trigger and, once committed, no way back but a backup. CASCADE takes what refers to it too.
    """

    name: ClassVar[str] = "table-taken-away"
    severity: ClassVar[Severity] = Severity.CRITICAL
    responsibility: ClassVar[Responsibility] = Responsibility.DATABASE
    gate: ClassVar[Gate] = Gate()
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags(
            "DROP TABLE orders",
            says="orders is dropped, with its 2 rows",
            schema="CREATE TABLE orders (id INTEGER PRIMARY KEY); INSERT INTO orders VALUES (1), (2)",
        ),
        Flags(
            "TRUNCATE orders CASCADE", says="orders is emptied, and every table that refers to it", engine="postgres"
        ),
        Passes("DROP INDEX orders_status", because="an index can be built again"),
        Passes(
            "DROP TABLE orders", because="the table is empty", schema="CREATE TABLE orders (id INTEGER PRIMARY KEY)"
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each table that a DROP or TRUNCATE destroys, unless it is known to be empty."""
        tree = subject.statement.tree
        dropped = isinstance(tree, exp.Drop) and tree.kind == "TABLE"
        if not dropped and not isinstance(tree, exp.TruncateTable):
            return
        tables = tree.args.get("tables") or tree.expressions or [tree.this]
        for target in tables:
            rows = known_rows(subject.schema, target.name)
            if rows == 0:
                continue
            cascade = (
                ", and every table that refers to it"
                if tree.args.get("cascade") or "CASCADE" in subject.statement.text.upper()
                else ""
            )
            yield report(
                self,
                place_in_text(subject, target),
                what=f"With this {target.name} is "
                f"{'dropped' if dropped else 'emptied'}{f', with its {count(rows)}' if rows else ''}{cascade}.",
                why="After the commit only a backup brings it back.",
                instead="Rename it first and drop it when nothing has missed it; make sure of the backup.",
                evidence=(from_statistics(f"{target.name} has {count(rows)}"),)
                if rows
                else (from_text(excerpt(tree, subject.statement.dialect)),),
            )
