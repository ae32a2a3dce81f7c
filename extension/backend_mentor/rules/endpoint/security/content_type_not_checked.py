"""The rule content-type-not-checked."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import calls, is_false, keyword, last_name
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class ContentTypeNotChecked:
    """JSON is accepted under any content type.

    A form on a stranger's page can post JSON as `text/plain`, with the user's cookies and without a preflight.
    """

    name: ClassVar[str] = "content-type-not-checked"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.SECURITY
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            "from fastapi import FastAPI\napp = FastAPI(strict_content_type=False)\n",
            says="strict_content_type is off",
        ),
        PassesCode("from fastapi import FastAPI\napp = FastAPI()\n", because="it is on unless it is switched off"),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each application or router of FastAPI that is told not to look at the content type."""
        for call in calls(source.tree):
            if last_name(call) in {"FastAPI", "APIRouter"} and is_false(keyword(call, "strict_content_type")):
                yield self._found(source, call, "strict_content_type is off.")

    def _found(self, source: Source, node: ast.AST, what: str) -> Finding:
        return report(
            self,
            source,
            node,
            what=what,
            why="A page of a stranger posts JSON as text/plain without a preflight, and the browser adds the "
            "user's cookies (CWE-352).",
            instead="Demand `application/json`, which a stranger's form can not send.",
        )
