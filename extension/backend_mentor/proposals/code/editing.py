"""Changes applied to the author's own text: byte for byte as it was, but for what is edited."""

from __future__ import annotations

import ast
import re
from itertools import pairwise
from typing import TYPE_CHECKING

from backend_mentor.proposals.code.fix import Change, Edit
from backend_mentor.proposals.code.importing import edits_for_imports

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from backend_mentor.domain.endpoint import Source

_BREAK = re.compile(r"(?<!\r)\n")


def apply_changes(text: str, source: Source, changes: Sequence[Change]) -> str | None:
    """Return the cell's text with the changes made and their imports added.

    `text` is the cell's own, in which notebook magics still stand; `source` was read from it, so that places are the
    same in both. None where edits overlap, where one reaches into a magic, or where a name to be imported means
    something else in this cell.
    """
    edits = _united(edit for change in changes for edit in change.edits)
    if edits is None or any(text[each.start : each.end] != source.text[each.start : each.end] for each in edits):
        return None
    imports = edits_for_imports(source, [name for change in changes for name in change.imports])
    if imports is None:
        return None
    everything = _united((*imports, *edits))
    return None if everything is None else _edited(text, everything)


def first_apart(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Return the changes that can be made at once, an earlier one before a later one that overlaps it."""
    kept: list[Change] = []
    for change in changes:
        if _united(edit for each in (*kept, change) for edit in each.edits) is not None:
            kept.append(change)
    return tuple(kept)


def parses(text: str) -> bool:
    """Return whether a text is Python, `await` at its top level allowed."""
    try:
        compile(text, "<cell>", "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError):
        return False
    return True


def _united(edits: Iterable[Edit]) -> list[Edit] | None:
    """Return the edits in the order of the text, each once; None where two of them can not both be made."""
    ordered = sorted(dict.fromkeys(edits), key=lambda each: (each.start, each.end))
    for first, second in pairwise(ordered):
        # Two different insertions at one place have no order that could be known.
        if second.start < first.end or (second.start == first.start and second.end == first.end):
            return None
    return ordered


def _edited(text: str, edits: list[Edit]) -> str:
    pieces, last = [], 0
    of_windows = "\r\n" in text
    for edit in edits:
        pieces += [text[last : edit.start], _BREAK.sub("\r\n", edit.text) if of_windows else edit.text]
        last = edit.end
    return "".join(pieces) + text[last:]
