"""Fixes for findings of this duty."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend_mentor.proposals.code.logic.aware_time_used import AwareTimeUsed
from backend_mentor.proposals.code.logic.cancellation_raised_again import CancellationRaisedAgain
from backend_mentor.proposals.code.logic.coroutine_awaited import CoroutineAwaited
from backend_mentor.proposals.code.logic.coroutine_left_uncached import CoroutineLeftUncached
from backend_mentor.proposals.code.logic.default_made_in_call import DefaultMadeInCall
from backend_mentor.proposals.code.logic.file_made_once import FileMadeOnce
from backend_mentor.proposals.code.logic.lock_of_event_loop import LockOfEventLoop
from backend_mentor.proposals.code.logic.state_of_each_instance import StateOfEachInstance
from backend_mentor.proposals.code.logic.task_kept import TaskKept

if TYPE_CHECKING:
    from backend_mentor.proposals.code.fix import CodeFix

LOGIC_FIXES: tuple[CodeFix, ...] = (
    AwareTimeUsed(),
    CancellationRaisedAgain(),
    CoroutineAwaited(),
    CoroutineLeftUncached(),
    DefaultMadeInCall(),
    FileMadeOnce(),
    LockOfEventLoop(),
    StateOfEachInstance(),
    TaskKept(),
)
