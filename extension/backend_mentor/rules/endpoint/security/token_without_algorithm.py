"""The rule token-without-algorithm."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import (
    argument,
    calls,
    dotted,
    enclosing_function,
    full_name,
    has_unpacked,
    own_nodes,
    targets,
)
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class TokenWithoutAlgorithm:
    """A token is read without saying how it has to be signed.

    Its own header decides then, and the caller has written the header.
    """

    name: ClassVar[str] = "token-without-algorithm"
    severity: ClassVar[Severity] = Severity.CRITICAL
    responsibility: ClassVar[Responsibility] = Responsibility.SECURITY
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            from jose import jwt
            claims = jwt.decode(token, key)
            """,
            says="`jwt.decode` takes whatever algorithm the token names",
        ),
        FlagsCode(
            """
            import jwt
            header = jwt.get_unverified_header(token)
            claims = jwt.decode(token, key, algorithms=[header["alg"]])
            """,
            says="`jwt.decode` takes whatever algorithm the token names",
        ),
        PassesCode(
            """
            from jose import jwt
            claims = jwt.decode(token, key, algorithms=["HS256"])
            """,
            because="one algorithm is named",
        ),
        PassesCode(
            "import jwt\nclaims = jwt.decode(token, key)\n", because="PyJWT raises DecodeError at the first try"
        ),
        PassesCode(
            """
            from jose import jwt
            def claims(token, keys):
                key = find_key(token, keys)
                return jwt.decode(token, key, audience="shop")
            """,
            because="a key object that was looked up is bound to its own algorithm",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each `decode` of jose without algorithms, and each whose algorithms come from the token's header."""
        for call in calls(source.tree):
            full = full_name(source.tree, call.func)
            if full not in {"jwt.decode", "jose.jwt.decode"} or has_unpacked(call):
                continue
            given = argument(call, 2, "algorithms")
            from_header = given is not None and any(
                isinstance(each, ast.Constant) and each.value == "alg" for each in ast.walk(given)
            )
            is_open = given is None and full.startswith("jose") and "verify_signature" not in ast.dump(call)
            if from_header or (is_open and not _is_bound_key(source, call)):
                yield report(
                    self,
                    source,
                    call,
                    what=f"`{dotted(call.func)}` takes whatever algorithm the token names.",
                    why="The caller writes that header: with `HS256` the published public key serves as the secret "
                    "(OWASP API2:2023, CWE-347).",
                    instead='Name the one that you sign with: `algorithms=["HS256"]`.',
                )


def _is_bound_key(source: Source, call: ast.Call) -> bool:
    """Return whether the key comes from a call in the function: a key object of jose is bound to its own algorithm."""
    key = argument(call, 1, "key")
    function = enclosing_function(source.tree, call)
    if isinstance(key, ast.Call):
        return True
    return function is not None and any(
        isinstance(node, ast.Assign) and isinstance(node.value, ast.Call | ast.Await) and dotted(key) in targets(node)
        for node in own_nodes(function)
    )
