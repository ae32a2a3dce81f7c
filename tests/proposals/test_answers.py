"""What each idea says that it answers."""

from __future__ import annotations

import pytest

from backend_mentor.proposals import IDEAS
from backend_mentor.proposals.idea import Idea
from backend_mentor.rules import RULES


@pytest.mark.parametrize("idea", [pytest.param(idea, id=idea.name) for idea in IDEAS])
def test_an_idea_answers_findings_of_rules_that_there_are(idea: Idea) -> None:
    assert set(idea.answers) <= {rule.name for rule in RULES}
