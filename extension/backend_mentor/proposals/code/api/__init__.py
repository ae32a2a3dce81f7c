"""Fixes for findings of this duty."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend_mentor.proposals.code.api.body_left_out import BodyLeftOut
from backend_mentor.proposals.code.api.challenge_named import ChallengeNamed
from backend_mentor.proposals.code.api.creation_answered import CreationAnswered
from backend_mentor.proposals.code.api.current_names import CurrentNames
from backend_mentor.proposals.code.api.error_raised_for_pair import ErrorRaisedForPair
from backend_mentor.proposals.code.api.exception_raised import ExceptionRaised
from backend_mentor.proposals.code.api.list_allowed import ListAllowed
from backend_mentor.proposals.code.api.optional_defaulted import OptionalDefaulted
from backend_mentor.proposals.code.api.page_size_bounded import PageSizeBounded
from backend_mentor.proposals.code.api.route_moved import RouteMoved
from backend_mentor.proposals.code.api.sent_fields_alone import SentFieldsAlone
from backend_mentor.proposals.code.api.status_in_decorator import StatusInDecorator
from backend_mentor.proposals.code.api.success_returned import SuccessReturned
from backend_mentor.proposals.code.api.value_returned import ValueReturned

if TYPE_CHECKING:
    from backend_mentor.proposals.code.fix import CodeFix

API_FIXES: tuple[CodeFix, ...] = (
    BodyLeftOut(),
    ChallengeNamed(),
    CreationAnswered(),
    CurrentNames(),
    ErrorRaisedForPair(),
    ExceptionRaised(),
    ListAllowed(),
    OptionalDefaulted(),
    PageSizeBounded(),
    RouteMoved(),
    SentFieldsAlone(),
    StatusInDecorator(),
    SuccessReturned(),
    ValueReturned(),
)
