"""The rule planner-is-overruled."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.cell import Span
from backend_mentor.domain.finding import Place, Responsibility, Severity
from backend_mentor.domain.subject import Gate
from backend_mentor.rules.report import from_text, report
from backend_mentor.rules.rule import Flags, Passes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.finding import Finding
    from backend_mentor.domain.subject import Subject


_HINT = re.compile(
    r"\b(NOT\s+INDEXED|INDEXED\s+BY\s+\S+|likely\s*\(|unlikely\s*\(|likelihood\s*\()"
    r"|(?<=[\s(,])\+\s*(?=[A-Za-z_][\w.]*\s*(?:[=<>]|BETWEEN|IN\b|LIKE))",
    re.IGNORECASE,
)


class PlannerIsOverruled:
    """The text overrules the planner.

    INDEXED BY, a unary plus and likely() were right for the data of the day. They stay when the data and the indexes
    have changed, and INDEXED BY then fails outright.
    """

    name: ClassVar[str] = "planner-is-overruled"
    severity: ClassVar[Severity] = Severity.INFO
    responsibility: ClassVar[Responsibility] = Responsibility.PERFORMANCE
    gate: ClassVar[Gate] = Gate(engines=("sqlite",))
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags(
            "SELECT * FROM orders INDEXED BY orders_status WHERE status = 'open'",
            says="INDEXED BY orders_status overrules the planner",
        ),
        Flags("SELECT * FROM orders WHERE +status = 'open'", says="a unary plus overrules the planner"),
        Passes("SELECT price + fee FROM orders WHERE status = 'open'", because="that plus adds"),
        Passes("SELECT 'INDEXED BY x' FROM orders", because="those words are a string"),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each hint to the planner, read from the text since the tree drops them."""
        text = re.sub(r"'(?:[^']|'')*'", lambda found: "x" * len(found[0]), subject.statement.text)
        for found in _HINT.finditer(text):
            before = text[: found.start()].rstrip()
            unary = not found[1]
            # A plus after a value adds; only after a keyword, comma or bracket does it stand alone.
            if unary and not re.search(r"(\b(WHERE|AND|OR|ON|NOT|BY|SELECT)|[(,])$", before, re.IGNORECASE):
                continue
            shown = "a unary plus" if unary else " ".join(found[1].rstrip("( ").split())
            span = Span(
                subject.statement.span.start + found.start(),
                subject.statement.span.start + found.end(),
                subject.statement.span.line,
                subject.statement.span.column,
            )
            yield report(
                self,
                Place(span),
                what=f"In this statement {shown} overrules the planner.",
                why="It was right for the data of its day and stays when data and indexes change.",
                instead="Run ANALYZE, take it out, and compare the two plans.",
                evidence=(from_text(shown),),
            )
