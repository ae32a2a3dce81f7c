"""A proposal that the model reports: it is tried like any other, and shown as advice only where the trial says so."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from backend_mentor.domain.errors import ConnectError, MentorError, StoppedError
from backend_mentor.domain.proof import Effect, Proof, Rung
from backend_mentor.domain.proposal import Proposal, ProposalKind, Source, Tradeoffs
from backend_mentor.domain.subject import Subject
from backend_mentor.mentor.evidence import one_line
from backend_mentor.mentor.index_text import read_index
from backend_mentor.mentor.payloads import proof_payload
from backend_mentor.mentor.seeks import is_seek
from backend_mentor.mentor.verdicts import Judgement, doubts_in, refuse
from backend_mentor.proofs.choose import rank
from backend_mentor.proofs.prove import prove
from backend_mentor.reading.scanner import TokenKind, scan

if TYPE_CHECKING:
    from backend_mentor.domain.schema import Index
    from backend_mentor.domain.statement import Statement
    from backend_mentor.mentor.case import Case

_EQUAL_ENOUGH = (Rung.TESTED, Rung.EXHAUSTED)


@dataclass(frozen=True, slots=True)
class Words:
    """What the model says of its proposal; each claim in it must be held."""

    title: str
    reason: str
    price: str
    not_if: str = ""

    @property
    def texts(self) -> tuple[str, ...]:
        """All of it."""
        return (self.title, self.reason, self.price, self.not_if)


def judge_rewrite(case: Case, after: str, words: Words, number: int = 1) -> Judgement:
    """Try a rewrite of a statement of the cell; show it where no trial refutes it and it gains something."""
    try:
        before = case.own_statement(number)
        proposed = case.statement(after)
    except (StoppedError, ConnectError):
        raise
    except MentorError as error:
        return refuse(case.redactor.without_values(error.what))
    if fault := _stray_comment(proposed, before):
        return refuse(fault)
    if one_line(proposed.text) == one_line(before.text):
        return refuse("it is the statement as it stands")
    draft = _draft(ProposalKind.REWRITE, words, before.text, proposed.text)
    tried = prove(draft, _subject(before, case), case.database, analyze=case.analyze, progress=case.progress)
    if tried.proof.refuted:
        return _rejected(case, tried, "it is not equivalent")
    if tried.proof.rung not in _EQUAL_ENOUGH:
        reason = tried.proof.obstacle or tried.proof.not_deterministic or "no trial could judge it"
        return refuse(f"equivalence could not be shown: {case.redactor.without_values(reason)}")
    return _offer(case, tried)


def judge_index(case: Case, sql: str, words: Words, number: int = 1) -> Judgement:
    """Try an index for a statement of the cell; show it where a plan was seen to search by it, or it was measured."""
    try:
        statement = case.own_statement(number)
        index = read_index(sql, case.schema, case.database)
    except (StoppedError, ConnectError):
        raise
    except MentorError as error:
        return refuse(case.redactor.without_values(f"{error.what} {error.remedy}"))
    draft = replace(_draft(ProposalKind.INDEX, words, "", index.create_sql()), index=index)
    draft = replace(draft, proof=Proof(changes_rows=False))
    tried = prove(draft, _subject(statement, case), case.database, analyze=case.analyze, progress=case.progress)
    if tried.proof.cost is not None and tried.proof.cost.uses_index is False:
        return _rejected(case, tried, "the planner does not use it")
    sought = searches(case, statement, index)
    if not sought and tried.proof.effect is not Effect.FASTER:
        return _rejected(case, tried, "no plan was seen that searches by it")
    return _offer(case, tried, index.name if sought else None)


def searches(case: Case, statement: Statement, index: Index) -> bool:
    """Return whether the index, built on a scratch copy, is searched by, rather than walked from end to end."""
    try:
        with case.database.scratch() as scratch:
            scratch.build(index)
            plan = scratch.explain(statement)
    except (StoppedError, ConnectError):
        raise
    except MentorError:
        return False
    return any(is_seek(node) and (node.index or "").lower() == index.name.lower() for node in plan.nodes())


def _offer(case: Case, tried: Proposal, sought: str | None = None) -> Judgement:
    """Show a proposal that stood its trials, provided that it gains something and its words claim nothing more."""
    offered, _ = rank([tried])
    if not offered:
        return _rejected(case, tried, "it gains nothing here")
    statement = tried.before or (case.evidence.statements[0] if case.evidence.statements else None)
    name = case.evidence.add(tried.after, statement=statement, proposal=tried, accepted=True, index_sought=sought)
    if found := doubts_in(
        (tried.title, tried.reason, tried.tradeoffs.price, tried.tradeoffs.not_if or ""), case, (name,)
    ):
        # What was tried stays known; it is the words that go back.
        case.evidence.records[-1] = replace(case.evidence.records[-1], accepted=False)
        return refuse(
            f"the trial is fine, the words are not: no result holds {'; '.join(found)}. Report it again without.",
            **proof_payload(tried.proof, case.redactor),
        )
    if any(one_line(each.after) == one_line(tried.after) for each in (*case.proposals, *case.review.proposals)):
        return Judgement(True, "the user is offered it already", proof_payload(tried.proof, case.redactor))
    case.proposals.append(tried)
    return Judgement(True, f"shown to the user as {name}", proof_payload(tried.proof, case.redactor))


def _rejected(case: Case, tried: Proposal, reason: str) -> Judgement:
    statement = tried.before or (case.evidence.statements[0] if case.evidence.statements else None)
    # Nothing of the model's words is kept: what was tried is shown with what came of it.
    plain = replace(tried, title=f"Proposed, and {reason}", reason="", tradeoffs=Tradeoffs("not offered"))
    case.rejected.append(plain)
    name = case.evidence.add("", statement=statement, proposal=plain)
    return refuse(f"{reason} ({name})", **proof_payload(tried.proof, case.redactor))


def _draft(kind: ProposalKind, words: Words, before: str, after: str) -> Proposal:
    return Proposal(
        kind=kind,
        name=f"claude-{kind.value}",
        title=words.title,
        before=before,
        after=after,
        reason=words.reason,
        tradeoffs=Tradeoffs(words.price, words.not_if or None),
        source=Source.CLAUDE,
    )


def _subject(statement: Statement, case: Case) -> Subject:
    plan = next((each.plan for each in case.reviews if one_line(each.statement) == one_line(statement.text)), None)
    return Subject(statement, case.schema, plan)


def _stray_comment(proposed: Statement, before: Statement) -> str | None:
    """Return a complaint of a comment that is not the author's own: it would be shown unjudged."""
    comments = [each.text for each in scan(proposed.text, proposed.dialect) if each.kind is TokenKind.COMMENT]
    return "leave comments out of a proposal" if any(each not in before.text for each in comments) else None
