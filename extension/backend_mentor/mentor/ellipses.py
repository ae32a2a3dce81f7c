"""What a sentence says without saying it again: `and so is city`, `and status has one too`, `every one of them`."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.mentor.evidence import Scope

_I = re.IGNORECASE
_VERB = r"is|are|was|were|has|have|had|does|do|did|can|could|may|will|must|came|passed|went|failed|held"
_SUBJECT = r"(?P<subject>(?:the |an? |your |its )?[\w.`>=<()' -]{1,60}?)"
_TURNED = re.compile(rf"^(?:and |but )?(?P<no>so|neither|nor) (?P<verb>{_VERB}) {_SUBJECT}\s*[.!]?$", _I)
_TOO = re.compile(
    rf"^(?:and |but |while )?{_SUBJECT} (?P<verb>{_VERB})(?P<denied> not)?(?: (?:one|so|it))?,? "
    r"(?:too|also|as well|likewise|either|the same|so too)\s*(?:[.!]|$)",
    _I,
)
_BARE = re.compile(rf"^(?:and |but )?(?:also )?{_SUBJECT},? (?:too|as well|likewise|either|also)\s*[.!]?$", _I)
_SAME_FOR = re.compile(
    rf"^(?:and |but )?(?:the same (?:goes|holds|is true|applies)|likewise|similarly|ditto) (?:for|of|to|"
    rf"with) {_SUBJECT}"
    r"\s*[.!]?$",
    _I,
)
_ALSO = re.compile(rf"^(?:and |but )?{_SUBJECT} also (?P<verb>{_VERB})(?: so| it)?\s*(?:[.!]|$)", _I)
_LIKEWISE = re.compile(
    rf"^(?:and |but )?(?:likewise|so too|ditto|same for|as well as|along with) {_SUBJECT}\s*(?:[.!]|$)", _I
)
_PREDICATE = re.compile(rf"(?<=\w )(?:{_VERB})\b", _I)
_VERBAL = re.compile(r"(?<=\w )[a-z]{3,}(?:s|ed)\b")
_ONE = re.compile(
    r"\b(?P<verb>has|have|got|is|with) (?:already )?(?:one|its own)(?= (?:on|for|of|over|too|as|already)\b|[.!]?$)", _I
)
_KIND = re.compile(r"\b(?:primary key|foreign key|unique index|index|check|constraint)\b", _I)
_NONE_ON = re.compile(r"\bnone(?= (?:on|for|over)\b)", _I)
_AND_IS = re.compile(
    r"^(?P<subject>[\w.` ]{1,40}?) (?P<verb>is|are) [^,;]+? and (?:also |even |therefore |so )?"
    r"(?P<second>unique|indexed|nullable|optional|required|mandatory|NOT NULL|(?:the|an?) [\w ]*key)\b",
    _I,
)
_THE_ONE = re.compile(r"\bthe (?:one|same one)\b", _I)
_THING = re.compile(r"\b(?:index|version|rewrite|variant|range)\b", _I)
_OF_THEM = re.compile(
    r"\b(?:(?:every|each) (?:single )?one|(?:all|none|most|half|some|many|few|any|several|neither|"
    r"one) ?)(?: of (?:them|these|those))\b"
    r"|\b(?P<each>(?:every|each) (?:single )?one)\b(?= (?:has|is|carries|holds|was))",
    _I,
)
_IN_IT = re.compile(r"\b(?P<where>in|on|of|from) (?:it|them)\b", _I)
_SPLIT = re.compile(
    r"[,;:]\s+|\s+(?=(?:and|but) (?:so|neither|nor|the same|likewise)\b)|"
    r"\s+(?=(?:and|but) [\w.`>=<()' -]{1,40}? (?:too|as well|likewise|either)\s*[.!]?$)",
    _I,
)


def spelled_out(sentence: str, scope: Scope) -> Iterator[str]:
    """Yield the statements that a sentence makes by leaving words out, with those words put back."""
    pieces = [piece.strip() for piece in _SPLIT.split(sentence) if piece.strip()]
    for earlier, later in pairwise(pieces):
        for pattern in (_TURNED, _LIKEWISE, _TOO, _SAME_FOR, _ALSO, _BARE):
            if found := pattern.match(later):
                yield from _repeated(earlier, found)
                break
        if (kind := _KIND.search(earlier)) and (one := _ONE.search(later)):
            yield f"{later[: one.start()]}{one['verb']} an {kind[0]}{later[one.end() :]}"
        elif kind and (none := _NONE_ON.search(later)):
            yield f"{later[: none.start()]}no {kind[0]}{later[none.end() :]}"
    if both := _AND_IS.match(sentence):
        yield f"{both['subject']} {both['verb']} {both['second']}."
    resolved = _with_tables(sentence, scope)
    if resolved != sentence:
        yield resolved


def _repeated(earlier: str, found: re.Match[str]) -> Iterator[str]:
    """Yield the predicate of the earlier statement with the subject of the later."""
    predicate = _PREDICATE.search(earlier) or _VERBAL.search(earlier)
    subject = found["subject"].strip()
    if predicate is None or not subject or len(subject.split()) > 8:
        return
    if thing := _THING.search(earlier):
        subject = _THE_ONE.sub(f"the {thing[0]}", subject)
    denied = "denied" in found.re.groupindex and found["denied"]
    said = earlier[predicate.start() :].rstrip(".! ")
    if denied and not re.search(r"\bnot\b", said):
        said = re.sub(r"^(\w+)", r"\1 not", said, count=1)
    yield f"{subject} {said}."


def _with_tables(sentence: str, scope: Scope) -> str:
    """Return a sentence whose `of them` and `in it` name the table that was named last."""
    names = "|".join(re.escape(table.name) for table in scope.schema.tables)
    for pattern in (_OF_THEM, _IN_IT):
        found = pattern.search(sentence)
        before = re.findall(rf"\b(?:{names})\b", sentence[: found.start()], _I) if found and names else []
        if found and before:
            name = before[-1]
            word = re.sub(r" of (?:them|these|those)$", "", found[0], flags=_I)
            put = f"{found['where']} {name}" if "where" in found.re.groupindex else f"{word} of {name}"
            sentence = sentence[: found.start()] + put + sentence[found.end() :]
    return sentence
