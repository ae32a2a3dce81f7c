"""A sentence in clauses, what each is about, and which kind of speech a sentence is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from backend_mentor.mentor.figures import Unit, read_numbers
from backend_mentor.mentor.vocabulary import GRAMMAR, IMPERATIVES, KNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.schema import Column, Table
    from backend_mentor.mentor.evidence import Scope

_CODE = re.compile(r"`([^`\n]+)`")
_QUOTED = re.compile(r"(?<!\w)'[^'\n]*'(?!\w)|\"[^\"\n]*\"")
_WORD = re.compile(r"[^\W\d_](?:[\w.'’-]*\w)?")
_NAME = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)?")
_BREAK = re.compile(
    r"(?<!\d),\s+|,\s+(?!\d)|[;:]\s+|\s+[–—-]\s+|\s(?=(?:but|because|since|so that|which|whereas|although|though|yet|"
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
    r"(?:what|how|why|when|where|who|which) .*\b(?:is (?:not known|unknown)|i can(?:'t|not) (?:tell|say|know|see))\b)",
    re.IGNORECASE,
)
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
    r"\bremains to be (?:seen|measured|tested|checked)\b",
    re.IGNORECASE,
)
_HERE = (
    r"\b(?:this(?! (?:small|big|large|size|kind|sort|way|short|long|simple)\b)|your|here|our|ours|now|already|"
    r"today|"
    r"currently|i|we|i've|we've|was|were|went|took|became|fell|cut|shaved|dropped|halved|saved|reduced|improved|turned|"
    r"showed|came|ran|gave|made|sped|rewrites?|rewritten|versions?|variants?|proposals?|trials?|measured|here's|"
    r"the (?:new|current|existing|proposed|original|previous|faster|slower)\b|"
    r"the (?:cell|plan|endpoint|handler|response|latency|trigger|schema|migration|change|tests?)\b|"
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
    r"There (?:is|are) |It (?:takes|costs|pays|helps|is (?:\w+ly |often )?(?:easier|harder|easy|hard|common|normal|"
    r"usual|cheaper|"
    r"safer))\b|"
    r"(?!(?:The|This|That|These|Those|Your|It|Its|Both|Half|Most|Their|Our|His|Her|You|They|We|(?i:sqlite|"
    r"postgres\w*|mysql))\b)"
    r"(?:[A-Z][\w-]*(?:ly|ed|al|ive|ing|nd|en|lar|open|ic|ct|rt|ng|te|ry|ar|le|er|ll|sh|ain|ex)? ){0,2}[A-Za-z-]{2,}"
    r"(?<!wa)(?<!thi)(?<!it)(?<! i)(?<!ha)(?<!doe)(?<!goe)s\b(?! (?:is|was|has)\b)|"
    r"[A-Z][a-z-]+(?:ion|ty|ness|ment|acy|ance|ence)\b|NULL\b"
)
_PLAIN_NAMES_AFTER = re.compile(r"(?<!of )\b(?:the|a|an|this|that|its|their|some|no|any)\s+$", re.IGNORECASE)
_COUNTED_THING = r"\b(?:an|a|each|every|no|any|per|one|single|paid|sent|open|void|new|old|of|the|two|that|this)\s+"


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
    for piece in _BREAK.split(text):
        if pieces and len(piece.split()) < 3:
            pieces[-1] += f", {piece}"
        elif piece.strip():
            pieces.append(piece)
    return tuple(_shown(piece, kept) for piece in pieces)


def unfold(sentence: str) -> str:
    """Return a sentence whose denials are words of their own: `can not` for `can't`."""
    text = sentence.replace("’", "'")
    text = re.sub(r"\bcan't\b|\bcannot\b", "can not", text)
    text = re.sub(r"\b([Ww])on't\b", r"\1ill not", text)
    text = re.sub(r"\b(there|it|that|what|here|he|she)'s\b", r"\1 is", text, flags=re.IGNORECASE)
    text = re.sub(r"\b(you|we|they|I)'ve\b", r"\1 have", text)
    return re.sub(r"\b(\w+)n't\b", r"\1 not", text)


def _shown(piece: str, kept: list[str]) -> str:
    while "\x00" in piece:
        piece = re.sub(r"\x00(\d+)\x00", lambda found: kept[int(found[1])], piece)
    return piece.strip()


def in_words(text: str) -> str:
    """Return a text without its code and quotations."""
    return _QUOTED.sub(" ", _CODE.sub(" ", text)).strip()


def words_of(text: str) -> list[str]:
    """Return the words of a text outside of code and quotations, as they are written."""
    return _WORD.findall(in_words(text))


def is_request(sentence: str) -> bool:
    """Return whether a sentence asks, advises, supposes or owns that something is not known."""
    plain = in_words(sentence).replace("’", "'")
    if sentence.rstrip().endswith("?") or _ASKS.match(plain) or _IGNORANCE.search(plain):
        return True
    words = _WORD.findall(_OPENERS.sub("", plain))
    first = words[0].lower() if words else ""
    is_told = (
        len(words) > 1 and words[1].lower() in _DETERMINERS and first not in GRAMMAR and not _INFLECTED.search(first)
    )
    return first in IMPERATIVES or first == "let's" or is_told


def is_ignorance(sentence: str) -> bool:
    """Return whether a sentence owns, and says nothing beside it, that something is not known."""
    plain = in_words(sentence).replace("’", "'")
    return bool(_IGNORANCE.search(plain)) and len(split_clauses(sentence)) == 1


def is_general(sentence: str, scope: Scope) -> bool:
    """Return whether a sentence teaches of databases at large: it names and points to nothing of this case."""
    plain = in_words(sentence)
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


def names_something(text: str, scope: Scope) -> bool:
    """Return whether a text names a table, column or index of the database, or one of the things in a table."""
    lower = re.sub(r"\be-mail", "email", in_words(text).replace("ORDER BY", "").lower())
    known = _entities(scope)
    if re.search(r"\d|'", _code_of(text)) or any(
        name.lower() in known or name.split(".")[-1].lower() in known for name in _NAME.findall(_code_of(text))
    ):
        return True
    for found in _NAME.finditer(lower):
        for part in found[0].split("."):
            if any(part == table.name.lower() for table in scope.schema.tables) and not _is_english_alone(part):
                return True
            if part in known and (not _is_english(part) or not _PLAIN_NAMES_AFTER.search(lower[: found.start()])):
                return True
            if not _is_english(part) and any(form in known for form in (f"{part}s", *forms(part))):
                return True
    things = [singular(table.name.lower()) for table in scope.schema.tables]
    single = "|".join(re.escape(thing) for thing in things if not _is_english(thing))
    double = "|".join(re.escape(thing) for thing in things if _is_english(thing))
    return bool(
        (single and re.search(rf"{_COUNTED_THING}(?:{single})\b", lower))
        or (
            double
            and re.search(
                rf"\b(?:an?|one|each|every|single|per|no|paid|sent|open|void|shipped|placed|third|second|"
                rf"other)\s+(?:{double})\b",
                lower,
            )
        )
    )


def tables_of(text: str, scope: Scope) -> tuple[Table, ...]:
    """Return the tables that a text speaks of by name or by one of their things, in the order of its words."""
    found: dict[str, int] = {}
    lower = text.lower().replace("order by", "").replace("in order to", "")
    for table in scope.schema.tables:
        name = table.name.lower()
        match = re.search(rf"(?<![\w])(?:{re.escape(name)}|{re.escape(singular(name))})(?:'s)?(?!\w)", lower)
        if match:
            found[table.name] = match.start()
    return tuple(sorted((each for each in scope.schema.tables if each.name in found), key=lambda t: found[t.name]))


def columns_of(text: str, scope: Scope) -> tuple[tuple[Table, Column], ...]:
    """Return the columns that a text speaks of: of the tables that it names, else of those of the cell, else of any."""
    lower = re.sub(r"\be-mail", "email", text.lower())
    lower = re.sub(r"\b(?:email )?address(?:es)?\b", "email", lower)
    pairs = [
        (table, column)
        for table in scope.schema.tables
        for column in table.columns
        if re.search(rf"(?<!\w){_spelled(column.name.lower())}(?!\w)", lower)
    ]
    whole = [each for each in pairs if f"{each[0].name}.{each[1].name}".lower() in lower]
    named = {table.name for table in tables_of(lower, scope)}
    read = {word.lower() for word in re.findall(r"\w+", scope.cell)}
    for chosen in (whole, [p for p in pairs if p[0].name in named], [p for p in pairs if p[0].name.lower() in read]):
        if chosen:
            return tuple(chosen)
    return tuple(pairs)


def _spelled(name: str) -> str:
    """Return a pattern of a column's name as people write it: with blanks, and in the plural."""
    return re.escape(name).replace("_", "[_ -]") + "(?:s|es)?"


