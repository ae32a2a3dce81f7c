"""How the SQL inside code is shown."""

from __future__ import annotations

from backend_mentor.domain.cell import Cell, CellKind, Span
from backend_mentor.domain.finding import Finding, Place, Responsibility, Severity
from backend_mentor.domain.review import Explanation, Provenance, Review
from backend_mentor.renderers import text

CELL = Cell("x = 1\n", CellKind.ENDPOINT)
FOUND = Finding(
    "select-star", Severity.ADVICE, Responsibility.DATABASE, "It reads all columns.", "Why.", "Do.",
    place=Place(Span(0, 1, 12, 4)),
)  # fmt: skip


def inside(line: int, *findings: Finding) -> Review:
    return Review(CELL, Provenance("1"), statement=f"SELECT {line}", findings=findings, line=line)


def shown(*further: Review) -> str:
    review = Review(CELL, Provenance("1"), explanation=Explanation("Python code."), further=further)
    return " ".join(text.render(review).split())


def test_a_statement_of_which_there_is_something_to_say_is_shown_with_its_line() -> None:
    page = shown(inside(12, FOUND), inside(20))
    assert "SQL IN THE CODE ON LINE 12, 1 OF 1" in page
    assert "Line 12: It reads all columns." in page


def test_statements_of_which_there_is_nothing_to_say_are_named_by_their_lines_alone() -> None:
    page = shown(inside(12, FOUND), inside(20), inside(31))
    assert (
        "The statements on lines 20 and 31 were planned on this database, and nothing in them calls for a change."
        in page
    )
    assert "SELECT 20" not in page
