"""The rule table-without-key."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.domain.subject import Gate
from backend_mentor.rules.definitions import new_table
from backend_mentor.rules.report import from_text, place_in_text, report
from backend_mentor.rules.rule import Flags, Passes
from backend_mentor.rules.wording import count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.finding import Finding
    from backend_mentor.domain.subject import Subject


class TableWithoutKey:
    """A table has no primary key.

    No row can be named: it can not be updated, deleted or referred to alone, the same row can stand in it twice, and
    replication and many tools refuse it.
    """

    name: ClassVar[str] = "table-without-key"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.DATABASE
    gate: ClassVar[Gate] = Gate()
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags("CREATE TABLE payments (account_id INTEGER, amount NUMERIC)", says="payments has no primary key"),
        Passes("CREATE TABLE payments (id INTEGER PRIMARY KEY, amount NUMERIC)", because="id is the key"),
        Passes(
            "CREATE TABLE grants (account_id INTEGER, role_id INTEGER, PRIMARY KEY (account_id, role_id))",
            because="both columns together are the key",
        ),
        Passes(
            "CREATE TEMP TABLE picked (account_id INTEGER)",
            because="a temporary table is gone at the end of the session",
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield a lasting table without a key."""
        table = new_table(subject.statement.tree)
        if table is None or table.primary_key or table.temporary:
            return
        candidate = next((" and ".join(key) for key in table.unique), None)
        yield report(
            self,
            place_in_text(subject, table.node),
            what=f"The table {table.name} has no primary key.",
            why="No row of it can be named, and the same row can stand in it twice.",
            instead=f"Make {candidate} the primary key."
            if candidate
            else "Add id … PRIMARY KEY, or declare the columns that name a row as the key.",
            evidence=(from_text(f"CREATE TABLE {table.name}: {count(len(table.columns), 'column')}, no PRIMARY KEY"),),
        )
