"""What a person is told where SQL can not be parsed."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from backend_mentor.domain.cell import Span
from backend_mentor.domain.errors import StatementSyntaxError
from backend_mentor.reading.scanner import Token, TokenKind, code, scan, words

_EXCERPT_WIDTH = 100

_KEYWORDS = words(
    "SELECT FROM WHERE GROUP ORDER HAVING LIMIT OFFSET JOIN LEFT RIGHT INNER OUTER CROSS FULL UNION EXCEPT INTERSECT "
    "INSERT INTO VALUES UPDATE DELETE CREATE TABLE INDEX VIEW DISTINCT BETWEEN EXISTS WITH RECURSIVE RETURNING USING "
    "AND NOT NULL LIKE CASE WHEN THEN ELSE PARTITION OVER DESC WINDOW EXPLAIN ALTER"
)

_AFTER_LISTS = ("FROM", "WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "UNION")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a statement, at which character, and what would put it right."""

    offset: int
    what: str
    remedy: str = "Correct the SQL at the mark and run the cell again."


def place_error(fault: Fault, whole: str, offset: int) -> StatementSyntaxError:
    """Return the error that shows the fault in `whole`, where it stands at `offset`."""
    span = Span.of(whole, offset, offset)
    return StatementSyntaxError(
        f"Line {span.line}, column {span.column}: {fault.what}",
        fault.remedy,
        line=span.line,
        column=span.column,
        excerpt=excerpt(whole, span),
    )


def excerpt(whole: str, span: Span) -> str:
    """Return the line of the span, cut around the place where it is long, with a caret below its first character."""
    start = span.start - span.column + 1
    line = whole[start : whole.find("\n", start) if "\n" in whole[start:] else len(whole)].rstrip("\r")
    caret = span.column - 1
    if len(line) > _EXCERPT_WIDTH:
        first = max(0, min(caret - _EXCERPT_WIDTH // 2, len(line) - _EXCERPT_WIDTH))
        before, after = "…" if first else "", "…" if first + _EXCERPT_WIDTH < len(line) else ""
        line = before + line[first : first + _EXCERPT_WIDTH] + after
        caret += len(before) - first
    # A tab stays a tab below a tab, so that the caret stands right whatever the tab's width.
    return f"{line}\n{''.join('	' if each == '	' else ' ' for each in line[:caret])}^"


def find_fault(sql: str, dialect: str, message: str, line: int, column: int, parses: Callable[[str], bool]) -> Fault:
    """Return the most certain account of why `sql` does not parse.

    `message`, `line` and `column` are the parser's; its column is that of the last character of the offending token.
    `parses` decides whether a repair would have helped: only then is it offered.
    """
    tokens = code(scan(sql, dialect))
    fault = _unclosed(tokens) or _unbalanced(tokens) or find_stray_comma(tokens)
    if fault:
        return fault
    index = _token_index(sql, tokens, line, column)
    if index is None:
        return Fault(len(sql.rstrip()), "the statement ends too early.")
    return _repair(sql, tokens, index, parses) or _describe(tokens, index, message)


def _unclosed(tokens: tuple[Token, ...]) -> Fault | None:
    token = next((token for token in tokens if token.kind is TokenKind.UNCLOSED), None)
    if token is None:
        return None
    if token.text.startswith("/*"):
        return Fault(token.start, "the comment that opens here is never closed.", "Close it with */.")
    if token.text.startswith("$"):
        mark = token.text[: token.text.index("$", 1) + 1]
        return Fault(token.start, f"the text that opens here is never closed with {mark}.", f"Close it with {mark}.")
    thing = "string" if token.text[0] == "'" else "quoted name"
    return Fault(
        token.start,
        f"the {thing} that opens here is never closed.",
        f"Close it with {token.text[0]}; a {token.text[0]} inside it is written twice.",
    )


def _unbalanced(tokens: tuple[Token, ...]) -> Fault | None:
    opened: list[Token] = []
    for token in tokens:
        if token.kind is not TokenKind.SYMBOL:
            continue
        if token.text == "(":
            opened.append(token)
        elif token.text == ")":
            if not opened:
                return Fault(token.start, "this parenthesis closes nothing.", "Remove it, or open one before it.")
            opened.pop()
    if not opened:
        return None
    return Fault(opened[-1].start, "the parenthesis that opens here is never closed.", "Close it with ).")


def find_stray_comma(tokens: tuple[Token, ...]) -> Fault | None:
    """Return the fault of a comma with nothing after it, which no database forgives."""
    for comma, after in pairwise(tokens):
        if comma.text == "," and (after.text in (",", ")") or after.word in _AFTER_LISTS):
            return Fault(comma.start, f"the comma before `{after.text}` has nothing after it.", "Remove the comma.")
    return None


def _token_index(sql: str, tokens: tuple[Token, ...], line: int, column: int) -> int | None:
    lines = sql.split("\n")
    last = sum(len(each) + 1 for each in lines[: line - 1]) + max(column - 1, 0)
    return next((index for index, token in enumerate(tokens) if token.start <= last < token.end), None)


def _repair(sql: str, tokens: tuple[Token, ...], index: int, parses: Callable[[str], bool]) -> Fault | None:
    for position in dict.fromkeys([*range(index, max(index - 4, -1), -1), 0]):
        token = tokens[position]
        for keyword in _resembling(token):
            if parses(sql[: token.start] + keyword + sql[token.end :]):
                return Fault(token.start, f"`{token.text}` is no SQL word.", f"Write {keyword} in its place.")
    for position in (index, index + 1):
        if position >= len(tokens) or position == 0:
            continue
        here, before = tokens[position], tokens[position - 1]
        if (
            before.word in ("GROUP", "ORDER", "PARTITION")
            and here.word != "BY"
            and parses(sql[: here.start] + "BY " + sql[here.start :])
        ):
            return Fault(here.start, f"BY is missing after {before.word}.", f"Write {before.word} BY.")
        if before.text != "," and parses(sql[: before.end] + "," + sql[before.end :]):
            return Fault(
                here.start, f"`{here.text}` is not expected here.", f"Is a comma missing after `{before.text}`?"
            )
    return None


def _resembling(token: Token) -> list[str]:
    if not token.word or token.word in _KEYWORDS or len(token.word) < 3:
        return []
    return difflib.get_close_matches(token.word, _KEYWORDS, n=3, cutoff=0.7)


def _describe(tokens: tuple[Token, ...], index: int, message: str) -> Fault:
    token, last = tokens[index], index == len(tokens) - 1
    if token.word == "BY" and index and not last:
        token = tokens[index - 1]
    if message.startswith("Required keyword") or "Expected table name" in message:
        if last:
            return Fault(token.end, f"something is missing after `{token.text}`.")
        return Fault(token.start, f"something is missing before `{token.text}`.")
    if message.startswith("Expecting )"):
        return Fault(token.start, f"a closing parenthesis is expected before `{token.text}`.")
    return Fault(token.start, f"`{token.text}` is not expected here.")
