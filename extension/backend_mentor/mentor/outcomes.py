"""What came of the variant that a clause names: passed, refuted, timed, faster; nothing where it was not tried."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from backend_mentor.domain.proof import Effect, Rung
from backend_mentor.domain.proposal import ProposalKind
from backend_mentor.mentor.variants import names_one, variants_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.mentor.evidence import Record, Scope

_I = re.IGNORECASE
_PASSED = re.compile(
    r"\b(?:passe[sd]|survive[sd]|held up|holds up|stood (?:up|the)|came (?:through|out (?:clean|the same|equivalent|"
    r"unscathed))|came up clean|agreed|agrees?|(?<!that )(?<!which )(?<!who )matche[sd]|"
    r"succeeded|nothing (?:against|wrong with)|(?:kept|keeps|preserve[sd]?) (?:the|all|its|these) (?:rows|results?|"
    r"answers?|meaning)|turned out (?:to be )?(?:the same|equivalent|fine|right|correct)|"
    r"no (?:differences?|counter-?examples?|mismatch\w*|deviation)|without (?:a|any) (?:difference|"
    r"counter-?example|mismatch)|"
    r"(?:is|was|were|are|as|proved|found|shown to be) (?:fully |indeed |\w+ly )?equivalent|"
    r"(?:gave|gives|returned|returns|brought|brings|yielded|yields|kept|keeps|produced|produces|finds|found|selects?) "
    r"(?:(?:back|exactly|precisely|always|just) )?(?:the )?(?:very |exact(?:ly)? )?(?:same|identical))\b",
    _I,
)
_FAILED = re.compile(
    r"\b(?:fail(?:s|ed)|(?:turned out|proved|found) (?:to be )?(?:wrong|false|different)|(?:show(?:s|ed)|found|"
    r"revealed|had) (?:a|one|some|\d+) (?:\w+ )?(?:difference|mismatch|"
    r"deviation)\w*|differ(?:s|ed)|refuted?|disproved|rejected|thrown out|turned down|ruled out|discarded|broken|broke|"
    r"fell (?:over|apart|"
    r"through)|counter-?examples?|"
    r"(?:gave|gives|returned|returns|brought|brings|yielded|yields|produced|produces) (?:\w+ )?(?:other|different|"
    r"more|fewer|extra|"
    r"additional|wrong|too many|too few)|(?:is|was|are|were) (?:not|wrong|different|unequal)(?= equivalent|"
    r" the same|[.,;:]|$)|"
    r"lets? in|let in|changes? (?:the|your|its) (?:rows?|results?|answers?|output)|(?:drops?|los(?:es?)|"
    r"miss(?:es)?|omits?) .{0,15}\b(?:rows?|orders?|results?|entries)|did not (?:pass|"
    r"hold|survive|match))\b",
    _I,
)
_IF = re.compile(r"\b(?:if|when|should|unless)\b", _I)
_WOULD_LOSE = re.compile(
    r"\bwould (?:\w+ )?(?:lose|drop|miss|omit|add|duplicate|change) .{0,15}\b(?:rows?|orders?|results?)\b", _I
)
_NONE_DID = re.compile(
    r"\b(?:none|no)\b.{0,60}\bdid\b.{0,60}\b(?:return|give|bring|yield) (?:anything|something|"
    r"any \w+) (?:different|other|else)\b",
    _I,
)
_TIMED = re.compile(
    r"\b(?:timed|measured|clocked|benchmarked|(?:median|running|run) time|(?:its|the) (?:measurement|timing|"
    r"benchmark)|in our measurements?|took \d)\b",
    _I,
)
_DENIED = re.compile(
    r"\b(?:no|not|never|neither|nor|none|nobody|nothing|without|yet to|still to|remains? to|is to|to be|has yet)\b|"
    r"n't\b",
    _I,
)
_GAINS = re.compile(
    r"\b(?:faster|quicker|as (?:fast|quick)|speeds?[- ]?ups?|sped up|(?:same )?gains?|halve[sd]?|"
    r"(?:half|third|quarter|fraction) (?:of )?the (?:time|work|steps)|(?:run(?:ning)? )?time (?:in half|by half|down)|"
    r"(?:shave[sd]?|cuts?|knocked|took|reduce[sd]?|lower(?:s|ed)|save[sd]?|shrinks?|shrank) .{0,30}\b(?:off|time|"
    r"half|down|work|steps|effort|load)|quickest|fastest|improve[sd]?|"
    r"(?:brought|brings|got|gets|went|takes?|took|drove) (?:it |the \w+ )?(?:down )?(?:from|to)\b)",
    _I,
)
_IT = re.compile(r"\b(?:it|this|that|they|them|both)\b", _I)
_WON = re.compile(
    r"\b(?:even (?:more|faster|better|quicker)|(?:helps?|gains?|saves?|brings?) (?:the )?(?:most|more)|w[io]ns?|"
    r"beats?|beaten|winner|best of all|fastest|quickest)\b",
    _I,
)
_FINE = re.compile(
    r"\b(?:(?:is|are) (?:\w+ )?(?:enough|sufficient|fine|correct|right|valid|okay|exact)|suffices?|does the job|"
    r"(?:is|are|was|were|means?) (?:just |exactly |all )?the same)\b",
    _I,
)
_NO_GAIN = re.compile(
    r"\b(?:not (?:really )?(?:help\w*|any (?:faster|quicker)|faster|quicker|pay off|worth)|no (?:\w+ )?(?:gain|"
    r"faster|quicker|help|use|effect on (?:the )?(?:time|speed))|"
    r"brought nothing|made (?:it|things|matters|everything) worse|made no difference|useless|in vain|wasted?)\b",
    _I,
)
_SURVIVED = re.compile(r"\bmutants? (?:\w+ )?(?:survived?|lived?|escaped?|got (?:away|through)|passed|slipped)\b", _I)
_NONE = re.compile(r"\b(?:none|neither|no|nobody|nor)\b", _I)
_EVERY = re.compile(r"^(?:every|each|all|both)\b", _I)
_MAY = re.compile(r"\b(?:would|could|should|may|might|if|can|whether|unless|must)\b", _I)
_KEPT = frozenset([Rung.TESTED, Rung.EXHAUSTED, Rung.BY_RULE])


def doubtful_outcomes(clause: str, scope: Scope, earlier: str = "") -> Iterator[str]:
    """Yield what a clause says came of the variants that it names, and what did not come of any or of all of them.

    `earlier` is the clause before it, to which an `it` points back.
    """
    killed = [each.proof.trials for each in scope.records if each.proof and each.proof.trials]
    alive = any((each.mutants or 0) > (each.mutants_killed or 0) for each in killed)
    if (found := _SURVIVED.search(clause)) and not (alive or _is_denied(clause, found)):
        yield found[0]
    named = variants_in(clause, scope)
    if named is None and _IT.search(clause):
        named = variants_in(earlier, scope)
    if named is None or clause.rstrip().endswith("?"):
        return
    if _MAY.search(clause):
        # `It would lose orders` is said of a rewrite that was tried as well as of one that was not.
        tried = {each.proof.rung for each in named if each.proof and each.proposal}
        lost = _WOULD_LOSE.search(clause)
        if lost and tried and tried <= _KEPT and not _IF.search(f"{earlier} {clause}") and not _is_denied(clause, lost):
            yield lost[0]
        return
    rewrites = [each for each in named if each.proposal and each.proposal.kind is ProposalKind.REWRITE]
    about_rewrite = bool(rewrites) or not named
    single = names_one(clause, scope)
    if about_rewrite:
        yield from _trials(clause, rewrites)
        fine = _FINE.search(clause) if single or not named else None
        stood = bool(rewrites) and all(each.proof and each.proof.rung in _KEPT for each in rewrites)
        if fine and not stood and not _is_denied(f"{clause} ", fine) and not _DENIED.search(fine[0]):
            yield fine[0]
    measured = [each for each in named if each.proof and each.proof.measurement is not None]
    if (found := _TIMED.search(clause)) and not measured and not _is_denied(clause, found):
        yield found[0]
    effects = {each.proof.effect for each in named if each.proof}
    if (found := _WON.search(clause)) and single and Effect.FASTER not in effects and not _is_denied(clause, found):
        yield found[0]
    if (found := _NO_GAIN.search(clause)) and single and effects == {Effect.FASTER}:
        yield found[0]
    if (found := _GAINS.search(clause)) and Effect.FASTER not in effects and not _is_denied(clause, found):
        yield found[0]


def _trials(clause: str, rewrites: list[Record]) -> Iterator[str]:
    rungs = [each.proof.rung for each in rewrites if each.proof]
    clause = re.sub(r"\b(?:that|which) (?:passed|failed|survived)\b(?!\s*[.,!]?$)", "", clause)
    clause = re.sub(r"\b(?:broken|wrong|faulty|spoilt) (?:variants|versions|copies)\b", "mutants", clause)
    if (none := _NONE_DID.search(clause)) and not (set(rungs) & _KEPT and Rung.REFUTED not in rungs):
        yield none[0]
        return
    passed, failed = _PASSED.search(clause), _FAILED.search(clause)
    if passed and not (failed and failed.start() < passed.start()):
        stood = bool(set(rungs) & _KEPT) and Rung.REFUTED not in rungs
        fell = Rung.REFUTED in rungs
        is_denied = _is_denied(clause, passed) and not passed[0].lower().startswith(("no ", "without"))
        if _NONE.match(clause):
            fell = set(rungs) == {Rung.REFUTED}
        if not (fell if is_denied else stood):
            yield passed[0]
    elif failed:
        is_denied = _is_denied(clause, failed)
        fell = set(rungs) == {Rung.REFUTED} if _EVERY.search(clause) else Rung.REFUTED in rungs
        if not (bool(set(rungs) & _KEPT) if is_denied else fell):
            yield failed[0]


def _is_denied(clause: str, found: re.Match[str]) -> bool:
    before = clause[max(0, found.start() - 30) : found.start()]
    return bool(_DENIED.search(re.sub(r"not including", "", before, flags=_I)))
