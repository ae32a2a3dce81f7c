"""The rule challenge-missing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import argument, calls, constant, has_unpacked, keyword, last_name
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding

_UNAUTHORIZED = 401


class ChallengeMissing:
    """An answer of 401 does not say how to log in.

    The header WWW-Authenticate tells a client which scheme is wanted; 401 without it is no valid answer.
    """

    name: ClassVar[str] = "challenge-missing"
    severity: ClassVar[Severity] = Severity.INFO
    responsibility: ClassVar[Responsibility] = Responsibility.API
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            from fastapi import HTTPException
            from fastapi.security import OAuth2PasswordBearer
            scheme = OAuth2PasswordBearer(tokenUrl="token")
            def current_user(token: str = Depends(scheme)):
                raise HTTPException(status_code=401, detail="Invalid token")
            """,
            says="401 without the header WWW-Authenticate",
        ),
        PassesCode(
            """
            from fastapi import HTTPException
            from fastapi.security import OAuth2PasswordBearer
            scheme = OAuth2PasswordBearer(tokenUrl="token")
            def current_user(token: str = Depends(scheme)):
                raise HTTPException(status_code=401, headers={"WWW-Authenticate": "Bearer"})
            """,
            because="the header is there",
        ),
        PassesCode(
            """
            from fastapi import HTTPException
            def current_user(request):
                raise HTTPException(status_code=401)
            """,
            because="the cell does not say that it takes tokens",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield the first HTTPException of 401 without headers in a cell that declares a bearer scheme."""
        if not re.search(r"OAuth2PasswordBearer\(|HTTPBearer\(", source.text):
            return
        for call in calls(source.tree):
            if last_name(call) != "HTTPException" or keyword(call, "headers") is not None or has_unpacked(call):
                continue
            status = argument(call, 0, "status_code")
            if constant(status) == _UNAUTHORIZED or last_name(status) == "HTTP_401_UNAUTHORIZED":
                yield report(
                    self,
                    source,
                    call,
                    what="It answers 401 without the header WWW-Authenticate.",
                    why="RFC 9110 demands it; clients read from it which scheme to use.",
                    instead='Add `headers={"WWW-Authenticate": "Bearer"}`.',
                )
                return
