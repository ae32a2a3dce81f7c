"""An exercise: what it asks, the hints before its answer, and the goal by which an attempt is judged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from backend_mentor.domain.lesson import Outcome
    from backend_mentor.session import Session


class Goal(Protocol):
    """What an attempt has to reach. It is tried on the database; the text of the attempt is never compared."""

    def judge(self, attempt: str, session: Session) -> Outcome:
        """Return what came of the attempt; raises MentorError where it can not be read or must not run."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """A plausible attempt that does not solve the exercise, and why."""

    attempt: str
    because: str


@dataclass(frozen=True, slots=True)
class Exercise:
    """One exercise of a lesson; its answer and its mistakes are its tests."""

    number: str
    """The lesson's number and its own, as in `3.2`."""
    asks: str
    starter: str
    """What stands in the notebook's cell; it does not solve the exercise."""
    hints: tuple[str, ...]
    """From the vaguest to the plainest; the answer comes after the last."""
    answer: str
    goal: Goal
    mistakes: tuple[Mistake, ...]
