"""Fixes for findings of this duty."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend_mentor.proposals.code.documentation.answers_documented import AnswersDocumented
from backend_mentor.proposals.code.documentation.docstring_from_code import DocstringFromCode

if TYPE_CHECKING:
    from backend_mentor.proposals.code.fix import CodeFix

DOCUMENTATION_FIXES: tuple[CodeFix, ...] = (
    AnswersDocumented(),
    DocstringFromCode(),
)
