"""Rules on what can not be tested, or is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend_mentor.rules.endpoint.testing.only_the_good_case import OnlyTheGoodCase
from backend_mentor.rules.endpoint.testing.overrides_kept import OverridesKept
from backend_mentor.rules.endpoint.testing.raw_body_as_data import RawBodyAsData
from backend_mentor.rules.endpoint.testing.test_that_sleeps import TestThatSleeps
from backend_mentor.rules.endpoint.testing.test_without_assertion import TestWithoutAssertion

if TYPE_CHECKING:
    from backend_mentor.rules.endpoint.rule import CodeRule

TESTING_RULES: tuple[CodeRule, ...] = (
    OnlyTheGoodCase(),
    OverridesKept(),
    RawBodyAsData(),
    TestThatSleeps(),
    TestWithoutAssertion(),
)
