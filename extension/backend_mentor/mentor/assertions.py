"""What is asserted of this case in words whose truth no judge can tell.

The judges of numbers, names, plans, schemas, effects and deeds each know the words of their claims. A sentence about
this case that needs other words says something that none of them has looked at: it is held for unverified, whatever
it says. Questions, advice, suppositions, and what is taught of databases in general are not about the case.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from backend_mentor.mentor.vocabulary import IMPERATIVES, KNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.mentor.evidence import Scope

_CODE = re.compile(r"`[^`\n]+`")
_QUOTED = re.compile(r"'[^'\n]*'|\"[^\"\n]*\"")
_WORD = re.compile(r"[^\W\d_](?:[\w.'’-]*\w)?")
_OPINION = re.compile(
    r"(?:I(?:'d| would| could| can| do| don't| am|'m)\b|if\b|unless\b|whether\b|should\b|"
    r"(?:it|that|this) (?:all )?depends\b|"
    r"it is a (?:question|matter)\b|in (?:my|general)\b)",
    re.IGNORECASE,
)
_SUPPOSED = re.compile(r"\b(?:would|could|should|might)\b|\bif\b", re.IGNORECASE)
_GENERIC = re.compile(r"(?:an?|any|every|each|some|most|many)\s+(?!of\b)[\w-]+", re.IGNORECASE)
_POINTER = re.compile(
    r"\b(?:the|this|these|those|that|your|its?|here|both|we|i|i've|no|none|"
    r"nothing|nobody|nowhere|everything|everybody|was|were|will)\b",
    re.IGNORECASE,
)
_ENDINGS = ("", "s", "es", "d", "ed", "ing", "ly", "'s", "n't", "er", "est")


def unknown_words(sentence: str, scope: Scope) -> Iterator[str]:
    """Yield the words by which a sentence says of this case what no judge of claims can tell."""
    plain = _QUOTED.sub(" ", _CODE.sub(" ", sentence)).strip()
    entities = _entities(scope)
    if not _asserts(plain, sentence, entities):
        return
    parts_of_names = frozenset(part for name in entities for part in name.split("_"))
    known = entities | parts_of_names | frozenset(re.findall(r"\w+", f"{scope.cell} {_checks(scope)}".lower()))
    for word in _WORD.findall(plain):
        parts = [part for part in re.split(r"[.\-’]", word.lower()) if part]
        if not _is_known(word.lower(), known) and not all(_is_known(part, known) for part in parts):
            yield word


def _asserts(plain: str, sentence: str, entities: frozenset[str]) -> bool:
    """Return whether a sentence asserts something of this case."""
    words = [word.lower() for word in _WORD.findall(plain)]
    if not words or sentence.rstrip().endswith("?") or words[0] in IMPERATIVES or _OPINION.match(plain):
        return False
    parts = [part for word in words for part in word.split(".")]
    speaks_of = any(form in entities for part in parts for form in _named_by(part))
    if _GENERIC.match(plain) and not speaks_of:
        return False
    return (speaks_of or bool(_POINTER.search(plain))) and not _SUPPOSED.search(plain)


def _entities(scope: Scope) -> frozenset[str]:
    tables = scope.schema.tables
    names = [name for table in tables for name in (table.name, *(column.name for column in table.columns))]
    names += [index.name for table in tables for index in table.indexes]
    names += [record.proposal.index.name for record in scope.records if record.proposal and record.proposal.index]
    return frozenset(name.lower() for name in names)


def _checks(scope: Scope) -> str:
    return " ".join(check.expression for table in scope.schema.tables for check in table.checks)


def _named_by(word: str) -> Iterator[str]:
    """Yield the names that a word may stand for; one that is plain English too stands for itself alone."""
    yield word
    if not _is_known(word, frozenset()):
        yield f"{word}s"
        yield from _forms(word)


def _is_known(word: str, more: frozenset[str]) -> bool:
    return len(word) == 1 or f"{word}s" in more or any(form in KNOWN | more for form in _forms(word))


def _forms(word: str) -> Iterator[str]:
    """Yield a word and what it is inflected from, as far as endings tell."""
    for ending in _ENDINGS:
        if not word.endswith(ending):
            continue
        stem = word.removesuffix(ending)
        yield stem
        yield f"{stem}e"
        if stem.endswith("i"):
            yield f"{stem[:-1]}y"
        if stem[-2:-1] == stem[-1:]:
            yield stem[:-1]
