"""Rules on what costs time under load."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend_mentor.rules.endpoint.performance.answer_loads_relations import AnswerLoadsRelations
from backend_mentor.rules.endpoint.performance.count_by_fetching import CountByFetching
from backend_mentor.rules.endpoint.performance.engine_per_request import EnginePerRequest
from backend_mentor.rules.endpoint.performance.query_in_loop import QueryInLoop
from backend_mentor.rules.endpoint.performance.relation_loaded_in_loop import RelationLoadedInLoop
from backend_mentor.rules.endpoint.performance.serializer_loads_relations import SerializerLoadsRelations
from backend_mentor.rules.endpoint.performance.sync_session_in_async import SyncSessionInAsync

if TYPE_CHECKING:
    from backend_mentor.rules.endpoint.rule import CodeRule

PERFORMANCE_RULES: tuple[CodeRule, ...] = (
    AnswerLoadsRelations(),
    CountByFetching(),
    EnginePerRequest(),
    QueryInLoop(),
    RelationLoadedInLoop(),
    SerializerLoadsRelations(),
    SyncSessionInAsync(),
)
