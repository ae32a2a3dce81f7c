"""Rules on what costs time under load."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend_mentor.rules.endpoint.performance.answer_loads_relations import AnswerLoadsRelations
from backend_mentor.rules.endpoint.performance.awaits_one_by_one import AwaitsOneByOne
from backend_mentor.rules.endpoint.performance.blocking_helper_in_async import BlockingHelperInAsync
from backend_mentor.rules.endpoint.performance.blocking_library_in_async import BlockingLibraryInAsync
from backend_mentor.rules.endpoint.performance.cache_without_user import CacheWithoutUser
from backend_mentor.rules.endpoint.performance.client_per_request import ClientPerRequest
from backend_mentor.rules.endpoint.performance.count_by_fetching import CountByFetching
from backend_mentor.rules.endpoint.performance.count_only_tested import CountOnlyTested
from backend_mentor.rules.endpoint.performance.created_one_by_one import CreatedOneByOne
from backend_mentor.rules.endpoint.performance.engine_per_request import EnginePerRequest
from backend_mentor.rules.endpoint.performance.filter_after_fetch import FilterAfterFetch
from backend_mentor.rules.endpoint.performance.query_in_loop import QueryInLoop
from backend_mentor.rules.endpoint.performance.related_object_for_its_key import RelatedObjectForItsKey
from backend_mentor.rules.endpoint.performance.relation_loaded_in_loop import RelationLoadedInLoop
from backend_mentor.rules.endpoint.performance.resolver_asks_for_each_object import ResolverAsksForEachObject
from backend_mentor.rules.endpoint.performance.serializer_loads_relations import SerializerLoadsRelations
from backend_mentor.rules.endpoint.performance.session_held_by_socket import SessionHeldBySocket
from backend_mentor.rules.endpoint.performance.session_held_while_streaming import SessionHeldWhileStreaming
from backend_mentor.rules.endpoint.performance.sync_orm_in_async import SyncOrmInAsync
from backend_mentor.rules.endpoint.performance.sync_session_in_async import SyncSessionInAsync
from backend_mentor.rules.endpoint.performance.unbounded_answer import UnboundedAnswer

if TYPE_CHECKING:
    from backend_mentor.rules.endpoint.rule import CodeRule

PERFORMANCE_RULES: tuple[CodeRule, ...] = (
    AnswerLoadsRelations(),
    AwaitsOneByOne(),
    BlockingHelperInAsync(),
    BlockingLibraryInAsync(),
    CacheWithoutUser(),
    ClientPerRequest(),
    CountByFetching(),
    CountOnlyTested(),
    CreatedOneByOne(),
    EnginePerRequest(),
    FilterAfterFetch(),
    QueryInLoop(),
    RelatedObjectForItsKey(),
    RelationLoadedInLoop(),
    ResolverAsksForEachObject(),
    SerializerLoadsRelations(),
    SessionHeldBySocket(),
    SessionHeldWhileStreaming(),
    SyncOrmInAsync(),
    SyncSessionInAsync(),
    UnboundedAnswer(),
)
