"""What a number is said of: before or after, which variant, the things of which table; and whether that is held."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from backend_mentor.mentor.clauses import split_clauses
from backend_mentor.mentor.figures import Figure, Unit, read_numbers
from backend_mentor.mentor.mentions import singular
from backend_mentor.mentor.variants import names_one, variants_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.mentor.evidence import Scope
    from backend_mentor.mentor.figures import Number

_I = re.IGNORECASE
_COUNTED = re.compile(
    r"^[^\s|]*\s+(?:(?:of|the|our|its|[\w,]+) ){0,4}?(?:(?P<trials>(?:trial |test |small |scratch |random |"
    r"little )?databases|"
    r"trials)|(?P<mutants>mutants|mutations)|(?P<runs>runs))\b",
    _I,
)
_SAVED = re.compile(
    r"\b(?:sav(?:es?|ed|ing)|spar(?:es?|ed|ing)|a gain of|shav\w+ off|shaved|less by) (?:\w+ ){0,2}$", _I
)
_FEWER = re.compile(r"^ ?\w* (?:fewer|less|saved|spared)\b", _I)
_BEFORE = re.compile(
    r"\b(?:without(?: (?:the|an|any|it)\b)?|before|originally|original|initially|at first|used to|until now|so far|"
    r"as it "
    r"(?:is|was|stands)|currently|today|at present|unindexed|instead of|rather than|compared (?:with|to)|no index)\b",
    _I,
)
_AFTER = re.compile(
    r"\b(?:with (?:it|the|an|that|this)\b(?! original)|with\b(?= (?:index|the index))|thanks to|due to|"
    r"now (?:needs?|takes?|runs?|does|costs?|only)|after(?:wards?)?|once|down to|"
    r"thereafter|indexed|now that|then only|falls? to|dropped to|fell to)\b",
    _I,
)
_BEHIND_BEFORE = re.compile(
    r"^[^,;|]{0,12}?\s(?:steps |ms |milliseconds )?(?:before|without|originally|at first|beforehand|initially|"
    r"until now|so far|today|currently|earlier|at the (?:start|beginning|outset))\b",
    _I,
)
_BEHIND_AFTER = re.compile(
    r"^[^,;|]{0,12}?\s(?:steps |ms |milliseconds )?(?:after(?:wards?)?|(?:at|in) the end|finally|with (?:it|"
    r"the index|an index)|once|instead of|"
    r"rather than)\b",
    _I,
)
_RUNS = re.compile(r"\b(?:single |three |the )?runs?\b(?! through)", _I)
# `35, 36 and 37 ms`: the unit stands behind the last.
_LISTED = re.compile(r"[\d.]+(?:(?:,|,? and) [\d.]+)+ ?(?:ms|milliseconds)\b")
_BREAK = re.compile(r"[,;.|(]\s|\b(?:and|but|while|whereas)\b", _I)
_FROM = re.compile(r"\bfrom (?:about |around |some |roughly |~)?$", _I)
_TO = re.compile(r"\b(?:to|->|→|into) (?:about |around |some |roughly |just |only |a mere |~)?$", _I)
_BETWEEN = frozenset(["and", "or", "but", "in", "on", "for", "from", "to", "while", "whereas"])
_MEASURED = (Unit.MILLISECONDS, Unit.WORK, Unit.FACTOR)


def doubtful_roles(sentence: str, scope: Scope) -> Iterator[str]:
    """Yield each number that a result holds, but not for what the sentence says it of."""
    numbers = sorted(read_numbers(sentence), key=lambda number: number.start)
    for place, number in enumerate(numbers):
        if number.value == 0:
            continue
        found = inherited(number, numbers[:place])
        found = replace(found, when=_when(found, sentence), counts=_counts(found, sentence))
        about = _things(found, sentence, scope) or _named_before(found, sentence, numbers[:place], scope)
        of_things = not about or scope.holds(replace(found, counts="rows"), about)
        of_things = of_things and not _is_part(found, about, sentence, scope)
        in_time = not (found.when or found.counts) or scope.holds(found, frozenset())
        is_held = of_things and in_time and _is_of_variant(found, sentence, scope)
        if not is_held and not is_of_runs(found, sentence, scope):
            yield number.text


def is_of_runs(number: Number, sentence: str, scope: Scope) -> bool:
    """Return whether a time is that of one of the runs that a sentence tells of, and of those before or after."""
    if number.unit is Unit.PLAIN and _LISTED.match(sentence[number.start :]):
        number = replace(number, unit=Unit.MILLISECONDS)
    if number.unit is not Unit.MILLISECONDS or not _RUNS.search(sentence):
        return False
    for measured in (proof.measurement for proof in scope.proofs()):
        for when, runs in (("before", measured.before), ("after", measured.after)) if measured is not None else ():
            if number.when in ("", when) and any(
                number.says(Figure(each, Unit.MILLISECONDS, when=when)) for each in runs.milliseconds
            ):
                return True
    return False


def inherited(number: Number, earlier: list[Number]) -> Number:
    """Return a bare number in the unit of the one before it: from 60,000 steps to 20,000."""
    is_bare = number.unit is Unit.PLAIN and not re.match(r"[a-z]+s$|of$", number.noun)
    if is_bare and earlier and earlier[-1].unit in (Unit.WORK, Unit.MILLISECONDS):
        return replace(number, unit=earlier[-1].unit)
    return number


def _counts(number: Number, sentence: str) -> str:
    if number.unit is not Unit.PLAIN:
        return ""
    found = _COUNTED.match(sentence[number.start :])
    return next((name for name, word in (found.groupdict() if found else {}).items() if word), "")


def _when(number: Number, sentence: str) -> str:
    """Return whether a measured number is of before or after, or is saved, as the words next to it tell."""
    if number.unit not in (Unit.MILLISECONDS, Unit.WORK):
        return ""
    before, behind = sentence[: number.start], re.sub(r"^[\d,.]+", "", sentence[number.start :])
    if _SAVED.search(before) or _FEWER.match(behind):
        return "saved"
    if _FROM.search(before):
        return "before"
    if _TO.search(before):
        return "after"
    if _BEHIND_BEFORE.match(behind):
        return "before"
    if _BEHIND_AFTER.match(behind):
        return "after"
    for piece in reversed(_BREAK.split(before)[-2:]):
        told = [(found.start(), "before") for found in _BEFORE.finditer(piece)]
        told += [(found.start(), "after") for found in _AFTER.finditer(piece)]
        if told or any(read_numbers(piece)):
            return max(told, default=(0, ""))[1]
    return ""


def _things(number: Number, sentence: str, scope: Scope) -> frozenset[str]:
    """Return the table whose things a number counts: `9,000 orders`, `6,000 existing orders`."""
    if number.unit is not Unit.PLAIN:
        return frozenset()
    behind = re.match(r"\S+ (?:of (?:the|your) )?(?P<quality>[a-z]+ )?(?P<thing>\w+)", sentence[number.start :])
    behind_at_once = re.match(r"\S+ (?:of (?:the|your) )?(?P<thing>\w+)", sentence[number.start :])
    for table in scope.schema.tables:
        names = (table.name.lower(), singular(table.name.lower()))
        if behind_at_once and behind_at_once["thing"].lower() in names:
            return frozenset([names[0]])
        if behind and behind["thing"].lower() in names and _is_quality(behind["quality"]):
            return frozenset([names[0]])
    return frozenset()


def _is_quality(word: str | None) -> bool:
    word = (word or "").strip()
    return not word.endswith("ed") and word not in _BETWEEN


def _named_before(number: Number, sentence: str, earlier: list[Number], scope: Scope) -> frozenset[str]:
    """Return the table of a bare number of rows: `orders has 6,000 rows, customers 2,000`."""
    if number.unit is not Unit.PLAIN or number.noun or not any(each.noun.startswith("row") for each in earlier):
        return frozenset()
    before = re.search(r"(\w+)`?(?: has| have| holds|:)? (?:about |only |just )?$", sentence[: number.start])
    table = scope.schema.table(before[1]) if before else None
    return frozenset([table.name.lower()]) if table is not None else frozenset()


def _is_part(number: Number, about: frozenset[str], sentence: str, scope: Scope) -> bool:
    """Return whether all rows of a table are said to have one of the values that a check lists: `6,000 paid orders`."""
    word = re.match(r"\S+ (?:of (?:the|your) )?([a-z]+) ", sentence[number.start :])
    for table in scope.schema.tables:
        values = {value for check in table.checks for value in re.findall(r"'([^']*)'", check.expression)}
        if table.name.lower() in about and word and word[1] in values and table.rows == number.value:
            return True
    return False


def _is_of_variant(number: Number, sentence: str, scope: Scope) -> bool:
    """Return whether a measured number is one of the variant that its clause names."""
    is_trial = number.counts in ("trials", "mutants")
    if number.unit not in (*_MEASURED, Unit.BYTES) and not is_trial:
        return True
    clause = _clause_of(number, sentence)
    if number.text.endswith(("x", "×")):
        return not names_one(clause, scope) or any(
            number.says(figure) for record in variants_in(clause, scope) or () for figure in record.figures
        )
    if number.unit is Unit.FACTOR and not re.search(
        r"\b(?:faster|quicker|slower|as (?:fast|quick)|speed|gain)", clause, _I
    ):
        return True
    named = variants_in(clause, scope)
    if named is None or not names_one(clause, scope):
        named = variants_in(sentence, scope)
        if named is None or not names_one(sentence, scope):
            return True
    return any(number.says(figure) for record in named for figure in record.figures) or _is_of_plan(number, scope)


def _is_of_plan(number: Number, scope: Scope) -> bool:
    plans = [record for record in scope.records if record.plan is not None or record.name == "catalogue"]
    return any(number.says(figure) for record in plans for figure in record.figures)


def _clause_of(number: Number, sentence: str) -> str:
    clauses = [clause for clause in split_clauses(sentence) if number.text in clause]
    return clauses[0] if len(clauses) == 1 else sentence
