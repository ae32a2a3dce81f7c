"""The lying model: nothing false is shown as advice, next to nothing true is held back."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from backend_mentor.mentor.budget import Budget
from backend_mentor.mentor.client import Claude
from backend_mentor.mentor.mentor import Mentor
from backend_mentor.mentor.prose import gate
from tests.fake_claude import FakeClaude, ToolUse, says, uses
from tests.fake_claude.validation import KEY
from tests.mentor.lies import calls, prose
from tests.mentor.lies.judging import CALLS, REWRITES, SENTENCES, TRUE_BY_CLASS, TRUE_SENTENCES, Bench, judge_truths
from tests.mentor.lies.shop import make_shop


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    database = make_shop(tmp_path_factory.mktemp("shop") / "shop.db")
    yield Bench(database)
    database.close()


def test_the_suite_holds_two_hundred_lies_and_forty_truths_of_each_kind() -> None:
    lies = [*REWRITES.values(), *CALLS.values(), *SENTENCES.values()]
    assert sum(map(len, lies)) >= 200
    assert len(TRUE_SENTENCES) >= 40


@pytest.mark.parametrize("name", REWRITES)
def test_no_rewrite_that_answers_differently_is_shown(name: str, bench: Bench) -> None:
    assert [after for before, after in REWRITES[name] if bench.shows(calls.rewrite(after), before)] == []


@pytest.mark.parametrize("name", CALLS)
def test_no_lying_call_puts_anything_before_the_user(name: str, bench: Bench) -> None:
    assert [call for call in CALLS[name] if bench.shows(call)] == []


@pytest.mark.parametrize("name", SENTENCES)
def test_every_lying_sentence_is_marked(name: str, bench: Bench) -> None:
    assert [sentence for sentence in SENTENCES[name] if not bench.marks(sentence)] == []


@pytest.mark.parametrize("name", TRUE_BY_CLASS)
def test_of_true_sentences_at_most_one_in_twenty_is_marked(name: str, bench: Bench) -> None:
    marked = [sentence for sentence in TRUE_BY_CLASS[name] if bench.marks(sentence)]
    assert len(marked) <= len(TRUE_BY_CLASS[name]) * 0.05, marked


def test_true_reports_are_shown_and_true_sentences_stay_unmarked(bench: Bench) -> None:
    reports, sentences = judge_truths(bench)
    assert reports.total >= 40
    assert len(reports.wrong) <= reports.total * 0.05, reports.wrong
    assert len(sentences.wrong) <= sentences.total * 0.05, sentences.wrong


def test_through_the_real_sdk_a_model_that_lies_all_along_shows_nothing(bench: Bench) -> None:
    told = [call for name, all_of in calls.LIES.items() if name != "code" for call in all_of[:6]]
    told = [call for call in told if "nan" not in str(call.arguments)]  # JSON has none
    named = [ToolUse(call.tool, call.arguments) for call in told if isinstance(call.arguments, dict)]
    turns = [uses(*named[start : start + 8]) for start in range(0, len(named), 8)]
    lies = " ".join(sentence for sentences in prose.LIES.values() for sentence in sentences[:3])
    found = bench.case(calls.SLOW).review
    with FakeClaude([*turns, says(lies)]) as fake:
        mentor = Mentor(open_speaker=lambda: Claude(KEY, fake.url), budget=Budget(tokens=10_000_000, usd=100.0))
        mentor.turn_on(bench.database)
        answer = mentor.ask("Review it.", found, bench.database)
        assert (len(fake.requests), answer.failure) == (len(turns) + 1, None)
    assert answer.is_whole
    assert (answer.review.findings, answer.review.proposals, answer.review.escalations) == ((), (), ())
    assert answer.review.questions == ()
    assert all(each.proof.refuted or each.proof.cost is not None for each in answer.review.rejected)
    assert answer.review.narrative is not None
    assert [each.text for each in answer.review.narrative.passages if not each.unverified] == []


def test_a_sentence_is_judged_again_once_more_is_known(bench: Bench) -> None:
    evidence = bench.case(calls.SLOW).evidence
    said = "The query takes 36 ms."
    assert gate(said, evidence)[0].unverified
    evidence.add("It took 36 ms.", statement=calls.SLOW)
    assert not gate(said, evidence)[0].unverified


def test_a_name_is_put_into_a_sentence_as_it_is(tmp_path: Path) -> None:
    database = make_shop(tmp_path / "shop.db")
    with closing(sqlite3.connect(tmp_path / "shop.db")) as connection:
        connection.execute('ALTER TABLE orders ADD COLUMN "\\h" TEXT')
        connection.commit()
    bench = Bench(database)
    evidence = bench.case('SELECT "\\h" FROM orders WHERE "\\h" IS NULL').evidence
    assert gate("`\\h` has an index, and the query uses that index. It is unique, and it is never NULL.", evidence)[0]


def test_of_an_endless_word_the_beginning_is_judged(bench: Bench) -> None:
    evidence = bench.case(calls.SLOW).evidence
    assert gate(f"{'made_up_' * 10_000} has an index on status.", evidence)[0].unverified
