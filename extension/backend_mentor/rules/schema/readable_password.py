"""The rule readable-password."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

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


class ReadablePassword:
    """A password is kept as it was typed.

    Whoever reads the table, a backup or a log has it, and people use one password in many places.
    """

    name: ClassVar[str] = "readable-password"
    severity: ClassVar[Severity] = Severity.CRITICAL
    responsibility: ClassVar[Responsibility] = Responsibility.SECURITY
    gate: ClassVar[Gate] = Gate()
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags(
            "CREATE TABLE users (id INTEGER PRIMARY KEY, password TEXT)", says="users.password holds passwords as text"
        ),
        Passes("CREATE TABLE users (id INTEGER PRIMARY KEY, password_hash TEXT)", because="it holds a hash"),
        Passes("CREATE TABLE users (id INTEGER PRIMARY KEY, password_changed_at TEXT)", because="it holds a time"),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each text column that is named for a password and for nothing that is made of it."""
        for column in defined_columns(subject.statement.tree):
            if not re.fullmatch(
                r"(user_?|plain_?|login_?)?(password|passwd|pwd|passphrase)", column.name, re.IGNORECASE
            ):
                continue
            if column.type is None or not column.type.is_type("text", "varchar", "char"):
                continue
            yield report(
                self,
                place_in_text(subject, column.node),
                what=f"The column {column.table}.{column.name} holds passwords as text.",
                why="A backup, a log or one careless query shows them all.",
                instead="Store an Argon2 or bcrypt hash, and name the column password_hash.",
                evidence=(from_text(f"{column.name} {excerpt(column.type, subject.statement.dialect)}"),),
            )
