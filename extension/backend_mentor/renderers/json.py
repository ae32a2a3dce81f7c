"""The review as JSON: all of it, computed figures and verdicts too, whatever the view."""

from __future__ import annotations

import json
from dataclasses import is_dataclass
from enum import Enum
from math import isfinite
from typing import TYPE_CHECKING

from backend_mentor.renderers.shape import members_of
from backend_mentor.renderers.view import View

if TYPE_CHECKING:
    from backend_mentor.domain.review import Review

# Beyond this a JavaScript reader would round the number.
_GREATEST_EXACT = 2**53


def render(review: Review, view: View = View()) -> str:  # noqa: B008  a frozen value
    """Return the review as indented JSON; the view changes nothing, for JSON is read by programs."""
    return json.dumps(review_to_dict(review), indent=2, allow_nan=False) + "\n"


def review_to_dict(review: Review) -> dict[str, object]:
    """Return the review as values that JSON has, keys in a fixed order; a plan's nodes are a flat list."""
    return _object(review)


def to_json_value(value: object) -> object:
    """Return any value of the domain or of a database as one that JSON has.

    Decimals, dates, bytes, numbers that are not finite and integers beyond 2**53 become text.
    """
    if value is None or isinstance(value, bool | str):
        return value.value if isinstance(value, Enum) else value
    if isinstance(value, int):
        return value if abs(value) <= _GREATEST_EXACT else str(value)
    if isinstance(value, float):
        return value if isfinite(value) else str(value)
    if isinstance(value, dict):
        return {str(key): to_json_value(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [to_json_value(item) for item in value]
    if is_dataclass(value) and not isinstance(value, type):
        return _object(value)
    return f"x'{bytes(value).hex()}'" if isinstance(value, bytes | bytearray | memoryview) else str(value)


def _object(value: object) -> dict[str, object]:
    members = members_of(type(value))
    return {member.name: _member(member.read(value)) for member in members}


def _member(value: object) -> object:
    # Values of the database stand in rows; a member of its own is a figure, unknown where it is not finite.
    return None if isinstance(value, float) and not isfinite(value) else to_json_value(value)
