"""The exercises of the lessons: each lesson is one module, and all of them are named here, in their order."""

from __future__ import annotations

from typing import Final

from backend_mentor.lessons import (
    authentication_done_right,
    endpoint_with_n_plus_one,
    first_review,
    folder_at_once,
    indexes_that_are_tried,
    reading_a_plan,
    rewrites_and_traps,
    websocket_feed,
    with_claude,
    your_own_database,
)
from backend_mentor.lessons.exercise import Exercise

LESSONS: Final[tuple[tuple[Exercise, ...], ...]] = (
    first_review.EXERCISES,
    reading_a_plan.EXERCISES,
    indexes_that_are_tried.EXERCISES,
    rewrites_and_traps.EXERCISES,
    endpoint_with_n_plus_one.EXERCISES,
    authentication_done_right.EXERCISES,
    websocket_feed.EXERCISES,
    folder_at_once.EXERCISES,
    your_own_database.EXERCISES,
    with_claude.EXERCISES,
)