def singular(name: str) -> str:
    """Return the word for one thing of a table."""
    if name.endswith("ies"):
        return f"{name[:-3]}y"
    return name[:-1] if name.endswith("s") and not name.endswith("ss") else name


def _code_of(text: str) -> str:
    return " ".join(_CODE.findall(text))


@lru_cache(maxsize=16)
def _named_in(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(name.lower() for name in names)


def _entities(scope: Scope) -> frozenset[str]:
    return _named_in(tuple(entity_names(scope)))


def entity_names(scope: Scope) -> Iterator[str]:
    """Yield the names of all tables, columns and indexes, those that are proposed included."""
    for table in scope.schema.tables:
        yield table.name
        yield from (column.name for column in table.columns)
        yield from (index.name for index in table.indexes)
    for record in scope.records:
        if record.proposal and record.proposal.index:
            yield record.proposal.index.name


def _is_english(word: str) -> bool:
    return any(form in KNOWN for form in forms(word)) or word in _ENGLISH_NAMES


def _is_english_alone(name: str) -> bool:
    """Return whether a table's name is an everyday word as it stands: `order`, and not `orders`."""
    return name in KNOWN or name in _ENGLISH_NAMES


# Names of columns that are everyday words as well.
_ENGLISH_NAMES = frozenset(["price", "reason", "product", "quantity", "city", "status", "total", "order", "state"])


def forms(word: str) -> Iterator[str]:
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
