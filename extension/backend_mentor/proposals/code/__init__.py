"""What we suggest for code: one fix is one module with its examples; the tuple here is all fixes there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend_mentor.proposals.code.api import API_FIXES
from backend_mentor.proposals.code.database import DATABASE_FIXES
from backend_mentor.proposals.code.documentation import DOCUMENTATION_FIXES
from backend_mentor.proposals.code.errors import ERRORS_FIXES
from backend_mentor.proposals.code.logic import LOGIC_FIXES
from backend_mentor.proposals.code.performance import PERFORMANCE_FIXES
from backend_mentor.proposals.code.security import SECURITY_FIXES

if TYPE_CHECKING:
    from backend_mentor.proposals.code.fix import CodeFix

CODE_FIXES: tuple[CodeFix, ...] = (
    *SECURITY_FIXES,
    *DATABASE_FIXES,
    *API_FIXES,
    *ERRORS_FIXES,
    *LOGIC_FIXES,
    *PERFORMANCE_FIXES,
    *DOCUMENTATION_FIXES,
)
