"""The rule float-for-money."""

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


_MONEY = re.compile(
    r"(^|_)(price|amount|cost|fee|total|balance|salary|credit|debit|payment|refund|tax|discount)s?(_|$)", re.IGNORECASE
)


class FloatForMoney:
    """Money is kept in a binary fraction.

    0.1 has no exact binary form: sums drift, and two amounts that should be equal are not.
    """

    name: ClassVar[str] = "float-for-money"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.DATABASE
    gate: ClassVar[Gate] = Gate()
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags(
            "CREATE TABLE orders (id INTEGER PRIMARY KEY, total_price REAL NOT NULL)", says="orders.total_price is REAL"
        ),
        Flags(
            "ALTER TABLE orders ADD COLUMN fee double precision",
            says="orders.fee is double precision",
            engine="postgres",
        ),
        Passes(
            "CREATE TABLE orders (id INTEGER PRIMARY KEY, total_price NUMERIC(12, 2) NOT NULL)",
            because="numeric is exact",
            engine="postgres",
        ),
        Passes(
            "CREATE TABLE places (id INTEGER PRIMARY KEY, latitude REAL)",
            because="a place on earth is measured, and no money",
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each column with a name of money and a floating-point type."""
        for column in defined_columns(subject.statement.tree):
            if (
                column.type is None
                or not column.type.is_type("float", "double", "real")
                or not _MONEY.search(column.name)
            ):
                continue
            shown = excerpt(column.type, subject.statement.dialect)
            yield report(
                self,
                place_in_text(subject, column.node),
                what=f"The column {column.table}.{column.name} is {shown}.".replace(
                    "DOUBLE PRECISION", "double precision"
                ),
                why="Binary fractions can not hold 0.10: sums drift by cents.",
                instead="Keep money in numeric(…, 2), or in whole cents as an integer.",
                evidence=(from_text(f"{column.name} {shown}"),),
            )
