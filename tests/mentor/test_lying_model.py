"""The lying model: nothing false is shown as advice, next to nothing true is held back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.mentor.lies import calls, prose, rewrites
from tests.mentor.lies.judging import Bench, judge_truths
from tests.mentor.lies.shop import make_shop


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    database = make_shop(tmp_path_factory.mktemp("shop") / "shop.db")
    yield Bench(database)
    database.close()


def test_the_suite_holds_two_hundred_lies_and_forty_truths_of_each_kind() -> None:
    lies = [*rewrites.LIES.values(), *calls.LIES.values(), *prose.LIES.values()]
    assert sum(map(len, lies)) >= 200
    assert len(prose.TRUTHS) >= 40


@pytest.mark.parametrize("name", rewrites.LIES)
def test_no_rewrite_that_answers_differently_is_shown(name: str, bench: Bench) -> None:
    assert [after for before, after in rewrites.LIES[name] if bench.shows(calls.rewrite(after), before)] == []


@pytest.mark.parametrize("name", calls.LIES)
def test_no_lying_call_puts_anything_before_the_user(name: str, bench: Bench) -> None:
    assert [call for call in calls.LIES[name] if bench.shows(call)] == []


@pytest.mark.parametrize("name", prose.LIES)
def test_every_lying_sentence_is_marked(name: str, bench: Bench) -> None:
    assert [sentence for sentence in prose.LIES[name] if not bench.marks(sentence)] == []


def test_true_reports_are_shown_and_true_sentences_stay_unmarked(bench: Bench) -> None:
    reports, sentences = judge_truths(bench)
    assert reports.total >= 40
    assert len(reports.wrong) <= reports.total * 0.05, reports.wrong
    assert len(sentences.wrong) <= sentences.total * 0.05, sentences.wrong
