"""A failure is answered with the status of a failure."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.proposals.code.answering import cause_of, clause_around, handler_around, is_called_here, is_caught
from backend_mentor.proposals.code.documented_answers import newly_documented
from backend_mentor.proposals.code.fix import Change, Declines, Edit, Fixes
from backend_mentor.proposals.code.places import added_after, has_comment, node_of, replaced
from backend_mentor.reading.endpoints.trees import constant_text, last_name

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Handler, Source
    from backend_mentor.domain.finding import Finding

_APP = "from fastapi import FastAPI\n\napp = FastAPI()\n\n\n@app.get('/rates')\n"
_FLASK = "from flask import Flask\n\napp = Flask('shop')\n\n\n@app.get('/rates')\n"
# A partner that is down or slow; an end of the file or a broken pipe can be the caller's doing.
_PARTNER_DOWN = frozenset(
    {"ConnectionError", "TimeoutError", "ConnectTimeout", "ReadTimeout", "TimeoutException", "ConnectError",
     "ConnectionRefusedError", "OperationalError", "RequestException", "RequestError"}
)  # fmt: skip


class FailureAnswered:
    """Answer 503 where a partner that can not be reached is answered with status 200.

    Valid for a fixed text, in a clause for exceptions of connections alone. Callers see 503 where they saw 200, so it
    is offered on its own.
    """

    name: ClassVar[str] = "failure-answered"
    answers: ClassVar[tuple[str, ...]] = ("error-as-success",)
    examples: ClassVar[tuple[Fixes | Declines, ...]] = (
        Fixes(
            _APP + "def rates():\n    try:\n        return load('é')\n    except ConnectionError:  # é\n"
            "        return {'error': 'no é'}  # é\n",
            _APP.replace("FastAPI\n", "FastAPI, HTTPException\n", 1).replace(
                "'/rates'", "'/rates', responses={503: {'description': 'no é'}}"
            )
            + "def rates():\n    try:\n        return load('é')\n    except ConnectionError as error:  # é\n"
            "        raise HTTPException(status_code=503, detail='no é') from error  # é\n",
        ),
        Fixes(
            _FLASK + "def rates():\n\ttry:\n\t\treturn load('é')\n\texcept (ConnectionError, TimeoutError):\n"
            "\t\treturn {\n\t\t\t'error': 'é',  # é\n\t\t}",
            _FLASK + "def rates():\n\ttry:\n\t\treturn load('é')\n\texcept (ConnectionError, TimeoutError):\n"
            "\t\treturn {\n\t\t\t'error': 'é',  # é\n\t\t}, 503",
        ),
        Declines(
            _APP + "def rates():\n    try:\n        return load()\n    except ValueError:\n"
            "        return {'error': 'bad'}\n",
            because="whether the caller or the server is at fault, the exception does not say",
        ),
        Declines(
            _APP + "def rates():\n    try:\n        try:\n            return load()\n        except TimeoutError:\n"
            "            return {'error': 'down'}\n    except Exception:\n        return None\n",
            because="the clause around it would catch what is raised",
        ),
    )

    def change(self, source: Source, finding: Finding) -> Change | None:
        """Raise an HTTPException in FastAPI, and return the status beside the body in Flask."""
        node = node_of(source, finding, ast.Return)
        handler = handler_around(source, node) if node is not None else None
        clause = clause_around(source, node) if node is not None else None
        if node is None or handler is None or handler.node is None or clause is None or clause.type is None:
            return None
        kinds = {last_name(each) for each in getattr(clause.type, "elts", [clause.type])}
        if not kinds <= _PARTNER_DOWN or is_called_here(source, handler.node):
            return None
        edits = _returned(source, node) if source.framework == "Flask" else _raised(source, handler, clause, node)
        if edits is None:
            return None
        return Change(
            title="Answer 503 where the partner is down",
            reason="Clients, retries, caches and alarms go by the status: with 200 nothing has happened for them.",
            edits=edits,
            imports=("fastapi.HTTPException",) if source.framework == "FastAPI" else (),
            keeps_contract=False,
            tradeoffs=Tradeoffs("callers see 503 where they saw 200", "clients look for `error` in each answer of 200"),
            conditions=(
                Condition("what failed is a connection", ", ".join(sorted(kinds))),
                Condition("nobody else asks the handler for its value", f"{handler.name} is called by nobody here"),
            ),
        )


def _returned(source: Source, node: ast.Return) -> tuple[Edit, ...] | None:
    in_brackets = node.value is None or source.span_of(node.value).end != source.span_of(node).end
    return None if in_brackets else (added_after(source, node, ", 503"),)


def _raised(source: Source, handler: Handler, clause: ast.ExceptHandler, node: ast.Return) -> tuple[Edit, ...] | None:
    body, cause, span = node.value, cause_of(source, clause), source.span_of(node)
    if not isinstance(body, ast.Dict) or cause is None or has_comment(source, span.start, span.end):
        return None
    values = [each for key, each in zip(body.keys, body.values, strict=True) if constant_text(key) == "error"]
    text = constant_text(values[0]) if len(body.keys) == 1 and values else None
    if text is None or is_caught(source, node):
        return None
    raised = f"raise HTTPException(status_code=503, detail={source.code_of(values[0])}) from {cause[0]}"
    return (*newly_documented(source, handler, 503, text), *cause[1], replaced(source, node, raised))
