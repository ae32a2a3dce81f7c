"""A question about a plan, whose right answer is read off the plan as it is today."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from backend_mentor.domain.lesson import Outcome
from backend_mentor.domain.plan import Plan
from backend_mentor.lessons.goals.reading import read_query

if TYPE_CHECKING:
    from backend_mentor.session import Session


@dataclass(frozen=True, slots=True)
class PlanRead:
    """The attempt is a word or a number, and the plan of `query`, really run, holds it."""

    query: str
    read: Callable[[Plan], tuple[str, str]]
    """Returns the right answer and the sentence in which the plan shows it."""

    def judge(self, attempt: str, session: Session) -> Outcome:
        """Return whether the plan says the same; see `Goal`."""
        words = [line.strip() for line in attempt.splitlines() if line.strip() and not line.lstrip().startswith("--")]
        if len(words) != 1:
            return Outcome(False, "The answer is one word or number; leave only that in the cell. Comments may stay.")
        with session.borrow() as database:
            answer, shown = self.read(database.explain(read_query(self.query, database), analyze=True))
        if _plain(words[0]) == _plain(answer):
            return Outcome(True, shown)
        return Outcome(False, f"The plan does not say {words[0]:.40}. Run the review above again and look there.")


def _plain(word: str) -> str:
    return word.strip(" ;'\"`").replace(",", "").lower()
