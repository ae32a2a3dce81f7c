"""Claude's words in paragraphs, each sentence behind which nothing stands marked as such."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from backend_mentor.renderers.tables import shorten

if TYPE_CHECKING:
    from backend_mentor.domain.narrative import Narrative, Passage


_CAVEAT = (
    "Claude's words. Their numbers, names, index use and speed were held against what was tried here; the rest is "
    "opinion."
)


def notices_of(narrative: Narrative) -> tuple[str, ...]:
    """Return what stands below the words: how far they were checked, and what became of the answer."""
    return (*((_CAVEAT,) if narrative.passages else ()), *narrative.notices)


def paragraphs_of(narrative: Narrative) -> tuple[tuple[Passage, ...], ...]:
    """Return the passages in paragraphs; a block of code is one by itself."""
    number = 0
    numbered = []
    for passage in narrative.passages:
        number += passage.begins_paragraph or passage.is_code
        numbered.append((number, passage))
    return tuple(tuple(passage for _, passage in group) for _, group in groupby(numbered, key=lambda each: each[0]))


def mark_of(passage: Passage) -> str:
    """Return what is said behind a sentence that nothing bears out, or nothing."""
    if not passage.unverified:
        return ""
    claims = ", ".join(shorten(claim) for claim in passage.unverified)
    return f"[not verified: {claims}]"


def said_in(paragraph: tuple[Passage, ...]) -> str:
    """Return a paragraph as one text, its marks in place."""
    return " ".join(" ".join(filter(None, (passage.text, mark_of(passage)))) for passage in paragraph)
