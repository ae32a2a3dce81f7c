"""The rule session-cookie-settings-off."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import calls, chain, constant_text, is_false, last_name
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding

_SETTINGS = {
    "SESSION_COOKIE_SECURE": "goes out over plain HTTP too",
    "CSRF_COOKIE_SECURE": "goes out over plain HTTP too",
    "REMEMBER_COOKIE_SECURE": "goes out over plain HTTP too",
    "SESSION_COOKIE_HTTPONLY": "can be read by any script of the page",
    "REMEMBER_COOKIE_HTTPONLY": "can be read by any script of the page",
}


class SessionCookieSettingsOff:
    """A setting takes the protection off the cookie that carries the session.

    Over plain HTTP everybody on the way can read it; a script that got into a page can send it home.
    """

    name: ClassVar[str] = "session-cookie-settings-off"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.SECURITY
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode("SESSION_COOKIE_SECURE = False\n", says="goes out over plain HTTP too"),
        FlagsCode('app.config["SESSION_COOKIE_HTTPONLY"] = False\n', says="can be read by any script of the page"),
        FlagsCode("app.config.update(SESSION_COOKIE_HTTPONLY=False)\n", says="can be read by any script of the page"),
        PassesCode("SESSION_COOKIE_SECURE = True\n", because="it is on"),
        PassesCode("SESSION_COOKIE_SECURE = not DEBUG\n", because="it hangs on where it runs"),
        PassesCode("if DEBUG:\n    SESSION_COOKIE_SECURE = False\n", because="it is for development"),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each of these settings at a literal False, outside of any condition."""
        for node in source.tree.body:
            if isinstance(node, ast.Assign) and is_false(node.value):
                target = node.targets[0]
                name = constant_text(target.slice) if isinstance(target, ast.Subscript) else last_name(target)
                if name in _SETTINGS:
                    yield self._found(source, node, name)
        for call in calls(source.tree):
            names = chain(call)
            if names[-2:] == ("config", "update"):
                for each in call.keywords:
                    if each.arg in _SETTINGS and is_false(each.value):
                        yield self._found(source, each.value, each.arg)

    def _found(self, source: Source, node: ast.AST, name: str) -> Finding:
        return report(
            self,
            source,
            node,
            what=f"{name} is off: the cookie {_SETTINGS[name]}.",
            why="Whoever has the cookie is logged in as its owner (OWASP API2:2023, CWE-614, CWE-1004).",
            instead=f"Write `{name} = True`, or read it from the environment for development.",
        )
