"""The words of a sentence in plain English, and whether a phrase stands in them, whatever its endings."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass

_WORD = re.compile(r"[a-z0-9]+", re.IGNORECASE)
# Longest first: `authentication`, `authenticate` and `authenticating` all become `authentic`.
_ENDINGS = (
    *("izations", "isations", "ization", "isation", "ifications", "ification"),
    *("ations", "ating", "ation", "ators", "ator", "ated", "ates", "ate"),
    *("ingly", "ings", "ing", "ions", "ion", "ies", "ied", "ed", "es", "ly", "e", "s", "y"),
)
_LEAST_STEM = 3
_GAP_AT_MOST = 2
"""Words that may stand between two of a phrase: `upload a large file`, `the API is too slow`."""
_SHORTEST_MISSPELT = 6
_LIKENESS = 0.84


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a sentence, its stem, and where it stands."""

    stem: str
    start: int
    end: int


def stem_of(word: str) -> str:
    """Return a word without its ending; what it returns is no word, and equal for the forms of one."""
    word = word.lower()
    if word.isdigit():
        return word
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _LEAST_STEM:
            word = word.removesuffix(ending)
            break
    # `retrying` ends like `retry` now, and `logg` like `log`.
    return word[:-1] if len(word) > _LEAST_STEM and (word[-1] == "y" or word[-1] == word[-2]) else word


def read_words(text: str, known: frozenset[str] = frozenset()) -> tuple[Word, ...]:
    """Return the words of a text; a longer one that is none of the `known` words but nearly one is taken for it."""
    stems = frozenset(stem_of(word) for word in known)
    return tuple(
        Word(_stem(found.group().lower(), known, stems), found.start(), found.end()) for found in _WORD.finditer(text)
    )


def find_phrase(phrase: str, words: tuple[Word, ...]) -> tuple[int, ...] | None:
    """Return which words, counted from 0, are the phrase: in its order, at most one other between two of them."""
    stems = [stem_of(each) for each in _WORD.findall(phrase)]
    for start in range(len(words)):
        found = _match_from(stems, words, start)
        if found is not None:
            return found
    return None


def _match_from(stems: list[str], words: tuple[Word, ...], start: int) -> tuple[int, ...] | None:
    positions: list[int] = []
    at = start
    for stem in stems:
        reach = range(at, min(at + 1 + (_GAP_AT_MOST if positions else 0), len(words)))
        here = next((position for position in reach if words[position].stem == stem), None)
        if here is None:
            return None
        positions.append(here)
        at = here + 1
    return tuple(positions)


def _stem(word: str, known: frozenset[str], stems: frozenset[str]) -> str:
    stem = stem_of(word)
    if stem in stems or len(word) < _SHORTEST_MISSPELT:
        return stem
    near = difflib.get_close_matches(word, sorted(known), n=1, cutoff=_LIKENESS)
    return stem_of(near[0]) if near else stem
