"""A cell of which the review has nothing more to say under the rules named, and which still does its work."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from backend_mentor.domain.lesson import Outcome
from backend_mentor.proofs.tested_code import run_tests

if TYPE_CHECKING:
    from backend_mentor.lessons.exercise import Goal
    from backend_mentor.session import Session

_FAILED = re.compile(r"^FAILED \S+::(\w+(?:\[[^\]]*\])?)", re.MULTILINE)


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
        outcome = self.then.judge(attempt, session)
        return replace(outcome, says=f"The review is silent. {outcome.says}")


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
            names = [each.removeprefix("test_").replace("_", " ") for each in _FAILED.findall(run.output)]
            said = (
                f"These tests fail: {'; '.join(names)}." if names else f"The tests do not run. {_error_of(run.output)}"
            )
            return Outcome(False, said)
        return Outcome(True, f"The {run.passed} tests of the cell pass.")


def _error_of(output: str) -> str:
    """Return the line in which Python says what stopped it."""
    errors = [line.removeprefix("E").strip() for line in output.splitlines() if line.startswith("E ")]
    return errors[-1] if errors else ""
