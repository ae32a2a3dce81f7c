"""The JSON Schema of a review, made from the same shape as the JSON itself."""

from __future__ import annotations

import dataclasses
from enum import Enum
from types import NoneType, UnionType
from typing import Union, get_args, get_origin

from backend_mentor.domain.review import Review
from backend_mentor.renderers.shape import members_of

_PLAIN: dict[object, dict[str, object]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    NoneType: {"type": "null"},
    object: {},
}


def review_schema() -> dict[str, object]:
    """Return the schema of what `review_to_dict` returns, each dataclass and enum under `$defs` by its name."""
    definitions: dict[str, object] = {}
    _refer(Review, definitions)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Backend Mentor review",
        "$ref": "#/$defs/Review",
        "$defs": dict(sorted(definitions.items())),
    }


def _schema_of(hint: object, definitions: dict[str, object]) -> dict[str, object]:
    if hint in _PLAIN:
        return dict(_PLAIN[hint])
    if get_origin(hint) in (Union, UnionType):
        return {"anyOf": [_schema_of(each, definitions) for each in get_args(hint)]}
    if get_origin(hint) is tuple:
        return _array(get_args(hint), definitions)
    if isinstance(hint, type):
        return _refer(hint, definitions)
    raise TypeError(f"{hint} has no JSON Schema")


def _array(items: tuple[object, ...], definitions: dict[str, object]) -> dict[str, object]:
    if len(items) == 2 and items[1] is Ellipsis:
        return {"type": "array", "items": _schema_of(items[0], definitions)}
    places = [_schema_of(item, definitions) for item in items]
    return {"type": "array", "prefixItems": places, "minItems": len(items), "maxItems": len(items)}


def _refer(kind: type, definitions: dict[str, object]) -> dict[str, object]:
    if kind.__name__ not in definitions:
        definitions[kind.__name__] = {}  # holds the place while what it refers to is defined
        definitions[kind.__name__] = _define(kind, definitions)
    return {"$ref": f"#/$defs/{kind.__name__}"}


def _define(kind: type, definitions: dict[str, object]) -> dict[str, object]:
    if issubclass(kind, Enum):
        return {"type": "string", "enum": [member.value for member in kind]}
    if not dataclasses.is_dataclass(kind):
        raise TypeError(f"{kind.__name__} has no JSON Schema")
    members = members_of(kind)
    return {
        "type": "object",
        "properties": {member.name: _schema_of(member.type, definitions) for member in members},
        "required": [member.name for member in members if not member.optional],
        "additionalProperties": False,
    }
