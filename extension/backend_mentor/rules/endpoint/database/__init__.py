"""Rules on statements, columns and transactions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend_mentor.rules.endpoint.database.check_then_insert import CheckThenInsert
from backend_mentor.rules.endpoint.database.commit_in_loop import CommitInLoop
from backend_mentor.rules.endpoint.database.default_made_at_import import DefaultMadeAtImport
from backend_mentor.rules.endpoint.database.expires_on_commit_in_async import ExpiresOnCommitInAsync
from backend_mentor.rules.endpoint.database.first_without_order import FirstWithoutOrder
from backend_mentor.rules.endpoint.database.foreign_key_without_index import ForeignKeyWithoutIndex
from backend_mentor.rules.endpoint.database.legacy_query_get import LegacyQueryGet
from backend_mentor.rules.endpoint.database.lock_outside_transaction import LockOutsideTransaction
from backend_mentor.rules.endpoint.database.money_as_float import MoneyAsFloat
from backend_mentor.rules.endpoint.database.naive_timestamp_column import NaiveTimestampColumn
from backend_mentor.rules.endpoint.database.page_without_order import PageWithoutOrder
from backend_mentor.rules.endpoint.database.python_operator_in_filter import PythonOperatorInFilter
from backend_mentor.rules.endpoint.database.queued_before_commit import QueuedBeforeCommit
from backend_mentor.rules.endpoint.database.read_then_written_back import ReadThenWrittenBack
from backend_mentor.rules.endpoint.database.request_session_in_background import RequestSessionInBackground
from backend_mentor.rules.endpoint.database.session_never_closed import SessionNeverClosed
from backend_mentor.rules.endpoint.database.session_shared_by_requests import SessionSharedByRequests
from backend_mentor.rules.endpoint.database.session_used_after_failure import SessionUsedAfterFailure
from backend_mentor.rules.endpoint.database.slow_call_in_transaction import SlowCallInTransaction
from backend_mentor.rules.endpoint.database.two_commits_in_one_request import TwoCommitsInOneRequest
from backend_mentor.rules.endpoint.database.whole_row_saved import WholeRowSaved
from backend_mentor.rules.endpoint.database.write_without_filter import WriteWithoutFilter

if TYPE_CHECKING:
    from backend_mentor.rules.endpoint.rule import CodeRule

DATABASE_RULES: tuple[CodeRule, ...] = (
    CheckThenInsert(),
    CommitInLoop(),
    DefaultMadeAtImport(),
    ExpiresOnCommitInAsync(),
    FirstWithoutOrder(),
    ForeignKeyWithoutIndex(),
    LegacyQueryGet(),
    LockOutsideTransaction(),
    MoneyAsFloat(),
    NaiveTimestampColumn(),
    PageWithoutOrder(),
    PythonOperatorInFilter(),
    QueuedBeforeCommit(),
    ReadThenWrittenBack(),
    RequestSessionInBackground(),
    SessionNeverClosed(),
    SessionSharedByRequests(),
    SessionUsedAfterFailure(),
    SlowCallInTransaction(),
    TwoCommitsInOneRequest(),
    WholeRowSaved(),
    WriteWithoutFilter(),
)
