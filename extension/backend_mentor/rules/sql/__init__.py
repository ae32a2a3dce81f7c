"""Rules that look at the sql."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backend_mentor.rules.rule import Rule

SQL_RULES: tuple[Rule, ...] = ()
