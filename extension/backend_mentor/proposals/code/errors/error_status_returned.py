"""A handler of errors answers with the status of the error."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.proposals.code.fix import Change, Declines, Fixes
from backend_mentor.proposals.code.places import added_after, node_of
from backend_mentor.reading.endpoints.trees import constant, enclosing_function, last_name

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding

_APP = "from flask import Flask, jsonify\n\napp = Flask('shop')\n\n\n"


class ErrorStatusReturned:
    """Return the status beside the body in Flask's handler of a status.

    Valid where the function handles one status alone. Callers see that status where they saw 200, so it is offered on
    its own.
    """

    name: ClassVar[str] = "error-status-returned"
    answers: ClassVar[tuple[str, ...]] = ("error-handler-without-status",)
    examples: ClassVar[tuple[Fixes | Declines, ...]] = (
        Fixes(
            _APP + "@app.errorhandler(404)\ndef missing(é):\n    return {'é': 'é'}  # é\n",
            _APP + "@app.errorhandler(404)\ndef missing(é):\n    return {'é': 'é'}, 404  # é\n",
        ),
        Fixes(
            _APP + "@app.errorhandler(500)\ndef failed(error):\n\treturn jsonify(\n\t\tproblem='é',  # é\n\t)",
            _APP + "@app.errorhandler(500)\ndef failed(error):\n\treturn jsonify(\n\t\tproblem='é',  # é\n\t), 500",
        ),
        Declines(
            _APP
            + "@app.errorhandler(404)\n@app.errorhandler(410)\ndef missing(error):\n    return {'problem': 'none'}\n",
            because="it handles two statuses",
        ),
        Declines(
            _APP + "@app.errorhandler(404)\ndef missing(error):\n    return ({'problem': 'none'})\n",
            because="brackets stand around the body, and what would be put into them is not seen from outside",
        ),
    )

    def change(self, source: Source, finding: Finding) -> Change | None:
        """Put the status behind the body."""
        node = node_of(source, finding, ast.Return)
        function = enclosing_function(source.tree, node) if node is not None else None
        if node is None or node.value is None or function is None or len(function.decorator_list) != 1:
            return None
        mark = function.decorator_list[0]
        status = constant(mark.args[0]) if isinstance(mark, ast.Call) and mark.args else None
        in_brackets = source.span_of(node.value).end != source.span_of(node).end
        if not isinstance(status, int) or last_name(mark) not in {"errorhandler", "app_errorhandler"} or in_brackets:
            return None
        return Change(
            title=f"Answer {status} from {function.name}",
            reason="Flask takes 200 where a handler of errors says nothing else; clients and alarms go by the status.",
            edits=(added_after(source, node, f", {status}"),),
            keeps_contract=False,
            tradeoffs=Tradeoffs(f"callers see {status} where they saw 200"),
            conditions=(Condition("it handles one status alone", f"its decorator says {status}"),),
        )
