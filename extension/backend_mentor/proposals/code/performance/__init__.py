"""Fixes for findings of this duty."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend_mentor.proposals.code.performance.relations_loaded_with_rows import RelationsLoadedWithRows

if TYPE_CHECKING:
    from backend_mentor.proposals.code.fix import CodeFix

PERFORMANCE_FIXES: tuple[CodeFix, ...] = (RelationsLoadedWithRows(),)
