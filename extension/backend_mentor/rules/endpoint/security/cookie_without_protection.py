"""The rule cookie-without-protection."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import (
    argument,
    calls,
    constant_text,
    has_unpacked,
    is_false,
    keyword,
    last_name,
)
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report
from backend_mentor.rules.endpoint.words import words_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding

_HARMLESS = frozenset({"csrf", "xsrf", "redirect", "next", "return", "region", "provider", "method", "hint", "expires"})
_LOGS_IN = frozenset({"session", "sessionid", "token", "auth", "jwt", "refresh", "login"})

_FLAGS = frozenset({"true", "false", "yes", "no", "1", "0"})


class CookieWithoutProtection:
    """A cookie that logs somebody in lacks its protection.

    Without HttpOnly a script can read it, without Secure it travels unencrypted.
    """

    name: ClassVar[str] = "cookie-without-protection"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.SECURITY
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            'response.set_cookie("session_token", value)\n', says='"session_token" is set without httponly and secure'
        ),
        FlagsCode(
            'response.set_cookie(key="access_token", value=token, httponly=True)\n',
            says='"access_token" is set without secure',
        ),
        PassesCode('response.set_cookie("theme", "dark")\n', because="it says nothing about who is there"),
        PassesCode(
            'response.set_cookie("session", value, httponly=True, secure=True, samesite="lax")\n', because="it has them"
        ),
        PassesCode(
            'response.set_cookie("login_redirect", address)\n', because="it says where to go on and opens nothing"
        ),
        PassesCode('response.set_cookie("session", value, **COOKIE_OPTIONS)\n', because="the options can hold them"),
        PassesCode(
            'response.set_cookie("csrf_token", value, secure=True)\n', because="the page's own script has to read it"
        ),
        PassesCode(
            """
            @app.post("/logout")
            def logout(response: Response):
                response.set_cookie("session", "", expires=0)
            """,
            because="it deletes the cookie",
        ),
        PassesCode('response.set_cookie("access_token_expired", "true")\n', because="it only says yes or no"),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each `set_cookie` with the literal name of a session or token and a flag that is absent or False."""
        for call in calls(source.tree):
            name = constant_text(argument(call, 0, "key")) if last_name(call) == "set_cookie" else None
            if (
                name is None
                or has_unpacked(call)
                or (
                    constant_text(argument(call, 1, "value")) == ""
                    and (keyword(call, "expires") or keyword(call, "max_age"))
                )
                or constant_text(argument(call, 1, "value")) in _FLAGS
                or not _LOGS_IN & set(words_of(name))
                or _HARMLESS & set(words_of(name))
            ):
                continue
            absent = [
                flag for flag in ("httponly", "secure") if keyword(call, flag) is None or is_false(keyword(call, flag))
            ]
            if absent:
                yield report(
                    self,
                    source,
                    call,
                    what=f'The cookie "{name}" is set without {" and ".join(absent)}.',
                    why="A script in the page can read it, or it travels unencrypted, and with it the login "
                    "(OWASP API2:2023, CWE-614 and CWE-1004).",
                    instead='Set `httponly=True, secure=True, samesite="lax"`.',
                )


def _deletes(call: ast.Call) -> bool:
    ends = keyword(call, "expires") or keyword(call, "max_age")
    return ends is not None and constant_text(argument(call, 1, "value")) == ""
