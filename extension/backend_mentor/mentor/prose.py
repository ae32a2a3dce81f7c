"""The model's prose as passages to be shown: sentence by sentence, with what no result bears out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from backend_mentor.domain.narrative import Passage
from backend_mentor.mentor.claims import citations, doubts, is_statement, was_seen, without_citations
from backend_mentor.mentor.elsewhere import results_spoken_of
from backend_mentor.mentor.sentences import split_blocks, split_sentences

if TYPE_CHECKING:
    from backend_mentor.mentor.evidence import Evidence

_IMAGE = re.compile(r"!\[([^\]]*)\]\([^)]*\)")
_LINK = re.compile(r"\[([^\]]+)\]\(\s*(?:https?://([^/\s)]+)[^)]*|[^)]*)\)")
_MARKS = re.compile(r"\*\*|__|^#{1,6}\s+|^\s*>\s?")
_NOT_RUN = "code that was not run"
_NOT_TRIED = "SQL that was not tried"


def gate(text: str, evidence: Evidence, *, is_code_cell: bool = False) -> tuple[Passage, ...]:
    """Return the text as passages. Links keep their words and host, images are left out, marks of Markdown go."""
    passages: list[Passage] = []
    for is_code, piece in split_blocks(text):
        if is_code:
            passages.append(_code(piece, evidence))
            continue
        sentences = split_sentences(_plain(piece))
        for number, sentence in enumerate(sentences):
            key = sentence, is_code_cell
            found = evidence.judged.get(key)
            if found is None:
                found = evidence.judged[key] = _doubted(sentence, evidence, is_code_cell=is_code_cell)
            passages.append(Passage(without_citations(sentence), found, begins_paragraph=number == 0))
    return tuple(passages)


def _doubted(sentence: str, evidence: Evidence, *, is_code_cell: bool) -> tuple[str, ...]:
    scope = evidence.scope((*citations(sentence), *results_spoken_of(sentence, evidence)))
    found = doubts(sentence, scope, is_code_cell=is_code_cell)
    return found + tuple(f"there is no result {name}" for name in citations(sentence) if not evidence.knows(name))


def finished_part(text: str) -> str:
    """Return the sentences and blocks of a text that is still coming in which are whole already."""
    if text.count("```") % 2:
        text = text[: text.rindex("```")]
    ends = [found.end() for found in re.finditer(r"[.!?](?:\s*\[r[\d, r]+\])?(?=\s)|\n", text)]
    return text[: ends[-1]] if ends else ""


def _code(piece: str, evidence: Evidence) -> Passage:
    scope = evidence.scope()
    if was_seen(piece, scope):
        return Passage(piece, is_code=True)
    if is_statement(piece):
        return Passage(piece, (_NOT_TRIED,), is_code=True)
    return Passage(piece, (_NOT_RUN,), is_code=True)


def _plain(line: str) -> str:
    line = _IMAGE.sub("(an image was left out)", line)
    line = _LINK.sub(lambda found: f"{found[1]} ({found[2]})" if found[2] else found[1], line)
    return _MARKS.sub("", line)
