"""The one sentence that a review ends in."""

from __future__ import annotations

from dataclasses import replace

import pytest

from backend_mentor.domain.cell import Span
from backend_mentor.domain.finding import Finding, Place, Responsibility, Severity
from backend_mentor.proofs.conclusion import conclude
from tests.sample_reviews import leave_it


def _finding(what: str, severity: Severity) -> Finding:
    place = Place(Span(0, 1, 1, 1))
    return Finding("a-rule", severity, Responsibility.LOGIC, what, "Why.", "Do this instead.", (), place)


@pytest.mark.parametrize(
    ("what", "end"),
    [
        (
            "Without a WHERE all 9 rows of t would be deleted.",
            "first: without a WHERE all 9 rows of t would be deleted.",
        ),
        ("orders is read whole, 9 rows.", "first: orders is read whole, 9 rows."),
        ("LIKE has no wildcard.", "first: LIKE has no wildcard."),
    ],
)
def test_what_to_act_on_is_the_end_of_one_clean_sentence(what: str, end: str) -> None:
    review = replace(leave_it(), findings=(_finding(what, Severity.WARNING),), proposals=())
    assert conclude(review).endswith(end)


def test_advice_is_not_answered_with_leave_it() -> None:
    review = replace(leave_it(), findings=(_finding("For this page 9 rows are thrown away.", Severity.ADVICE),))
    assert conclude(review) == (
        "No better version was found here; what remains is advice: for this page 9 rows are thrown away."
    )


def test_a_query_without_findings_is_left() -> None:
    assert conclude(replace(leave_it(), findings=(), proposals=())).startswith("Leave it, because")
