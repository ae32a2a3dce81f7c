"""Where each character of a text stands in the source that writes it: one string, several, escapes, brackets."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from typing import TYPE_CHECKING

from backend_mentor.domain.cell import Span
from backend_mentor.domain.work import Building
from backend_mentor.reading.endpoints.trees import constant_text, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.work import Query

_STRING = re.compile(r"(?P<prefix>[A-Za-z]*)(?P<quotes>\"\"\"|'''|\"|')(?P<body>.*)(?P=quotes)", re.DOTALL)
_PIECE = re.compile(r"\\(?:\r?\n|[0-7]{1,3}|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|N\{[^}]*\}|.)|.", re.DOTALL)


def literal_of(source: Source, query: Query) -> ast.expr | None:
    """Return the expression that writes a query's text, None where the cell's tree has none at its place."""
    if query.building is not Building.LITERAL:
        return None
    for node in walk(source.tree):
        if isinstance(node, ast.Constant | ast.BinOp) and source.span_of(node) == query.span:
            return node
    return None


def places_of(source: Source, node: ast.expr) -> tuple[int, ...] | None:
    """Return the offset in the source of each character of a text, in characters, and last the end of the whole.

    None where the expression is no text, or its characters can not be told apart.
    """
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = places_of(source, node.left), places_of(source, node.right)
        return (*left[:-1], *right) if left is not None and right is not None else None
    value = constant_text(node)
    if value is None:
        return None
    span = source.span_of(node)
    try:
        read = list(_characters(source.text[span.start : span.end]))
    except (tokenize.TokenError, SyntaxError, ValueError):
        return None
    if "".join(character for character, _ in read) != value:
        return None
    return (*(span.start + place for _, place in read), span.end)


def span_within(source: Source, places: tuple[int, ...], start: int, end: int) -> Span:
    """Return where the characters from `start` to `end` of a text stand in the cell."""
    first = places[min(start, len(places) - 1)]
    last = places[min(max(end - 1, start), len(places) - 1)]
    return Span.of(source.text, first, max(last + 1, first))


def _characters(code: str) -> Iterator[tuple[str, int]]:
    # In brackets the strings may stand on several lines, as they do in the cell.
    lines = io.StringIO(f"({code})").readline
    starts = [0]
    for line in f"({code})".splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    for token in tokenize.generate_tokens(lines):
        if token.type != tokenize.STRING:
            continue
        parts = _STRING.fullmatch(token.string)
        if parts is None or set(parts["prefix"].lower()) & {"b", "f"}:
            raise ValueError(token.string)
        begin = starts[token.start[0] - 1] + token.start[1] - 1 + parts.start("body")
        for piece in _PIECE.finditer(parts["body"]):
            raw = "r" in parts["prefix"].lower() or not piece.group().startswith("\\")
            text = piece.group() if raw else ast.literal_eval(f'"""{piece.group()}"""')
            for number, character in enumerate(text):
                yield character, begin + piece.start() + (number if raw else 0)
