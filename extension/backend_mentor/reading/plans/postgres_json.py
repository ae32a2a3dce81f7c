"""JSON of any depth: the standard library's reader gives up at about a thousand levels."""

from __future__ import annotations

import json
import re

from backend_mentor.domain.errors import CellError

_WORD = re.compile(r'\s*("(?:[^"\\]|\\.)*"|[\[\]{},:]|[^\s\[\]{},:"]+)')


def load_deep(text: str) -> object:
    """Return the value of a JSON text; raises CellError with the place where it is none."""
    holder: list[object] = []
    stack: list[list[object] | dict[str, object]] = [holder]
    keys: list[str | None] = [None]
    for match in _WORD.finditer(text):
        word = match.group(1)
        if word in "{[":
            opened: list[object] | dict[str, object] = {} if word == "{" else []
            _put(stack[-1], keys, opened)
            stack.append(opened)
            keys.append(None)
        elif word in "}]":
            if len(stack) == 1:
                raise _damaged(text, match.start(1))
            stack.pop()
            keys.pop()
        elif isinstance(stack[-1], dict) and keys[-1] is None and word[0] == '"':
            keys[-1] = json.loads(word)
        elif word not in ",:":
            _put(stack[-1], keys, _scalar(word, text, match.start(1)))
    if len(stack) != 1 or len(holder) != 1:
        raise _damaged(text, len(text))
    return holder[0]


def _put(container: list[object] | dict[str, object], keys: list[str | None], value: object) -> None:
    if isinstance(container, list):
        container.append(value)
        return
    container[keys[-1] or ""] = value
    keys[-1] = None


def _scalar(word: str, text: str, place: int) -> object:
    try:
        value: object = json.loads(word)
    except json.JSONDecodeError:
        raise _damaged(text, place) from None
    return value


def _damaged(text: str, place: int) -> CellError:
    line = text.count("\n", 0, place) + 1
    column = place - (text.rfind("\n", 0, place) + 1) + 1
    return CellError(
        f"This is not the JSON of an EXPLAIN: it breaks off at line {line}, column {column}.",
        "Paste the whole output of EXPLAIN (FORMAT JSON).",
    )
