"""Fixes for findings of this duty."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend_mentor.proposals.code.database.changed_columns_saved import ChangedColumnsSaved
from backend_mentor.proposals.code.database.commit_after_loop import CommitAfterLoop
from backend_mentor.proposals.code.database.default_made_for_each_row import DefaultMadeForEachRow
from backend_mentor.proposals.code.database.foreign_key_indexed import ForeignKeyIndexed
from backend_mentor.proposals.code.database.insert_decided_by_database import InsertDecidedByDatabase
from backend_mentor.proposals.code.database.locked_in_transaction import LockedInTransaction
from backend_mentor.proposals.code.database.money_in_decimals import MoneyInDecimals
from backend_mentor.proposals.code.database.one_commit_at_the_end import OneCommitAtTheEnd
from backend_mentor.proposals.code.database.operator_for_database import OperatorForDatabase
from backend_mentor.proposals.code.database.page_ordered import PageOrdered
from backend_mentor.proposals.code.database.rolled_back_first import RolledBackFirst
from backend_mentor.proposals.code.database.row_locked_while_changed import RowLockedWhileChanged
from backend_mentor.proposals.code.database.row_looked_up_by_session import RowLookedUpBySession
from backend_mentor.proposals.code.database.rows_kept_after_commit import RowsKeptAfterCommit
from backend_mentor.proposals.code.database.session_closed_by_block import SessionClosedByBlock
from backend_mentor.proposals.code.database.time_with_zone import TimeWithZone

if TYPE_CHECKING:
    from backend_mentor.proposals.code.fix import CodeFix

DATABASE_FIXES: tuple[CodeFix, ...] = (
    ChangedColumnsSaved(),
    CommitAfterLoop(),
    DefaultMadeForEachRow(),
    ForeignKeyIndexed(),
    InsertDecidedByDatabase(),
    LockedInTransaction(),
    MoneyInDecimals(),
    OneCommitAtTheEnd(),
    OperatorForDatabase(),
    PageOrdered(),
    RolledBackFirst(),
    RowLockedWhileChanged(),
    RowLookedUpBySession(),
    RowsKeptAfterCommit(),
    SessionClosedByBlock(),
    TimeWithZone(),
)
