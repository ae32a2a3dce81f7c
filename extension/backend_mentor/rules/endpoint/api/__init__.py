"""Rules on what callers of an interface rely on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend_mentor.rules.endpoint.api.answer_shows_secrets import AnswerShowsSecrets
from backend_mentor.rules.endpoint.api.answer_without_model import AnswerWithoutModel
from backend_mentor.rules.endpoint.api.app_object_with_workers import AppObjectWithWorkers
from backend_mentor.rules.endpoint.api.body_without_model import BodyWithoutModel
from backend_mentor.rules.endpoint.api.body_without_room import BodyWithoutRoom
from backend_mentor.rules.endpoint.api.challenge_missing import ChallengeMissing
from backend_mentor.rules.endpoint.api.create_answers_200 import CreateAnswers200
from backend_mentor.rules.endpoint.api.exception_in_socket import ExceptionInSocket
from backend_mentor.rules.endpoint.api.exception_returned import ExceptionReturned
from backend_mentor.rules.endpoint.api.get_that_writes import GetThatWrites
from backend_mentor.rules.endpoint.api.list_as_json import ListAsJson
from backend_mentor.rules.endpoint.api.message_without_model import MessageWithoutModel
from backend_mentor.rules.endpoint.api.name_about_to_go import NameAboutToGo
from backend_mentor.rules.endpoint.api.optional_without_default import OptionalWithoutDefault
from backend_mentor.rules.endpoint.api.page_size_without_limit import PageSizeWithoutLimit
from backend_mentor.rules.endpoint.api.patch_overwrites_with_defaults import PatchOverwritesWithDefaults
from backend_mentor.rules.endpoint.api.query_read_in_post import QueryReadInPost
from backend_mentor.rules.endpoint.api.route_shadowed import RouteShadowed
from backend_mentor.rules.endpoint.api.route_twice import RouteTwice
from backend_mentor.rules.endpoint.api.safe_and_unsafe_on_one_view import SafeAndUnsafeOnOneView
from backend_mentor.rules.endpoint.api.status_in_tuple import StatusInTuple
from backend_mentor.rules.endpoint.api.success_as_exception import SuccessAsException
from backend_mentor.rules.endpoint.api.validator_returns_nothing import ValidatorReturnsNothing

if TYPE_CHECKING:
    from backend_mentor.rules.endpoint.rule import CodeRule

API_RULES: tuple[CodeRule, ...] = (
    AnswerShowsSecrets(),
    AnswerWithoutModel(),
    AppObjectWithWorkers(),
    BodyWithoutModel(),
    BodyWithoutRoom(),
    ChallengeMissing(),
    CreateAnswers200(),
    ExceptionInSocket(),
    ExceptionReturned(),
    GetThatWrites(),
    ListAsJson(),
    MessageWithoutModel(),
    NameAboutToGo(),
    OptionalWithoutDefault(),
    PageSizeWithoutLimit(),
    PatchOverwritesWithDefaults(),
    QueryReadInPost(),
    RouteShadowed(),
    RouteTwice(),
    SafeAndUnsafeOnOneView(),
    StatusInTuple(),
    SuccessAsException(),
    ValidatorReturnsNothing(),
)
