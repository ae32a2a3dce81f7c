"""A sentence in clauses, what each is about, and which kind of speech a sentence is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from backend_mentor.mentor.figures import Unit, read_numbers
from backend_mentor.mentor.mentions import in_words, names_something
from backend_mentor.mentor.vocabulary import GRAMMAR, IMPERATIVES

if TYPE_CHECKING:
    from backend_mentor.mentor.evidence import Scope

_CODE = re.compile(r"`([^`\n]+)`")
_QUOTED = re.compile(r"(?<!\w)'[^'\n]*'(?!\w)|\"[^\"\n]*\"")
_WORD = re.compile(r"[^\W\d_](?:[\w.'’-]*\w)?")
_BREAK = re.compile(
    r"(?<!\d),\s+|,\s+(?!\d)|[;:]\s+|\s+[–—-]\s+|\s(?=(?:but|because(?! of)|since|so that|which|whereas|although|"
    r"though|yet|"
    r"hence|therefore|while|as (?:no|the|it|there|every|each)|and (?:so|thus|hence|that|it|the|there|each|every|finds?|"
    r"can|takes?|has|is|won't|doesn't|then))\s)|\s(?=so (?:no|the|that|it|you|there|every|each|one|this|sum)\s)",
    re.IGNORECASE,
)
_ENDINGS = ("", "s", "es", "d", "ed", "ing", "ly", "'s", "n't", "er", "est")
_ASKS = re.compile(
    r"(?:i(?:'d| would| could| can(?:'t|not)?| do(?:n't| not)| am|'m| haven't| have not| see no way| suggest|"
    r" recommend)"
    r"\b|if\b|unless\b|whether\b|should\b|(?:you|one) (?:could|might|can|may|should|would|need|want|will want)\b|"
    r"(?:it|that|this) (?:all )?depends\b|it is a (?:question|matter)\b|in (?:my|general)\b|"
    r"(?:it|that) (?:is|would be|might be|may be) (?:worth|best|better|wise|good practice|helpful|useful)\b|"
    r"it'?s (?:worth|best|better|wise|good practice|helpful|useful)\b|"
    r"(?:it is|that is|this is) (?:a bit |rather |much )?like\b|think of\b|imagine\b|"
    r"\S+ (?:\w+ )?depends? (?:up)?on (?:how|what|whether|where|when|your)\b|"
    r"(?:what|how|why|when|where|who|which) .*\b(?:is (?:not known|unknown)|i can(?:'t|not) (?:tell|say|know|see))\b)",
    re.IGNORECASE,
)
_VERBAL = re.compile(r"\b(?:is|are|was|were|has|have|can|will|must|may|\w+(?:s|ed))\b|>=|=", re.IGNORECASE)
_OPENERS = re.compile(
    r"^(?:(?:please|first|then|next|so|and|or|but|instead|finally|also|otherwise|perhaps|maybe|afterwards|"
    r"personally|for now|in that case|as a rule|in practice|if in doubt|when in doubt|rather|better|ideally|simply|"
    r"just|at least|in short)\b,?\s+|"
    r"(?:before|after|when|once|if|unless|as long as|until|while|whenever|for|to|instead of|"
    r"rather than)\b[^,:;]*,\s+)+",
    re.IGNORECASE,
)
# A bare verb before one of these is told to the reader: `plan the change`.
_DETERMINERS = frozenset(
    ["the", "a", "an", "your", "it", "this", "these", "those", "each", "every", "all", "any", "them"]
)
_INFLECTED = re.compile(r"(?:[^s]s|ed|ing)$")
_IGNORANCE = re.compile(
    r"\b(?:I|we) (?:(?:really |just |simply )?(?:can(?: ?not|'t)|could(?: not|n't)|do(?: not|n't)|did(?: not|n't)|"
    r"have(?: not|n't)|am not|'m not) (?:yet )?(?:tell|know|say|see|seen|measured?|sure|tried|try|timed?|check(?:ed)?|"
    r"test(?:ed)?|verified|verify|looked|look|judge|have|been|run|benchmarked|certain|able))\b|"
    r"\b(?:nothing|no result|no measurement|no plan) here (?:shows|tells|says)\b|\b(?:I have|there is) no (?:figures?|"
    r"measurements?|way to (?:tell|know)|evidence|idea)\b|\bis (?:unknown|not known)\b|"
    r"\bhas(?: not|n't) been (?:tried|measured|tested|checked|timed|verified)\b|\b(?:was|were) not (?:tried|"
    r"measured)\b|"
    r"\b(?:I|we) have nothing to say\b|\bwill (?:give|show|have|see) (?:you )?(?:other|different) (?:figures|"
    r"numbers|times|results)\b|"
    r"\bremains to be (?:seen|measured|tested|checked)\b",
    re.IGNORECASE,
)
_HERE = (
    r"\b(?:this(?! (?:small|big|large|size|kind|sort|way|short|long|simple)\b)|your|here|our|ours|now|already|"
    r"today|"
    r"currently|i|we|i've|we've|was|were|went|took|became|fell|cut|shaved|dropped|halved|saved|reduced|improved|turned|"
    r"showed|came|ran|gave|made|sped|rewrites?|rewritten|versions?|variants?|proposals?|trials?|measured|here's|"
    r"the (?:new|current|existing|proposed|original|previous|faster|slower)\b|"
    r"the (?:first|last|right|matching) (?:orders?|rows?|entry|day)\b|the (?:cell|plan|endpoint|handler|response|"
    r"latency|trigger|schema|migration|change|tests?)\b|"
    r"(?:(?:^|[.;:] |\b(?:of|in|for|on|with|from|to|all) )(?:these|those)\b)"
)
_STRONG_POINTER = re.compile(rf"{_HERE})\b", re.IGNORECASE)
_POINTER = re.compile(
    rf"{_HERE})\b|\b(?:will|any ?more|no longer|afterwards|(?:both|all|no|the two) tables?|the (?:quer(?:y|ies)'?s?|"
    rf"call|request|statement|join|scan|sort|result|output|statistics|status|"
    rf"rows|"
    r"code|app|application|site|view|catalogue|condition|filter|planner|engine|table|index|column|work|time)|these|"
    r"those|"
    r"sqlite|postgres\w*)\b",
    re.IGNORECASE,
)
_STEP = re.compile(r"step \d+\b", re.IGNORECASE)
_HAPPENS = re.compile(
    r"\b(?:is|are) (?:then |first |now )?(?:built|made|created|set up|put) (?:to|for|in|by|on|at|before|after)\b",
    re.IGNORECASE,
)
_CONDITIONAL = re.compile(r"\b(?:when|whenever|if|where|unless|because|only|can|may|for (?:each|every|any|queries))\b")
_USUALLY = re.compile(r"\b(?:normally|usually|generally|in general|as a rule|in most (?:databases|engines))\b")
_DEFINES = re.compile(r"[A-Z][\w -]+: (?:one|an?) |(?:We|People|One) (?:calls?|speaks? of|says?) ")
# `X, which is sorted, can not be used`: what is put in between is said of the same thing.
_PUT_IN = re.compile(
    r"(?P<name>`?\b\w+`?), which (?P<rest>(?:is|are|was|has|holds|stays) [^,;]+), "
    r"(?=(?:can|is|has|does|will|was|are|gets?|must|stays?)\b)"
)
_SAME_ROWS = re.compile(r"\b(?:exactly|precisely) (?:the|these|those) (?:\w+ )?rows\b", re.IGNORECASE)
_SUBJECT_OF_ALL = re.compile(
    r"(?i:an?|any|every|each|some|most|many|one|few|more|fewer|all)\s+(?!of\b)|"
    r"(?i:in|with|without|on|for|under|by|from|at|inside|behind|outside|because|since|when|where|once|as|while|"
    r"although|though|unlike|like|even|only|not|between|among|within|of|to|until|unless)\s+(?!(?:the|that|it)\b)|"
    r"(?i:the )?(?i:planner|optimi[sz]er|engine|database|sql|sqlite|postgres\w*|mysql)\b"
    r"(?!.*\b(?:[Tt]he|both|all) (?:join|query|sort|scan|filter|rows|tables?|result|condition)\b)|"
    r"[A-Z]{2,}[A-Z()*_ ]*\b|(?!Nothing|Everything|Something|Anything)[A-Z][a-z]+ing\b(?! (?:it|them|that|this|the|"
    r"your|these|those)\b)|"
    r"The (?:price|cost|trade-off|rule|trick|trap|idea|point|catch|leading|downside|upside|simplest|"
    r"drawback|danger|advantage|benefit|difference|usual|general|longer|shorter|more|less|larger|smaller|wider) |"
    r"The (?:fewer|bigger) [^,]+, the |There (?:is|are) |It (?:takes|costs|pays|helps|is (?:\w+ly |"
    r"often )?(?:easier|harder|easy|hard|common|normal|"
    r"usual|cheaper|"
    r"safer))\b|"
    r"(?!(?:The|This|That|These|Those|Your|It|Its|Both|Half|Most|Their|Our|His|Her|You|They|We|(?i:sqlite|"
    r"postgres\w*|mysql))\b)"
    r"(?:[A-Z][\w-]*(?:ly|ed|al|ive|ing|nd|en|lar|open|ic|ct|rt|ng|te|ry|ar|le|er|ll|sh|ain|ex)? ){0,2}[A-Za-z-]{2,}"
    r"(?<!wa)(?<!thi)(?<!it)(?<! i)(?<!ha)(?<!doe)(?<!goe)s\b(?! (?:is|was|has)\b)|"
    r"[A-Z][a-z-]+(?:ion|ty|ness|ment|acy|ance|ence)\b|NULL\b"
)


@dataclass(frozen=True, slots=True)
class Claim:
    """What a clause says of the case that a judge has looked into."""

    words: str
    held: bool
    """False where the evidence holds nothing of the kind, or the contrary."""


def split_clauses(sentence: str) -> tuple[str, ...]:
    """Return the clauses of a sentence; code stays whole."""
    kept: list[str] = []

    def hide(found: re.Match[str]) -> str:
        kept.append(found[0])
        return f"\x00{len(kept) - 1}\x00"

    text = _QUOTED.sub(hide, _CODE.sub(hide, unfold(sentence)))
    text = re.sub(r"\([^()]*\)", hide, text)
    pieces: list[str] = []
    text = re.sub(r"\b(?:on|over|of) \(?`?[\w.]+`?, `?[\w.]+`?(?:,? (?:and|or) `?[\w.]+`?)", hide, text)
    text = re.sub(r",? but (?:not including|excluding),? ", " excluding ", text)
    for piece in _BREAK.split(text):
        if pieces and len(piece.split()) < 3:
            pieces[-1] += f", {piece}"
        elif pieces and piece.startswith("and the ") and len(pieces[-1].split()) < 4 and not _VERBAL.search(pieces[-1]):
            pieces[-1] += f" {piece}"  # two subjects of one verb
        elif piece.strip():
            pieces.append(piece)
    return tuple(_shown(piece, kept) for piece in pieces)


def unfold(sentence: str) -> str:
    """Return a sentence whose denials are words of their own: `can not` for `can't`."""
    text = sentence.replace("’", "'")
    text = re.sub(r",? ?\bbut not including,?", " but not including", text)
    text = text.replace("one and the same", "the same")
    if put_in := _PUT_IN.search(text):
        tail = "." if text.rstrip().endswith(".") else ""
        rest = text[put_in.end() :].rstrip(" .")
        text = f"{text[: put_in.start()]}{put_in['name']} {rest}; {put_in['name']} {put_in['rest']}{tail}"
    text = re.sub(r"\bcan't\b|\bcannot\b", "can not", text)
    text = re.sub(r"\b([Ww])on't\b", r"\1ill not", text)
    text = re.sub(r"\b(there|it|that|what|here|he|she)'s\b", r"\1 is", text, flags=re.IGNORECASE)
    text = re.sub(r"\b(you|we|they|I)'ve\b", r"\1 have", text)
    return re.sub(r"\b(\w+)n't\b", r"\1 not", text)


def _shown(piece: str, kept: list[str]) -> str:
    while "\x00" in piece:
        piece = re.sub(r"\x00(\d+)\x00", lambda found: kept[int(found[1])], piece)
    return piece.strip()


def words_of(text: str) -> list[str]:
    """Return the words of a text outside of code and quotations, as they are written."""
    return _WORD.findall(in_words(text))


def is_request(sentence: str) -> bool:
    """Return whether a sentence asks, advises, supposes or owns that something is not known."""
    plain = in_words(sentence).replace("’", "'")
    if _STEP.match(plain) or re.match(r"[A-Z]\w+ \d+ ", plain):
        return False
    if sentence.rstrip().endswith("?") or _ASKS.match(plain) or _IGNORANCE.search(plain):
        return True
    words = _WORD.findall(_OPENERS.sub("", plain))
    if re.match(r"(?:better|best) to \w+", plain, re.IGNORECASE):
        return True
    if re.match(r"(?:step|point|note) (?:one|two|three|\d+|is|was)\b", plain, re.IGNORECASE):
        return False
    first = words[0].lower() if words else ""
    is_told = (
        len(words) > 1
        and words[1].lower() in _DETERMINERS
        and first not in GRAMMAR
        and not _INFLECTED.search(first)
        and not first.endswith("ly")
        and first != "almost"
    )
    return first in IMPERATIVES or first == "let's" or is_told


def owns_ignorance(sentence: str) -> bool:
    """Return whether a sentence says, among other things, that something is not known."""
    return bool(_IGNORANCE.search(in_words(sentence).replace("’", "'")))


def is_ignorance(sentence: str) -> bool:
    """Return whether a sentence owns, and says nothing beside it, that something is not known."""
    plain = in_words(sentence).replace("’", "'")
    return bool(_IGNORANCE.search(plain)) and len(split_clauses(sentence)) == 1


def is_general(sentence: str, scope: Scope) -> bool:
    """Return whether a sentence teaches of databases at large: it names and points to nothing of this case."""
    plain = in_words(sentence)
    if re.match(r"[A-Z][a-z]+ing\b", plain) and _QUOTED.search(sentence):
        return False  # what is done to a literal is done to this query
    if _HAPPENS.search(plain) and not _CONDITIONAL.search(plain):
        return False
    is_taught = _DEFINES.match(plain) or (_USUALLY.search(plain) and not _STRONG_POINTER.search(plain))
    if is_taught and not names_something(sentence, scope):
        return True
    if (
        _SAME_ROWS.search(plain)
        or plain[:1].islower()
        or names_something(sentence, scope)
        or _STRONG_POINTER.search(plain)
    ):
        return False
    if any(number.unit is not Unit.PLAIN for number in read_numbers(plain)):
        return False
    return bool(_SUBJECT_OF_ALL.match(plain))


def points_here(clause: str) -> bool:
    """Return whether a clause points to this query, plan, trial or code."""
    return bool(_POINTER.search(in_words(clause)))
