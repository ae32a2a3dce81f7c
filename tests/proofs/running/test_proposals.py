"""Proposals are run as long as there is time, and one that is not run says why."""

from __future__ import annotations

from itertools import count

import pytest

from backend_mentor.domain.code_check import CodeCheck, Noticed
from backend_mentor.domain.errors import StoppedError
from backend_mentor.domain.proof import Proof
from backend_mentor.domain.proposal import Proposal, ProposalKind, Tradeoffs
from backend_mentor.proofs.running.proposals import run_proposals
from backend_mentor.proofs.running.run import Target
from tests.proofs.running.cells import FLASK
from tests.proofs.running.conftest import Execute


def proposal(target: Target, old: str, new: str, *, parses: bool = True) -> Proposal:
    text = target.source.text
    assert old in text
    check = CodeCheck(parses, (Noticed("relation-loaded-in-loop", 1),))
    change = (text, text.replace(old, new), "It is shorter.", Tradeoffs("none"))
    return Proposal(ProposalKind.CODE, "a-change", "Change it", *change, proof=Proof(code=check))


def eager(target: Target) -> Proposal:
    return proposal(target, "select(Book))", "select(Book).options(selectinload(Book.author)))")


def test_a_proposal_gets_the_runs_of_both_versions(execute: Execute) -> None:
    target = execute(FLASK)
    (proved,) = run_proposals([eager(target)], target)
    assert proved.proof.code is not None
    assert proved.proof.code.answers_the_same
    assert proved.proof.verdict.endswith("answers 3 of 3 requests the same; 101 become 2 statements at 100 rows")


def test_a_proposal_that_answers_otherwise_is_refuted(execute: Execute) -> None:
    target = execute(FLASK)
    (proved,) = run_proposals([proposal(target, '"title": book.title', '"title": None')], target)
    assert proved.proof.refuted


def test_what_is_refuted_already_is_not_run(execute: Execute) -> None:
    target = execute(FLASK)
    refuted = proposal(target, "app = Flask", "app = = Flask", parses=False)
    assert run_proposals([refuted], target) == (refuted,)


def test_when_the_time_is_over_the_others_say_so(execute: Execute) -> None:
    target = execute(FLASK)
    ticks = count(0, 20)
    first, second = run_proposals([eager(target), eager(target)], target, clock=lambda: float(next(ticks)))
    assert first.proof.code is not None
    assert first.proof.code.runs is not None
    assert second.proof.notes == ("it was not run: the 30 seconds for such runs were over",)


def test_a_stop_ends_the_runs(execute: Execute) -> None:
    target = execute(FLASK)
    target.stop.request()
    with pytest.raises(StoppedError):
        run_proposals([eager(target)], target)
