"""How a rule reports: its own name and severity, and where in the cell or the plan the trouble stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend_mentor.domain.cell import Span
from backend_mentor.domain.finding import Evidence, Finding, Place

if TYPE_CHECKING:
    from sqlglot import exp

    from backend_mentor.domain.finding import Severity
    from backend_mentor.domain.plan import PlanNode
    from backend_mentor.domain.subject import Subject
    from backend_mentor.rules.rule import Rule


def report(
    rule: Rule,
    place: Place,
    *,
    what: str,
    why: str,
    instead: str,
    evidence: tuple[Evidence, ...] = (),
    severity: Severity | None = None,
) -> Finding:
    """Return the rule's finding; `severity` where this case is graver or milder than the rule's own."""
    return Finding(rule.name, severity or rule.severity, rule.responsibility, what, why, instead, evidence, place)


def place_in_text(subject: Subject, *nodes: exp.Expr) -> Place:
    """Return where these parts of the tree stand in the cell; the whole statement where that is not known.

    The tree's positions count in `Statement.sql`, which is the author's text only where no placeholder was respelled.
    """
    statement = subject.statement
    positions = [part.meta for node in nodes for part in node.walk() if "start" in part.meta]
    if not positions or statement.sql != statement.text:
        return Place(statement.span)
    start = min(int(each["start"]) for each in positions)
    end = max(int(each["end"]) for each in positions) + 1
    before = statement.text[:start]
    line = statement.span.line + before.count("\n")
    column = start - before.rfind("\n") if "\n" in before else statement.span.column + start
    return Place(Span(statement.span.start + start, statement.span.start + end, line, column))


def place_in_plan(node: PlanNode) -> Place:
    """Return the place of a plan's node."""
    return Place(node=node.number)


def from_text(fact: str) -> Evidence:
    """Return a fact that was read in the user's SQL."""
    return Evidence(fact, "text")


def from_catalogue(fact: str) -> Evidence:
    """Return a fact that the database's catalogue states."""
    return Evidence(fact, "catalogue")


def from_statistics(fact: str) -> Evidence:
    """Return a fact that rests on the planner's statistics or on a count of rows."""
    return Evidence(fact, "statistics")


def from_plan(fact: str) -> Evidence:
    """Return a fact that the planner estimated or decided."""
    return Evidence(fact, "plan")


def from_run(fact: str) -> Evidence:
    """Return a fact that was counted while the statement ran."""
    return Evidence(fact, "run")
