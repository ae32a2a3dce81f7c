"""The statements of a cell, each parsed, each with its place and its parameters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import sqlparse
from sqlglot import exp

from backend_mentor.domain.cell import Cell, Span
from backend_mentor.domain.errors import CellError
from backend_mentor.domain.schema import Schema
from backend_mentor.domain.statement import Parameter, Statement
from backend_mentor.reading.parameters import (
    Placeholder,
    bind_variable,
    find_placeholders,
    offset_in_text,
    spell_for_engine,
)
from backend_mentor.reading.scanner import Token, TokenKind, code, scan, words
from backend_mentor.reading.sql import UnparsedError, kind_of, parse_tree
from backend_mentor.reading.syntax import place_error
from backend_mentor.reading.typical import choose_value


def read_statements(
    cell: Cell, dialect: str, schema: Schema | None = None, variables: Mapping[str, object] | None = None
) -> tuple[Statement, ...]:
    """Return the statements of a cell in order, comments around them as their remarks, `EXPLAIN` before them dropped.

    Placeholders take values from `variables` where they are written `{{name}}`, else typical ones from the statistics
    in `schema`. Raises StatementSyntaxError with the place in the cell, VariableError, or CellError where a statement
    nests too deeply or none is found.
    """
    start = cell.spans[0].start if cell.spans else 0
    places = tuple(_split(cell.text, start, dialect))
    if not places:
        raise CellError("The cell holds no statement.", "Write a SQL statement in it.")
    remarks = _remarks(cell.text, start, places)
    return tuple(
        replace(_read(cell.text, begin, end, dialect, schema, variables), remarks="\n".join(around))
        for (begin, end), around in zip(places, remarks, strict=True)
    )


def _read(
    whole: str, start: int, end: int, dialect: str, schema: Schema | None, variables: Mapping[str, object] | None
) -> Statement:
    text = whole[start:end]
    placeholders = find_placeholders(text, dialect)
    sql = spell_for_engine(text, placeholders)
    try:
        tree = parse_tree(sql, dialect)
    except UnparsedError as error:
        raise place_error(error.fault, whole, start + offset_in_text(error.fault.offset, placeholders)) from error
    parameters = _parameters(placeholders, tree, schema, variables)
    return Statement(text, sql, dialect, kind_of(tree), tree, Span.of(whole, start, end), parameters)


def _parameters(
    placeholders: tuple[Placeholder, ...], tree: exp.Expr, schema: Schema | None, variables: Mapping[str, object] | None
) -> tuple[Parameter, ...]:
    distinct = {placeholder.marker: placeholder for placeholder in reversed(placeholders)}
    ordered = sorted(distinct.values(), key=lambda each: (_number(each.marker), each.start))
    return tuple(
        bind_variable(each, variables) if each.written.startswith("{{") else choose_value(each, tree, schema)
        for each in ordered
    )


def _number(marker: str) -> int:
    return int(marker[1:]) if marker[1:].isdigit() else 0


def split_statements(text: str, dialect: str) -> Iterator[tuple[int, int]]:
    """Yield where each statement of a text begins and ends, in characters; none of them is parsed.

    A comment around it that speaks to the mentor is part of it.
    """
    places = tuple(_split(text, 0, dialect))
    for (begin, end), (before, after) in zip(places, _remarks(text, 0, places), strict=True):
        spoken = before.find(_SPOKEN_TO_US)
        yield (
            begin - len(before) + before.rfind("--", 0, spoken) if spoken >= 0 else begin,
            (end + len(after.rstrip()) if _SPOKEN_TO_US in after else end),
        )


def _remarks(text: str, start: int, places: tuple[tuple[int, int], ...]) -> Iterator[tuple[str, str]]:
    """Yield what stands before each statement, from the line after the last one on, and after it on its line."""
    floor = start
    for index, (begin, end) in enumerate(places):
        following = places[index + 1][0] if index + 1 < len(places) else len(text)
        line_end = text.find("\n", end, following)
        ceiling = following if line_end < 0 else line_end
        yield text[floor:begin], text[end:ceiling]
        floor = ceiling


def _split(text: str, start: int, dialect: str) -> Iterator[tuple[int, int]]:
    """Yield where each statement begins and ends, first to last word of code."""
    position = start
    for piece in sqlparse.split(text[start:]):
        begin = text.find(piece, position)
        if begin < 0:  # sqlparse changed the text, which it does to none that is known
            begin = position
        position = begin + len(piece)
        for part in _parts(code(scan(text[begin:position], dialect))):
            tokens = _without_explain(part)
            if tokens:
                yield begin + tokens[0].start, begin + tokens[-1].end


def _parts(tokens: tuple[Token, ...]) -> Iterator[tuple[Token, ...]]:
    """Yield the statements that sqlparse left in one piece; the body of a function or trigger stays whole."""
    if tokens and tokens[0].word in ("CREATE", "DO", "ALTER") and any(token.word == "BEGIN" for token in tokens):
        tokens = tokens[:-1] if tokens[-1].text == ";" else tokens
        yield tokens
        return
    part: list[Token] = []
    for token in tokens:
        if token.text == ";" and token.kind is TokenKind.SYMBOL:
            if part:
                yield tuple(part)
            part = []
        else:
            part.append(token)
    if part:
        yield tuple(part)


def _without_explain(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    if not tokens or tokens[0].word != "EXPLAIN":
        return tokens
    rest = tokens[1:]
    if rest and rest[0].text == "(" and rest[1:] and rest[1].word in _EXPLAIN_OPTIONS:
        closing = next((index for index, token in enumerate(rest) if token.text == ")"), len(rest))
        rest = rest[closing + 1 :]
    while rest and rest[0].word in ("ANALYZE", "ANALYSE", "VERBOSE", "QUERY", "PLAN"):
        rest = rest[1:]
    return rest or tokens


# As in `-- backend-mentor: ignore rule-name`.
_SPOKEN_TO_US = "backend-mentor:"
_EXPLAIN_OPTIONS = words(
    "ANALYZE ANALYSE VERBOSE COSTS SETTINGS GENERIC_PLAN BUFFERS SERIALIZE WAL TIMING SUMMARY MEMORY FORMAT"
)
