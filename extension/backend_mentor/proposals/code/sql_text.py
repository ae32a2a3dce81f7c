"""A statement's text that is put together in the code: each of its characters and holes, and where it stands."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from backend_mentor.proposals.code.fix import Edit
from backend_mentor.reading.endpoints.trees import constant_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from backend_mentor.domain.endpoint import Source

_HOLE = r"[^\W\d]\w*(?:\.[^\W\d]\w*|\[(?:'\w*'|\"\w*\"|\d+)\])*"
_STRING = re.compile(
    r"(?P<prefix>[A-Za-z]{0,2})(?P<quotes>\"\"\"|'''|\"|')(?P<body>(?:\\.|(?!(?P=quotes)).)*)(?P=quotes)", re.DOTALL
)
_SPACE = r"(?:\s|\\\r?\n|#[^\n]*\n)*"
_JOINT = re.compile(rf"{_SPACE}\+?{_SPACE}")
_ADDED = re.compile(rf"\s*\+\s*(?:str\(\s*(?P<inner>{_HOLE})\s*\)|(?P<name>{_HOLE}))\s*(?P<more>\+\s*)?")
_IN_BRACES = re.compile(rf"\{{\s*({_HOLE})\s*\}}")
_IN_FORMAT = re.compile(r"\{(\w*)\}")
_BREAK = re.compile(r"\\\r?\n")


@dataclass(frozen=True, slots=True)
class Token:
    """One string literal of those that make the text; `first` and `last` are the ends of what is in its quotes."""

    start: int
    prefix: str
    quotes: str
    first: int
    last: int

    @property
    def kept_prefix(self) -> str:
        """What stands before the quotes once nothing is filled in."""
        return self.prefix.replace("f", "").replace("F", "")


@dataclass(frozen=True, slots=True)
class Piece:
    """One character of the text, or a hole that `hole` fills; `before` and `behind` are the tokens it reaches into."""

    character: str
    start: int
    end: int
    before: int
    behind: int | None
    hole: str | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """A text with all its pieces, and what hangs behind it (`% name`, `.format(name)`) as the edit that drops it."""

    tokens: tuple[Token, ...]
    pieces: tuple[Piece, ...]
    tail: Edit | None
    is_percent: bool

    def shown(self, start: int = 0, end: int | None = None) -> str:
        """Return the text between two pieces, a hole as one NUL."""
        return "".join("\0" if each.hole else each.character for each in self.pieces[start:end])


def read_text(source: Source, node: ast.expr) -> Text | None:
    """Return the pieces of an expression that makes a text, None where one of them is more than a plain value."""
    span = source.span_of(node)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
        given = node.right.elts if isinstance(node.right, ast.Tuple) else [node.right]
        values = {str(number): source.code_of(each) for number, each in enumerate(given)}
        return _filled(source, node.left, span.end, values, is_percent=True)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
        values = {str(number): source.code_of(each) for number, each in enumerate(node.args)}
        values |= {each.arg or "": source.code_of(each.value) for each in node.keywords}
        return _filled(source, node.func.value, span.end, values, is_percent=False)
    if isinstance(node, ast.JoinedStr | ast.BinOp):
        return _joined(source, span.start, span.end, None)
    return None


def _filled(source: Source, text: ast.expr, end: int, values: dict[str, str], *, is_percent: bool) -> Text | None:
    if constant_text(text) is None or not all(re.fullmatch(_HOLE, each) for each in values.values()):
        return None
    span = source.span_of(text)
    read = _joined(source, span.start, span.end, values, is_percent=is_percent)
    used = {each.hole for each in read.pieces} if read else set()
    if read is None or used - {None} != set(values.values()):
        return None
    cut = span.end
    while brackets := re.match(r"\s*\)", source.text[cut:end]):
        cut += brackets.end()
    sign = r"\s*%\s*" if is_percent else r"\s*\.\s*format\s*\("
    if not re.match(sign, source.text[cut:end]) or "#" in source.text[cut:end]:
        return None
    return Text(read.tokens, read.pieces, Edit(cut, end, ""), is_percent)


def read_added(source: Source, node: ast.expr, variable: str) -> Text | None:
    """Return the pieces of what an expression adds to a variable that stands first in it."""
    span = source.span_of(node)
    found = re.compile(rf"{re.escape(variable)}\s*\+\s*").match(source.text, span.start, span.end)
    return _joined(source, found.end(), span.end, None) if found is not None else None


def _joined(
    source: Source, start: int, end: int, values: dict[str, str] | None, *, is_percent: bool = False
) -> Text | None:
    tokens: list[Token] = []
    pieces: list[Piece] = []
    at = start
    while at < end:
        found = _STRING.match(source.text, at, end)
        if found is None:
            return None
        token = Token(at, found["prefix"], found["quotes"], found.start("body"), found.end("body"))
        inside = _inside(source, token, len(tokens), values, is_percent=is_percent, seen=pieces)
        if inside is None or set(token.prefix.lower()) - {"f", "r", "u"}:
            return None
        tokens.append(token)
        pieces += inside
        at = found.end()
        added = _ADDED.match(source.text, at, end) if values is None else None
        if added is None:
            joint = _JOINT.match(source.text, at, end)
            at = joint.end() if joint else at
            continue
        if (added.end() < end) != bool(added["more"]):
            return None
        at = added.end()
        following = _STRING.match(source.text, at, end)
        if at < end and following is None:
            return None
        stop, behind = (following.start("body"), len(tokens)) if following else (end, None)
        pieces.append(Piece("", token.last, stop, len(tokens) - 1, behind, added["inner"] or added["name"]))
    return Text(tuple(tokens), tuple(pieces), None, is_percent) if pieces else None


def _inside(
    source: Source, token: Token, number: int, values: dict[str, str] | None, *, is_percent: bool, seen: Sequence[Piece]
) -> list[Piece] | None:
    """Return the pieces between a token's quotes."""
    is_formatted = "f" in token.prefix.lower()
    if is_formatted and values is not None:
        return None
    filled = sum(each.hole is not None for each in seen)
    found: list[Piece] = []
    at = token.first
    while at < token.last:
        rest = source.text[at : token.last]
        if is_percent:
            read = _percent(rest, values or {}, filled)
        else:
            read = _braces(rest, values, filled, is_formatted=is_formatted)
        if rest.startswith("\\"):
            read = _escape(rest, token)
        if read is None:
            return None
        character, width, hole = read
        filled += hole is not None
        found.append(Piece(character, at, at + width, number, number, hole))
        at += width
    return found


