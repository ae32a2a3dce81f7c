"""Rules on failures and what is said of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend_mentor.rules.endpoint.errors.error_as_success import ErrorAsSuccess
from backend_mentor.rules.endpoint.errors.exception_eats_answer import ExceptionEatsAnswer
from backend_mentor.rules.endpoint.errors.exception_text_to_caller import ExceptionTextToCaller
from backend_mentor.rules.endpoint.errors.process_exit_in_handler import ProcessExitInHandler

if TYPE_CHECKING:
    from backend_mentor.rules.endpoint.rule import CodeRule

ERRORS_RULES: tuple[CodeRule, ...] = (
    ErrorAsSuccess(),
    ExceptionEatsAnswer(),
    ExceptionTextToCaller(),
    ProcessExitInHandler(),
)
