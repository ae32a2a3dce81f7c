"""A text in pieces: paragraphs, blocks of code, and the sentences that each makes its own claims."""

from __future__ import annotations

import re
from collections.abc import Iterator

_FENCE = re.compile(r"^\s*(?:```|~~~).*$")
# A full stop ends a sentence where a capital, a bracket or code follows; `e.g.` and `3.5` end none.
_END = re.compile(r"(?<=[.!?])(?<!e\.g\.)(?<!i\.e\.)(?<!etc\.)(?<!vs\.)[)\"']?\s+(?=[A-Z`\"'(\[*_\d])")


def split_sentences(text: str) -> tuple[str, ...]:
    """Return the sentences of a text; a line of a list is one by itself. A citation stays with what it follows."""
    found = []
    for line in text.splitlines():
        joined = re.sub(r"([.!?])(\s*\[r\d[^\]]*\])", r"\2\1", line)
        found += [piece.strip() for piece in _END.split(joined) if piece.strip()]
    return tuple(found)


def split_blocks(text: str) -> Iterator[tuple[bool, str]]:
    """Yield the lines of a text and its fenced blocks of code in order, each with whether it is code."""
    lines: list[str] = []
    inside = False
    for line in text.splitlines():
        if _FENCE.match(line):
            if inside:
                yield True, "\n".join(lines)
                lines = []
            inside = not inside
        elif inside:
            lines.append(line)
        elif line.strip():
            yield False, line.strip()
    if inside and lines:
        yield True, "\n".join(lines)
