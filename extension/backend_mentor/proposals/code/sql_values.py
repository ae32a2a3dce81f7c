"""Which holes of a statement's text are values: a text in quotes, a number behind a comparison, a limit."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from backend_mentor.proposals.code.drivers import Marker
from backend_mentor.proposals.code.places import quoted
from backend_mentor.reading.endpoints.trees import Function, last_name, own_nodes, parameters, targets
from backend_mentor.reading.endpoints.words import words_of

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source
    from backend_mentor.proposals.code.sql_text import Text

_COMPARED = re.compile(r"(?P<column>[\w.]+)\s*(?:=|<>|!=|<=|>=|<|>|\b(?:not\s+)?i?like)\s*$", re.I)
_NUMBERED = re.compile(r"(?P<column>[\w.]+)\s*(?:=|<>|!=|<=|>=|<|>)\s*$")
_INSERTED = re.compile(r"^\s*insert\s+into\s+[\w.]+\s*\((?P<column>[\w\s,]+)\)\s*values\s*\((?:[^()]*,)?\s*$", re.I)
_LIMITED = re.compile(r"\b(?:limit|offset)\s*$", re.I)
_ENDS = re.compile(r"\s*(?:\)|,|;?\s*$)|\s+[a-z]", re.I)
_STATEMENT = re.compile(r"\s*(?:select|insert|update|delete|with)\s", re.I)
_NUMBERS = frozenset({"id", "key", "pk", "number", "count", "age", "year", "quantity", "level", "price", "amount"})
_NO_TEXT = frozenset(
    {"id", "uuid", "guid", "date", "day", "time", "at", "on", "since", "until", "from", "to", "start", "end", "number",
     "count", "age", "year", "month", "price", "amount", "total", "quantity", "active", "enabled", "is", "has",
     "created", "updated", "deleted", "expires", "stamp", "timestamp", "data", "json", "kind", "type", "status",
     "balance", "size", "position", "rank", "level", "score", "ip", "birthday", "born", "key", "pk"}
)  # fmt: skip
_REQUEST = re.compile(r"\brequest\.(?:args|form|values|headers|cookies|GET|POST|query_params|path_params)\b")


@dataclass(frozen=True, slots=True)
class Bound:
    """A value, the pieces that it takes the place of, and what marks it."""

    first: int
    last: int
    marker: str
    name: str
    expression: str
    """What is passed; with `around`, the inside of an f-string."""
    around: bool


def bound_values(
    source: Source, text: Text, marker: Marker, function: Function | None, *, of_part: bool = False
) -> tuple[Bound, ...]:
    """Return all holes of a text as values, in their order; nothing where one of them is not surely a value.

    `of_part` where the text is one of several that make the statement.
    """
    shown = text.shown()
    is_known = of_part or _STATEMENT.match(shown)
    if function is None or not is_known or not can_be_marked(shown, marker):
        return ()
    found: list[Bound] = []
    at = 0
    while at < len(text.pieces):
        piece = text.pieces[at]
        if piece.hole is None and piece.character not in ("'", '"', "`"):
            at += 1
            continue
        end = _end_of(text, at)
        if end is None:
            return ()
        holes = [each.hole for each in text.pieces[at : end + 1] if each.hole]
        if holes:
            bound = _bound(source, text, (at, end), marker, function, len(found) + 1)
            if bound is None or any(each.name == bound.name and each.expression != bound.expression for each in found):
                return ()
            found.append(bound)
        at = end + 1
    return tuple(found)


def can_be_marked(shown: str, marker: Marker) -> bool:
    """Return whether nothing in a statement could be taken for a marker, a comment or a second statement."""
    code = re.sub(r"'[^']*'", "''", shown)
    if "--" in code or "/*" in code or "#" in code or "$" in code or ";" in code.rstrip().removesuffix(";"):
        return False
    if marker is Marker.COLON and re.search(r"(?<!:):(?!:)", shown):
        return False
    return "?" not in code and "%" not in code and not re.search(r"(?<!:):\w", code)


def _end_of(text: Text, at: int) -> int | None:
    """Return the piece that closes what opens at a place, the place itself for a hole that stands bare."""
    mark = text.pieces[at].character
    if text.pieces[at].hole is not None:
        return at
    for number in range(at + 1, len(text.pieces)):
        if text.pieces[number].character == mark and text.pieces[number].hole is None:
            doubled = text.shown(number + 1, number + 2) == mark
            return None if doubled else number
    return None


def _bound(
    source: Source, text: Text, place: tuple[int, int], marker: Marker, function: Function, number: int
) -> Bound | None:
    first, last = place
    before, behind = text.shown(0, first), text.shown(last + 1)
    inside = text.pieces[first : last + 1]
    holes = [each.hole for each in inside if each.hole]
    if not _ENDS.match(behind) or any(kind_of(source, each, function) is None for each in holes):
        return None
    name = re.findall(r"\w+", holes[0])[-1]
    if name.isdigit():
        return None
    written = {Marker.COLON: f":{name}", Marker.DOLLAR: f"${number}"}.get(marker, marker.value)
    if inside[0].hole is not None:
        kind = kind_of(source, holes[0], function) or ""
        sure = _is_number(text, before, behind, kind, name, marker)
        return Bound(first, last, written, name, holes[0], around=False) if sure else None
    if inside[0].character != "'" or not _holds_text(before, behind, marker):
        return None
    pieces = inside[1:-1]
    if len(pieces) == 1:
        plain = kind_of(source, holes[0], function) == "str"
        return Bound(first, last, written, name, holes[0] if plain else f"str({holes[0]})", around=False)
    if any(each.character in ("{", "}", '"', "\n", "\r") for each in pieces):
        return None
    content = "".join(f"{{{each.hole}}}" if each.hole else each.character for each in pieces)
    return Bound(first, last, written, name, content, around=True)


def _is_number(text: Text, before: str, behind: str, kind: str, name: str, marker: Marker) -> bool:
    """Return whether a bare hole is a number, and its marker means the same number to the database."""
    if kind == "int":
        return bool(_NUMBERED.search(before) or _LIMITED.search(before) or _is_inserted(before, behind))
    # What is no number there names a column: only a name that says otherwise is taken for a value.
    if marker in (Marker.COLON, Marker.DOLLAR) or not _NUMBERS & set(words_of(name)[-1:]):
        return False
    shown = text.shown().lower()
    nested = len(re.findall(r"\bselect\b", shown)) > 1 or re.search(r"\bhaving\b|^\s*with\b", shown)
    return bool(_NUMBERED.search(before)) and not nested


def _holds_text(before: str, behind: str, marker: Marker) -> bool:
    """Return whether a text in quotes is compared or stored; where the library sends its type, in a column of text."""
    found = _COMPARED.search(before) or (_INSERTED.search(before) if _is_inserted(before, behind) else None)
    if found is None:
        return False
    typed = marker in (Marker.COLON, Marker.DOLLAR) and not re.search(r"like\s*$", before, re.I)
    return not (typed and _NO_TEXT & set(words_of(found["column"].replace("_", " "))))


def _is_inserted(before: str, behind: str) -> bool:
    return bool(_INSERTED.search(before)) and bool(re.match(r"\s*[,)]", behind))


def kind_of(source: Source, hole: str, function: Function) -> str | None:
    """Return `str`, `int` or nothing ("") known of a value; None where the function makes something of it first."""
    root, dot, rest = hole.partition(".")
    root = root.partition("[")[0]
    written = [each for each in own_nodes(function) if root in targets(each)]
    given = next((each for each in parameters(function) if each.arg == root), None)
    if given is not None and not written:
        if dot and given.annotation is not None:
            model = source.model(last_name(given.annotation))
            return next((_plain(each.type) for each in model.fields if each.name == rest), "") if model else ""
        return "" if "[" in hole or dot or given.annotation is None else _plain(ast.unparse(given.annotation))
    if given is None and len(written) == 1 and isinstance(written[0], ast.Assign) and not dot:
        return _read_from_request(written[0].value)
    return "" if not written and root == "request" else None


def _plain(annotation: str | None) -> str:
    found = re.sub(r"\bAnnotated\[(\w+),.*", r"\1", annotation or "")
    found = re.sub(r"Optional\[(\w+)\]|(\w+) \| None", r"\1\2", found)
    return found if found in ("str", "int") else ""


def _read_from_request(value: ast.expr) -> str | None:
    """Return `str` for what is taken from a request as it came."""
    written = ast.unparse(value)
    if not re.fullmatch(_REQUEST.pattern + r"(?:\.get\([^()]*\)|\[[^\[\]]*\])", written):
        return None
    return "" if "type=" in written else "str"


def written_value(source: Source, bound: Bound) -> str | None:
    """Return the expression of the value, with what stands around it in the quotes; None where it has no form."""
    if not bound.around:
        return bound.expression
    mark = quoted(source, "")[0]
    if mark in bound.expression:
        mark = "'" if mark == '"' else '"'
    return None if mark in bound.expression else f"f{mark}{bound.expression}{mark}"
