"""What only the author of endpoint code can answer. One question is one module with its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend_mentor.rules.endpoint.questions.bound_of_page_size import BoundOfPageSize
from backend_mentor.rules.endpoint.questions.docs_in_production import DocsInProduction
from backend_mentor.rules.endpoint.questions.guard_of_writer import GuardOfWriter
from backend_mentor.rules.endpoint.questions.hub_in_process import HubInProcess
from backend_mentor.rules.endpoint.questions.introspection_in_production import IntrospectionInProduction
from backend_mentor.rules.endpoint.questions.limit_of_one_process import LimitOfOneProcess
from backend_mentor.rules.endpoint.questions.logout_without_effect import LogoutWithoutEffect
from backend_mentor.rules.endpoint.questions.number_of_request import NumberOfRequest
from backend_mentor.rules.endpoint.questions.owner_of_object import OwnerOfObject
from backend_mentor.rules.endpoint.questions.price_from_caller import PriceFromCaller
from backend_mentor.rules.endpoint.questions.refresh_rotation import RefreshRotation
from backend_mentor.rules.endpoint.questions.repeated_payment import RepeatedPayment
from backend_mentor.rules.endpoint.questions.routes_after_inclusion import RoutesAfterInclusion
from backend_mentor.rules.endpoint.questions.rows_of_list_field import RowsOfListField
from backend_mentor.rules.endpoint.questions.scope_of_view import ScopeOfView
from backend_mentor.rules.endpoint.questions.session_renewed_at_login import SessionRenewedAtLogin
from backend_mentor.rules.endpoint.questions.status_set_freely import StatusSetFreely
from backend_mentor.rules.endpoint.questions.throttle_on_login import ThrottleOnLogin
from backend_mentor.rules.endpoint.questions.uniqueness_of_key import UniquenessOfKey
from backend_mentor.rules.endpoint.questions.waits_in_threads import WaitsInThreads

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.review import Question
    from backend_mentor.rules.endpoint.rule import CodeQuestion

# Those on who may do what come first.
CODE_QUESTIONS: tuple[CodeQuestion, ...] = (
    GuardOfWriter(),
    OwnerOfObject(),
    ScopeOfView(),
    ThrottleOnLogin(),
    LogoutWithoutEffect(),
    DocsInProduction(),
    HubInProcess(),
    IntrospectionInProduction(),
    LimitOfOneProcess(),
    NumberOfRequest(),
    PriceFromCaller(),
    RefreshRotation(),
    RepeatedPayment(),
    RoutesAfterInclusion(),
    RowsOfListField(),
    SessionRenewedAtLogin(),
    StatusSetFreely(),
    BoundOfPageSize(),
    UniquenessOfKey(),
    WaitsInThreads(),
)
_AT_MOST = 3


def ask_about_code(source: Source) -> tuple[Question, ...]:
    """Return at most three questions about a cell of code, those on security first."""
    found: dict[str, Question] = {}
    for question in CODE_QUESTIONS:
        for each in question.ask(source):
            found.setdefault(each.text, each)
    return tuple(found.values())[:_AT_MOST]
