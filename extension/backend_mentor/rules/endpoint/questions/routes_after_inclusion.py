"""The question routes-after-inclusion."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility
from backend_mentor.domain.review import Question
from backend_mentor.rules.endpoint.code import dotted, last_name
from backend_mentor.rules.endpoint.example import AsksCode, PassesCode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source


class RoutesAfterInclusion:
    """Which FastAPI runs this?

    Before 0.137 a router's routes are copied when it is included, and those that come later are missing.
    """

    name: ClassVar[str] = "routes-after-inclusion"
    responsibility: ClassVar[Responsibility] = Responsibility.API
    examples: ClassVar[tuple[AsksCode | PassesCode, ...]] = (
        AsksCode(
            """
            from fastapi import APIRouter, FastAPI
            app = FastAPI()
            router = APIRouter()
            app.include_router(router)
            @router.get("/orders")
            def orders(): ...
            """,
            says="Does FastAPI 0.137 or later run this?",
        ),
        PassesCode(
            """
            from fastapi import APIRouter, FastAPI
            app = FastAPI()
            router = APIRouter()
            @router.get("/orders")
            def orders(): ...
            app.include_router(router)
            """,
            because="it is included when all routes are there",
        ),
    )

    def ask(self, source: Source) -> Iterator[Question]:
        """Ask where a router of the cell is included above one of its routes."""
        for node in source.tree.body:
            call = node.value if isinstance(node, ast.Expr) else None
            if not isinstance(call, ast.Call) or last_name(call) != "include_router" or not call.args:
                continue
            name = dotted(call.args[0])
            later = [
                handler
                for handler in source.handlers
                for route in handler.routes
                if route.router == name and handler.span.line > node.lineno
            ]
            if later:
                yield Question(
                    "Does FastAPI 0.137 or later run this?",
                    f"Before that, `include_router({name})` copies the routes that are there: "
                    f"{later[0].name}, which comes "
                    "below, answers 404. Include it last.",
                    self.responsibility,
                )
                return
