"""The rule nullable-concatenation."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from sqlglot import exp

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.domain.subject import Gate
from backend_mentor.reading.resolve import resolve_columns
from backend_mentor.rules.conditions import query_conditions
from backend_mentor.rules.report import from_catalogue, place_in_text, report
from backend_mentor.rules.rule import Flags, Passes
from backend_mentor.rules.wording import excerpt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.finding import Finding
    from backend_mentor.domain.subject import Subject


_TABLES = "CREATE TABLE accounts (id INTEGER PRIMARY KEY, first TEXT NOT NULL, middle TEXT)"


class NullableConcatenation:
    """One NULL makes the whole concatenation NULL.

    `||` with NULL gives NULL, so a missing middle name takes the first and last name with it.
    """

    name: ClassVar[str] = "nullable-concatenation"
    severity: ClassVar[Severity] = Severity.ADVICE
    responsibility: ClassVar[Responsibility] = Responsibility.LOGIC
    gate: ClassVar[Gate] = Gate()
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags(
            "SELECT first || ' ' || middle FROM accounts",
            says="accounts.middle may be NULL, and then all of",
            schema=_TABLES,
        ),
        Passes(
            "SELECT first || ' ' || coalesce(middle, '') FROM accounts",
            because="coalesce gives it a value",
            schema=_TABLES,
        ),
        Passes("SELECT first || '!' FROM accounts", because="first is NOT NULL", schema=_TABLES),
        Passes(
            "SELECT first || middle FROM accounts WHERE middle IS NOT NULL",
            because="the WHERE keeps NULL out",
            schema=_TABLES,
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each concatenation with a bare nullable column, outermost ones only."""
        resolution = resolve_columns(subject.statement, subject.schema)
        for node in subject.statement.tree.find_all(exp.DPipe):
            if isinstance(node.parent, exp.DPipe) or node.find_ancestor(exp.Coalesce, exp.Where, exp.Join):
                continue
            query = node.find_ancestor(exp.Select)
            tested = {
                id(column.column)
                for condition in (query_conditions(query) if query else ())
                for column in resolution.columns_within(condition)
            }
            for part in node.flatten():
                column = resolution.of(part)
                if (
                    column is None
                    or not (column.column.nullable or column.source.optional)
                    or id(column.column) in tested
                ):
                    continue
                name = f"{column.table.name}.{column.column.name}"
                shown = excerpt(node, subject.statement.dialect)
                yield report(
                    self,
                    place_in_text(subject, node),
                    what=f"In this expression {name} may be NULL, and then all of {shown} is NULL.",
                    why="|| with NULL gives NULL.",
                    instead=f"Write coalesce({column.column.name}, '').",
                    evidence=(from_catalogue(f"{name} may be NULL"),),
                )
                break
