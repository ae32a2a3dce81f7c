"""Rules on state, order and concurrency."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend_mentor.rules.endpoint.logic.cached_coroutine import CachedCoroutine
from backend_mentor.rules.endpoint.logic.cancellation_swallowed import CancellationSwallowed
from backend_mentor.rules.endpoint.logic.lock_held_across_await import LockHeldAcrossAwait
from backend_mentor.rules.endpoint.logic.session_shared_by_tasks import SessionSharedByTasks
from backend_mentor.rules.endpoint.logic.state_in_process import StateInProcess

if TYPE_CHECKING:
    from backend_mentor.rules.endpoint.rule import CodeRule

LOGIC_RULES: tuple[CodeRule, ...] = (
    CachedCoroutine(),
    CancellationSwallowed(),
    LockHeldAcrossAwait(),
    SessionSharedByTasks(),
    StateInProcess(),
)
