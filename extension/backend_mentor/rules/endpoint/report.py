"""How a rule for code reports: its own name and severity, and where in the cell the trouble stands."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from backend_mentor.domain.cell import Span
from backend_mentor.domain.finding import Evidence, Finding, Place

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Severity
    from backend_mentor.rules.endpoint.rule import CodeRule

_LONGEST_EXCERPT = 60


def report(
    rule: CodeRule,
    source: Source,
    node: ast.AST,
    *,
    what: str,
    why: str,
    instead: str,
    severity: Severity | None = None,
) -> Finding:
    """Return the rule's finding on a node; `severity` where this case is graver or milder than the rule's own."""
    place = place_of(source, node)
    line = place.span.line if place.span else 1
    evidence = (Evidence(f"line {line}: {source.text.splitlines()[line - 1].strip()}", "text"),)
    return Finding(rule.name, severity or rule.severity, rule.responsibility, what, why, instead, evidence, place)


def place_of(source: Source, node: ast.AST) -> Place:
    """Return where a node stands; of a function or class the line of its name, not its whole body."""
    span = source.span_of(node)
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return Place(Span.of(source.text, span.start, source.text.index(node.name, span.start) + len(node.name)))
    return Place(span)


def excerpt(node: ast.AST) -> str:
    """Return a piece of code on one line, cut where it is longer than a message bears."""
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= _LONGEST_EXCERPT else text[: _LONGEST_EXCERPT - 1] + "…"
