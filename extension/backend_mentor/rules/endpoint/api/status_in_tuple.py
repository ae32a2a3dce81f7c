"""The rule status-in-tuple."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.endpoint import HandlerKind
from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import constant, own_nodes
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class StatusInTuple:
    """A handler returns a body and a status as a tuple, which FastAPI does not know.

    The caller gets status 200 and a list of two things.
    """

    name: ClassVar[str] = "status-in-tuple"
    severity: ClassVar[Severity] = Severity.CRITICAL
    responsibility: ClassVar[Responsibility] = Responsibility.API
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.get("/items/{key}")
            def item(key: int):
                return {"error": "not found"}, 404
            """,
            says="item answers 200 with a list, not 404",
        ),
        PassesCode(
            """
            from flask import Flask
            app = Flask("shop")
            @app.get("/items/<int:key>")
            def item(key):
                return {"error": "not found"}, 404
            """,
            because="Flask takes the tuple so",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each return of a pair with a literal status in a FastAPI route."""
        if source.framework != "FastAPI":
            return
        for handler in source.handlers:
            for node in own_nodes(handler.node) if handler.node and handler.kind is HandlerKind.ROUTE else ():
                if (
                    not isinstance(node, ast.Return)
                    or not isinstance(node.value, ast.Tuple)
                    or len(node.value.elts) != 2
                ):
                    continue
                status = constant(node.value.elts[1])
                if isinstance(status, int) and 100 <= status <= 599:
                    yield report(
                        self,
                        source,
                        node,
                        what=f"{handler.name} answers 200 with a list, not {status}.",
                        why="FastAPI has no such tuple: it writes both parts into the body.",
                        instead=f"Raise `HTTPException({status}, detail=...)`, or return "
                        f"`JSONResponse(..., status_code={status})`."
                        if status >= 400
                        else f"Say `status_code={status}` in the decorator and return the body alone.",
                    )
