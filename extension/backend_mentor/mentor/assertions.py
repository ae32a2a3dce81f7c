"""What a sentence asserts of this case, clause by clause: held by a judge, doubted by one, or beyond all of them.

Questions, advice, suppositions and what is taught of databases at large assert nothing of the case, but for the reason
that they give. Of an assertion each clause goes before the judges; one that no judge knows says nothing that could be
looked up here, and is opinion.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from backend_mentor.domain.proof import Effect
from backend_mentor.mentor.access import judge_access
from backend_mentor.mentor.clauses import is_general, is_request, split_clauses
from backend_mentor.mentor.constraints import judge_constraints
from backend_mentor.mentor.deeds import price_of_writes
from backend_mentor.mentor.effects import kind_spoken_of
from backend_mentor.mentor.figures import read_numbers
from backend_mentor.mentor.mentions import columns_of
from backend_mentor.mentor.outcomes import doubtful_outcomes
from backend_mentor.mentor.ownership import doubtful_ownership
from backend_mentor.mentor.risks import judge_case_risks, judge_risks
from backend_mentor.mentor.universals import judge_universals
from backend_mentor.mentor.variants import starts_with_variant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.mentor.evidence import Scope

_IT = re.compile(r"\bit\b|\b(?:the|this|that) column\b(?! \w+_)")
_THAT_INDEX = re.compile(
    r"(?:(?<=\buse )|(?<=\buses )|(?<=\bthrough )|(?<=\bby )|(?<=\bvia )|(?<=\bwith ))(?:that|this) index\b",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"`[^`\n]+`")
_BOTH = re.compile(r"\bboth (?:versions|queries|forms|spellings)\b", re.IGNORECASE)
_REASON = re.compile(r"(?:because|since|as (?:every|each|all|no|none|the))\b", re.IGNORECASE)
_SUPPOSED = re.compile(r"\b(?:would|should|if|unless|whether|were to)\b", re.IGNORECASE)
_IF = re.compile(r"\b(?:if|unless|whether|were to|I'd|I would)\b", re.IGNORECASE)


def unproven(sentence: str, scope: Scope, *, is_code_cell: bool = False) -> Iterator[str]:
    """Yield by what words a sentence says of this case more than the evidence holds."""
    if is_request(sentence):
        yield from _doubted(sentence, scope, asserts=False, is_code_cell=is_code_cell)
        for clause in split_clauses(sentence):
            # What is given for a reason is asserted, whatever is advised for it.
            if _REASON.match(clause) and not sentence.rstrip().endswith("?"):
                yield from _doubted(clause, scope, asserts=True, is_code_cell=is_code_cell)
        return
    if is_general(sentence, scope):
        yield from price_of_writes(sentence)
        if starts_with_variant(sentence, scope):
            yield from doubtful_outcomes(sentence, scope)
        return
    meant = earlier = ""
    for clause in split_clauses(sentence):
        columns = {column.name for _, column in columns_of(clause, scope)}
        # `status is a text, and nothing limits what is put in it`
        full = _put(_IT, meant, clause, count=1) if meant and not columns else clause
        led = meant or (next(iter(columns)) if len(columns) == 1 else "")
        full = _put(_THAT_INDEX, f"the index on {led}", full) if led else full
        full = _of_both(full, earlier)
        meant = next(iter(columns)) if len(columns) == 1 else meant
        yield from _doubted(full, scope, asserts=True, is_code_cell=is_code_cell)
        yield from doubtful_outcomes(_of_both(clause, earlier), scope, earlier)
        earlier = clause


def _put(pattern: re.Pattern[str], words: str, clause: str, *, count: int = 0) -> str:
    """Return a clause with these words, taken as they are, where the pattern stands: names can hold backslashes."""
    return pattern.sub(lambda _: words, clause, count=count)


def _of_both(clause: str, earlier: str) -> str:
    """Return a clause on `both versions` as one on the version that the clause before it quotes a piece of."""
    code = _QUOTED.search(earlier)
    return _put(_BOTH, f"the version with {code[0]}", clause) if code else clause


def _doubted(clause: str, scope: Scope, *, asserts: bool, is_code_cell: bool) -> tuple[str, ...]:
    """Return the words of a clause that a judge doubts."""
    is_measured = any(read_numbers(clause)) and Effect.FASTER in scope.effects(kind_spoken_of(clause))
    claims = list(judge_risks(clause, scope))
    if asserts and not _SUPPOSED.search(clause):
        claims += judge_constraints(clause, scope)
        claims += judge_access(clause, scope)
    if asserts and not _IF.search(clause):
        claims += judge_case_risks(clause, scope, is_code_cell=is_code_cell, is_measured=is_measured)
        claims += [] if is_code_cell else judge_universals(clause, scope)
    owned = doubtful_ownership(clause, scope) if asserts and not _IF.search(clause) else ()
    return (*(claim.words for claim in claims if not claim.held), *doubtful_outcomes(clause, scope), *owned)
