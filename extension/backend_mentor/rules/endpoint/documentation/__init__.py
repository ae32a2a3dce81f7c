"""Rules on what readers of the interface need."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend_mentor.rules.endpoint.documentation.errors_not_documented import ErrorsNotDocumented
from backend_mentor.rules.endpoint.documentation.handler_without_description import HandlerWithoutDescription

if TYPE_CHECKING:
    from backend_mentor.rules.endpoint.rule import CodeRule

DOCUMENTATION_RULES: tuple[CodeRule, ...] = (
    ErrorsNotDocumented(),
    HandlerWithoutDescription(),
)
