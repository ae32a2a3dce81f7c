"""What may be said of a change of code follows from what was tried."""

from __future__ import annotations

from backend_mentor.domain.code_check import CodeCheck, Noticed
from backend_mentor.domain.proof import Effect, Proof, Rung
from backend_mentor.domain.trace import AnswerDifference, CodeRuns, GrownCount, Growth, SentRequest

INJECTION, TIMEOUT = Noticed("sql-injection", 12), Noticed("missing-timeout", 30)
REQUEST = SentRequest("GET", "/orders")


def test_a_change_whose_finding_is_gone_claims_that_and_nothing_about_its_answers() -> None:
    proof = Proof(code=CodeCheck(parses=True, silenced=(INJECTION,)))
    assert proof.verdict == "its finding is gone, nothing new is found"
    assert proof.rung is Rung.NOT_SUPPORTED
    assert proof.effect is Effect.UNKNOWN
    assert not proof.refuted


def test_a_change_that_is_no_python_is_refuted() -> None:
    proof = Proof(code=CodeCheck(parses=False))
    assert proof.refuted
    assert proof.rung is Rung.REFUTED
    assert proof.verdict == "it is no Python any more"


def test_a_finding_that_stays_refutes_and_is_named_with_its_line() -> None:
    proof = Proof(code=CodeCheck(parses=True, silenced=(INJECTION,), remaining=(TIMEOUT,)))
    assert proof.refuted
    assert proof.verdict == "missing-timeout on line 30 is still found, nothing new is found"


def test_a_new_finding_refutes_whatever_else_is_gone() -> None:
    proof = Proof(code=CodeCheck(parses=True, silenced=(INJECTION,), added=(TIMEOUT,)))
    assert proof.refuted
    assert proof.verdict == "its finding is gone, and missing-timeout on line 30 is new"


def test_a_change_that_puts_nothing_right_is_refuted() -> None:
    assert Proof(code=CodeCheck(parses=True)).refuted


def test_linters_that_were_not_run_are_said_to_be_so() -> None:
    check = CodeCheck(parses=True, silenced=(INJECTION, TIMEOUT), linted=False)
    assert check.verdict == "its 2 findings are gone, our own rules find nothing new, the linters were not run"


def test_answers_that_were_compared_are_counted_and_statements_too() -> None:
    before = Growth(REQUEST, (GrownCount(100, 101, 200, 900),))
    after = Growth(REQUEST, (GrownCount(100, 2, 200, 900),))
    proof = Proof(code=CodeCheck(parses=True, silenced=(INJECTION,), runs=CodeRuns(6, (), (before,), (after,))))
    assert proof.rung is Rung.TESTED
    assert proof.verdict == (
        "its finding is gone, nothing new is found; "
        "answers 6 of 6 requests the same; 101 become 2 statements at 100 rows"
    )


def test_an_answer_that_differs_refutes_only_where_the_contract_was_to_stay() -> None:
    runs = CodeRuns(3, (AnswerDifference(REQUEST, 10, "200 became 500"),))
    assert Proof(code=CodeCheck(parses=True, silenced=(INJECTION,), runs=runs)).refuted
    meant = Proof(code=CodeCheck(parses=True, silenced=(INJECTION,), keeps_contract=False, runs=runs))
    assert not meant.refuted
    assert meant.rung is Rung.NOT_SUPPORTED
    assert meant.verdict.endswith("answers 2 of 3 requests the same")


def test_runs_without_a_single_answer_show_nothing() -> None:
    proof = Proof(code=CodeCheck(parses=True, silenced=(INJECTION,), runs=CodeRuns(0)))
    assert proof.rung is Rung.NOT_SUPPORTED
