"""A success is returned, not raised."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.endpoint import HandlerKind
from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.proposals.code.answering import handler_around, is_called_here, is_caught, route_call
from backend_mentor.proposals.code.fix import Change, Declines, Fixes
from backend_mentor.proposals.code.places import has_comment, node_of, quoted, replaced
from backend_mentor.reading.endpoints.trees import argument, constant, enclosing, full_name, has_unpacked, own_nodes

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Handler, Source
    from backend_mentor.domain.finding import Finding

_APP = "from fastapi import FastAPI, HTTPException\n\napp = FastAPI()\n\n\n"


class SuccessReturned:
    """Return `{"detail": …}` where an HTTPException with the status of the route is raised.

    Valid in a route of FastAPI without a model of its answer, under no `try` or `with` that looks at what is raised:
    the body is the one that the exception becomes.
    """

    name: ClassVar[str] = "success-returned"
    answers: ClassVar[tuple[str, ...]] = ("success-as-exception",)
    examples: ClassVar[tuple[Fixes | Declines, ...]] = (
        Fixes(
            _APP + "@app.post('/é')\ndef close(é: int):\n    # é\n"
            "    raise HTTPException(status_code=200, detail=f'é {é}')  # é\n",
            _APP + "@app.post('/é')\ndef close(é: int):\n    # é\n    return {'detail': f'é {é}'}  # é\n",
        ),
        Fixes(
            _APP + '@app.post("/orders", status_code=201)\nasync def add(name: str):\n\tif name:\n'
            '\t\traise HTTPException(\n\t\t\t201, "made"\n\t\t)\n\treturn {}\n',
            _APP + '@app.post("/orders", status_code=201)\nasync def add(name: str):\n\tif name:\n'
            '\t\treturn {"detail": "made"}\n\treturn {}\n',
        ),
        Declines(
            _APP + "@app.post('/orders')\ndef add():\n    raise HTTPException(201, 'made')\n",
            because="the route answers 200, and the body alone would too",
        ),
        Declines(
            _APP + "@app.post('/orders')\ndef add():\n    with SessionLocal.begin() as session:\n"
            "        session.add(Order())\n        raise HTTPException(200, 'made')\n",
            because="the block is rolled back today, and would be committed",
        ),
        Declines(
            _APP + "@app.get('/orders')\ndef find() -> list[int]:\n    raise HTTPException(200, 'none')\n",
            because="what is returned has to be a list",
        ),
    )

    def change(self, source: Source, finding: Finding) -> Change | None:
        """Replace the statement."""
        node = node_of(source, finding, ast.Raise)
        call = node.exc if node is not None else None
        handler = handler_around(source, node) if node is not None else None
        if node is None or node.cause is not None or handler is None or not isinstance(call, ast.Call):
            return None
        status, detail = constant(argument(call, 0, "status_code")), argument(call, 1, "detail")
        span = source.span_of(node)
        if detail is None or has_unpacked(call) or has_comment(source, span.start, span.end):
            return None
        plain = not argument(call, 2, "headers") and not is_caught(source, node) and not _is_in_block(source, node)
        if not plain or status != (handler.status_code or 200) or not _answers_json(source, handler):
            return None
        return Change(
            title="Return the answer",
            reason="The body and the status are the same, and a dependency with `yield` sees that it went well.",
            edits=(replaced(source, node, f"return {{{quoted(source, 'detail')}: {source.code_of(detail)}}}"),),
            tradeoffs=Tradeoffs("what a dependency rolls back after an exception is committed from now on"),
            conditions=(
                Condition(f"the route answers {status} anyway", "its decorator"),
                Condition("nothing looks at what is raised", "no `except` and no `with` around it"),
            ),
        )


def _is_in_block(source: Source, node: ast.AST) -> bool:
    return any(isinstance(each, ast.With | ast.AsyncWith) for each in enclosing(source.tree, node))


def _answers_json(source: Source, handler: Handler) -> bool:
    """Return whether a dictionary is answered as it is: no model and no class of its own for the answer."""
    call = route_call(source, handler)
    if call is None or handler.node is None or handler.kind is not HandlerKind.ROUTE or handler.return_type:
        return False
    named = any((each.arg or "").startswith("response_") for each in call.keywords)
    changed = "default_response_class" in source.text or "exception_handler" in source.text
    generates = any(isinstance(each, ast.Yield | ast.YieldFrom) for each in own_nodes(handler.node))
    ours = full_name(source.tree, ast.Name("HTTPException")) == "fastapi.HTTPException"
    return ours and not (named or changed or generates or is_called_here(source, handler.node))
