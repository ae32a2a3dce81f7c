"""Rules on what callers of an interface rely on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend_mentor.rules.endpoint.api.body_without_room import BodyWithoutRoom
from backend_mentor.rules.endpoint.api.exception_returned import ExceptionReturned
from backend_mentor.rules.endpoint.api.get_that_writes import GetThatWrites
from backend_mentor.rules.endpoint.api.page_size_without_limit import PageSizeWithoutLimit
from backend_mentor.rules.endpoint.api.patch_overwrites_with_defaults import PatchOverwritesWithDefaults
from backend_mentor.rules.endpoint.api.route_shadowed import RouteShadowed
from backend_mentor.rules.endpoint.api.route_twice import RouteTwice
from backend_mentor.rules.endpoint.api.status_in_tuple import StatusInTuple
from backend_mentor.rules.endpoint.api.success_as_exception import SuccessAsException

if TYPE_CHECKING:
    from backend_mentor.rules.endpoint.rule import CodeRule

API_RULES: tuple[CodeRule, ...] = (
    BodyWithoutRoom(),
    ExceptionReturned(),
    GetThatWrites(),
    PageSizeWithoutLimit(),
    PatchOverwritesWithDefaults(),
    RouteShadowed(),
    RouteTwice(),
    StatusInTuple(),
    SuccessAsException(),
)
