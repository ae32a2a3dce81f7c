"""Which words of a sentence are code, so that they can be set in another type."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.review import Review

# A call, a qualified or underscored name, or what the author put in backticks. Figures such as 3.5 are none of these.
_CODE = re.compile(
    r"`([^`\n]+)`"
    r"|\b[A-Za-z_]\w*\((?:\*|[\w.,* ]{0,60})\)"
    r"|\b[A-Za-z]\w*(?:_\w+)+(?:\.\w+)?\b"
    r"|\b[A-Za-z]\w*\.[A-Za-z_]\w+\b"
)
_WORD = re.compile(r"\b\w+\b")


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of a sentence."""

    text: str
    is_code: bool = False


def names_of(review: Review) -> frozenset[str]:
    """Return the names of the tables and indexes that the review's plan reads."""
    if review.plan is None:
        return frozenset()
    nodes = review.plan.nodes()
    return frozenset(name for node in nodes for name in (node.relation, node.index) if name)


def split_code(text: str, names: frozenset[str] = frozenset()) -> tuple[Fragment, ...]:
    """Return the sentence in pieces, those that are code marked; backticks are dropped."""
    return tuple(_fragments(text, names))


def _fragments(text: str, names: frozenset[str]) -> Iterator[Fragment]:
    end = 0
    for match in _CODE.finditer(text):
        yield from _named(text[end : match.start()], names)
        yield Fragment(match.group(1) or match.group(0), is_code=True)
        end = match.end()
    yield from _named(text[end:], names)


def _named(text: str, names: frozenset[str]) -> Iterator[Fragment]:
    end = 0
    for match in _WORD.finditer(text):
        if match.group() in names:
            if match.start() > end:
                yield Fragment(text[end : match.start()])
            yield Fragment(match.group(), is_code=True)
            end = match.end()
    if end < len(text):
        yield Fragment(text[end:])


# Characters that steer a terminal or turn the reading direction would let a value disguise what stands around it.
_STEERING_CODES = (*range(0x09), *range(0x0B, 0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A))
_STEERING = {**dict.fromkeys(_STEERING_CODES, "\N{REPLACEMENT CHARACTER}"), 0x0D: None, 0x09: "    "}


def make_visible(text: str) -> str:
    """Return the text with control characters replaced, line ends kept, and what can not be UTF-8 replaced."""
    return text.translate(_STEERING).encode("utf-8", "replace").decode("utf-8")
