"""Python values to what the server reads, and what it writes to Python values."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

# Type numbers of pg_type.dat, which never change. Whatever is not here stays the server's own text: a date before
# Christ or `infinity` has no Python value, and text compares exactly.
_BOOLEAN, _BYTES, _NUMERIC = 16, 17, 1700
_INTEGERS = (20, 21, 23, 26)
_FLOATS = (700, 701)


def to_text(value: object) -> str | None:
    """Return the value as the server's input functions read it; None is NULL."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, bytes | bytearray | memoryview):
        return f"\\x{bytes(value).hex()}"
    if isinstance(value, dict):
        return json.dumps(value, default=str)
    if isinstance(value, list | tuple | set | frozenset):
        return (
            "{"
            + ",".join((to_text(each) or "{}") if isinstance(each, list | tuple) else _element(each) for each in value)
            + "}"
        )
    return str(value)


def reader_of(type_number: int) -> Callable[[str], object]:
    """Return what makes a Python value of a column's text."""
    if type_number in _INTEGERS:
        return int
    if type_number in _FLOATS:
        return _read_float
    if type_number == _NUMERIC:
        return _read_numeric
    if type_number == _BOOLEAN:
        return "t".__eq__
    return _read_bytes if type_number == _BYTES else str


def encode_parameters(values: Sequence[object]) -> list[bytes | None]:
    """Return the parameters of a statement in the text format of the extended protocol."""
    texts = map(to_text, values)
    return [None if text is None else text.encode() for text in texts]


def encode_array(values: Sequence[object]) -> bytes:
    """Return the values as one text[] parameter."""
    return ("{" + ",".join(map(_element, values)) + "}").encode()


def _element(value: object) -> str:
    text = to_text(value)
    if text is None:
        return "NULL"
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _read_float(text: str) -> object:
    # NaN equals itself in PostgreSQL and nothing in Python: as text it compares as the server does.
    return text if text == "NaN" else float(text)


def _read_numeric(text: str) -> object:
    return Decimal(text) if text[-1].isdigit() else text


def _read_bytes(text: str) -> object:
    return bytes.fromhex(text[2:]) if text.startswith("\\x") else text
