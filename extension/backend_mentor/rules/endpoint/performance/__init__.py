"""Rules on what costs time under load."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend_mentor.rules.endpoint.performance.count_by_fetching import CountByFetching
from backend_mentor.rules.endpoint.performance.engine_per_request import EnginePerRequest
from backend_mentor.rules.endpoint.performance.query_in_loop import QueryInLoop
from backend_mentor.rules.endpoint.performance.sync_session_in_async import SyncSessionInAsync

if TYPE_CHECKING:
    from backend_mentor.rules.endpoint.rule import CodeRule

PERFORMANCE_RULES: tuple[CodeRule, ...] = (
    CountByFetching(),
    EnginePerRequest(),
    QueryInLoop(),
    SyncSessionInAsync(),
)
