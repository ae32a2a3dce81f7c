"""Rules on state, order and concurrency."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend_mentor.rules.endpoint.logic.cached_coroutine import CachedCoroutine
from backend_mentor.rules.endpoint.logic.cancellation_swallowed import CancellationSwallowed
from backend_mentor.rules.endpoint.logic.coroutine_not_awaited import CoroutineNotAwaited
from backend_mentor.rules.endpoint.logic.file_checked_then_opened import FileCheckedThenOpened
from backend_mentor.rules.endpoint.logic.handler_does_everything import HandlerDoesEverything
from backend_mentor.rules.endpoint.logic.lock_held_across_await import LockHeldAcrossAwait
from backend_mentor.rules.endpoint.logic.money_in_binary_fractions import MoneyInBinaryFractions
from backend_mentor.rules.endpoint.logic.session_kept_in_cache import SessionKeptInCache
from backend_mentor.rules.endpoint.logic.session_shared_by_tasks import SessionSharedByTasks
from backend_mentor.rules.endpoint.logic.state_in_process import StateInProcess
from backend_mentor.rules.endpoint.logic.state_shared_by_instances import StateSharedByInstances

if TYPE_CHECKING:
    from backend_mentor.rules.endpoint.rule import CodeRule

LOGIC_RULES: tuple[CodeRule, ...] = (
    CachedCoroutine(),
    CancellationSwallowed(),
    CoroutineNotAwaited(),
    FileCheckedThenOpened(),
    HandlerDoesEverything(),
    LockHeldAcrossAwait(),
    MoneyInBinaryFractions(),
    SessionKeptInCache(),
    SessionSharedByTasks(),
    StateInProcess(),
    StateSharedByInstances(),
)
