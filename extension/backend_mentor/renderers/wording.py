"""The sentences of a review that follow from its values: where it comes from, what was proved and how."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend_mentor.domain.cell import CellKind
from backend_mentor.domain.finding import Severity
from backend_mentor.domain.proof import Effect, Rung
from backend_mentor.domain.proposal import ProposalKind, Source
from backend_mentor.renderers.figures import (
    ARROW,
    count,
    write_bytes,
    write_change,
    write_duration_change,
    write_milliseconds,
    write_number,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.code_check import CodeCheck
    from backend_mentor.domain.proof import Condition, Cost, Measurement, OwnData, Proof, Trials
    from backend_mentor.domain.proposal import Proposal
    from backend_mentor.domain.review import Provenance, Review

# A shape for each severity, so that it can be told without colour.
SEVERITY_MARKS = {Severity.CRITICAL: "■", Severity.WARNING: "▲", Severity.ADVICE: "●", Severity.INFO: "○"}

_SHOWN_RUNGS = {Rung.BY_RULE, Rung.EXHAUSTED, Rung.TESTED, Rung.NOT_APPLICABLE}
_GAINS = {Effect.FASTER, Effect.CHEAPER}

RUNG_MEANINGS = {
    Rung.BY_RULE: "A rule holds that it returns the same rows under conditions that were checked on this database, "
    "and no trial database broke it.",
    Rung.EXHAUSTED: "Every small database over a few values was tried, and none told the two apart.",
    Rung.TESTED: "No trial database told the two apart; that is evidence, not proof.",
    Rung.REFUTED: "One database on which the answers differ is enough: it is another query.",
    Rung.NOT_DETERMINISTIC: "The query itself has more than one right answer, so a difference would prove nothing.",
    Rung.NOT_SUPPORTED: "No trial could tell, so that it rests on your own judgement.",
    Rung.NOT_APPLICABLE: "It changes how the rows are found, never which.",
}
EFFECT_MEANINGS = {
    Effect.UNKNOWN: "Whether it saves work was not tried.",
    Effect.NONE: "It costs what the original costs.",
    Effect.CHEAPER: "The planner expects less work; nothing was measured.",
    Effect.FASTER: "Runs of both were measured, one after the other in turn.",
    Effect.SLOWER: "It was measured or estimated to cost more.",
}


def describe_source(review: Review) -> tuple[str, ...]:
    """Return what was reviewed, where and how: the parts of the header line."""
    provenance = review.provenance
    database = " ".join(filter(None, (_engine_name(provenance), provenance.database)))
    return (
        review.cell.name,
        f"{database}, read-only" if database else "no database",
        *_tell_whether_run(review),
        f"reviewed in {write_milliseconds(provenance.milliseconds)}",
    )


def _tell_whether_run(review: Review) -> tuple[str, ...]:
    if review.cell.kind is CellKind.REQUEST:
        return ()
    if review.cell.kind is CellKind.ENDPOINT:
        return ("code not run",) if review.trace is None else ("code run",)
    return ("query run",) if was_run(review) else ("query not run",)


def was_run(review: Review) -> bool:
    """Return whether the statement really ran, by what the review holds of it rather than by what was asked."""
    if review.plan is not None and review.plan.analyzed:
        return True
    proofs = [proposal.proof for proposal in (*review.proposals, *review.rejected)]
    return any(proof.own_data is not None or proof.measurement is not None for proof in proofs)


def describe_origin(provenance: Provenance) -> tuple[str, ...]:
    """Return the parts of the last line: versions, and what left the machine."""
    left = "nothing left this machine"
    if provenance.tokens is not None:
        price = "" if provenance.cost_usd is None else f" for ${provenance.cost_usd:.4f}"
        left = f"{count(provenance.tokens, 'token')} went to Claude{price}"
    engine = () if provenance.engine is None else (provenance.engine.title,)
    return (f"Backend Mentor {provenance.version}", *engine, left)


def head_proposal(proposal: Proposal) -> str:
    """Return the heading that a proposal has earned: only one shown to be the same and to cost less is better."""
    if proposal.proof.code is not None:
        return "Change of the code"
    if proposal.kind is ProposalKind.CODE and not proposal.proof.is_new:
        return "The SQL in the code"
    earned = proposal.proof.rung in _SHOWN_RUNGS and proposal.proof.effect in _GAINS
    if proposal.kind is ProposalKind.REWRITE:
        return "Better version" if earned else "Another version"
    return proposal.kind.value.capitalize()


def mark_proof(proof: Proof) -> str:
    """Return the sign before a verdict: a tick only where both sameness and gain were shown, `≈` where sameness was
    tested without proof, and for code that was judged again but not run."""
    if proof.rung is Rung.REFUTED:
        return "✗"
    if proof.is_new:
        return "✓" if proof.tests is not None and proof.tests.passed else "?"
    if proof.code is not None:
        return "✓" if proof.code.answers_the_same else "≈"
    if proof.effect is Effect.SLOWER:
        return "▼"
    if proof.rung not in _SHOWN_RUNGS or proof.effect not in _GAINS:
        return "?"
    return "≈" if proof.rung is Rung.TESTED else "✓"


def tell_proof(proof: Proof) -> tuple[str, ...]:
    """Return what was tried and what came of it, one clause for each trial."""
    return tuple(_clauses(proof))


def explain_proof(proof: Proof) -> str:
    """Return what the verdict means, for whoever reads it the first time."""
    if proof.code is None:
        return f"{RUNG_MEANINGS[proof.rung]} {EFFECT_MEANINGS[proof.effect]}"
    judged = "The changed cell was read again, and every rule and ruff went through it."
    if proof.code.runs is None:
        return f"{judged} It was not run: `%%backend --run` compares the answers of both versions."
    return f"{judged} Both versions ran, and got the same requests on the same data."


def credit(source: Source) -> str | None:
    """Return who proposes it where that is not the engine's own rules."""
    return "proposed by Claude, tried by the same trials" if source is Source.CLAUDE else None


