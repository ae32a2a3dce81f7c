"""Where the clauses of a statement stand in the cell."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from sqlglot import exp

from backend_mentor.domain.cell import Span
from backend_mentor.reading.explanation.names import Names
from backend_mentor.reading.places import place_of, span_in_cell
from backend_mentor.reading.scanner import Token, code, scan, words

_CLAUSES = words("FROM WHERE GROUP HAVING WINDOW ORDER LIMIT OFFSET FETCH UNION EXCEPT INTERSECT RETURNING FOR")


def span_of(node: exp.Expr, names: Names, word: str = "") -> Span | None:
    """Return the clause's place: from its keyword to the next clause, or of the node where no keyword is given."""
    statement = names.subject.statement
    place = place_of(node, statement)
    tokens = code(scan(statement.text, statement.dialect))
    if not word:
        return place and _closed(place.start - statement.span.start, place.end - statement.span.start, tokens, names)
    near = len(statement.text) if place is None else place.start - statement.span.start
    before = [
        each for each, token in enumerate(tokens) if token.start <= near and token.text.strip('"').upper() == word
    ]
    if not before:
        return place
    start = tokens[before[-1]].start
    return span_in_cell(statement, start, max(start, _clause_end(tokens, before[-1])))


def _clause_end(tokens: Sequence[Token], first: int) -> int:
    depth = 0
    for before, token in pairwise(tokens[first:]):
        depth += {"(": 1, ")": -1}.get(token.text, 0)
        if depth < 0 or (depth == 0 and token.word in _CLAUSES):
            return before.end
    return tokens[-1].end


def _closed(start: int, end: int, tokens: Sequence[Token], names: Names) -> Span:
    """Return the span, stretched over the parentheses that it opens: the parser keeps no place for those."""
    inside = [token.text for token in tokens if start <= token.start < end]
    missing = inside.count("(") - inside.count(")")
    for token in tokens:
        if token.start >= end and missing > 0:
            if token.text != ")" and token.word not in ("ASC", "DESC", "NULLS", "FIRST", "LAST"):
                break
            end, missing = token.end, missing - (token.text == ")")
    return span_in_cell(names.subject.statement, start, end)


def span_from(word: str, node: exp.Expr, names: Names) -> Span | None:
    """Return the place of a whole query, from its first word on."""
    whole, first = span_of(node, names), span_of(node, names, word)
    return span_in_cell(names.subject.statement, *_within(first, whole, names)) if whole and first else whole


def _within(first: Span, whole: Span, names: Names) -> tuple[int, int]:
    start = names.subject.statement.span.start
    return first.start - start, whole.end - start
