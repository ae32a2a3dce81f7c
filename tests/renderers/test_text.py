"""The review as text."""

from __future__ import annotations

from dataclasses import replace

import pytest

from backend_mentor.domain.proof import Counterexample, Proof, Rows, Trials
from backend_mentor.domain.review import Level
from backend_mentor.renderers import text
from backend_mentor.renderers.view import View
from tests.sample_reviews import SAMPLES, huge_plan, slow_orders, tempting_not_exists


@pytest.mark.parametrize("width", [60, 80, 100, 140])
@pytest.mark.parametrize("name", SAMPLES)
def test_no_line_is_wider_than_asked(name: str, width: int) -> None:
    review, view = SAMPLES[name]
    lines = text.render(review, replace(view, width=width)).splitlines()
    assert [line for line in lines if len(line) > width] == []


def test_the_parts_come_in_the_order_in_which_they_are_needed() -> None:
    shown = text.render(slow_orders(), View())
    parts = ["IN SHORT", "WHAT IT DOES", "ACT ON THIS", "BETTER VERSION", "TEMPTING, BUT WRONG", "PLAN", "A QUESTION"]
    places = [shown.index(f"\n{part}") for part in [*parts, "TAKE IT UP"]]
    assert places == sorted(places)


def test_a_hint_asks_and_keeps_the_answer_back() -> None:
    shown = text.render(slow_orders(), View(hint=True))
    assert "what keeps the database from going straight to them?" in " ".join(shown.split())
    assert "without --hint" in shown
    for answer in ("o.placed_at >=", "range of one day", "BETWEEN", "date(placed_at) is computed"):
        assert answer not in shown


def test_a_junior_is_told_the_steps_the_reasons_and_the_vocabulary() -> None:
    junior = text.render(slow_orders(), View(Level.JUNIOR))
    senior = text.render(slow_orders(), View())
    for only_junior in ("ORDER BY  sorts by placed_at", "nested loop: runs its second part", "A rule holds that"):
        assert only_junior in junior
        assert only_junior not in senior


def test_a_deep_plan_shows_the_costly_step_with_its_real_depth() -> None:
    shown = text.render(huge_plan(5_000, deep=True), View())
    assert "(4997) SCAN parts_4997" in shown
    assert "4,970 of 5,000 steps are not shown" in shown


def test_a_value_can_not_steer_the_terminal() -> None:
    rows = Rows("t\x1b[2J", ("a\x07",), (("\x1b]0;owned\x07",), ("\u202egnp.exe",)))
    example = Counterexample((rows,), rows, Rows("after", ("a",), ()), 1, "")
    rejected = replace(tempting_not_exists().rejected[0], proof=Proof(trials=Trials(1, 1, 1, 1.0, example)))
    shown = text.render(replace(tempting_not_exists(), rejected=(rejected,)), View())
    assert "owned" in shown
    assert not {"\x1b", "\x07", "\u202e"} & set(shown)


def test_a_statement_that_could_not_be_reviewed_says_why_and_the_others_are_shown() -> None:
    review, view = SAMPLES["update_and_failure"]
    shown = text.render(review, view)
    assert "STATEMENT 2 OF 2" in shown
    assert "NOT REVIEWED\n  accounts has no column nam." in shown
    assert "UPDATE accounts has no WHERE" in shown


def test_a_query_that_no_part_of_the_review_ran_is_not_said_to_have_run() -> None:
    review = SAMPLES["update_and_failure"][0]
    asked_to_run = replace(review, provenance=replace(review.provenance, analyzed=True))
    assert "query not run" in text.render(asked_to_run, View())