def _clauses(proof: Proof) -> Iterator[str]:
    if proof.code is not None:
        yield from _tell_code(proof.code, proof.conditions)
    if proof.conditions and proof.rung is Rung.BY_RULE:
        yield "by rule: " + ", ".join(f"{each.text} ({each.grounds})" for each in proof.conditions)
    if proof.trials is not None:
        yield _tell_trials(proof.trials)
    if proof.own_data is not None:
        yield _tell_own_data(proof.own_data)
    if proof.measurement is not None:
        yield from _tell_measurement(proof.measurement)
        if proof.counts_and_clock_disagree:
            yield "counted work and clock disagree, so the clock decides"
    if proof.cost is not None:
        yield from _tell_cost(proof.cost, proof.measurement)
    if proof.tests is not None:
        failed = f", {proof.tests.failed} failed" if proof.tests.failed else ""
        yield f"{count(proof.tests.passed, 'test')} passed{failed}"
    if proof.not_deterministic:
        yield f"the answer is not determined: {proof.not_deterministic}"
    # Trials that told nothing have said so above.
    if proof.obstacle and (proof.trials is None or proof.trials.telling):
        yield f"not tried: {proof.obstacle}"
    yield from proof.notes


def _tell_code(check: CodeCheck, conditions: tuple[Condition, ...]) -> Iterator[str]:
    if conditions:
        yield "holds because " + ", ".join(f"{each.text} ({each.grounds})" for each in conditions)
    for each in check.runs.differences if check.runs is not None else ():
        yield f"{each.request.title} at {count(each.rows, 'row')}: {each.what}"


def _tell_trials(trials: Trials) -> str:
    tried = count(trials.databases, "trial database")
    if trials.counterexample is not None:
        return f"{tried}, refuted by number {trials.counterexample.trial:,}"
    if trials.telling == 0:
        return f"{tried}, on none of which yours returned a row"
    clauses = [tried if trials.telling == trials.databases else f"{tried}, {trials.telling:,} with rows in the answer"]
    if trials.exhausted_rows:
        clauses.append(f"all of up to {count(trials.exhausted_rows, 'row')} a table among them")
    if trials.mutants:
        clauses.append(f"which kill {trials.mutants_killed or 0} of {count(trials.mutants, 'mutant')} of your query")
    return ", ".join(clauses)


def _tell_own_data(own_data: OwnData) -> str:
    if own_data.same:
        order = " in the same order" if own_data.ordered else ""
        rows = "row" if own_data.rows == 1 else count(own_data.rows, "row")
        return f"your data: the same {rows}{order}"
    return f"your data: {own_data.only_before:,} rows only in yours, {own_data.only_after:,} only in this one"


def _tell_measurement(measurement: Measurement) -> Iterator[str]:
    before, after = measurement.before, measurement.after
    if before.count is not None and after.count is not None:
        yield f"{measurement.unit} {write_change(before.count, after.count)}"
    runs = min(len(before.milliseconds), len(after.milliseconds))
    yield f"{write_duration_change(before.median, after.median)} ({count(runs, 'run')} on {measurement.place})"
    if measurement.index_bytes is not None:
        built = "" if measurement.build_milliseconds is None else f", built in {_built(measurement)}"
        yield f"the index takes {write_bytes(measurement.index_bytes)}{built}"


def _built(measurement: Measurement) -> str:
    return write_milliseconds(measurement.build_milliseconds or 0)


def _tell_cost(cost: Cost, measurement: Measurement | None) -> Iterator[str]:
    if cost.before is not None and cost.after is not None:
        yield f"planner's estimate {_cost(cost.before)} {ARROW} {_cost(cost.after)} ({cost.method})"
    if cost.uses_index is not None:
        takes = "takes the index" if cost.uses_index else "does not take the index"
        yield f"the planner {takes} ({cost.method})"
    if cost.size_bytes is not None and (measurement is None or measurement.index_bytes is None):
        yield f"about {write_bytes(cost.size_bytes)} on disk"


def _cost(value: float) -> str:
    return write_number(value if value < 100 else round(value))


def _engine_name(provenance: Provenance) -> str | None:
    return None if provenance.engine is None else provenance.engine.title.split(" ")[0]
