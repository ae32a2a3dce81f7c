"""Fixes for findings of this duty."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend_mentor.proposals.code.security.value_bound import ValueBound

if TYPE_CHECKING:
    from backend_mentor.proposals.code.fix import CodeFix

SECURITY_FIXES: tuple[CodeFix, ...] = (ValueBound(),)
