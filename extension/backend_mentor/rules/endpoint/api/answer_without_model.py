"""The rule answer-without-model."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.endpoint import HandlerKind
from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import calls, own_nodes, targets
from backend_mentor.rules.endpoint.databases import asks_database
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Handler, Source
    from backend_mentor.domain.finding import Finding


class AnswerWithoutModel:
    """A handler does not say what it answers.

    The documentation shows an empty answer, and whatever the object holds goes out.
    """

    name: ClassVar[str] = "answer-without-model"
    severity: ClassVar[Severity] = Severity.INFO
    responsibility: ClassVar[Responsibility] = Responsibility.API
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.get("/orders/{key}")
            def order(key: int, session=Depends(get_session)):
                return session.get(Order, key)
            """,
            says="GET /orders/{key} does not say what it answers",
        ),
        PassesCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.get("/orders/{key}", response_model=OrderOut)
            def order(key: int, session=Depends(get_session)):
                return session.get(Order, key)
            """,
            because="a model says it",
        ),
        PassesCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.get("/orders/{key}")
            def order(key: int) -> OrderOut:
                return find(key)
            """,
            because="the annotation says it",
        ),
        PassesCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.get("/health")
            def health():
                return {"status": "ok"}
            """,
            because="a literal says for itself what it holds",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield the first handler of FastAPI that returns what a database gave it without a model or annotation."""
        if source.framework != "FastAPI":
            return
        bare = [each for each in source.handlers if each.kind is HandlerKind.ROUTE and _is_bare(source, each)]
        for handler in bare[:1]:
            assert handler.node is not None  # noqa: S101 - for the type checker: `_is_bare` has asked
            more = f", nor do {len(bare) - 1} more" if len(bare) > 1 else ""
            yield report(
                self,
                source,
                handler.node,
                what=f"{next(iter(handler.methods), 'GET')} {handler.route} does not say what it answers{more}.",
                why="A row goes out with each of its columns, and clients find no shape in the documentation "
                "(OWASP API3:2023).",
                instead="Annotate the return with a model that lists the fields.",
            )


def _is_bare(source: Source, handler: Handler) -> bool:
    if handler.node is None or handler.return_type or handler.response_model:
        return False
    code = source.code_of(handler.node.decorator_list[0]) if handler.node.decorator_list else ""
    if "response_" in code or "include_in_schema=False" in code:
        return False
    rows = {
        name
        for node in own_nodes(handler.node)
        if isinstance(node, ast.Assign) and any(asks_database(call) for call in calls(node.value))
        for name in targets(node)
    }
    return any(
        isinstance(node, ast.Return)
        and (
            (isinstance(node.value, ast.Name) and node.value.id in rows)
            or (isinstance(node.value, ast.Call) and asks_database(node.value))
        )
        for node in own_nodes(handler.node)
    )
