"""The rule token-not-verified."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import (
    Function,
    argument,
    calls,
    constant_text,
    dotted,
    enclosing,
    enclosing_function,
    full_name,
    is_false,
    keyword,
    last_name,
    own_calls,
    own_nodes,
    parents,
    targets,
)
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import excerpt, report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding

_ISSUER_ASKED = re.compile(r"user_?info|introspect", re.IGNORECASE)

_WHO_CHECKED = re.compile(
    r"#.*\b(?:trust|already|verified|validat|authenticat|checked|(?:just|have|has) (?:made|created|issued))",
    re.IGNORECASE,
)
_LINES_ABOVE = 4
_TIMES = frozenset({"exp", "iat", "nbf"})
_LOGS = frozenset({"debug", "info", "warning", "error", "exception", "critical", "log"})


class TokenNotVerified:
    """The claims of a token are believed without its signature.

    Whoever calls can write them: any user, any role.
    """

    name: ClassVar[str] = "token-not-verified"
    severity: ClassVar[Severity] = Severity.CRITICAL
    responsibility: ClassVar[Responsibility] = Responsibility.SECURITY
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            'claims = jwt.decode(token, options={"verify_signature": False})\n', says="without checking its signature"
        ),
        FlagsCode(
            'claims = jwt.decode(token, key, algorithms=["HS256", "none"])\n', says='accepts the algorithm "none"'
        ),
        FlagsCode(
            'claims = jwt.decode(token, key, algorithms=["HS256", "RS256"])\n',
            says="accepts HS256 and RS256 with one key",
        ),
        PassesCode('claims = jwt.decode(token, key, algorithms=["HS256"])\n', because="it is checked in one way"),
        PassesCode(
            """
            def issuer_of(token: str) -> str:
                claims = jwt.decode(token, options={"verify_signature": False})
                key = KEYS[claims["iss"]]
                return jwt.decode(token, key, algorithms=["RS256"])
            """,
            because="it reads who has signed, and checks the signature then",
        ),
        PassesCode(
            """
            async def exchange(client, token: str):
                answer = await client.get(USERINFO_URL, headers={"Authorization": f"Bearer {token}"})
                answer.raise_for_status()
                return jwt.decode(token, options={"verify_signature": False})
            """,
            because="its issuer has accepted it just before",
        ),
        PassesCode(
            """
            def claim(token: str, name: str):
                # The proxy in front has already authenticated the request.
                return jwt.decode(token, options={"verify_signature": False}).get(name)
            """,
            because="its author says who has checked it",
        ),
        PassesCode(
            """
            def claims(token: str):
                try:
                    return jwt.decode(token, KEY, algorithms=["HS256"])
                except jwt.PyJWTError:
                    logger.exception("refused: %s", jwt.decode(token, options={"verify_signature": False}))
            """,
            because="it only tells the log whose token was refused",
        ),
        PassesCode(
            """
            def is_over(self) -> bool:
                claims = jwt.decode(self.token, options={"verify_signature": False})
                return time.time() >= claims["exp"]
            """,
            because="it asks its own token how long it lasts",
        ),
        PassesCode(
            """
            def provider_of(token: str):
                unverified = jwt.decode(token, options={"verify_signature": False})
                return verify_with(PROVIDERS[unverified["iss"]], token)
            """,
            because="its name says that nobody has checked it yet",
        ),
        PassesCode(
            """
            def start(user):
                token = make_token(user)
                # No need to verify what we have just created.
                return jwt.decode(token, options={"verify_signature": False})["jti"]
            """,
            because="it was made a line before",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each decoding of a token with the check off, with `none`, or with two kinds of keys allowed."""
        for call in calls(source.tree):
            if full_name(source.tree, call.func).removeprefix("jose.") not in {"jwt.decode", "jwt.api_jwt.decode"}:
                continue
            problem = self._problem(source, call)
            if problem is not None:
                yield report(
                    self,
                    source,
                    call,
                    what=f"`{excerpt(call.func)}` {problem}.",
                    why="Anyone can write a token with the claims that he likes, and it is believed "
                    "(OWASP API2:2023, CWE-347).",
                    instead='Name the one algorithm that you sign with, `algorithms=["HS256"]`, and leave the checks'
                    " on.",
                )

    @staticmethod
    def _problem(source: Source, call: ast.Call) -> str | None:
        options = keyword(call, "options")
        if isinstance(options, ast.Dict) and any(
            constant_text(key) == "verify_signature" and is_false(value)
            for key, value in zip(options.keys, options.values, strict=True)
        ):
            function = enclosing_function(source.tree, call)
            others = (
                []
                if function is None
                else [each for each in own_calls(function) if dotted(each.func) == dotted(call.func)]
            )
            accepted = function is not None and _was_accepted_before(source, function, call)
            if len(others) > 1 or accepted or _is_explained(source, call) or _is_for_log(source, call):
                return None
            if function is not None and _only_tells_times(source, function, call):
                return None
            return "reads a token without checking its signature"
        algorithms = argument(call, 2, "algorithms")
        if not isinstance(algorithms, ast.List | ast.Tuple):
            return None
        names = [text for each in algorithms.elts if (text := constant_text(each)) is not None]
        if any(name.lower() == "none" for name in names):
            return 'accepts the algorithm "none", which is no signature'
        shared = [name for name in names if name.startswith("HS")]
        public = [name for name in names if name.startswith(("RS", "ES", "PS"))]
        if shared and public:
            return f"accepts {shared[0]} and {public[0]} with one key: the public key serves as the secret"
        return None


