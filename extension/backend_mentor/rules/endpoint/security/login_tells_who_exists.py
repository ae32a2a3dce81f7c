"""The rule login-tells-who-exists."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import enclosing, last_name, own_nodes
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report
from backend_mentor.rules.endpoint.words import words_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding

_UNKNOWN = re.compile(
    r"(?:user|account|email|username)\b.{0,20}(?:not found|does ?n.t exist|does not exist|not "
    r"exist|unknown|not registered)"
    r"|(?:unknown|no such) (?:user|account|email)",
    re.IGNORECASE,
)
_WRONG = re.compile(
    r"(?:wrong|incorrect|invalid|bad) password|password (?:is )?(?:wrong|incorrect|invalid)", re.IGNORECASE
)


class LoginTellsWhoExists:
    """A login answers differently for an unknown name and for a wrong password.

    Whoever asks learns which addresses have an account.
    """

    name: ClassVar[str] = "login-tells-who-exists"
    severity: ClassVar[Severity] = Severity.ADVICE
    responsibility: ClassVar[Responsibility] = Responsibility.SECURITY
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            from fastapi import FastAPI, HTTPException
            app = FastAPI()
            @app.post("/login")
            def login(name: str, password: str):
                user = find(name)
                if user is None:
                    raise HTTPException(404, "User not found")
                if not verify(password, user.hash):
                    raise HTTPException(401, "Wrong password")
            """,
            says='login answers "User not found" or "Wrong password"',
        ),
        PassesCode(
            """
            from fastapi import FastAPI, HTTPException
            app = FastAPI()
            @app.post("/login")
            def login(name: str, password: str):
                user = find(name)
                if user is None or not verify(password, user.hash):
                    raise HTTPException(401, "Wrong name or password")
                if not user.active:
                    raise HTTPException(403, "Account is locked")
            """,
            because="both get the same answer",
        ),
        PassesCode(
            """
            from fastapi import FastAPI, HTTPException
            app = FastAPI()
            @app.get("/users/{name}")
            def show(name: str):
                raise HTTPException(404, "User not found")
            """,
            because="nobody logs in there",
        ),
        PassesCode(
            """
            @app.post("/login")
            def login(name: str, password: str):
                'Sign in; an unknown user and a wrong password have one answer.'
                if find(name) is None:
                    logger.info("unknown user")
                    abort(403)
                if not check(name, password):
                    logger.info("wrong password")
                    abort(403)
            """,
            because="only the log tells the two apart",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each login with one literal text for who is unknown and another for a wrong password."""
        for handler in source.handlers:
            words = {word for text in (handler.name, handler.route or "") for word in words_of(text)}
            if handler.node is None or not words & {"login", "signin", "token", "authenticate"}:
                continue
            texts = [
                (node, text)
                for node in own_nodes(handler.node)
                if isinstance(node, ast.Constant) and isinstance(text := node.value, str) and _is_told(source, node)
            ]
            unknown = next(((node, text) for node, text in texts if _UNKNOWN.search(text)), None)
            wrong = next((text for _, text in texts if _WRONG.search(text)), None)
            if unknown is not None and wrong is not None:
                yield report(
                    self,
                    source,
                    unknown[0],
                    what=f'{handler.name} answers "{unknown[1]}" or "{wrong}".',
                    why="The two answers tell a stranger which addresses have an account, to be tried with stolen "
                    "passwords (OWASP API2:2023).",
                    instead='Answer both with one 401, "Wrong name or password", and verify against a dummy hash '
                    "where there is no user.",
                )


def _is_told(source: Source, node: ast.AST) -> bool:
    """Return whether a text goes to the caller: it is no docstring, and no log is told it."""
    above = list(enclosing(source.tree, node))
    if above and isinstance(above[0], ast.Expr):
        return False
    logs = {"debug", "info", "warning", "error", "exception", "critical", "log"}
    return not any(
        isinstance(each, ast.Call) and (last_name(each) in logs or "log" in words_of(last_name(each))) for each in above
    )
