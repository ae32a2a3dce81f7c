"""An error in a pair is raised with its status."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.proposals.code.answering import cause_of, clause_around, handler_around, is_called_here, is_caught
from backend_mentor.proposals.code.documented_answers import newly_documented
from backend_mentor.proposals.code.fix import Change, Declines, Fixes
from backend_mentor.proposals.code.places import has_comment, node_of, replaced
from backend_mentor.reading.endpoints.trees import constant, constant_text

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding

_APP = "from fastapi import FastAPI\n\napp = FastAPI()\n\n\n@app.get('/items/{key}')\n"
_APP_AFTER = (
    "from fastapi import FastAPI, HTTPException\n\napp = FastAPI()\n\n\n@app.get('/items/{key}', responses=RESPONSES)\n"
)
_FIRST_ERROR = 400
_TEXTS = frozenset({"error", "detail", "message", "msg"})


class ErrorRaisedForPair:
    """Raise an HTTPException where a route of FastAPI returns a body and the status of an error.

    Valid where nothing around it catches what is raised, and nobody in the cell asks the function for its value.
    Callers see the status instead of 200 and a list, so it is offered on its own.
    """

    name: ClassVar[str] = "error-raised-for-pair"
    answers: ClassVar[tuple[str, ...]] = ("status-in-tuple",)
    examples: ClassVar[tuple[Fixes | Declines, ...]] = (
        Fixes(
            _APP + "def item(key: int):\n    if key not in ITEMS:  # é\n"
            "        return {'error': 'é is not found'}, 404  # é\n    return ITEMS[key]\n",
            _APP_AFTER.replace("RESPONSES", "{404: {'description': 'é is not found'}}")
            + "def item(key: int):\n    if key not in ITEMS:  # é\n"
            "        raise HTTPException(status_code=404, detail='é is not found')  # é\n    return ITEMS[key]\n",
        ),
        Fixes(
            _APP + "async def item(key: int):\n\ttry:\n\t\treturn ITEMS[key]\n\texcept KeyError:\n"
            "\t\treturn ({'code': 7,\n\t\t\t'é': key}, 404)",
            _APP_AFTER.replace("RESPONSES", "{404: {'description': 'Not Found'}}")
            + "async def item(key: int):\n\ttry:\n\t\treturn ITEMS[key]\n\texcept KeyError as error:\n"
            "\t\traise HTTPException(status_code=404, detail={'code': 7,\n\t\t\t'é': key}) from error",
        ),
        Declines(
            _APP + "def item(key: int):\n    try:\n        return {'error': 'none'}, 404\n"
            "    except Exception:\n        return None\n",
            because="the clause around it would catch what is raised",
        ),
        Declines(
            _APP + "def item(key: int):\n    return {'error': 'none'}, 404\n\n\n"
            "@app.get('/things')\ndef thing():\n    body, status = item(1)\n    return body\n",
            because="other code takes the pair apart",
        ),
        Declines(_APP + "def item(key: int):\n    return ITEMS[key], 200\n", because="it is no error"),
    )

    def change(self, source: Source, finding: Finding) -> Change | None:
        """Put the body into `detail`, the text alone where the body holds nothing else."""
        node = node_of(source, finding, ast.Return)
        handler = handler_around(source, node) if node is not None else None
        if node is None or not isinstance(node.value, ast.Tuple) or handler is None or handler.node is None:
            return None
        body, status = node.value.elts[0], constant(node.value.elts[1])
        span = source.span_of(node)
        if not isinstance(status, int) or status < _FIRST_ERROR or has_comment(source, span.start, span.end):
            return None
        if is_caught(source, node) or is_called_here(source, handler.node) or isinstance(body, ast.Starred):
            return None
        clause = clause_around(source, node)
        cause = cause_of(source, clause) if clause is not None else None
        if clause is not None and cause is None:
            return None
        ending, edits = (f" from {cause[0]}", cause[1]) if cause is not None else ("", ())
        text = f"raise HTTPException(status_code={status}, detail={source.code_of(_detail(body))}){ending}"
        told = newly_documented(source, handler, status, constant_text(_detail(body)))
        return Change(
            title=f"Raise an HTTPException with status {status}",
            reason="FastAPI writes a pair into the body as a list and answers 200; the exception sets the status.",
            edits=(*told, *edits, replaced(source, node, text)),
            imports=("fastapi.HTTPException",),
            keeps_contract=False,
            tradeoffs=Tradeoffs(f"callers see {status} with a `detail`, where they saw 200 with a list"),
            conditions=(
                Condition("nothing catches it on its way", "no `except` around it takes an HTTPException"),
                Condition("nobody takes the pair apart", f"{handler.name} is called by nobody here"),
            ),
        )


def _detail(body: ast.expr) -> ast.expr:
    is_text = isinstance(body, ast.Dict) and len(body.keys) == 1 and constant_text(body.keys[0]) in _TEXTS
    return body.values[0] if is_text and isinstance(body, ast.Dict) else body
