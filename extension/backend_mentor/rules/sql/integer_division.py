"""The rule integer-division."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from sqlglot import exp

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.domain.subject import Gate
from backend_mentor.reading.resolve import Resolution, resolve_columns
from backend_mentor.rules.report import from_text, place_in_text, report
from backend_mentor.rules.rule import Flags, Passes
from backend_mentor.rules.wording import excerpt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.finding import Finding
    from backend_mentor.domain.subject import Subject


_TABLES = "CREATE TABLE fills (id INTEGER PRIMARY KEY, filled INTEGER, asked INTEGER, price REAL)"


class IntegerDivision:
    """An integer is divided by an integer, and the rest is dropped.

    3 / 4 is 0. A ratio of two counts is 0 or 1, a percentage 0 or 100.
    """

    name: ClassVar[str] = "integer-division"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.LOGIC
    gate: ClassVar[Gate] = Gate()
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags("SELECT filled / asked FROM fills", says="filled / asked drops its rest", schema=_TABLES),
        Flags("SELECT count(*) / count(asked) FROM fills", says="drops its rest", schema=_TABLES),
        Passes("SELECT price / asked FROM fills", because="price is no integer", schema=_TABLES),
        Passes("SELECT filled * 1.0 / asked FROM fills", because="the factor makes it a decimal", schema=_TABLES),
        Passes(
            "SELECT id / 100 FROM fills", because="to divide by a constant is how one makes buckets", schema=_TABLES
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each division of two integer columns or counts."""
        resolution = resolve_columns(subject.statement, subject.schema)
        for node in subject.statement.tree.find_all(exp.Div):
            if not _is_integer(node.this, resolution) or not _is_integer(node.expression, resolution):
                continue
            shown = excerpt(node, subject.statement.dialect)
            yield report(
                self,
                place_in_text(subject, node),
                what=f"In this query {shown} drops its rest.",
                why="Both sides are integers, so 3 / 4 is 0.",
                instead=f"Write {excerpt(node.this, subject.statement.dialect)} * 1.0 / "
                f"{excerpt(node.expression, subject.statement.dialect)}.",
                evidence=(from_text(shown),),
            )


def _is_integer(node: exp.Expr, resolution: Resolution) -> bool:
    inner = node.unnest() if isinstance(node, exp.Paren) else node
    if isinstance(inner, exp.Nullif):
        inner = inner.this
    if isinstance(inner, exp.Count):
        return True
    column = resolution.of(inner)
    return column is not None and column.column.type.upper() in ("INTEGER", "INT", "BIGINT", "SMALLINT", "INT4", "INT8")
