"""Fixes for findings of this duty."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend_mentor.proposals.code.errors.answer_let_through import AnswerLetThrough
from backend_mentor.proposals.code.errors.cause_named import CauseNamed
from backend_mentor.proposals.code.errors.clause_narrowed import ClauseNarrowed
from backend_mentor.proposals.code.errors.error_status_returned import ErrorStatusReturned
from backend_mentor.proposals.code.errors.failure_answered import FailureAnswered
from backend_mentor.proposals.code.errors.failure_kept_from_caller import FailureKeptFromCaller
from backend_mentor.proposals.code.errors.failure_told import FailureTold
from backend_mentor.proposals.code.errors.log_arguments_passed import LogArgumentsPassed
from backend_mentor.proposals.code.errors.mistake_answered import MistakeAnswered
from backend_mentor.proposals.code.errors.prints_logged import PrintsLogged
from backend_mentor.proposals.code.errors.traceback_logged import TracebackLogged

if TYPE_CHECKING:
    from backend_mentor.proposals.code.fix import CodeFix

ERRORS_FIXES: tuple[CodeFix, ...] = (
    AnswerLetThrough(),
    CauseNamed(),
    ClauseNarrowed(),
    ErrorStatusReturned(),
    FailureAnswered(),
    FailureKeptFromCaller(),
    FailureTold(),
    LogArgumentsPassed(),
    PrintsLogged(),
    TracebackLogged(),
    MistakeAnswered(),
)
