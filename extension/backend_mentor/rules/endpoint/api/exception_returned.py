"""The rule exception-returned."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.endpoint import HandlerKind
from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import last_name, own_nodes
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import excerpt, report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class ExceptionReturned:
    """An HTTPException is returned instead of raised.

    The framework writes the object into an ordinary answer with status 200: each caller thinks that it worked.
    """

    name: ClassVar[str] = "exception-returned"
    severity: ClassVar[Severity] = Severity.CRITICAL
    responsibility: ClassVar[Responsibility] = Responsibility.API
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            from fastapi import FastAPI, HTTPException
            app = FastAPI()
            @app.get("/items/{key}")
            def item(key: int):
                if key not in ITEMS:
                    return HTTPException(status_code=404)
                return ITEMS[key]
            """,
            says="item returns HTTPException",
        ),
        PassesCode(
            """
            from fastapi import FastAPI, HTTPException
            app = FastAPI()
            @app.get("/items/{key}")
            def item(key: int):
                raise HTTPException(status_code=404)
            """,
            because="it is raised",
        ),
        PassesCode(
            """
            from fastapi import HTTPException
            def not_found(what: str) -> HTTPException:
                return HTTPException(status_code=404, detail=what)
            """,
            because="this function makes the exception for others to raise",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each such return of a route's handler or a dependency."""
        for handler in source.handlers:
            if handler.node is None or handler.kind not in (HandlerKind.ROUTE, HandlerKind.DEPENDENCY):
                continue
            for node in own_nodes(handler.node):
                if (
                    isinstance(node, ast.Return)
                    and isinstance(node.value, ast.Call)
                    and last_name(node.value) == "HTTPException"
                ):
                    yield report(
                        self,
                        source,
                        node,
                        what=f"{handler.name} returns HTTPException instead of raising it.",
                        why="The object becomes the body of an answer with status 200: the caller "
                        "takes it for success.",
                        instead=f"Write `raise {excerpt(node.value)}`.",
                    )
