"""Where a part of a statement stands in the cell."""

from __future__ import annotations

from sqlglot import exp

from backend_mentor.domain.cell import Span
from backend_mentor.domain.statement import Statement
from backend_mentor.reading.parameters import find_placeholders, offset_in_text


def place_of(node: exp.Expr, statement: Statement) -> Span | None:
    """Return the place in the cell of a node of the statement's own tree; None where the parser kept none."""
    metas = [each.meta for each in node.walk() if each.meta.get("start") is not None]
    offsets = [(int(meta["start"]), int(meta["end"]) + 1) for meta in metas]
    if not offsets:
        return None
    placeholders = find_placeholders(statement.text, statement.dialect)
    start = offset_in_text(min(start for start, _ in offsets), placeholders)
    return span_in_cell(statement, start, max(start, offset_in_text(max(end for _, end in offsets), placeholders)))


def span_in_cell(statement: Statement, start: int, end: int) -> Span:
    """Return the place in the cell of `statement.text[start:end]`."""
    within = Span.of(statement.text, start, end)
    first = statement.span
    column = within.column if within.line > 1 else first.column + within.column - 1
    return Span(first.start + start, first.start + end, first.line + within.line - 1, column)
