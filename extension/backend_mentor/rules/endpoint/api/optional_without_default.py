"""The rule optional-without-default."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.endpoint import ModelKind
from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import last_name
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.handlers import body_models
from backend_mentor.rules.endpoint.report import excerpt, report
from backend_mentor.rules.endpoint.words import words_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding

_PARTIAL = frozenset({"patch", "update", "create", "partial", "edit", "new"})


class OptionalWithoutDefault:
    """A field may be null and still has to be sent.

    In Pydantic 2 `X | None` without a default is required.
    """

    name: ClassVar[str] = "optional-without-default"
    severity: ClassVar[Severity] = Severity.ADVICE
    responsibility: ClassVar[Responsibility] = Responsibility.API
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            from pydantic import BaseModel
            from fastapi import FastAPI
            app = FastAPI()
            class OrderPatch(BaseModel):
                note: str | None
            @app.patch("/orders/{key}")
            def change(key: int, body: OrderPatch): ...
            """,
            says="note of OrderPatch may be null and still has to be sent",
        ),
        PassesCode(
            """
            from pydantic import BaseModel
            from fastapi import FastAPI
            app = FastAPI()
            class OrderPatch(BaseModel):
                note: str | None = None
            @app.patch("/orders/{key}")
            def change(key: int, body: OrderPatch): ...
            """,
            because="it has a default",
        ),
        PassesCode(
            """
            from pydantic import BaseModel
            from fastapi import FastAPI
            app = FastAPI()
            class OrderOut(BaseModel):
                note: str | None
            @app.get("/orders/{key}")
            def order(key: int) -> OrderOut: ...
            """,
            because="an answer has all its fields",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each such field of a model that a handler reads its body into; in Pydantic 1 there was a default."""
        if re.search(r"pydantic\.v1|@validator|class Config:|\.parse_obj|orm_mode", source.text):
            return
        seen: set[str] = set()
        for handler in source.handlers:
            for _, model in body_models(source, handler):
                if model.name in seen or model.kind is not ModelKind.PYDANTIC or model.node is None:
                    continue
                # What is replaced as a whole, such as settings, is rightly sent as a whole.
                if "PATCH" not in handler.methods and not _PARTIAL & set(words_of(model.name)):
                    continue
                seen.add(model.name)
                for node in model.node.body:
                    if isinstance(node, ast.AnnAssign) and node.value is None and _accepts_none(node.annotation):
                        yield report(
                            self,
                            source,
                            node,
                            what=f"{excerpt(node.target)} of {model.name} may be null and still has to be sent.",
                            why="Pydantic 2 gives it no default: a client that leaves it out gets 422.",
                            instead=f"Write `{excerpt(node.target)}: {excerpt(node.annotation)} = None`, or "
                            "take None out.",
                        )


def _accepts_none(annotation: ast.expr) -> bool:
    if isinstance(annotation, ast.Subscript):
        return last_name(annotation.value) == "Optional"
    return isinstance(annotation, ast.BinOp) and any(
        isinstance(each, ast.Constant) and each.value is None for each in ast.walk(annotation)
    )
