"""One case on the mentor's desk: the cell, its review, what is known so far, and what was accepted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from backend_mentor.domain.cell import Cell, CellKind
from backend_mentor.domain.errors import CellError, MentorError
from backend_mentor.mentor.evidence import Evidence, one_line
from backend_mentor.mentor.redaction import Redactor
from backend_mentor.reading.names import check_names
from backend_mentor.reading.statements import read_statements

if TYPE_CHECKING:
    from backend_mentor.databases.base import Database
    from backend_mentor.domain.finding import Finding
    from backend_mentor.domain.proposal import Proposal
    from backend_mentor.domain.review import Escalation, Question, Review
    from backend_mentor.domain.schema import Schema
    from backend_mentor.domain.statement import Statement


@dataclass
class Case:
    """What the tools of one conversation work on. What it holds as accepted was verified."""

    database: Database
    schema: Schema
    review: Review
    evidence: Evidence
    redactor: Redactor
    analyze: bool = False
    """Whether proposed queries may run on the user's rows, as the user said for the review."""
    progress: Callable[[str], None] = lambda _: None
    findings: list[Finding] = field(default_factory=list)
    proposals: list[Proposal] = field(default_factory=list)
    rejected: list[Proposal] = field(default_factory=list)
    """Refuted, or of no use: shown with what breaks them, never as advice."""
    questions: list[Question] = field(default_factory=list)
    escalations: list[Escalation] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    """Why reports went back, in order."""

    @classmethod
    def open(cls, review: Review, database: Database, *, analyze: bool | None = None) -> Case:
        """Return the case of a review on its database."""
        schema = database.schema()
        text = review.cell.text
        runs = review.provenance.analyzed if analyze is None else analyze
        return cls(database, schema, review, Evidence(schema, text, review), Redactor.of(text), runs)

    @property
    def is_code(self) -> bool:
        """True where the talk is of endpoint code or of a request, and not of a query."""
        return self.review.cell.kind in (CellKind.ENDPOINT, CellKind.REQUEST)

    @property
    def reviews(self) -> tuple[Review, ...]:
        """The reviews of every statement of the cell."""
        return (self.review, *self.review.further)

    def statement(self, sql: str) -> Statement:
        """Return the one query of a text, checked: it is a query, its names exist, and it may run.

        Raises MentorError. A statement of the cell that comes back redacted is taken for the one that stands there.
        """
        for each in self.reviews:
            if each.statement and one_line(sql) in (
                one_line(each.statement),
                one_line(self.redactor.redact(each.statement)),
            ):
                sql = each.statement
                break
        dialect = self.database.engine.name
        statements = read_statements(Cell(sql, CellKind.SQL, "query", dialect), dialect, self.schema)
        if len(statements) != 1:
            raise CellError(f"There are {len(statements)} statements.", "Give exactly one query.")
        (statement,) = statements
        self.database.check(statement)
        check_names(statement, self.schema)
        return statement

    def own_statement(self, number: int) -> Statement:
        """Return a statement of the cell by its number from 1; raises MentorError where there is none."""
        found = [each.statement for each in self.reviews if each.statement]
        if self.is_code:
            found = [each.statement for each in self.review.further if each.statement]
        if not 1 <= number <= len(found):
            raise MentorError(f"The cell has {len(found)} statements.", "Give the number of one of them, from 1.")
        return self.statement(found[number - 1])