def _escape(rest: str, token: Token) -> tuple[str, int, None] | None:
    if "r" in token.prefix.lower():
        return None
    if found := _BREAK.match(rest):
        return "", found.end(), None
    return (" ", 2, None) if rest[1:2] in ("n", "t") else None


def _percent(rest: str, values: dict[str, str], filled: int) -> tuple[str, int, str | None] | None:
    if rest.startswith("%%"):
        return "%", 2, None
    if rest.startswith("%s") and str(filled) in values:
        return "", 2, values[str(filled)]
    return None if rest.startswith("%") else (rest[0], 1, None)


def _braces(
    rest: str, values: dict[str, str] | None, filled: int, *, is_formatted: bool
) -> tuple[str, int, str | None] | None:
    if not is_formatted and values is None:
        return rest[0], 1, None
    if rest.startswith(("{{", "}}")):
        return rest[0], 2, None
    if is_formatted and (found := _IN_BRACES.match(rest)):
        return "", found.end(), found[1]
    if values is not None and (found := _IN_FORMAT.match(rest)):
        hole = values.get(found[1] or str(filled))
        return ("", found.end(), hole) if hole else None
    return None if rest[0] in "{}" else (rest[0], 1, None)


def edits_of(source: Source, text: Text, places: Sequence[tuple[int, int, str]], *, doubles: bool) -> list[Edit] | None:
    """Return the edits that write a marker over each place (from its first piece to its last).

    `doubles` where a lone per cent sign has to be written twice. None where a place can not be cut out of the code.
    """
    edits = [text.tail] if text.tail else []
    for first, last, marker in places:
        edit = _over(source, text, text.pieces[first], text.pieces[last], marker)
        if edit is None:
            return None
        edits.append(edit)
    cut = tuple(edits)
    edits += [
        each for each in _plain(text, doubles=doubles) if not any(one.start <= each.start < one.end for one in cut)
    ]
    return edits


def _over(source: Source, text: Text, first: Piece, last: Piece, marker: str) -> Edit | None:
    if first.before != last.behind:
        left = text.tokens[first.before]
        right = text.tokens[last.behind] if last.behind is not None else left
        same = (left.quotes, left.kept_prefix.lower()) == (right.quotes, right.kept_prefix.lower())
        if not same or "#" in source.text[first.start : last.end]:
            return None
        marker += left.quotes if last.behind is None else ""
    return Edit(first.start, last.end, marker)


def _plain(text: Text, *, doubles: bool) -> Iterator[Edit]:
    """Yield the edits of what is written otherwise in a text that nothing is filled into."""
    for token in text.tokens:
        if token.prefix != token.kept_prefix:
            yield Edit(token.start, token.start + len(token.prefix), token.kept_prefix)
    for each in text.pieces:
        width = each.end - each.start
        if (each.character in ("{", "}") and width == 2) or (each.character == "%" and width == 2 and not doubles):
            yield Edit(each.start, each.end, each.character)
        elif each.character == "%" and width == 1 and doubles:
            yield Edit(each.start, each.end, "%%")
