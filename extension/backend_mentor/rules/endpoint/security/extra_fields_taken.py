"""The rule extra-fields-taken."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import constant_text, dotted, own_calls, root_name
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.handlers import body_models
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Model, Source
    from backend_mentor.domain.finding import Finding


class ExtraFieldsTaken:
    """A body's model keeps fields that nobody has declared.

    They pass unchecked to whatever is made from the model.
    """

    name: ClassVar[str] = "extra-fields-taken"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.SECURITY
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            from fastapi import FastAPI
            from pydantic import BaseModel, ConfigDict
            app = FastAPI()
            class OrderIn(BaseModel):
                model_config = ConfigDict(extra="allow")
                name: str
            @app.post("/orders")
            def add(body: OrderIn):
                session.add(Order(**body.model_dump()))
            """,
            says="OrderIn keeps each field that the caller adds",
        ),
        PassesCode(
            """
            from fastapi import FastAPI
            from pydantic import BaseModel, ConfigDict
            app = FastAPI()
            class OrderIn(BaseModel):
                model_config = ConfigDict(extra="forbid")
                name: str
            @app.post("/orders")
            def add(body: OrderIn):
                session.add(Order(**body.model_dump()))
            """,
            because="they are refused",
        ),
        PassesCode(
            """
            from fastapi import FastAPI
            from pydantic import BaseModel, ConfigDict
            app = FastAPI()
            class EventIn(BaseModel):
                model_config = ConfigDict(extra="allow")
                name: str
            @app.post("/events")
            def take(body: EventIn):
                log(body.name)
            """,
            because="only what is declared is used",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each such model that a handler reads its body into and unpacks as a whole."""
        for handler in source.handlers:
            for name, model in body_models(source, handler):
                place = next((each for each in _settings(model) if _allows(each)), None)
                whole = handler.node is not None and any(
                    each.arg is None and root_name(each.value) == name
                    for call in own_calls(handler.node)
                    for each in call.keywords
                )
                if place is not None and whole:
                    yield report(
                        self,
                        source,
                        place,
                        what=f"{model.name} keeps each field that the caller adds, and {handler.name} passes all on.",
                        why="A field such as is_admin goes unchecked to where the model is unpacked (OWASP API3:2023).",
                        instead='Write `extra="forbid"`, which answers 422 to fields that you do not know.',
                    )


def _settings(model: Model) -> list[ast.AST]:
    return [
        node
        for node in (ast.walk(model.node) if model.node is not None else ())
        if isinstance(node, ast.keyword | ast.Assign | ast.Dict)
    ]


def _allows(node: ast.AST) -> bool:
    match node:
        case ast.keyword(arg="extra", value=value):
            return constant_text(value) == "allow"
        case ast.Assign(targets=[ast.Name(id="extra")], value=value):
            return constant_text(value) == "allow" or dotted(value) == "Extra.allow"
        case ast.Dict(keys=keys, values=values):
            return any(
                constant_text(key) == "extra" and constant_text(value) == "allow"
                for key, value in zip(keys, values, strict=True)
            )
    return False
