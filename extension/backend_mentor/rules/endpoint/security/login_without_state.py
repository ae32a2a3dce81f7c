"""The rule login-without-state."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import functions, last_name, own_calls, own_nodes
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding

_HINTS = re.compile(r"response_type=code|response_type[\"']?\s*[:=]\s*[\"']code")


class LoginWithoutState:
    """A login by another provider is started without a state.

    A stranger can finish his own login in the browser of your user, who then works in the stranger's account.
    """

    name: ClassVar[str] = "login-without-state"
    severity: ClassVar[Severity] = Severity.CRITICAL
    responsibility: ClassVar[Responsibility] = Responsibility.SECURITY
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.get("/login")
            def login():
                return RedirectResponse(f"https://id.example/authorize?response_type=code&client_id={CLIENT}")
            """,
            says="login sends the browser to a provider without a state",
        ),
        PassesCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.get("/login")
            def login(request: Request):
                state = secrets.token_urlsafe(32)
                request.session["state"] = state
                return RedirectResponse(f"https://id.example/authorize?response_type=code&state={state}")
            """,
            because="the state is made and kept",
        ),
        PassesCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.get("/login")
            async def login(request: Request):
                return await oauth.provider.authorize_redirect(request, CALLBACK)
            """,
            because="the library makes it",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each address for authorisation that a function builds by hand with neither state nor challenge."""
        for function in functions(source.tree):
            code = source.code_of(function)
            # What only builds the address leaves the state to who sends the browser there.
            sends = any("redirect" in last_name(call).lower() for call in own_calls(function))
            if not sends or not _HINTS.search(code) or re.search(r"state|code_challenge|nonce", code, re.IGNORECASE):
                continue
            place = next(
                (
                    node
                    for node in own_nodes(function)
                    if isinstance(node, ast.JoinedStr | ast.Dict) and _HINTS.search(source.code_of(node))
                ),
                None,
            )
            if place is not None:
                yield report(
                    self,
                    source,
                    place,
                    what=f"{function.name} sends the browser to a provider without a state.",
                    why="The callback can not tell whose login it ends: a stranger's code logs your user into the "
                    "stranger's account (OWASP API2:2023, CWE-352).",
                    instead="Make `secrets.token_urlsafe(32)`, keep it in the session, send it as state and "
                    "compare it in "
                    "the callback; or let Authlib do it.",
                )
