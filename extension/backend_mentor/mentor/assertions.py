"""What a sentence asserts of this case, clause by clause: held by a judge, doubted by one, or looked at by none.

Questions, advice, suppositions and what is taught of databases at large assert nothing of the case. Of an assertion
each clause goes before the judges. One that no judge knows is let pass where it explains a clause that holds, or says
no more than everyday words do; else it asserts something that nobody has looked at, and is held for unverified.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from backend_mentor.domain.proof import Effect
from backend_mentor.mentor.access import judge_access
from backend_mentor.mentor.clauses import (
    entity_names,
    forms,
    is_general,
    is_request,
    names_something,
    points_here,
    split_clauses,
    words_of,
)
from backend_mentor.mentor.constraints import judge_constraints
from backend_mentor.mentor.effects import kind_spoken_of
from backend_mentor.mentor.figures import read_numbers
from backend_mentor.mentor.risks import judge_case_risks, judge_risks
from backend_mentor.mentor.vocabulary import KNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.mentor.evidence import Scope

_LEADS_ON = re.compile(
    r"(?:so|which|because|since|as|hence|therefore|thus|and|but|yet|that|where|while|for|though|although|whereas|when|"
    r"after|before|with|by|in|on|to|instead|then|it|they|meaning)\b",
    re.IGNORECASE,
)
_SUPPOSED = re.compile(r"\b(?:would|should|if|unless|whether|were to)\b", re.IGNORECASE)
_IF = re.compile(r"\b(?:if|unless|whether|were to)\b", re.IGNORECASE)
_POSSIBLE = re.compile(
    r"\b(?:would|should|could|may|might|if|unless|whether|otherwise|were to|worth)\b|\b(?:as|once|when) .* grows?\b",
    re.IGNORECASE,
)
_WRITES = re.compile(r"\b(?:inserts?|writes?|writing|updates?|deletes?|disk|space)\b", re.IGNORECASE)
_PAYS = re.compile(
    r"\b(?:maintain\w*|keep|kept|slow\w*|pays?|paid|costs?|extra|one more|more work|additional|takes?|needs?|has to|"
    r"have "
    r"to|overhead|price)\b",
    re.IGNORECASE,
)
_UPKEEP = re.compile(r"\bindex\w* .*\b(?:upkeep|maintenance|maintained|space|disk|up to date)\b", re.IGNORECASE)
_OF_THE_CELL = re.compile(
    r"\b(?:the|your|this) (?:query|cell|statement|condition|filter|join|select|where clause|rewrite) (?:\w+ )?"
    r"(?:filters?|asks?|selects?|joins?|compares?|restricts?|looks? for|wants?|returns?|reads?|touches|wraps?|calls?|"
    r"applies|combines?|has|keeps?|takes?|tests?|checks?|contains?|mentions?|uses?|matches|picks?|wants|fetches|needs?|"
    r"pairs?|lists?|names?|says)\b",
    re.IGNORECASE,
)


def unproven(sentence: str, scope: Scope, *, is_code_cell: bool = False) -> Iterator[str]:
    """Yield by what words a sentence says of this case more than the evidence holds."""
    if is_request(sentence):
        yield from _doubted(sentence, scope, asserts=False, is_code_cell=is_code_cell)
        return
    if is_general(sentence, scope):
        return
    is_backed = False
    for clause in split_clauses(sentence):
        doubted, held = _weigh(clause, scope, asserts=True, is_code_cell=is_code_cell)
        yield from doubted
        follows = is_backed and bool(_LEADS_ON.match(clause))
        if not (doubted or held or follows or is_code_cell or is_request(clause) or _POSSIBLE.search(clause)):
            yield from unknown_words(clause, scope)
        is_backed = is_backed or held


def _doubted(text: str, scope: Scope, *, asserts: bool, is_code_cell: bool) -> tuple[str, ...]:
    return _weigh(text, scope, asserts=asserts, is_code_cell=is_code_cell)[0]


def _weigh(clause: str, scope: Scope, *, asserts: bool, is_code_cell: bool) -> tuple[tuple[str, ...], bool]:
    """Return the words of a clause that a judge doubts, and whether another judge holds what it says."""
    is_measured = any(read_numbers(clause)) and Effect.FASTER in scope.effects(kind_spoken_of(clause))
    claims = list(judge_risks(clause, scope))
    if asserts and not _SUPPOSED.search(clause):
        claims += judge_constraints(clause, scope)
        claims += judge_access(clause, scope)
    if asserts and not _IF.search(clause):
        claims += judge_case_risks(clause, scope, is_code_cell=is_code_cell, is_measured=is_measured)
    held = any(claim.held for claim in claims) or _is_price(clause) or _counts(clause) or _is_of_the_cell(clause, scope)
    return tuple(claim.words for claim in claims if not claim.held), held


def _is_price(clause: str) -> bool:
    """Return whether a clause says that writes or space pay for an index, which is how indexes work."""
    return bool((_WRITES.search(clause) and _PAYS.search(clause)) or _UPKEEP.search(clause))


def _counts(clause: str) -> bool:
    """Return whether a clause says a number; that a result holds it was judged before."""
    return any(number.value for number in read_numbers(clause))


def _is_of_the_cell(clause: str, scope: Scope) -> bool:
    """Return whether a clause tells what the cell itself says, and names nothing that is not in it."""
    said = {name.lower() for name in entity_names(scope)} & {word.lower() for word in re.findall(r"\w+", clause)}
    cell = {word.lower() for word in re.findall(r"\w+", scope.cell)}
    return bool(_OF_THE_CELL.search(clause)) and said <= cell


def unknown_words(clause: str, scope: Scope) -> Iterator[str]:
    """Yield the words by which a clause that no judge knows says of this case more than everyday words do."""
    named = names_something(clause, scope)
    if not (named or points_here(clause)) or (is_general(clause, scope) and not named):
        return
    names = {name.lower() for name in entity_names(scope)}
    parts_of_names = {part for name in names for part in name.split("_")}
    checks = " ".join(check.expression for table in scope.schema.tables for check in table.checks)
    known = frozenset(names | parts_of_names | set(re.findall(r"\w+", f"{scope.cell} {checks}".lower())))
    for word in words_of(clause):
        parts = [part for part in re.split(r"[.\-’]", word.lower()) if part]
        if not _is_known(word.lower(), known) and not all(_is_known(part, known) for part in parts):
            yield word


def _is_known(word: str, more: frozenset[str]) -> bool:
    return len(word) == 1 or f"{word}s" in more or any(form in KNOWN | more for form in forms(word))
