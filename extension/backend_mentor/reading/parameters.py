"""Placeholders: found in the author's text, spelled for the engine, given a value to review with."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from uuid import UUID

from backend_mentor.domain.errors import MentorError
from backend_mentor.domain.statement import Parameter
from backend_mentor.reading.scanner import Token, TokenKind, code, scan

_BINDABLE = (str, int, float, bool, type(None), Decimal, date, datetime, time, bytes, UUID)


class VariableError(MentorError):
    """A `{{name}}` that names no notebook variable, or one whose value can not be bound; `name` is the variable."""

    def __init__(self, what: str, remedy: str, *, name: str) -> None:
        super().__init__(what, remedy)
        self.name = name


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A placeholder in the author's text, and the marker that the engine takes in its place."""

    start: int
    end: int
    written: str
    marker: str


def find_placeholders(text: str, dialect: str) -> tuple[Placeholder, ...]:
    """Return every placeholder of a statement in order; one that is named twice has one marker."""
    tokens = [token for token in code(scan(text, dialect)) if token.kind in (TokenKind.PLACEHOLDER, TokenKind.BINDING)]
    taken = {name if not name.isdigit() else f"p{name}" for name in map(_name, tokens)}
    own = max((int(token.text[1:]) for token in tokens if re.fullmatch(r"\$\d+", token.text)), default=0)
    markers: dict[str, str] = {}
    found = []
    for number, token in enumerate(tokens, 1):
        key = f"#{number}" if token.text in ("?", "%s") else token.text
        if key not in markers:
            made = sum(not re.fullmatch(r"\$\d+", each) for each in markers)
            markers[key] = _marker(token, dialect, made + 1, taken, own)
        found.append(Placeholder(token.start, token.end, token.text, markers[key]))
    return tuple(found)


def spell_for_engine(text: str, placeholders: tuple[Placeholder, ...]) -> str:
    """Return the text with each placeholder in the engine's own spelling."""
    parts, position = [], 0
    for placeholder in placeholders:
        parts += [text[position : placeholder.start], placeholder.marker]
        position = placeholder.end
    return "".join([*parts, text[position:]])


def offset_in_text(offset: int, placeholders: tuple[Placeholder, ...]) -> int:
    """Return where a character of the engine's spelling stands in the author's text."""
    for placeholder in placeholders:
        if offset < placeholder.start:
            break
        longer = len(placeholder.marker) - len(placeholder.written)
        if offset < placeholder.start + len(placeholder.marker):
            return placeholder.start
        offset -= longer
    return offset


def bind_variable(placeholder: Placeholder, variables: Mapping[str, object] | None) -> Parameter:
    """Return the parameter of a `{{name}}`; raises VariableError where the notebook has no such plain value."""
    name = placeholder.written.strip("{} \t\n")
    if variables is None or name not in variables:
        known = [each for each in variables or () if not each.startswith("_")]
        nearest = difflib.get_close_matches(name, known, n=3)
        hint = (
            f"Did you mean {' or '.join(nearest)}?"
            if nearest
            else f"Set {name} in a cell above and run this one again."
        )
        raise VariableError(f"The notebook has no variable {name}.", hint, name=name)
    value = variables[name]
    if not isinstance(value, _BINDABLE):
        raise VariableError(
            f"{name} is a {type(value).__name__}; only text, numbers, dates, bytes, booleans and None can be bound.",
            f"Put the one value that the statement compares with into {name}.",
            name=name,
        )
    return Parameter(placeholder.written, placeholder.marker, value, f"notebook variable {name}")


def _name(token: Token) -> str:
    return "" if token.text == "%s" else re.sub(r"^[:@$?{\s%(]+|[)}\s]+s?$", "", token.text)


def _marker(token: Token, dialect: str, number: int, taken: set[str], own: int) -> str:
    if dialect == "postgres":
        # A text that mixes `$1` with `{{name}}` keeps its own numbers; ours follow the highest of them.
        return token.text if token.text[0] == "$" else f"${own + number}"
    name = _name(token)
    if re.match(r"[^\W\d]", name):
        return f":{name}"
    if name:
        return f":p{name}"
    name = f"p{number}"
    while name in taken:
        name += "_"
    return f":{name}"
