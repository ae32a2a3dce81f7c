"""Fixes for findings of this duty."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend_mentor.proposals.code.api.error_raised_for_pair import ErrorRaisedForPair
from backend_mentor.proposals.code.api.exception_raised import ExceptionRaised
from backend_mentor.proposals.code.api.sent_fields_alone import SentFieldsAlone
from backend_mentor.proposals.code.api.status_in_decorator import StatusInDecorator
from backend_mentor.proposals.code.api.success_returned import SuccessReturned

if TYPE_CHECKING:
    from backend_mentor.proposals.code.fix import CodeFix

API_FIXES: tuple[CodeFix, ...] = (
    ErrorRaisedForPair(),
    ExceptionRaised(),
    SentFieldsAlone(),
    StatusInDecorator(),
    SuccessReturned(),
)
