"""What a review answers by itself: the parts that a question is about, whole, and nothing where it says nothing."""

from __future__ import annotations

import pytest

from backend_mentor.renderers.focus import answer_from
from tests.sample_reviews import SAMPLES

REVIEW = SAMPLES["slow_orders"][0]
PARTS = ("summary", "notices", "offers", "tempting", "plan", "questions", "escalations")


def parts(question: str) -> set[str]:
    """Return the names of the parts that a question leads to."""
    answer = answer_from(REVIEW, question)
    assert answer is not None, question
    (outline,) = answer["page"]["outlines"]
    return {part for part in PARTS if outline[part]}


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What does it do?", {"summary"}),
        ("Why is orders read whole?", {"notices"}),
        ("How would you make it faster?", {"offers"}),
        ("Is that safe?", {"offers"}),
        ("Can I use BETWEEN here?", {"tempting"}),
        ("What is a nested loop?", {"plan"}),
        ("Who decides about ties?", {"questions"}),
        ("Why?", {"notices"}),
    ],
)
def test_a_question_leads_to_what_it_is_about_and_to_nothing_else(question: str, expected: set[str]) -> None:
    assert parts(question) == expected


@pytest.mark.parametrize("question", ["What about the weather?", "", "?!", "the of and", "Translate it to Welsh"])
def test_what_the_review_says_nothing_about_is_not_answered(question: str) -> None:
    assert answer_from(REVIEW, question) is None


def test_an_answer_is_the_review_word_for_word() -> None:
    whole = str(answer_from(REVIEW, "plan, finding, better"))
    for question in ("Why is orders read whole?", "What is the plan?"):
        answer = answer_from(REVIEW, question)
        assert answer is not None
        (outline,) = answer["page"]["outlines"]
        for notice in outline["notices"]:
            assert str(notice) in whole
        assert outline["conclusion"] == ""


def test_an_answer_explains_even_where_the_review_was_terse() -> None:
    answer = answer_from(REVIEW, "Is it safe?")
    assert answer is not None
    assert answer["explains"] is True
    assert answer["page"]["outlines"][0]["offers"][0]["depth"]
