"""What a tool is: a name, a schema for its arguments, and a function of the library behind it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backend_mentor.mentor.case import Case

Arguments = Mapping[str, object]

_LONGEST_TEXT = 20_000
_MOST_ITEMS = 40


@dataclass(frozen=True, slots=True)
class Result:
    """What a tool answers."""

    content: Mapping[str, object]
    is_error: bool = False


@dataclass(frozen=True, slots=True)
class Tool:
    """One tool. No tool writes to the database, sends anything or reaches a network."""

    name: str
    description: str
    properties: Mapping[str, Mapping[str, object]]
    required: tuple[str, ...]
    carry_out: Callable[[Case, Arguments], Result]
    doing: str
    """What the user reads while it runs: `reading the plan`."""
    shows_rows: bool = False
    """True where it hands out values of rows: offered only where the user opted in."""
    reports: bool = False
    """True where it puts something before the user."""

    @property
    def schema(self) -> dict[str, object]:
        """The JSON schema of its arguments."""
        return {
            "type": "object",
            "properties": {name: dict(each) for name, each in self.properties.items()},
            "required": list(self.required),
            "additionalProperties": False,
        }


def fault_of(tool: Tool, arguments: object) -> str | None:
    """Return what is wrong with the arguments of a call, or None; a model and other servers may send anything."""
    if not isinstance(arguments, dict):
        return "the arguments are no object"
    if missing := [name for name in tool.required if name not in arguments]:
        return f"{missing[0]} is missing"
    for name, value in arguments.items():
        if name not in tool.properties:
            return f"there is no argument {name!s:.40}"
        if fault := _fault(value, tool.properties[name]):
            return f"{name} {fault}"
    return None


def _fault(value: object, schema: Mapping[str, object]) -> str | None:
    kind = schema.get("type")
    if kind == "string":
        return _text_fault(value, schema)
    if kind == "integer" and (not isinstance(value, int) or isinstance(value, bool) or not math.isfinite(value)):
        return "is no whole number"
    if kind == "array":
        return _list_fault(value, schema)
    if kind == "object":
        return _object_fault(value, schema)
    return None


def _text_fault(value: object, schema: Mapping[str, object]) -> str | None:
    if not isinstance(value, str):
        return "is no text"
    if len(value) > _LONGEST_TEXT:
        return f"is longer than {_LONGEST_TEXT:,} characters"
    choices = schema.get("enum")
    return f"is none of {', '.join(choices)}" if isinstance(choices, list) and value not in choices else None


def _list_fault(value: object, schema: Mapping[str, object]) -> str | None:
    if not isinstance(value, list):
        return "is no list"
    if len(value) > _MOST_ITEMS:
        return f"has more than {_MOST_ITEMS} items"
    items = schema["items"]
    if not isinstance(items, dict):
        return "has no schema"
    return next((f"holds an item that {fault}" for each in value if (fault := _fault(each, items))), None)


def _object_fault(value: object, schema: Mapping[str, object]) -> str | None:
    properties = schema["properties"]
    if not isinstance(value, dict) or not isinstance(properties, dict):
        return "is no object"
    if value.keys() != properties.keys():
        return f"wants exactly {', '.join(properties)}"
    return next((f"{name} {fault}" for name, each in value.items() if (fault := _fault(each, properties[name]))), None)
