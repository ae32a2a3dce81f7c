"""Fixes for findings of this duty."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend_mentor.proposals.code.performance.async_taken_off import AsyncTakenOff
from backend_mentor.proposals.code.performance.blocking_call_in_thread import BlockingCallInThread
from backend_mentor.proposals.code.performance.engine_made_once import EngineMadeOnce
from backend_mentor.proposals.code.performance.existence_asked import ExistenceAsked
from backend_mentor.proposals.code.performance.key_read_from_row import KeyReadFromRow
from backend_mentor.proposals.code.performance.orm_awaited import OrmAwaited
from backend_mentor.proposals.code.performance.relations_loaded_with_rows import RelationsLoadedWithRows
from backend_mentor.proposals.code.performance.rows_chosen_by_database import RowsChosenByDatabase
from backend_mentor.proposals.code.performance.rows_counted_by_database import RowsCountedByDatabase
from backend_mentor.proposals.code.performance.rows_created_together import RowsCreatedTogether
from backend_mentor.proposals.code.performance.rows_looked_up_together import RowsLookedUpTogether
from backend_mentor.proposals.code.performance.rows_of_rows_fetched_together import RowsOfRowsFetchedTogether
from backend_mentor.proposals.code.performance.sleep_awaited import SleepAwaited

if TYPE_CHECKING:
    from backend_mentor.proposals.code.fix import CodeFix

PERFORMANCE_FIXES: tuple[CodeFix, ...] = (
    AsyncTakenOff(),
    BlockingCallInThread(),
    EngineMadeOnce(),
    ExistenceAsked(),
    KeyReadFromRow(),
    OrmAwaited(),
    RelationsLoadedWithRows(),
    RowsChosenByDatabase(),
    RowsCountedByDatabase(),
    RowsCreatedTogether(),
    RowsLookedUpTogether(),
    RowsOfRowsFetchedTogether(),
    SleepAwaited(),
)
