"""Fixes for findings of this duty."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backend_mentor.proposals.code.fix import CodeFix

PERFORMANCE_FIXES: tuple[CodeFix, ...] = ()
