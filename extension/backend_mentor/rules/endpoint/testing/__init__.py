"""Rules on what can not be tested, or is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backend_mentor.rules.endpoint.rule import CodeRule

TESTING_RULES: tuple[CodeRule, ...] = ()