def _was_accepted_before(source: Source, function: Function, call: ast.Call) -> bool:
    """Return whether who issued the token was asked about it earlier in the function."""
    before = [each for each in own_nodes(function) if getattr(each, "lineno", call.lineno) < call.lineno]
    asked = " ".join(source.code_of(each) for each in before if isinstance(each, ast.Call | ast.Constant))
    return _ISSUER_ASKED.search(asked) is not None


def _only_tells_times(source: Source, function: Function, call: ast.Call) -> bool:
    """Return whether of the claims those alone are read that say when the token ends: nobody is believed by them."""
    holder = parents(source.tree).get(call)
    held = {id(call)}
    if isinstance(holder, ast.Assign) and isinstance(holder.targets[0], ast.Name):
        name = holder.targets[0].id
        held = {id(each) for each in own_nodes(function) if isinstance(each, ast.Name) and each.id == name}
        held.discard(id(holder.targets[0]))
    read = dict(each for node in own_nodes(function) if (each := _claim_read(node)) is not None)
    return bool(held) and all(read.get(each) in _TIMES for each in held)


def _claim_read(node: ast.AST) -> tuple[int, str | None] | None:
    """Return the mapping (its identity) that `claims["exp"]` or `claims.get("exp")` reads, and the key."""
    if isinstance(node, ast.Subscript):
        return id(node.value), constant_text(node.slice)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get" and node.args:
        return id(node.func.value), constant_text(node.args[0])
    return None


def _is_explained(source: Source, call: ast.Call) -> bool:
    """Return whether a comment above or beside says who checks the token, or the name that nobody has yet."""
    lines = source.text.splitlines()[max(0, call.lineno - 1 - _LINES_ABOVE) : call.end_lineno]
    holder = parents(source.tree).get(call)
    names = targets(holder) if isinstance(holder, ast.Assign) else frozenset()
    return any(_WHO_CHECKED.search(line) for line in lines) or any("unverified" in name for name in names)


def _is_for_log(source: Source, call: ast.Call) -> bool:
    """Return whether the claims go to a log, or are read where the check has failed already."""
    return any(
        isinstance(each, ast.ExceptHandler) or (isinstance(each, ast.Call) and last_name(each) in _LOGS)
        for each in enclosing(source.tree, call)
    )
