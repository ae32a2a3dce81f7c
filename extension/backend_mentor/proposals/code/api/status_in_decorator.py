"""The status of a success stands in the decorator."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.proposals.code.answering import handler_around, is_called_here, route_call
from backend_mentor.proposals.code.fix import Change, Declines, Edit, Fixes
from backend_mentor.proposals.code.places import argument_added, has_comment, node_of, replaced
from backend_mentor.reading.endpoints.trees import constant, own_nodes

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import FunctionNode, Source
    from backend_mentor.domain.finding import Finding

_APP = "from fastapi import FastAPI\n\napp = FastAPI()\n\n\n"
_SUCCESS = range(200, 300)
_WITHOUT_BODY = (204, 205)


class StatusInDecorator:
    """Return the body alone, and let the decorator say the status.

    Valid where each `return` of the handler names the same status of 2xx. Callers see that status and the body, where
    they saw 200 and a list, so it is offered on its own.
    """

    name: ClassVar[str] = "status-in-decorator"
    answers: ClassVar[tuple[str, ...]] = ("status-in-tuple",)
    examples: ClassVar[tuple[Fixes | Declines, ...]] = (
        Fixes(
            _APP + "@app.post('/é')\ndef add(name: str):\n    if name == 'é':  # é\n"
            "        return {'é': 1}, 201  # é\n    return {'name': name}, 201\n",
            _APP + "@app.post('/é', status_code=201)\ndef add(name: str):\n    if name == 'é':  # é\n"
            "        return {'é': 1}  # é\n    return {'name': name}\n",
        ),
        Fixes(
            _APP + "@app.post(\n    '/jobs',\n    tags=['é'],  # é\n)\nasync def start():\n\treturn (\n"
            "\t\tawait begin('é'), 202)",
            _APP + "@app.post(\n    '/jobs',\n    tags=['é'], status_code=202,  # é\n)\nasync def start():\n"
            "\treturn await begin('é')",
        ),
        Declines(
            _APP + "@app.post('/jobs')\ndef start(name: str):\n    if name in JOBS:\n        return JOBS[name]\n"
            "    return begin(name), 202\n",
            because="one way answers 200",
        ),
        Declines(
            _APP + "@app.post('/jobs')\ndef start(name: str):\n    if name:\n        return begin(name), 202\n",
            because="without a name it answers 200 and nothing",
        ),
        Declines(
            _APP + "@app.delete('/jobs')\ndef stop():\n    return end(), 204\n", because="no body goes with that status"
        ),
    )

    def change(self, source: Source, finding: Finding) -> Change | None:
        """Take the status out of each pair, and add `status_code` to the decorator."""
        node = node_of(source, finding, ast.Return)
        handler = handler_around(source, node) if node is not None else None
        if handler is None or handler.node is None or handler.status_code is not None or handler.return_type:
            return None
        call, pairs = route_call(source, handler), _pairs(handler.node)
        statuses = {constant(each.elts[1]) for each in pairs or ()}
        status = statuses.pop() if len(statuses) == 1 else None
        if call is None or pairs is None or not isinstance(status, int) or is_called_here(source, handler.node):
            return None
        options = {each.arg for each in call.keywords} & {"status_code", "response_model"}
        if options or status not in _SUCCESS or status in _WITHOUT_BODY:
            return None
        edits = [replaced(source, each, source.code_of(each.elts[0])) for each in pairs]
        if any(has_comment(source, *_ends(edit)) for edit in edits):
            return None
        return Change(
            title=f"Answer {status} by the decorator of {handler.name}",
            reason="FastAPI writes a pair into the body as a list and answers 200; the decorator sets the status.",
            edits=(argument_added(source, call, f"status_code={status}"), *edits),
            keeps_contract=False,
            tradeoffs=Tradeoffs(f"callers see {status} and the body, where they saw 200 and a list"),
            conditions=(Condition("each way through the handler names this status", f"{len(pairs)} `return`"),),
        )


def _ends(edit: Edit) -> tuple[int, int]:
    return edit.start, edit.end


def _pairs(function: FunctionNode) -> list[ast.Tuple] | None:
    """Return what the function returns where each is a pair, and where it ends in no other way."""
    if not isinstance(function.body[-1], ast.Return | ast.Raise):
        return None
    found = [each.value for each in own_nodes(function) if isinstance(each, ast.Return)]
    pairs = [
        each
        for each in found
        if isinstance(each, ast.Tuple)
        and len(each.elts) == 2
        and not isinstance(each.elts[0], ast.Starred)
        and each.elts[0].lineno == each.elts[0].end_lineno
    ]
    return pairs if len(pairs) == len(found) else None
