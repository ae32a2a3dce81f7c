"""The rule implicit-cast-on-column."""

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
    from backend_mentor.domain.subject import Subject


_TABLES = (
    "CREATE TABLE orders (id bigint PRIMARY KEY, account_id int); CREATE INDEX orders_account ON orders (account_id)"
)


class ImplicitCastOnColumn:
    """An integer column is compared with a decimal number, and its index is not used.

    PostgreSQL turns the column into numeric for the comparison, and the index holds integers. Drivers send such
    numbers where a float or Decimal parameter is bound.
    """

    name: ClassVar[str] = "implicit-cast-on-column"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.PERFORMANCE
    gate: ClassVar[Gate] = Gate(engines=("postgres",))
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags(
            "SELECT * FROM orders WHERE account_id = 7.0",
            says="the index orders_account can not be used",
            schema=_TABLES,
            engine="postgres",
        ),
        Passes(
            "SELECT * FROM orders WHERE account_id = 7",
            because="both sides are integers",
            schema=_TABLES,
            engine="postgres",
        ),
        Passes(
            "SELECT * FROM orders WHERE id = 7",
            because="an integer and a bigint share their operators",
            schema=_TABLES,
            engine="postgres",
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each comparison of an indexed integer column with a decimal literal."""
        resolution = resolve_columns(subject.statement, subject.schema)
        for node in subject.statement.tree.find_all(exp.EQ, exp.LT, exp.LTE, exp.GT, exp.GTE):
            for side, other in ((node.this, node.expression), (node.expression, node.this)):
                column = resolution.of(side)
                if column is None or "int" not in column.column.type.lower():
                    continue
                if not isinstance(other, exp.Literal) or other.is_string or "." not in other.name:
                    continue
                hidden = access_name(column.table, column.column.name)
                if hidden is not None:
                    yield report(
                        self,
                        place_in_text(subject, node),
                        what=f"In this condition {hidden} can not be used: {column.column.name} is "
                        f"{column.column.type} and {other.name} is numeric.",
                        why=f"{column.column.name} is turned into numeric for every row of {column.table.name}.",
                        instead=f"Write {other.name.rstrip('0').rstrip('.')} or bind an integer.",
                        evidence=(from_catalogue(f"{column.table.name}.{column.column.name} is {column.column.type}"),),
                    )
