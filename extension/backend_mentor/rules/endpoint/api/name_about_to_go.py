"""The rule name-about-to-go."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.endpoint import ModelKind
from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.reading.endpoints.trees import walk
from backend_mentor.rules.endpoint.code import argument, chain, constant_text, keyword, last_name, own_calls
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.handlers import body_models
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding

_RECEIVER_AND_METHOD = 2
_SERIALISED = (
    "a return type, which FastAPI serialises as fast, and `JSONResponse` for an answer with a status of its own"
)
_IMPORTS = {
    "pydantic.validator": "`field_validator`",
    "pydantic.root_validator": "`model_validator`",
    "sqlalchemy.ext.declarative.declarative_base": "`sqlalchemy.orm.DeclarativeBase`",
    "fastapi.responses.ORJSONResponse": _SERIALISED,
    "fastapi.responses.UJSONResponse": _SERIALISED,
}


class NameAboutToGo:
    """Something is used that the next version no longer has.

    The upgrade that brings a security fix fails on it then.
    """

    name: ClassVar[str] = "name-about-to-go"
    severity: ClassVar[Severity] = Severity.INFO
    responsibility: ClassVar[Responsibility] = Responsibility.API
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            'from fastapi import FastAPI\napp = FastAPI()\n@app.on_event("startup")\ndef start(): ...\n',
            says="on_event is deprecated",
        ),
        FlagsCode("from pydantic import BaseModel, validator\n", says="validator is deprecated"),
        FlagsCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.post("/orders")
            def add(body: OrderIn):
                return store(body.dict())
            class OrderIn(BaseModel):
                name: str
            """,
            says="dict() is deprecated",
        ),
        PassesCode(
            "from fastapi import FastAPI\napp = FastAPI(lifespan=lifespan)\n", because="this is what takes its place"
        ),
        PassesCode("from validators import validator\n", because="it is another package's"),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each import, decorator, argument or method that FastAPI, Pydantic or SQLAlchemy has deprecated."""
        for node in walk(source.tree):
            if isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    instead = _IMPORTS.get(f"{node.module}.{alias.name}")
                    if instead is not None:
                        yield self._found(source, node, alias.name, instead)
            elif isinstance(node, ast.Call) and source.framework == "FastAPI":
                if last_name(node) == "on_event" and constant_text(argument(node, 0, "event_type")) in {
                    "startup",
                    "shutdown",
                }:
                    yield self._found(source, node, "on_event", "a lifespan function, `FastAPI(lifespan=…)`")
                elif (
                    last_name(node) in {"Query", "Path", "Header", "Body", "Form"}
                    and keyword(node, "regex") is not None
                ):
                    yield self._found(source, node, "regex", "`pattern=`")
        for handler in source.handlers:
            bodies = {name for name, model in body_models(source, handler) if model.kind is ModelKind.PYDANTIC}
            for call in own_calls(handler.node) if handler.node is not None else ():
                names = chain(call)
                if len(names) == _RECEIVER_AND_METHOD and names[0] in bodies and names[1] in {"dict", "json", "copy"}:
                    instead = {"dict": "`model_dump()`", "json": "`model_dump_json()`", "copy": "`model_copy()`"}[
                        names[1]
                    ]
                    yield self._found(source, call, f"{names[1]}()", instead)

    def _found(self, source: Source, node: ast.AST, name: str, instead: str) -> Finding:
        return report(
            self,
            source,
            node,
            what=f"{name} is deprecated.",
            why="It warns today and is gone in a version to come, perhaps the one with a security fix.",
            instead=f"Use {instead}.",
        )
