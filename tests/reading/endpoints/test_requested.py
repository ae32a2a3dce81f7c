"""What a handler takes out of the request object is told."""

from __future__ import annotations

import textwrap

import pytest

from backend_mentor.domain.cell import Cell, CellKind
from backend_mentor.reading.endpoints import explain_source, read_source

CASES = {
    'name = request.args.get("name")': "takes the query string (`name`).",
    'email, code = request.form["email"], request.form["code"]': "takes the form (`email`, `code`).",
    "data = request.get_json()": "takes the JSON body.",
    'agent = request.headers["User-Agent"]': "takes the headers (`User-Agent`).",
    "page = answers.get('args')": "takes nothing from the caller.",
}


def steps(body: str) -> list[tuple[str, str]]:
    text = f"""
        from flask import Flask, request
        app = Flask(__name__)
        @app.route("/orders")
        def orders():
            {body}
            return "done"
        @app.route("/trades")
        def trades():
            return "done"
    """
    source = read_source(Cell(textwrap.dedent(text), CellKind.ENDPOINT))
    return [(step.clause, step.text) for step in explain_source(source).steps]


@pytest.mark.parametrize(("body", "told"), CASES.items(), ids=CASES.values())
def test_what_is_read_of_the_request_is_told_as_what_comes_in(body: str, told: str) -> None:
    assert dict(steps(body))["orders: receives"].endswith(told)


def test_what_is_true_of_every_handler_is_told_once() -> None:
    said = [text for _, text in steps("pass") if "answered with 500" in text]
    assert said == [
        "Any exception that a handler does not catch is answered with 500, unless something outside the cell takes it."
    ]
