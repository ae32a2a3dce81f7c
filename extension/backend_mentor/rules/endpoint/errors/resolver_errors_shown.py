"""The rule resolver-errors-shown."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import dotted, has_unpacked, is_true, keyword, last_name
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.graphql import schemas
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class ResolverErrorsShown:
    """A GraphQL endpoint sends its callers what went wrong inside.

    The text of each exception is in the answer: statements, paths, hosts.
    """

    name: ClassVar[str] = "resolver-errors-shown"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.ERRORS
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode("from ariadne.asgi import GraphQL\napp = GraphQL(schema, debug=True)\n", says="debug is on"),
        FlagsCode(
            "import strawberry\nschema = strawberry.Schema(query=Query, extensions=[QueryDepthLimiter(max_depth=8)])\n",
            says="shows the text of each exception",
        ),
        PassesCode(
            "import strawberry\nschema = strawberry.Schema(query=Query, extensions=[MaskErrors()])\n",
            because="they are masked",
        ),
        PassesCode(
            "import strawberry\nschema = strawberry.Schema(query=Query, extensions=EXTENSIONS)\n",
            because="the mask may stand in the list",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each Ariadne application in debug mode, and each Strawberry schema whose extensions mask nothing."""
        for call in schemas(source):
            if has_unpacked(call):
                continue
            if is_true(keyword(call, "debug")):
                problem = "debug is on"
            elif last_name(call) == "Schema" and not re.search(r"MaskErrors|process_errors|mask", source.text):
                extensions = keyword(call, "extensions")
                if extensions is not None and not isinstance(extensions, ast.List | ast.Tuple):
                    continue
                problem = "no extension masks errors"
            else:
                continue
            yield report(
                self,
                source,
                call,
                what=f"`{dotted(call.func)}` shows the text of each exception: {problem}.",
                why="It names tables, files and hosts to whoever sends a query that fails (OWASP API8:2023, CWE-209).",
                instead="Add `MaskErrors()` to the extensions; in Ariadne leave debug out.",
            )
