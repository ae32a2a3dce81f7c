"""A cell of which the review has nothing more to say under the rules named, and which still does its work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from backend_mentor.domain.lesson import Outcome
from backend_mentor.proofs.tested_code import run_tests

if TYPE_CHECKING:
    from backend_mentor.lessons.exercise import Goal
    from backend_mentor.session import Session

_OUTPUT_LINES = 6


@dataclass(frozen=True, slots=True)
class QuietReview:
    """None of `rules` finds anything in the attempt, and `then`, which shows that it still works, is reached too."""

    rules: tuple[str, ...]
    then: Goal

    def judge(self, attempt: str, session: Session) -> Outcome:
        """Return what the review still finds, or what came of the rest; see `Goal`."""
        review = session.review(attempt, analyze=False, remember=False)
        found = [each for each in review.findings if each.rule in self.rules]
        if found:
            said = " ".join(f"{each.rule}: {each.what}" for each in found)
            return Outcome(False, f"The review still finds something. {said}")
        return self.then.judge(attempt, session)


@dataclass(frozen=True, slots=True)
class TestsPass:
    """The tests, which import the attempt as `cell`, pass in a process of their own."""

    __test__ = False  # or pytest would collect it

    tests: str
    requires: tuple[str, ...] = ()
    """What has to be installed for them, as pip names it."""

    def judge(self, attempt: str, session: Session) -> Outcome:
        """Return what came of the tests; see `Goal`. Raises NotSupportedError where something is not installed."""
        run = run_tests({"cell.py": attempt, "test_cell.py": self.tests}, requires=self.requires)
        if run.failed or not run.passed:
            said = [line for line in run.output.splitlines() if line.startswith(("E ", "FAILED", "ERROR"))]
            words = " ".join(line.removeprefix("E").strip() for line in said[:_OUTPUT_LINES])
            return Outcome(False, f"{run.failed} of {run.passed + run.failed} tests fail. {words}".rstrip())
        return Outcome(True, f"The review is silent, and the {run.passed} tests of the cell pass.")
