"""The rule leading-wildcard."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from sqlglot import exp

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.domain.subject import Gate
from backend_mentor.reading.resolve import resolve_columns
from backend_mentor.rules.figures import SCAN_FLOOR_ROWS
from backend_mentor.rules.report import from_statistics, from_text, place_in_text, report
from backend_mentor.rules.rule import Flags, Passes
from backend_mentor.rules.wording import count, excerpt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.finding import Finding
    from backend_mentor.domain.subject import Subject


class LeadingWildcard:
    """A pattern that begins with a wildcard can not use an index.

    An index is sorted by the beginning of its values. What begins with % has to be looked for in every row.
    """

    name: ClassVar[str] = "leading-wildcard"
    severity: ClassVar[Severity] = Severity.ADVICE
    responsibility: ClassVar[Responsibility] = Responsibility.PERFORMANCE
    gate: ClassVar[Gate] = Gate()
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags(
            "SELECT * FROM notes WHERE body LIKE '%refund%'",
            says="body LIKE '%refund%' looks at each of 6,000 rows of notes",
            schema="""CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT);
                INSERT INTO notes (body) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i <
            6000) SELECT i FROM n""",
        ),
        Passes(
            "SELECT * FROM notes WHERE body LIKE 'refund%'",
            because="the pattern has a beginning to search by",
            schema="CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT)",
        ),
        Passes(
            "SELECT * FROM tags WHERE name LIKE '%red%'",
            because="an empty or small table is read at once",
            schema="CREATE TABLE tags (name TEXT)",
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each LIKE of a large table's column with a wildcard in front, unless a GIN index is there for it."""
        resolution = resolve_columns(subject.statement, subject.schema)
        for node in subject.statement.tree.find_all(exp.Like, exp.ILike):
            column, pattern = resolution.of(node.this), node.expression
            if column is None or not isinstance(pattern, exp.Literal) or not pattern.name.startswith(("%", "_")):
                continue
            rows = column.table.rows
            served = any(
                index.method in ("gin", "gist") and column.column.name in index.column_names
                for index in column.table.indexes
            )
            if rows is None or rows < SCAN_FLOOR_ROWS or served:
                continue
            shown = excerpt(node, subject.statement.dialect)
            yield report(
                self,
                place_in_text(subject, node),
                what=f"{shown} looks at each of {count(rows)} of {column.table.name}.",
                why=f"An index on {column.column.name} is sorted by its first characters, and this pattern has none.",
                instead="Use a full-text or trigram index, or store what is searched for in a column of its own.",
                evidence=(from_statistics(f"{column.table.name} has {count(rows)}"), from_text(shown)),
            )
