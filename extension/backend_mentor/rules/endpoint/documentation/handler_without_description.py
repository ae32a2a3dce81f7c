"""The rule handler-without-description."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.endpoint import HandlerKind
from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.handlers import is_documented
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Handler, Source
    from backend_mentor.domain.finding import Finding


_UNDOCUMENTED = re.compile(
    r"FastAPI\([^)]*openapi_url\s*=\s*None|(?:APIRouter|FastAPI)\([^)]*include_in_schema\s*=\s*False"
)


class HandlerWithoutDescription:
    """Handlers have no docstring, and so their operations no description.

    Who calls the interface reads the name of a Python function and has to guess the rest.
    """

    name: ClassVar[str] = "handler-without-description"
    severity: ClassVar[Severity] = Severity.INFO
    responsibility: ClassVar[Responsibility] = Responsibility.DOCUMENTATION
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.get("/items")
            def items(): ...
            @app.post("/items")
            def create(): ...
            """,
            says="2 of 2 operations have no description: items, create",
        ),
        FlagsCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.get("/items/{key:path}")
            def item(key: str): ...
            """,
            says="1 of 1 operation has no description: item",
        ),
        FlagsCode(
            """
            from fastapi import APIRouter, FastAPI
            app = FastAPI()
            router = APIRouter()
            @app.get("/")
            def front(): ...
            @router.get("/")
            def items(): ...
            """,
            says="1 of 1 operation has no description: items",
        ),
        PassesCode(
            '''
            from fastapi import FastAPI
            app = FastAPI()
            @app.get("/items")
            def items():
                """Return all items."""
            ''',
            because="it is described",
        ),
        PassesCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.get("/items", summary="All items")
            def items(): ...
            """,
            because="the decorator describes it",
        ),
        PassesCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.get("/items", include_in_schema=False)
            def items(): ...
            """,
            because="it is not shown",
        ),
        PassesCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.get("/health")
            def health(): ...
            @app.route("/login")
            async def login(request): ...
            @app.get("/{path:path}")
            def page(path: str): ...
            """,
            because="no client calls these by the documentation, and Starlette's routes are not in it",
        ),
        PassesCode(
            """
            from fastapi import APIRouter
            router = APIRouter(prefix="/internal", include_in_schema=False)
            @router.get("/items")
            def items(): ...
            """,
            because="the whole router is left out of the documentation",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield one finding for all routes of FastAPI without docstring, summary or description."""
        if source.framework != "FastAPI" or _UNDOCUMENTED.search(source.text):
            return
        routed = [each for each in source.handlers if each.kind is HandlerKind.ROUTE and is_documented(each)]
        bare = [each for each in routed if not each.docstring and not _described(each)]
        if bare and bare[0].node is not None:
            names = ", ".join(each.name.rpartition(".")[2] for each in bare[:5]) + (
                " and more" if len(bare) > 5 else ""
            )
            yield report(
                self,
                source,
                bare[0].node,
                what=f"{len(bare)} of {len(routed)} "
                f"{'operation' if len(routed) == 1 else 'operations'} {'has' if len(bare) == 1 else 'have'} "
                f"no description: {names}.",
                why="In the generated documentation the name of the function is all that the caller learns.",
                instead="Write a docstring: what it does, whom it lets in, which errors it answers.",
            )


def _described(handler: Handler) -> bool:
    given = [
        each.arg
        for node in (handler.node.decorator_list if handler.node else ())
        if isinstance(node, ast.Call)
        for each in node.keywords
    ]
    return bool({"summary", "description", "include_in_schema", None} & set(given))
