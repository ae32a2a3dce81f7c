"""Which values of a handler are the caller's text, and which are not."""

from __future__ import annotations

import textwrap

import pytest

from backend_mentor.domain.cell import Cell, CellKind
from backend_mentor.reading.endpoints import read_source
from backend_mentor.rules.endpoint.taint import text_of_callers

FASTAPI = """
    from fastapi import FastAPI, UploadFile
    from pydantic import BaseModel, Field
    app = FastAPI()
    class Body(BaseModel):
        name: str
        code: str = Field(pattern="[a-z]+")
        count: int
        key: UUID
        day: date
        kind: Literal["a", "b"]
        tags: list[str]
"""


def tainted(code: str, *, with_single_parts: bool = True) -> dict[str, set[str]]:
    source = read_source(Cell(textwrap.dedent(code), CellKind.ENDPOINT))
    found = text_of_callers(source, with_single_parts=with_single_parts)
    return {function.name: set(names) for function, names in found}


def test_of_a_body_only_the_fields_that_hold_text_are_the_callers() -> None:
    code = FASTAPI + '    @app.post("/")\n    def add(body: Body): ...\n'
    assert tainted(code) == {"add": {"body.name", "body.tags"}}


@pytest.mark.parametrize(
    "kind", ["int", "float", "bool", "UUID", "Decimal", "date", "datetime", 'Literal["a"]', "Color"]
)
def test_a_parameter_that_the_framework_has_read_as_something_else_holds_no_text(kind: str) -> None:
    code = FASTAPI + f'    @app.get("/")\n    def show(value: {kind}): ...\n'
    assert tainted(code) == {"show": set()}


@pytest.mark.parametrize("kind", ["str", "str | None", "Optional[str]", "list[str]", "Annotated[str, Query()]"])
def test_a_parameter_of_text_is_the_callers(kind: str) -> None:
    code = FASTAPI + f'    @app.get("/")\n    def show(value: {kind} = None): ...\n'
    assert tainted(code) == {"show": {"value"}}


def test_the_name_of_an_upload_is_the_callers() -> None:
    code = FASTAPI + '    @app.post("/")\n    def upload(file: UploadFile): ...\n'
    assert tainted(code) == {"upload": {"file.filename"}}


@pytest.mark.parametrize(
    "read",
    [
        'request.args["name"]', 'request.args.get("name")', "request.form", "request.get_json()", "request.json",
        "request.data", 'request.headers["X-Name"]', 'json.loads(request.data)["name"]',
    ],
)  # fmt: skip
def test_what_flask_reads_from_the_request_is_the_callers(read: str) -> None:
    code = f'from flask import Flask, request\napp = Flask("x")\n@app.post("/")\ndef add():\n    name = {read}\n'
    assert tainted(code) == {"add": {"name"}}


@pytest.mark.parametrize("read", ['request.GET["name"]', "request.POST", "request.body", 'request.GET.get("name", "")'])
def test_what_django_reads_from_the_request_is_the_callers(read: str) -> None:
    code = f"from django.http import HttpResponse\ndef add(request):\n    name = {read}\n"
    assert tainted(code) == {"add": {"name"}}


def test_what_the_rest_framework_reads_from_the_request_is_the_callers() -> None:
    code = """
        from rest_framework.views import APIView
        class View(APIView):
            def post(self, request):
                name = request.data["name"]
                other = self.request.query_params["other"]
    """
    assert tainted(code) == {"post": {"name", "other"}}


def test_text_is_followed_through_what_is_made_of_it_and_not_through_what_is_looked_up() -> None:
    code = """
        from flask import Flask, request
        app = Flask("x")
        @app.get("/")
        def show():
            name = request.args["name"]
            path = os.path.join(FOLDER, name)
            line = f"{name}!".upper()
            row = find(name)
            length = len(name)
            name_of_file = secure_filename(name)
    """
    assert tainted(code) == {"show": {"name", "path", "line"}}


def test_a_variable_that_is_checked_is_trusted_and_so_is_what_is_made_of_it() -> None:
    code = """
        from flask import Flask, request
        app = Flask("x")
        @app.get("/")
        def show():
            name = request.args["name"]
            if name not in FILES:
                abort(404)
            path = FOLDER + name
    """
    assert tainted(code) == {"show": set()}


def test_a_body_that_is_checked_as_a_whole_is_trusted_with_its_fields() -> None:
    code = FASTAPI + '    @app.post("/")\n    def add(body: Body):\n        validate(body)\n'
    assert tainted(code) == {"add": set()}


def test_text_is_followed_into_a_function_of_the_cell_that_it_is_passed_to() -> None:
    code = """
        from flask import Flask, request
        app = Flask("x")
        @app.get("/")
        def show():
            return load(request.args["name"], 3, kind=request.args["kind"])
        def load(name, count, kind: str, key: int = 0): ...
        def other(name): ...
    """
    assert tainted(code) == {"show": set(), "load": {"name", "kind"}}


def test_one_part_of_a_path_is_text_but_holds_no_slash() -> None:
    code = """
        from flask import Flask
        app = Flask("x")
        @app.get("/<name>/<int:key>/<path:rest>")
        def show(name, key, rest): ...
    """
    assert tainted(code) == {"show": {"name", "rest"}}
    assert tainted(code, with_single_parts=False) == {"show": {"rest"}}


def test_the_arguments_of_a_resolver_are_its_callers() -> None:
    code = """
        import strawberry
        @strawberry.type
        class Query:
            @strawberry.field
            def user(self, info: strawberry.Info, name: str, key: int) -> User: ...
    """
    assert tainted(code) == {"user": {"name"}}
