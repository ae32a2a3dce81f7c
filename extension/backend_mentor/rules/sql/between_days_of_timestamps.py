"""The rule between-days-of-timestamps."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from sqlglot import exp

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.domain.subject import Gate
from backend_mentor.reading.resolve import resolve_columns
from backend_mentor.rules.report import from_catalogue, from_text, place_in_text, report
from backend_mentor.rules.rule import Flags, Passes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.finding import Finding
    from backend_mentor.domain.schema import Column
    from backend_mentor.domain.subject import Subject


_DAY = re.compile(r"\d{4}-\d\d-\d\d([ T]00:00(:00(\.0+)?)?)?$")


class BetweenDaysOfTimestamps:
    """BETWEEN ends at midnight, so the last day is left out.

    '2026-03-31' means its first moment. What happened later that day is not between.
    """

    name: ClassVar[str] = "between-days-of-timestamps"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.LOGIC
    gate: ClassVar[Gate] = Gate()
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags(
            "SELECT * FROM orders WHERE placed_at BETWEEN '2026-03-01' AND '2026-03-31'",
            says="placed_at holds times, and BETWEEN ends at the first moment of 2026-03-31",
            schema="CREATE TABLE orders (id INTEGER PRIMARY KEY, placed_at DATETIME)",
        ),
        Flags(
            "SELECT * FROM orders WHERE placed_at BETWEEN '2026-03-01' AND '2026-03-31'",
            says="placed_at holds times",
            schema="CREATE TABLE orders (id INTEGER PRIMARY KEY, placed_at TEXT); INSERT INTO orders (placed_at) "
            "VALUES ('2026-03-31 10:20:30')",
        ),
        Passes(
            "SELECT * FROM orders WHERE placed_on BETWEEN '2026-03-01' AND '2026-03-31'",
            because="it holds days, without a time",
            schema="CREATE TABLE orders (id INTEGER PRIMARY KEY, placed_on DATE)",
        ),
        Passes(
            "SELECT * FROM orders WHERE placed_at BETWEEN '2026-03-01' AND '2026-03-31 23:59:59'",
            because="the last second is named",
            schema="CREATE TABLE orders (id INTEGER PRIMARY KEY, placed_at DATETIME)",
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each BETWEEN of a column with times that ends at a bare day."""
        resolution = resolve_columns(subject.statement, subject.schema)
        for node in subject.statement.tree.find_all(exp.Between):
            column, high = resolution.of(node.this), node.args.get("high")
            literal = high.this if isinstance(high, exp.Cast) else high
            if (
                column is None
                or not isinstance(literal, exp.Literal)
                or not _DAY.match(literal.name)
                or not _holds_times(column.column)
            ):
                continue
            day, name = literal.name[:10], column.column.name
            yield report(
                self,
                place_in_text(subject, node),
                what=f"In {column.table.name} {name} holds times, and BETWEEN ends at the first moment of {day}.",
                why=f"Rows of {day} after midnight are left out.",
                instead=f"Write {name} >= the first day AND {name} < the day after the last.",
                evidence=(
                    from_catalogue(f"{column.table.name}.{name} is {column.column.type or 'untyped'}"),
                    from_text(f"AND '{literal.name}'"),
                ),
            )


def _holds_times(column: Column) -> bool:
    declared = column.type.upper()
    if "TIMESTAMP" in declared or "DATETIME" in declared:
        return True
    statistics = column.statistics
    seen = (statistics.low, statistics.high, *(value for value, _ in statistics.common)) if statistics else ()
    return any(
        isinstance(value, str) and re.match(r"\d{4}-\d\d-\d\d[ T]\d\d:", value) and not _DAY.match(value)
        for value in seen
    )
