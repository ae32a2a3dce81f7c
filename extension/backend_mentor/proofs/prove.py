"""From a proposal to a proposal with its proof: what can be tried is tried, what can not is said."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from backend_mentor.domain.errors import ConnectError, MentorError, StoppedError, TimeLimitError
from backend_mentor.domain.proof import Cost, Proof
from backend_mentor.domain.proposal import ProposalKind
from backend_mentor.proofs.cost import compare_costs
from backend_mentor.proofs.equivalence import DEFAULT_TRIALS, judge_pair
from backend_mentor.proofs.index_trial import Workshop, open_workshop
from backend_mentor.proofs.own_data import compare_own_data
from backend_mentor.proofs.timing import measure_pair
from backend_mentor.reading.sql import read_statement

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from backend_mentor.databases.base import Database
    from backend_mentor.domain.proposal import Proposal
    from backend_mentor.domain.schema import Schema
    from backend_mentor.domain.statement import Statement
    from backend_mentor.domain.subject import Fact, Subject

# What ends the whole review rather than one trial.
_ENDS_ALL = (StoppedError, ConnectError)


def prove_all(
    proposals: Iterable[Proposal],
    subject: Subject,
    database: Database,
    *,
    analyze: bool,
    progress: Callable[[str], None] = lambda _: None,
) -> tuple[Proposal, ...]:
    """Return the proposals of one review with their proofs, in order; they share a scratch copy and a budget.

    See `prove` for the rest.
    """
    with open_workshop(subject.statement, database) as workshop:
        return tuple(
            prove(each, subject, database, analyze=analyze, progress=progress, workshop=workshop) for each in proposals
        )


def prove(
    proposal: Proposal,
    subject: Subject,
    database: Database,
    *,
    analyze: bool,
    progress: Callable[[str], None] = lambda _: None,
    workshop: Workshop | None = None,
) -> Proposal:
    """Return the proposal with its proof. What could not be tried stands in the proof's `obstacle` and `notes`.

    `analyze` lets statements run on the user's rows and indexes be built on a scratch copy.
    Raises StoppedError and ConnectError; every other obstacle becomes part of the proof.
    """
    if workshop is None:
        return prove_all((proposal,), subject, database, analyze=analyze, progress=progress)[0]
    progress(f"trying {proposal.name}")
    if proposal.kind is ProposalKind.REWRITE:
        return replace(proposal, proof=_prove_rewrite(proposal, subject, workshop, analyze))
    if proposal.kind is ProposalKind.INDEX:
        return replace(proposal, proof=_prove_index(proposal, subject, workshop, analyze))
    obstacle = f"a change of {proposal.kind.value} is not tried here"
    changes_rows = proposal.kind is ProposalKind.CODE
    return replace(proposal, proof=Proof(changes_rows=changes_rows, conditions=proposal.conditions, obstacle=obstacle))


def judge_same(before: Statement, after: Statement, database: Database) -> Proof:
    """Return what trials say of two statements that no rule ties together, with the planner's costs where it has any.

    Raises StoppedError and ConnectError; every other obstacle becomes part of the proof.
    """
    proof = _try_pair(Proof(), before, after, database.schema(), database, frozenset())
    return proof if proof.refuted else _with_cost(proof, before, after, database)


def _prove_rewrite(proposal: Proposal, subject: Subject, workshop: Workshop, analyze: bool) -> Proof:
    before, database = subject.statement, workshop.database
    proof = Proof(conditions=proposal.conditions)
    try:
        after = read_statement(proposal.after, before.dialect, before.parameters)
        database.check(after)
    except _ENDS_ALL:
        raise
    except MentorError as error:
        # No precondition speaks for a text that does not run: without one it is not offered.
        return Proof(obstacle=error.what)
    proof = _try_pair(proof, before, after, subject.schema, database, subject.facts)
    if proof.refuted:
        return proof
    proof = _with_cost(proof, before, after, database)
    if not analyze:
        return proof
    if workshop.obstacle is not None:
        return _noted(proof, f"{workshop.obstacle}, and your own rows were not compared")
    proof = _with_own_data(proof, before, after, subject.schema, database)
    if proof.refuted:
        return proof
    if workshop.obstacle is not None:
        return _noted(proof, workshop.obstacle)
    return _with_measurement(proof, before, after, database)


def _try_pair(
    proof: Proof, before: Statement, after: Statement, schema: Schema, database: Database, facts: frozenset[Fact]
) -> Proof:
    try:
        judgement = judge_pair(before, after, schema, database, facts=facts, trials=DEFAULT_TRIALS)
    except _ENDS_ALL:
        raise
    except MentorError as error:
        return replace(proof, obstacle=error.what)
    return replace(
        proof,
        trials=judgement.trials,
        not_deterministic=judgement.not_deterministic,
        obstacle=judgement.note,
    )


def _with_cost(proof: Proof, before: Statement, after: Statement, database: Database) -> Proof:
    try:
        return replace(proof, cost=compare_costs(before, after, database))
    except _ENDS_ALL:
        raise
    except MentorError as error:
        return _noted(proof, f"no cost estimate: {error.what}")


def _with_own_data(proof: Proof, before: Statement, after: Statement, schema: Schema, database: Database) -> Proof:
    if proof.not_deterministic:
        return _noted(proof, "your own rows were not compared, since the answer is not determined")
    try:
        own_data, reason = compare_own_data(before, after, schema, database)
    except _ENDS_ALL:
        raise
    except MentorError as error:
        return _noted(proof, f"your own rows were not compared: {error.what}")
    proof = replace(proof, own_data=own_data)
    return _noted(proof, reason) if reason else proof


def _with_measurement(proof: Proof, before: Statement, after: Statement, database: Database) -> Proof:
    try:
        return replace(proof, measurement=measure_pair(before, after, database))
    except TimeLimitError:
        return _noted(proof, _beyond_the_limit(before, after, database))
    except _ENDS_ALL:
        raise
    except MentorError as error:
        return _noted(proof, f"not measured: {error.what}")


def _beyond_the_limit(before: Statement, after: Statement, database: Database) -> str:
    """Return which of the two did not finish within the limit, and how long the other took."""
    limit = f"{database.limits.milliseconds / 1000:,.0f} s"
    try:
        run = database.run(after)
    except _ENDS_ALL:
        raise
    except MentorError:
        return f"not measured: the proposed statement did not finish within {limit}"
    return f"yours did not finish within {limit}, the proposed statement took {run.milliseconds:,.1f} ms"


def _prove_index(proposal: Proposal, subject: Subject, workshop: Workshop, analyze: bool) -> Proof:
    proof = Proof(changes_rows=False, conditions=proposal.conditions)
    if proposal.index is None:
        return replace(proof, obstacle="the proposal names no index to try")
    try:
        proof = replace(proof, cost=workshop.database.what_if(subject.statement, proposal.index))
    except _ENDS_ALL:
        raise
    except MentorError as error:
        proof = _noted(proof, f"no estimate: {error.what}")
    if not analyze or (proof.cost is not None and proof.cost.uses_index is False):
        return proof
    if workshop.obstacle is not None:
        return _noted(proof, workshop.obstacle)
    try:
        measurement, reason = workshop.measure(proposal.index)
    except _ENDS_ALL:
        raise
    except MentorError as error:
        return _noted(proof, f"not measured: {error.what}")
    if reason is None:
        return replace(proof, measurement=measurement)
    return replace(_noted(proof, reason), cost=Cost(None, None, "scratch copy", uses_index=False))


def _noted(proof: Proof, note: str) -> Proof:
    return replace(proof, notes=(*proof.notes, note.rstrip(".")))
