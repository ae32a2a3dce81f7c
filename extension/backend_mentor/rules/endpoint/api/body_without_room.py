"""The rule body-without-room."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import own_nodes
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class BodyWithoutRoom:
    """An answer whose status forbids a body is given one.

    The body is dropped, or breaks the connection that it is sent on.
    """

    name: ClassVar[str] = "body-without-room"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.API
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.delete("/items/{key}", status_code=204)
            def remove(key: int):
                return {"removed": key}
            """,
            says="remove returns a body with status 204",
        ),
        PassesCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.delete("/items/{key}", status_code=204)
            def remove(key: int) -> None:
                ITEMS.pop(key)
            """,
            because="it returns nothing",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each return of a literal or a plain value in a handler whose decorator says 204, 205 or 304."""
        for handler in source.handlers:
            if handler.status_code not in (204, 205, 304) or handler.node is None:
                continue
            for node in own_nodes(handler.node):
                if isinstance(node, ast.Return) and isinstance(
                    node.value, ast.Dict | ast.List | ast.Tuple | ast.JoinedStr
                ):
                    yield report(
                        self,
                        source,
                        node,
                        what=f"{handler.name} returns a body with status {handler.status_code}.",
                        why="HTTP allows none there: the caller never sees it, or the next answer on "
                        "the line is spoilt.",
                        instead="Return nothing, or say `status_code=200`.",
                    )
