"""What came of a report: shown, or sent back with the reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from backend_mentor.mentor.claims import citations, doubts
from backend_mentor.mentor.sentences import split_sentences

if TYPE_CHECKING:
    from backend_mentor.mentor.case import Case


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether a report is shown, and what the model is told."""

    accepted: bool
    reason: str
    more: Mapping[str, object] = field(default_factory=dict)


def refuse(reason: str, **more: object) -> Judgement:
    """Return that a report goes back."""
    return Judgement(False, reason, more)


def doubts_in(
    texts: tuple[str, ...], case: Case, cited: tuple[str, ...] = (), *, is_opinion: bool = False
) -> tuple[str, ...]:
    """Return every claim of these texts that no evidence holds; `is_opinion` as in `doubts`."""
    found: list[str] = []
    for text in texts:
        for sentence in split_sentences(text):
            scope = case.evidence.scope((*cited, *citations(sentence)))
            found += doubts(sentence, scope, is_code_cell=case.is_code, is_opinion=is_opinion)
    return tuple(dict.fromkeys(found))
