"""The TypeScript types of the JSON that the front end draws, made from the dataclasses."""

from __future__ import annotations

import dataclasses
from enum import Enum
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Annotated, Union, get_args, get_origin, get_type_hints

from backend_mentor.domain.narrative import Narrative
from backend_mentor.renderers.delivery import Delivery
from backend_mentor.renderers.page import Spoken

if TYPE_CHECKING:
    from collections.abc import Iterable

_PLAIN: dict[object, str] = {
    str: "string",
    int: "number",
    float: "number",
    bool: "boolean",
    NoneType: "null",
    object: "unknown",
}


# Those that the dataclasses' own modules import for type checkers alone.
_NAMED: dict[str, type] = {"Narrative": Narrative, "Delivery": Delivery, "Spoken": Spoken}


def typescript_of(*roots: type) -> str:
    """Return interfaces for these dataclasses and all that they hold, in the order in which they are met."""
    found: dict[str, str] = {}
    pending = list(roots)
    while pending:
        kind = pending.pop(0)
        if kind.__name__ not in found:
            found[kind.__name__] = _declare(kind, pending)
    return "\n\n".join(found.values()) + "\n"


def _declare(kind: type, pending: list[type]) -> str:
    if issubclass(kind, Enum):
        return f"export type {kind.__name__} = {' | '.join(repr(member.value) for member in kind)};"
    if not dataclasses.is_dataclass(kind):
        raise TypeError(f"{kind.__name__} has no TypeScript type")
    hints = get_type_hints(kind, localns=_NAMED, include_extras=True)
    members = [f"  {field.name}: {_type(hints[field.name], pending)};" for field in dataclasses.fields(kind)]
    return "\n".join([f"export interface {kind.__name__} {{", *members, "}"])


def _type(hint: object, pending: list[type]) -> str:
    if hint in _PLAIN:
        return _PLAIN[hint]
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        # JSON already: the note says of which dataclass.
        return _type(_NAMED[arguments[1]], pending)
    if origin in (Union, UnionType):
        return " | ".join(_types(arguments, pending))
    if origin is frozenset or (origin is tuple and len(arguments) == 2 and arguments[1] is Ellipsis):
        item = _type(arguments[0], pending)
        return f"({item})[]" if " | " in item else f"{item}[]"
    if origin is tuple:
        return f"[{', '.join(_types(arguments, pending))}]"
    if isinstance(hint, type):
        pending.append(hint)
        return hint.__name__
    raise TypeError(f"{hint} has no TypeScript type")


def _types(hints: Iterable[object], pending: list[type]) -> list[str]:
    return [_type(hint, pending) for hint in hints]
