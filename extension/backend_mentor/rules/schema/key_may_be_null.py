"""The rule key-may-be-null."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.domain.subject import Gate
from backend_mentor.rules.definitions import new_table
from backend_mentor.rules.report import from_text, place_in_text, report
from backend_mentor.rules.rule import Flags, Passes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.finding import Finding
    from backend_mentor.domain.subject import Subject


class KeyMayBeNull:
    """On SQLite a primary key may hold NULL.

    By an old fault that is kept for compatibility, only INTEGER PRIMARY KEY and WITHOUT ROWID tables refuse NULL.
    See https://sqlite.org/lang_createtable.html#the_primary_key.
    """

    name: ClassVar[str] = "key-may-be-null"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.DATABASE
    gate: ClassVar[Gate] = Gate(engines=("sqlite",))
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags(
            "CREATE TABLE accounts (code TEXT PRIMARY KEY, name TEXT)",
            says="accounts.code is the primary key and may be NULL",
        ),
        Passes("CREATE TABLE accounts (code TEXT PRIMARY KEY NOT NULL, name TEXT)", because="it is NOT NULL"),
        Passes(
            "CREATE TABLE accounts (id INTEGER PRIMARY KEY, name TEXT)",
            because="INTEGER PRIMARY KEY is the rowid, which is never NULL",
        ),
        Passes(
            "CREATE TABLE accounts (code TEXT PRIMARY KEY, name TEXT) WITHOUT ROWID",
            because="a table without rowid keeps NULL out of its key",
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each key column that does not say NOT NULL."""
        table = new_table(subject.statement.tree)
        if table is None or re.search(r"\bWITHOUT\s+ROWID\b|\bSTRICT\b\s*$", subject.statement.text, re.IGNORECASE):
            return
        for column in table.columns:
            if column.name not in table.primary_key or column.required:
                continue
            if (
                len(table.primary_key) == 1
                and column.type is not None
                and column.type.sql("sqlite").upper() == "INTEGER"
            ):
                continue
            yield report(
                self,
                place_in_text(subject, column.node),
                what=f"The column {column.table}.{column.name} is the primary key and may be NULL.",
                why="SQLite keeps NULL out of INTEGER PRIMARY KEY and WITHOUT ROWID tables alone.",
                instead=f"Write {column.name} … NOT NULL.",
                evidence=(from_text(f"PRIMARY KEY ({', '.join(table.primary_key)})"),),
            )
