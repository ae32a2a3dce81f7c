"""Rules on failures and what is said of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend_mentor.rules.endpoint.errors.answer_not_checked import AnswerNotChecked
from backend_mentor.rules.endpoint.errors.assert_checks_caller import AssertChecksCaller
from backend_mentor.rules.endpoint.errors.broadcast_ends_at_dead_client import BroadcastEndsAtDeadClient
from backend_mentor.rules.endpoint.errors.disconnect_not_handled import DisconnectNotHandled
from backend_mentor.rules.endpoint.errors.error_as_success import ErrorAsSuccess
from backend_mentor.rules.endpoint.errors.error_handler_without_status import ErrorHandlerWithoutStatus
from backend_mentor.rules.endpoint.errors.error_logged_as_info import ErrorLoggedAsInfo
from backend_mentor.rules.endpoint.errors.exception_eats_answer import ExceptionEatsAnswer
from backend_mentor.rules.endpoint.errors.exception_text_to_caller import ExceptionTextToCaller
from backend_mentor.rules.endpoint.errors.heartbeat_switched_off import HeartbeatSwitchedOff
from backend_mentor.rules.endpoint.errors.print_in_handler import PrintInHandler
from backend_mentor.rules.endpoint.errors.process_exit_in_handler import ProcessExitInHandler
from backend_mentor.rules.endpoint.errors.queue_without_limit import QueueWithoutLimit
from backend_mentor.rules.endpoint.errors.resolver_errors_shown import ResolverErrorsShown
from backend_mentor.rules.endpoint.errors.retry_without_end import RetryWithoutEnd
from backend_mentor.rules.endpoint.errors.traceback_to_caller import TracebackToCaller

if TYPE_CHECKING:
    from backend_mentor.rules.endpoint.rule import CodeRule

ERRORS_RULES: tuple[CodeRule, ...] = (
    AnswerNotChecked(),
    BroadcastEndsAtDeadClient(),
    DisconnectNotHandled(),
    ErrorAsSuccess(),
    ErrorHandlerWithoutStatus(),
    ErrorLoggedAsInfo(),
    ExceptionEatsAnswer(),
    ExceptionTextToCaller(),
    HeartbeatSwitchedOff(),
    PrintInHandler(),
    ProcessExitInHandler(),
    QueueWithoutLimit(),
    ResolverErrorsShown(),
    RetryWithoutEnd(),
    TracebackToCaller(),
    AssertChecksCaller(),
)
