"""The rule number-compared-with-text."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from sqlglot import exp

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.domain.subject import Gate
from backend_mentor.reading.resolve import resolve_columns
from backend_mentor.rules.conditions import access_name
from backend_mentor.rules.report import from_catalogue, place_in_text, report
from backend_mentor.rules.rule import Flags, Passes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.finding import Finding
    from backend_mentor.domain.schema import Column
    from backend_mentor.domain.subject import Subject


_TABLES = """CREATE TABLE accounts (id INTEGER PRIMARY KEY, code TEXT);
    CREATE TABLE orders (account_code INTEGER, account TEXT);
    CREATE INDEX accounts_code ON accounts (code)"""


class NumberComparedWithText:
    """A number column is joined with a text column, and the index of the text is not used.

    SQLite turns the text side into numbers before it compares, so '07' equals 7, and an index that is sorted as text
    does not help.
    """

    name: ClassVar[str] = "number-compared-with-text"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.PERFORMANCE
    gate: ClassVar[Gate] = Gate(engines=("sqlite",))
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags(
            "SELECT * FROM orders o JOIN accounts a ON a.code = o.account_code",
            says="accounts.code is TEXT and orders.account_code is INTEGER",
            schema=_TABLES,
        ),
        Passes("SELECT * FROM orders o JOIN accounts a ON a.code = o.account", because="both are TEXT", schema=_TABLES),
        Passes(
            "SELECT * FROM accounts WHERE code = 7",
            because="a literal is turned into text, and the index is used",
            schema=_TABLES,
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each comparison of a text column with a number column."""
        resolution = resolve_columns(subject.statement, subject.schema)
        for node in subject.statement.tree.find_all(exp.EQ):
            left, right = resolution.of(node.this), resolution.of(node.expression)
            if left is None or right is None or left.source is right.source:
                continue
            text, number = (left, right) if _is_text(left.column) else (right, left)
            if not _is_text(text.column) or not _is_number(number.column):
                continue
            hidden = access_name(text.table, text.column.name)
            yield report(
                self,
                place_in_text(subject, node),
                what=f"In this join {text.table.name}.{text.column.name} is {text.column.type} and "
                f"{number.table.name}.{number.column.name} is {number.column.type}.",
                why=f"Each {text.column.name} is turned into a number "
                "first" + (f", so {hidden} can not be used." if hidden else ", and '07' then equals 7."),
                instead="Give both columns the same type.",
                evidence=(
                    from_catalogue(f"{text.column.name} {text.column.type}, {number.column.name} {number.column.type}"),
                ),
            )


def _is_text(column: Column) -> bool:
    return any(word in column.type.upper() for word in ("CHAR", "CLOB", "TEXT"))


def _is_number(column: Column) -> bool:
    return not _is_text(column) and any(
        word in column.type.upper() for word in ("INT", "REAL", "FLOA", "DOUB", "NUM", "DEC")
    )
