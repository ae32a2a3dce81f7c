"""The rule secret-compared-by-equals."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import calls, enclosing, functions, last_name, own_nodes, root_name
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import excerpt, report
from backend_mentor.rules.endpoint.taint import caller_text, holds, text_parameters
from backend_mentor.rules.endpoint.words import names_secret

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class SecretComparedByEquals:
    """A secret is compared with `==`.

    The comparison stops at the first character that differs, and the time tells how far it came.
    """

    name: ClassVar[str] = "secret-compared-by-equals"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.SECURITY
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            @app.post("/hook")
            async def hook(request: Request):
                signature = request.headers["X-Signature"]
                if signature != hmac.new(KEY, await request.body(), "sha256").hexdigest():
                    raise HTTPException(401)
            """,
            says="`signature` is compared with `!=`",
        ),
        FlagsCode(
            "def allowed(api_key: str) -> bool:\n    return api_key == settings.api_key\n",
            says="`api_key` is compared with `==`",
        ),
        PassesCode("ok = hmac.compare_digest(signature, expected)\n", because="it takes the same time for each"),
        PassesCode('def f(token: str):\n    return token == ""\n', because="an empty text is no secret"),
        PassesCode(
            "def find(session, token: str):\n    return session.scalar(select(Login).where(Login.token == token))\n",
            because="a condition of a query is compared by the database",
        ),
        PassesCode(
            "def same(user, password1: str, password2: str):\n    return password1 == password2\n",
            because="both come from the caller",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield comparisons in which one side is a secret of the caller and the other is the server's own."""
        for function in functions(source.tree):
            if function.name in {"__eq__", "__ne__"}:
                continue
            tainted = caller_text(function, text_parameters(function)) | text_parameters(function)
            for node in own_nodes(function):
                if (
                    not isinstance(node, ast.Compare)
                    or not isinstance(node.ops[0], ast.Eq | ast.NotEq)
                    or len(node.ops) > 1
                ):
                    continue
                if any(isinstance(each, ast.Call) for each in enclosing_query(source, node)):
                    continue
                sides = (node.left, node.comparators[0])
                theirs = [each for each in sides if holds(each, tainted)]
                ours = [each for each in sides if not holds(each, tainted) and _can_be_secret(each)]
                # Two of the program's own, unwrapped alike, are no guess of a caller.
                if all(last_name(each) == "get_secret_value" for each in sides):
                    continue
                if len(theirs) == 1 and len(ours) == 1 and names_secret(last_name(theirs[0])):
                    sign = "==" if isinstance(node.ops[0], ast.Eq) else "!="
                    yield report(
                        self,
                        source,
                        node,
                        what=f"`{excerpt(theirs[0])}` is compared with `{sign}`.",
                        why="It stops at the first character that differs: the time tells how much of a guess is right "
                        "(OWASP API2:2023, CWE-208).",
                        instead="Use `secrets.compare_digest(a.encode(), b.encode())`.",
                    )


def _can_be_secret(node: ast.expr) -> bool:
    # `Login.token` is a column, `Kind.TOKEN` a member of an enumeration: they begin with a capital letter.
    if isinstance(node, ast.Constant):
        return False
    root = root_name(node)
    if isinstance(node, ast.Attribute) and root[:1].isupper() and not root.isupper():
        return False
    called = {last_name(each) for each in calls(node)}
    return (
        names_secret(last_name(node)) or bool(called & {"hexdigest", "digest", "getenv"}) or "environ" in ast.dump(node)
    )


def enclosing_query(source: Source, node: ast.AST) -> list[ast.AST]:
    """Return the calls around a condition that make it part of a query."""
    return [
        each
        for each in enclosing(source.tree, node)
        if isinstance(each, ast.Call) and last_name(each) in {"where", "filter", "and_", "or_", "having", "join"}
    ]
