"""The rule query-without-depth-limit."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import dotted, has_unpacked, keyword, last_name
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.graphql import schemas
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class QueryWithoutDepthLimit:
    """A GraphQL schema answers queries of any depth.

    Twenty nested lines ask for millions of rows.
    """

    name: ClassVar[str] = "query-without-depth-limit"
    severity: ClassVar[Severity] = Severity.ADVICE
    responsibility: ClassVar[Responsibility] = Responsibility.SECURITY
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            import strawberry
            schema = strawberry.Schema(query=Query)
            """,
            says="`strawberry.Schema` answers queries of any depth",
        ),
        FlagsCode(
            """
            from ariadne.asgi import GraphQL
            app = GraphQL(schema)
            """,
            says="`GraphQL` answers queries of any depth",
        ),
        PassesCode(
            """
            import strawberry
            schema = strawberry.Schema(query=Query, extensions=[QueryDepthLimiter(max_depth=8), MaskErrors()])
            """,
            because="the depth is limited",
        ),
        PassesCode(
            """
            import strawberry
            schema = strawberry.Schema(query=Query, extensions=EXTENSIONS)
            """,
            because="the limits may stand in the list",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each schema whose extensions and validation rules, as literal lists, name no limit."""
        if re.search(r"depth|complexity|cost|persisted", source.text, re.IGNORECASE):
            return
        for call in schemas(source):
            if has_unpacked(call) or _names_limit(call):
                continue
            yield report(
                self,
                source,
                call,
                what=f"`{dotted(call.func)}` answers queries of any depth.",
                why="A friend's friends' friends: each level multiplies the rows, and one request asks for millions "
                "(OWASP API4:2023).",
                instead="Add `QueryDepthLimiter(max_depth=8)` and a limit of aliases to the extensions, in Ariadne "
                "`validation_rules=[cost_validator(maximum_cost=…)]`.",
            )


def _names_limit(call: ast.Call) -> bool:
    for name in ("extensions", "validation_rules"):
        given = keyword(call, name)
        if given is None:
            continue
        if not isinstance(given, ast.List | ast.Tuple) or any(
            "limit" in last_name(each).lower() for each in given.elts
        ):
            return True
    return False
