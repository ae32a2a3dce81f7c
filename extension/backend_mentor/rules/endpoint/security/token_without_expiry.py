"""The rule token-without-expiry."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import (
    Function,
    calls,
    constant_text,
    dotted,
    enclosing_function,
    full_name,
    own_nodes,
    targets,
)
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding

_SIGNS = frozenset({"jwt.encode", "jose.jwt.encode"})
# What says that the token stands for a user; a service's assertion or a signed message is none.
_OF_USERS = frozenset({"sub", "user", "user_id", "username", "email", "role", "uid", "id"})


class TokenWithoutExpiry:
    """A token is signed without a time at which it ends.

    It works for as long as the key does: a stolen one for years, a dismissed colleague's too.
    """

    name: ClassVar[str] = "token-without-expiry"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.SECURITY
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode('token = jwt.encode({"sub": user.name}, key, algorithm="HS256")\n', says="a token that never ends"),
        FlagsCode(
            """
            def token_for(user):
                claims = {"sub": str(user.id), "role": user.role}
                return jwt.encode(claims, key, algorithm="HS256")
            """,
            says="a token that never ends",
        ),
        PassesCode('token = jwt.encode({"sub": name, "exp": end}, key, algorithm="HS256")\n', because="it ends"),
        PassesCode(
            """
            def token_for(data):
                claims = {"sub": data["name"]}
                claims.update({"exp": end})
                return jwt.encode(claims, key, algorithm="HS256")
            """,
            because="the end is added later",
        ),
        PassesCode(
            "def token_for(claims):\n    return jwt.encode(claims, key)\n", because="who calls it knows the claims"
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each signing of a literal set of claims, directly or by one variable, that holds no `exp`."""
        for call in calls(source.tree):
            if full_name(source.tree, call.func) not in _SIGNS or not call.args:
                continue
            function = enclosing_function(source.tree, call)
            claims = _claims(function, call.args[0])
            if claims is not None and any(constant_text(key) in _OF_USERS for key in claims.keys):
                yield report(
                    self,
                    source,
                    call,
                    what=f"`{dotted(call.func)}` makes a token that never ends: its claims have no exp.",
                    why="Nothing takes a stolen one back, and `jwt.decode` accepts it without a word "
                    "(OWASP API2:2023).",
                    instead='Put `"exp": datetime.now(timezone.utc) + timedelta(minutes=15)` into the claims, and '
                    '`options={"require": ["exp"]}` where it is read.',
                )


def _claims(function: Function | None, given: ast.expr) -> ast.Dict | None:
    if isinstance(given, ast.Name) and function is not None:
        name = given.id
        values = [
            node.value
            for node in own_nodes(function)
            if isinstance(node, ast.Assign | ast.AnnAssign) and name in targets(node)
        ]
        # What is done to the variable beside being signed can add the end.
        used = sum(isinstance(node, ast.Name) and node.id == name for node in own_nodes(function))
        if len(values) != 1 or used != 2 or values[0] is None:
            return None
        given = values[0]
    if not isinstance(given, ast.Dict) or any(key is None or constant_text(key) is None for key in given.keys):
        return None
    return None if any(constant_text(key) in {"exp", "nonce"} for key in given.keys) else given
