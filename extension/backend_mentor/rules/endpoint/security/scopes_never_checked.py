"""The rule scopes-never-checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.endpoint import ParameterKind
from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class ScopesNeverChecked:
    """A handler asks for scopes, and the function that would check them never looks.

    `Security(…, scopes=[…])` only passes them on.
    """

    name: ClassVar[str] = "scopes-never-checked"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.SECURITY
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            from fastapi import FastAPI, Security
            app = FastAPI()
            def current_user(token: str):
                return decode(token)
            @app.get("/orders")
            def orders(user=Security(current_user, scopes=["orders:read"])): ...
            """,
            says="orders asks for the scope orders:read and current_user never looks",
        ),
        PassesCode(
            """
            from fastapi import FastAPI, Security
            from fastapi.security import SecurityScopes
            app = FastAPI()
            def current_user(scopes: SecurityScopes, token: str):
                return decode(token, scopes.scopes)
            @app.get("/orders")
            def orders(user=Security(current_user, scopes=["orders:read"])): ...
            """,
            because="the scopes reach the check",
        ),
        PassesCode(
            """
            from fastapi import FastAPI, Security
            app = FastAPI()
            @app.get("/orders")
            def orders(user=Security(current_user, scopes=["orders:read"])): ...
            """,
            because="the function stands elsewhere",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each parameter with scopes whose function stands in the cell, takes none and depends on nothing."""
        by_name = {each.name: each for each in source.functions}
        for handler in source.handlers:
            for each in handler.parameters:
                provider = by_name.get(each.provider or "")
                if not each.scopes or each.node is None or provider is None or provider.node is None:
                    continue
                asked = any("Scopes" in (one.type or "") for one in provider.parameters)
                if asked or provider.parameters_of(ParameterKind.DEPENDENCY):
                    continue
                yield report(
                    self,
                    source,
                    each.node,
                    what=f"{handler.name} asks for the scope {each.scopes[0]} and {provider.name} never looks.",
                    why="`Security` only collects the scopes; a token without them gets through (OWASP API5:2023).",
                    instead=f"Give {provider.name} a parameter of the type SecurityScopes and refuse tokens "
                    "that lack one.",
                )
