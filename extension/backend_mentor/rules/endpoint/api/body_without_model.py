"""The rule body-without-model."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.endpoint import HandlerKind, ParameterKind
from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import constant_text, dotted, own_nodes, targets
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Handler, Source
    from backend_mentor.domain.finding import Finding

_CHECKS = re.compile(
    r"KeyError|model_validate|parse_obj|validate\(|schema|except Exception|except:| in (?:body|data)| not in "
)


class BodyWithoutModel:
    """A body is read as a bare dictionary.

    Nothing checks what is in it: a missing key is a KeyError and 500, and the documentation shows nothing.
    """

    name: ClassVar[str] = "body-without-model"
    severity: ClassVar[Severity] = Severity.ADVICE
    responsibility: ClassVar[Responsibility] = Responsibility.API
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.post("/orders")
            def add(body: dict):
                return store(body["product"], body["count"])
            """,
            says='add reads "product" from body without a model',
        ),
        FlagsCode(
            """
            from fastapi import FastAPI, Request
            app = FastAPI()
            @app.post("/orders")
            async def add(request: Request):
                body = await request.json()
                return store(body["product"])
            """,
            says='add reads "product" from body without a model',
        ),
        PassesCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.post("/orders")
            def add(body: OrderIn):
                return store(body.product)
            """,
            because="a model checks it",
        ),
        PassesCode(
            """
            from fastapi import FastAPI, Request
            app = FastAPI()
            @app.post("/orders")
            async def add(request: Request):
                body = OrderIn.model_validate(await request.json())
                return store(body.product)
            """,
            because="it is read into a model",
        ),
        PassesCode(
            """
            from flask import Flask, request
            app = Flask(__name__)
            @app.post("/orders")
            def add():
                body = request.get_json()
                return store(body["product"])
            """,
            because="Flask has no models; what checks a body there is a matter of choice",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each handler of FastAPI that takes keys out of its JSON body, which no model has read."""
        for handler in source.handlers:
            # Other frameworks have no models of their own to declare.
            if source.framework != "FastAPI":
                return
            if handler.node is None or handler.kind is not HandlerKind.ROUTE or _handled(source, handler):
                continue
            bodies = {
                each.name
                for each in handler.parameters_of(ParameterKind.BODY)
                if (each.type or "").lower().startswith("dict")
            }
            typed = any(
                each.kind in (ParameterKind.BODY, ParameterKind.UNKNOWN) and each.name not in bodies and each.type
                for each in handler.parameters
            )
            for node in own_nodes(handler.node):
                # With a model beside it the body has been checked before the handler reads it again.
                if isinstance(node, ast.Assign) and _reads_json(node.value) and not typed:
                    bodies |= targets(node)
            for node in own_nodes(handler.node):
                key = (
                    constant_text(node.slice)
                    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load)
                    else None
                )
                if key is not None and isinstance(node, ast.Subscript) and dotted(node.value) in bodies:
                    yield report(
                        self,
                        source,
                        node,
                        what=f'{handler.name} reads "{key}" from {dotted(node.value)} without a model.',
                        why="Without the key it is a KeyError and 500 instead of 422; with a list for a "
                        "number it fails "
                        "later, or is stored.",
                        instead="Declare a Pydantic model with the fields, and take that as the parameter.",
                    )
                    break


def _handled(source: Source, handler: Handler) -> bool:
    """Return whether the handler checks the keys, or answers their lack, itself."""
    code = source.code_of(handler.node) if handler.node is not None else ""
    return _CHECKS.search(code) is not None


def _reads_json(node: ast.expr) -> bool:
    inner = node.value if isinstance(node, ast.Await) else node
    if isinstance(inner, ast.Call):
        return dotted(inner.func) in {"request.json", "request.get_json"}
    return dotted(inner) == "request.json"
