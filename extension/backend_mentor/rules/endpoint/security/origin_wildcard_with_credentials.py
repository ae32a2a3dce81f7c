"""The rule origin-wildcard-with-credentials."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import calls, constant_text, is_true, keyword, last_name, targets
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class OriginWildcardWithCredentials:
    """Each web site can send requests in the name of the logged-in user and read the answers.

    With credentials allowed, the middleware answers `*` by echoing the caller's origin: the browser is satisfied.
    """

    name: ClassVar[str] = "origin-wildcard-with-credentials"
    severity: ClassVar[Severity] = Severity.CRITICAL
    responsibility: ClassVar[Responsibility] = Responsibility.SECURITY
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            'app.add_middleware(CORSMiddleware, allow_origins=["*"], allow_credentials=True)\n',
            says="allows each origin, with credentials",
        ),
        FlagsCode('CORS(app, origins="*", supports_credentials=True)\n', says="allows each origin, with credentials"),
        FlagsCode(
            "CORS_ALLOW_ALL_ORIGINS = True\nCORS_ALLOW_CREDENTIALS = True\n",
            says="allows each origin, with credentials",
        ),
        PassesCode('app.add_middleware(CORSMiddleware, allow_origins=["*"])\n', because="no cookies are sent along"),
        PassesCode(
            'app.add_middleware(CORSMiddleware, allow_origins=["https://shop.example"], allow_credentials=True)\n',
            because="one origin is named",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each CORS configuration that has both literals."""
        for call in calls(source.tree):
            origins_given = keyword(call, "allow_origins") or keyword(call, "origins")
            credentials = keyword(call, "allow_credentials") or keyword(call, "supports_credentials")
            if (
                origins_given is not None
                and is_true(credentials)
                and any(constant_text(each) == "*" for each in ast.walk(origins_given))
            ):
                yield self._finding(
                    source, call, "CORSMiddleware" if keyword(call, "allow_origins") else last_name(call)
                )
        settings = {
            name: node
            for node in source.tree.body
            if isinstance(node, ast.Assign) and is_true(node.value)
            for name in targets(node)
        }
        for name in ("CORS_ALLOW_ALL_ORIGINS", "CORS_ORIGIN_ALLOW_ALL"):
            if name in settings and "CORS_ALLOW_CREDENTIALS" in settings:
                yield self._finding(source, settings[name], name)

    def _finding(self, source: Source, node: ast.AST, name: str) -> Finding:
        return report(
            self,
            source,
            node,
            what=f"{name} allows each origin, with credentials.",
            why="The browser is told the caller's own origin, so any site reads and writes as the "
            "user who is logged in "
            "(OWASP API8:2023).",
            instead='Name the origins: `allow_origins=["https://shop.example"]`.',
        )
