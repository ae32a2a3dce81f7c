"""Claims on speed, sameness, safety and deeds: what only a trial can tell, and what nobody here did."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from backend_mentor.domain.proof import Effect, Rung
from backend_mentor.domain.proposal import ProposalKind
from backend_mentor.mentor.clauses import owns_ignorance
from backend_mentor.mentor.figures import Unit, read_numbers
from backend_mentor.mentor.structure import is_negated
from backend_mentor.mentor.variants import variants_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.proof import Proof
    from backend_mentor.mentor.evidence import Scope

_FASTER = re.compile(
    r"\b(faster|quicker|speeds?[- ]?up|sped up|speed-?ups?|boosts?|instant(?:ly|aneous(?:ly)?)?|twice(?= (?:as|"
    r"the)\b)|doubles?|"
    r"halv(?:e|es|ed|ing)|half the (?:time|work|cost)|outperforms?|performance gains?|more efficient(?:ly)?|"
    r"improv(?:e|es|ed|ing) (?:the )?(?:performance|latency|speed|throughput)|perform(?:s|ed)? (?:much |"
    r"far |significantly )?better|"
    r"(?:will|would|should|can|does) help|benefits?|(?:cuts?|reduc(?:e|es|ed)|saves?|lowers?|drops?|"
    r"shrinks?) (?:\w+ ){0,3}"
    r"(?:time|cost|latency|work|load|runtime|reads|i/o)|no longer (?:scans?|sorts?|reads?)|eliminates?|"
    r"avoids? (?:the|a) (?:\w+ )?(?:scan|sort)|pays? (?:for itself|off))\b",
    re.IGNORECASE,
)
_CHEAPER = re.compile(r"\b(cheaper|costs less|lower cost|less work|fewer (?:steps|pages|rows read))\b", re.IGNORECASE)
_SLOWER = re.compile(
    r"\b(slower|slow(?:s|ed)(?: \w+){0,3} down|takes longer|worse than|more expensive)\b", re.IGNORECASE
)
_STRONG = re.compile(
    r"\b(dramatic(?:ally)?|huge(?:ly)?|massive(?:ly)?|vastly|enormous(?:ly)?|instant\w*|"
    r"orders? of magnitude|drastic(?:ally)?|"
    r"night and day|blazing\w*|tremendous\w*)\b",
    re.IGNORECASE,
)
_ON_WRITES = re.compile(r"\b(write|writes|insert|inserts|update|updates|delete|deletes)\b", re.IGNORECASE)
_SAME = re.compile(
    r"\b(equivalent|same (?:rows|results?|answers?|output|thing|meaning)|(?<!with the )same data|exactly what|"
    r"another (?:spelling|form|way (?:to write|of writing))|still (?:get|see|have) (?:every|all)|"
    r"identical (?:rows|results?|"
    r"answers?|output)?|"
    r"means the same|nothing changes|no difference|makes no difference|(?:stay|remain)s? (?:the same|unchanged)|"
    r"semantically (?:the same|identical)|interchangeable|changes nothing|(?:never|"
    r"not) change the (?:result|answer|rows))\b",
    re.IGNORECASE,
)
_CERTAIN = re.compile(
    r"\b(guarantee[sd]?|proven|proved(?! (?:itself|themselves))|proof|certain(?:ly)? (?:the same|equivalent)|"
    r"for any (?:data|input|rows|"
    r"database)|always (?:the same|"
    r"equivalent|returns?|right|correct|interchangeable|works?)|right for ?ever|"
    r"whatever (?:\w+ ){0,5}(?:contains?|holds?|comes|happens)\b|whatever (?:\w+ )?(?:you|somebody|"
    r"anybody|someone|anyone)\b|in all cases|mathematically|in (?:every|all) cases?)\b",
    re.IGNORECASE,
)
_DIFFERS = re.compile(
    r"\b(?:may|might|could|can) (?:well |still )?(?:differ|vary|be (?:different|other))", re.IGNORECASE
)
_TRIED = re.compile(
    r"\b(verified|tested|confirmed|checked|tried|validated|the (?:trials|tests|"
    r"measurements?))\b",
    re.IGNORECASE,
)
_SAFE = re.compile(
    r"\b(risk-?free|no risk|(?:shown|proven|proved|known) to be safe|safe (?:in|for) production|certified|"
    r"takes no (?:extra |more )?(?:space|disk|room)|without a worry|production[- ]ready|"
    r"perfectly safe|completely safe|is (?:now )?(?:safe|"
    r"secure)\b|are (?:safe|secure)\b|"
    r"safely|safe to (?:run|apply|deploy|ship|use|execute|drop|delete|merge)|without (?:any )?(?:risk|downtime)|"
    r"no (?:known )?vulnerabilit\w+|not vulnerable|bug-?free|"
    r"fully secure|unhackable|no downside|zero downtime|no side effects?|backwards? compatible|"
    r"cannot fail|can't fail|no race)",
    re.IGNORECASE,
)
_TESTS_PASS = re.compile(
    r"\b(tests? (?:all )?pass(?:es|ed)?|pass(?:es|ed|ing)? (?:all )?(?:the |its |your )?tests?|"
    r"test suite is green|all green)\b",
    re.IGNORECASE,
)
_DEEDS = re.compile(
    r"\b(?:I|we)(?:'ve| have|'ll| will)?(?: just| already| now)? (created?|added|add|dropp?e?d?|deleted?|"
    r"removed|updated?|applied|apply|changed|fixed|"
    r"deployed|executed?|committed|sent|send|emailed|inserted?|truncated?|granted?|installed|restarted|"
    r"rolled|built|migrated)\b"
    r"|\b(?:the )?(?:index|table|column|row|rows|change|fix|migration|rewrite) (?:has|have) been (created|"
    r"added|dropped|deleted|removed|updated|applied|changed|deployed|committed)\b"
    r"|\b(?:has|have) (?:now |already |just )?been (?:created|added|dropped|deleted|removed|updated|applied|changed|"
    r"replaced)\b"
    r"|\bis (?:now )?(?:live|in place|deployed) (?:on|in) your database\b",
    re.IGNORECASE,
)
_ON_OWN_ROWS = re.compile(
    r"\b(?:on|with|against|in) (?:your|the)(?: own| real| live| actual)* (?:data|rows|database|server)\b", re.IGNORECASE
)
_IN_PRODUCTION = re.compile(r"\bproduction\b", re.IGNORECASE)
_MEASURED = re.compile(r"\b(measured|timed|benchmark\w*|profiled|measurements?)\b", re.IGNORECASE)
_RAN = re.compile(
    r"\b(?:I|we)(?:'ve| have)? (?:just |also )?(ran|run|measured|timed|benchmarked|profiled)\b", re.IGNORECASE
)
_REWRITE = re.compile(
    r"\b(rewrite|rewritten|version|query|statement|NOT EXISTS|EXISTS|join|condition|range)\b", re.IGNORECASE
)
_INDEX = re.compile(r"\bindex(?:es)?\b", re.IGNORECASE)
_PIECE = re.compile(r"\w+|[<>=!]+")
_EVERYTHING = re.compile(
    r"\b(?:every|each|all) (?:edge |corner )?cases? (?:has|have|is|are) |\bskip the (?:review|tests?)\b|"
    r"\b(?:everything|all of (?:it|this)|all claims|every claim) (?:here )?(?:is|was|has been) ",
    re.IGNORECASE,
)
# What no mentor asks for, and what only a planted instruction says.
_PLANTED = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass) (?:all |any |the |your |my |these |those )*"
    r"(?:earlier|previous|prior|above|other|system|safety|old)? ?(?:rules?|instructions?|prompts?|checks|limits)\b|"
    r"\b(?:paste|enter|type|send|share|give|tell|post|provide|reveal|show|copy) (?:me |us |in )?(?:your|the database) "
    r"(?:\w+ ){0,2}(?:key|password|passphrase|token|secret|credential|connection string|connection url)s?\b",
    re.IGNORECASE,
)
_NO_GAIN = (Effect.NONE, Effect.SLOWER)


def doubtful_effects(sentence: str, scope: Scope, *, teaches: bool = False) -> Iterator[str]:
    """Yield the claims that no trial in sight backs; what is taught of indexes at large needs none for its speed."""
    if sentence.rstrip().endswith("?"):
        return
    if not teaches:
        yield from _speed(sentence, scope)
    if (strong := _STRONG.search(sentence)) and not _is_strong(scope, kind_spoken_of(sentence)):
        yield strong[0]
    yield from _sameness(sentence, scope, teaches=teaches)
    yield from _trust(sentence, scope)


def _speed(sentence: str, scope: Scope) -> Iterator[str]:
    effects = scope.effects(kind_spoken_of(sentence))
    claims = ((_FASTER, (Effect.FASTER,)), (_CHEAPER, (Effect.FASTER, Effect.CHEAPER)), (_SLOWER, (Effect.SLOWER,)))
    for pattern, wanted in claims:
        for found in pattern.finditer(sentence):
            if re.search(r"\bhow (?:much|far|many times) $", sentence[: found.start()]):
                continue
            negated = is_negated(sentence, found.start())
            if negated and found[0].lower().endswith("help") and scope.scanned_tables():
                continue  # that nothing helps a table which is read whole is what its plan shows
            if pattern is _FASTER and _is_figure(sentence, scope):
                continue
            if pattern is _SLOWER and _ON_WRITES.search(sentence):
                continue  # that an index is paid for by writes is no measurement but how indexes work
            if not effects & frozenset(_NO_GAIN if negated else wanted):
                yield found[0]


def _is_figure(sentence: str, scope: Scope) -> bool:
    """Return whether a gain of no variant by name is given with its figure, which is looked up elsewhere."""
    held = [number for number in read_numbers(sentence) if number.unit in (Unit.FACTOR, Unit.PERCENT)]
    is_faster = Effect.FASTER in scope.effects()
    return is_faster and bool(held) and variants_in(sentence, scope) is None


def kind_spoken_of(sentence: str) -> str | None:
    """Return which kind of proposal a sentence is about, where it names only one."""
    about_index, about_rewrite = bool(_INDEX.search(sentence)), bool(_REWRITE.search(sentence))
    if about_index == about_rewrite:
        return None
    return "index" if about_index else "rewrite"


def _is_strong(scope: Scope, kind: str | None) -> bool:
    return any(
        proof.effect is Effect.FASTER and proof.measurement is not None and proof.measurement.time_factor <= 0.1
        for proof in scope.proofs(kind)
    )


def _sameness(sentence: str, scope: Scope, *, teaches: bool) -> Iterator[str]:
    rungs = {proof.rung for proof in _spoken_of(sentence, scope)}
    stood = bool(rungs) and Rung.REFUTED not in rungs and bool(rungs & {Rung.TESTED, Rung.EXHAUSTED, Rung.BY_RULE})
    is_taught = teaches and not variants_in(sentence, scope)
    for found in () if is_taught else _SAME.finditer(sentence):
        if is_negated(sentence, found.start()):
            if Rung.REFUTED not in {proof.rung for proof in scope.proofs("rewrite")}:
                yield found[0]
        elif not stood:
            yield found[0]
    for found in _CERTAIN.finditer(sentence):
        # Even a rule with its conditions checked is a rule, and trials are trials: nothing here is a proof.
        is_told = found[0].lower().startswith("always") and re.search(r"\b(?:was|were) $", sentence[: found.start()])
        # What a key or a check guarantees is looked up in the catalogue.
        is_declared = re.search(
            r"\b(?:index|constraint|key|check|NULL)\b[^,;]{0,25}$", sentence[: found.start()], re.IGNORECASE
        )
        by_schema = is_declared and found[0].lower().startswith("guarantee")
        if not (is_negated(sentence, found.start()) or (is_told and stood) or by_schema):
            yield found[0]


def _spoken_of(sentence: str, scope: Scope) -> tuple[Proof, ...]:
    """Return what came of the rewrites that a sentence can mean: those it cites or quotes a part of, else all."""
    named = variants_in(sentence, scope)
    if named == ():
        return ()
    named = named or ()
    if rewrites := [each.proposal for each in named if each.proposal and each.proposal.kind is ProposalKind.REWRITE]:
        return tuple(each.proof for each in rewrites)
    cited = [each for each in scope.records if each.name in scope.cited and each.proposal]
    tried = [each.proposal for each in cited or scope.records if each.proposal]
    tried = [each for each in tried if each.kind is ProposalKind.REWRITE]
    words = set(_PIECE.findall(sentence.lower()))
    own = {
        each.after: set(_PIECE.findall(each.after.lower())) - set(_PIECE.findall(scope.cell.lower())) for each in tried
    }
    shared = set[str]().union(*own.values()) & words
    return tuple(each.proof for each in tried if not shared or own[each.after] & shared)


def _trust(sentence: str, scope: Scope) -> Iterator[str]:
    proofs = list(scope.proofs())
    if (found := _SAFE.search(sentence)) and not is_negated(sentence, found.start()):
        yield found[0]
    passed = any(proof.tests is not None and proof.tests.passed and not proof.tests.failed for proof in proofs)
    if (found := _TESTS_PASS.search(sentence)) and not is_negated(sentence, found.start()) and not passed:
        yield found[0]
    if (found := _DEEDS.search(sentence)) and not is_negated(sentence, found.start()):
        yield found[0]
    for pattern in (_PLANTED, _EVERYTHING):
        if found := pattern.search(sentence):
            yield found[0]
    yield from _trials(sentence, scope)


def _trials(sentence: str, scope: Scope) -> Iterator[str]:
    proofs = list(scope.proofs())
    analyzed = any(plan.analyzed for plan in scope.plans())
    measured = any(proof.measurement is not None for proof in proofs) or analyzed
    tried = measured or any(proof.trials is not None or proof.tests is not None for proof in proofs)
    on_own_rows = analyzed or any(proof.own_data is not None for proof in proofs)
    found = [
        (pattern.search(sentence), held) for pattern, held in ((_TRIED, tried), (_RAN, measured), (_MEASURED, measured))
    ]
    for match, held in found:
        if match is not None and not held and not is_negated(sentence, match.start()):
            yield match[0]
    production = None if owns_ignorance(sentence) else _IN_PRODUCTION.search(sentence)
    if production and any(match for match, _ in found):
        yield production[0]
    for clause in re.split(r"[;:]\s", sentence):
        tried_here = any(pattern.search(clause) for pattern in (_TRIED, _RAN, _MEASURED))
        if (
            tried_here
            and (own := _ON_OWN_ROWS.search(clause))
            and not (on_own_rows or _DIFFERS.search(clause) or is_negated(clause, own.start()))
        ):
            yield own[0]
