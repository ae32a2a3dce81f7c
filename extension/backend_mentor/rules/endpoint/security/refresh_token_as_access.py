"""The rule refresh-token-as-access."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import argument, full_name, functions, own_calls
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report
from backend_mentor.rules.endpoint.words import words_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class RefreshTokenAsAccess:
    """A refresh token opens what an access token opens.

    Both are signed with one key, and nothing in the check tells them apart.
    """

    name: ClassVar[str] = "refresh-token-as-access"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.SECURITY
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            import jwt
            def create_access_token(user):
                return jwt.encode({"sub": user, "exp": soon()}, KEY, algorithm="HS256")
            def create_refresh_token(user):
                return jwt.encode({"sub": user, "exp": late()}, KEY, algorithm="HS256")
            def current_user(token):
                return jwt.decode(token, KEY, algorithms=["HS256"])["sub"]
            """,
            says="current_user takes a refresh token for an access token",
        ),
        PassesCode(
            """
            import jwt
            def create_access_token(user):
                return jwt.encode({"sub": user, "type": "access", "exp": soon()}, KEY, algorithm="HS256")
            def create_refresh_token(user):
                return jwt.encode({"sub": user, "type": "refresh", "exp": late()}, KEY, algorithm="HS256")
            def current_user(token):
                claims = jwt.decode(token, KEY, algorithms=["HS256"])
                if claims["type"] != "access":
                    raise HTTPException(401)
                return claims["sub"]
            """,
            because="the kind is written in and compared",
        ),
        PassesCode(
            """
            import jwt
            def create_access_token(user):
                return jwt.encode({"sub": user, "exp": soon()}, KEY, algorithm="HS256")
            def create_refresh_token(user):
                return jwt.encode({"sub": user, "exp": late()}, REFRESH_KEY, algorithm="HS256")
            def current_user(token):
                return jwt.decode(token, KEY, algorithms=["HS256"])["sub"]
            """,
            because="each has its key",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield the decoding with the key that both kinds of tokens are signed with, in a cell that names no kind."""
        if re.search(r"[\"'](?:typ|type|token_type|token_use|kind|use|aud|scope|jti)[\"']|audience", source.text):
            return
        keys: dict[str, set[str]] = {"access": set(), "refresh": set()}
        for function in functions(source.tree):
            for call in own_calls(function):
                key = argument(call, 1, "key")
                if full_name(source.tree, call.func) in {"jwt.encode", "jose.jwt.encode"} and key is not None:
                    for kind in set(keys) & set(words_of(function.name)):
                        keys[kind].add(ast.unparse(key))
        shared = keys["access"] & keys["refresh"]
        for function in functions(source.tree):
            if "refresh" in words_of(function.name):
                continue
            for call in own_calls(function):
                key = argument(call, 1, "key")
                is_read = full_name(source.tree, call.func) in {"jwt.decode", "jose.jwt.decode"}
                if is_read and key is not None and ast.unparse(key) in shared:
                    yield report(
                        self,
                        source,
                        call,
                        what=f"{function.name} takes a refresh token for an access token.",
                        why="Both are signed with one key and say nothing of their kind: the short life "
                        "of access tokens "
                        "is worth nothing (OWASP API2:2023).",
                        instead='Write `"type": "access"` into the claims and compare it; '
                        "or sign each with a key of its own.",
                    )
                    return
