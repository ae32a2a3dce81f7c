"""A mistake of the caller is answered as one, where an `assert` checked what he sent."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.proposals.code.answering import handler_around, is_called_here, is_caught
from backend_mentor.proposals.code.documented_answers import newly_documented
from backend_mentor.proposals.code.fix import Change, Declines, Fixes
from backend_mentor.proposals.code.places import has_comment, indent_of, lines_of, node_of, quoted, replaced
from backend_mentor.reading.endpoints.trees import constant_text

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding

_APP = "from fastapi import FastAPI\n\napp = FastAPI()\n\n\n@app.post('/é')\n"
_INVERSE: dict[type[ast.cmpop], str] = {ast.Eq: "!=", ast.NotEq: "==", ast.In: "not in", ast.NotIn: "in"}
"""Not those of order: a value that is no number is neither less nor greater."""
_LOOSE = (ast.BoolOp, ast.Compare, ast.IfExp, ast.Lambda, ast.NamedExpr, ast.UnaryOp)
"""What has brackets around it beside a comparison."""


class MistakeAnswered:
    """Answer 400 where an `assert` on the caller's value would end in 500.

    Valid in a route of FastAPI or Flask for a text that is written in the code, where nothing catches the answer or
    waits for the AssertionError.
    """

    name: ClassVar[str] = "mistake-answered"
    answers: ClassVar[tuple[str, ...]] = ("assert-checks-caller",)
    examples: ClassVar[tuple[Fixes | Declines, ...]] = (
        Fixes(
            _APP + "def pay(amount: int, currency: str):\n    assert amount > 0, 'nothing to pay'  # é\n"
            "    return {'paid': amount}\n",
            _APP.replace("import FastAPI", "import FastAPI, HTTPException").replace(
                "'/é'", "'/é', responses={400: {'description': 'nothing to pay'}}"
            )
            + "def pay(amount: int, currency: str):\n    if not amount > 0:\n"
            "        raise HTTPException(status_code=400, detail='nothing to pay')  # é\n"
            "    return {'paid': amount}\n",
        ),
        Fixes(
            "from flask import Flask\n\napp = Flask('é')\n\n\n@app.get('/<currency>')\ndef rate(currency):\n"
            "    assert currency in RATES\n    return RATES[currency]\n",
            "from flask import Flask, abort\n\napp = Flask('é')\n\n\n@app.get('/<currency>')\ndef rate(currency):\n"
            "    if currency not in RATES:\n        abort(400, description='currency in RATES does not hold')\n"
            "    return RATES[currency]\n",
        ),
        Declines(
            _APP + "def pay(amount: int):\n    try:\n        assert amount > 0\n    except AssertionError:\n"
            "        return {'paid': 0}\n    return {'paid': amount}\n",
            because="the code waits for the AssertionError",
        ),
        Declines(
            _APP + "def pay(amount: int):\n    assert amount > 0, describe(amount)\n    return {'paid': amount}\n",
            because="the text is made by a function, and its result was never shown to a caller",
        ),
        Declines(
            _APP + "def pay(amount: int):\n    assert amount > 0\n    return {'paid': amount}\n\n\nwith_one = pay(1)\n",
            because="the program calls it too, and is no caller over HTTP",
        ),
    )

    def change(self, source: Source, finding: Finding) -> Change | None:
        """Write the opposite as a condition, and the error under it."""
        node = node_of(source, finding, ast.Assert)
        handler = handler_around(source, node) if node is not None else None
        indent = indent_of(source, node) if node is not None else None
        if node is None or handler is None or handler.node is None or indent is None or lines_of(source, node) is None:
            return None
        span = source.span_of(node)
        raised = _raised(source, node)
        is_awaited = "AssertionError" in source.text or is_caught(source, node) or is_called_here(source, handler.node)
        if raised is None or is_awaited or has_comment(source, span.start, span.end):
            return None
        error, name = raised
        step = "\t" if "\t" in indent else "    "
        documented = newly_documented(source, handler, 400, constant_text(node.msg)) if name == "HTTPException" else ()
        return Change(
            title=f"Answer 400 where {ast.unparse(node.test)} does not hold",
            reason="The caller learns that the mistake is his, and the check is there with `python -O` too.",
            edits=(replaced(source, node, f"if {_opposite(source, node.test)}:\n{indent}{step}{error}"), *documented),
            imports=(f"fastapi.{name}" if name == "HTTPException" else f"flask.{name}",),
            tradeoffs=Tradeoffs("alarms on 500 are silent for it", "it can not happen unless the program is wrong"),
            conditions=(
                Condition("nothing takes the error on its way", "no `except` around it takes it"),
                Condition("nobody else calls the handler", f"{handler.name} is called by nobody here"),
            ),
        )


def _raised(source: Source, node: ast.Assert) -> tuple[str, str] | None:
    """Return the statement that answers 400 and the name that it needs; None where its text is not in the code."""
    if node.msg is None:
        said = f"{ast.unparse(node.test)} does not hold"
        text = quoted(source, said if said.isprintable() and not set(said) & set("'\"\\") else "this is not valid")
    elif constant_text(node.msg) is not None:
        text = source.code_of(node.msg)
    else:
        return None
    if "\n" in text:
        return None
    if source.framework == "Flask":
        return f"abort(400, description={text})", "abort"
    return (
        (f"raise HTTPException(status_code=400, detail={text})", "HTTPException")
        if source.framework == "FastAPI"
        else None
    )


def _opposite(source: Source, test: ast.expr) -> str:
    text = source.code_of(test)
    match test:
        case ast.Compare(left=left, ops=[operator], comparators=[right]) if type(operator) in _INVERSE and not (
            isinstance(left, _LOOSE) or isinstance(right, _LOOSE)
        ):
            return f"{source.code_of(left)} {_INVERSE[type(operator)]} {source.code_of(right)}"
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return source.code_of(operand)
        case ast.Compare() | ast.Call() | ast.Name() | ast.Attribute() if "\n" not in text:
            return f"not {text}"
    return f"not ({text})"
