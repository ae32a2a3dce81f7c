"""A name that is about to go gives way to the one that does the same."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.endpoint import ModelKind, ParameterKind
from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.proposals.code.answering import handler_around
from backend_mentor.proposals.code.fix import Change, Declines, Edit, Fixes
from backend_mentor.proposals.code.places import call_of, has_comment, node_of, replaced
from backend_mentor.reading.endpoints.trees import full_name, keyword

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Handler, Model, Source
    from backend_mentor.domain.finding import Finding

_METHODS = {"dict": "model_dump", "json": "model_dump_json", "copy": "model_copy"}
_OPTIONS = {
    "dict": {"include", "exclude", "by_alias", "exclude_unset", "exclude_defaults", "exclude_none"},
    "json": {"include", "exclude", "by_alias", "exclude_unset", "exclude_defaults", "exclude_none"},
    "copy": {"update", "deep"},
}
_FIRST_VERSION = re.compile(r"pydantic\.v1|@validator|@root_validator|class Config\b|\.parse_obj|orm_mode|\.__fields__")
_DECLARE = frozenset({"Query", "Path", "Header", "Body", "Form"})
_MODEL = (
    "from fastapi import FastAPI\nfrom pydantic import BaseModel\n\napp = FastAPI()\n\n\nclass OrderIn(BaseModel):\n"
)


class CurrentNames:
    """Rename a deprecated method of a Pydantic model, argument of FastAPI or import of SQLAlchemy.

    Valid where the receiver is a model of the cell that has no such method of its own, its options are those of the
    new method too, and nothing in the cell is of Pydantic 1, which has no such names.
    """

    name: ClassVar[str] = "current-names"
    answers: ClassVar[tuple[str, ...]] = ("name-about-to-go",)
    examples: ClassVar[tuple[Fixes | Declines, ...]] = (
        Fixes(
            _MODEL + "    é: str\n\n\n@app.post('/é')\ndef add(body: OrderIn):\n"
            "    return store('é', body.dict(exclude_none=True))  # é\n",
            _MODEL + "    é: str\n\n\n@app.post('/é')\ndef add(body: OrderIn):\n"
            "    return store('é', body.model_dump(exclude_none=True))  # é\n",
        ),
        Fixes(
            "from fastapi import FastAPI, Query\n\napp = FastAPI()\n\n\n@app.get('/é')\nasync def find(\n"
            "\té: str = Query(\n\t\t'regex',\n\t\tregex='regex=',  # é\n\t)\n): ...",
            "from fastapi import FastAPI, Query\n\napp = FastAPI()\n\n\n@app.get('/é')\nasync def find(\n"
            "\té: str = Query(\n\t\t'regex',\n\t\tpattern='regex=',  # é\n\t)\n): ...",
        ),
        Fixes(
            "from sqlalchemy.ext.declarative import declarative_base  # é\n\nBase = declarative_base()\n",
            "from sqlalchemy.orm import declarative_base  # é\n\nBase = declarative_base()\n",
        ),
        Declines(
            _MODEL + "    é: str\n\n    def dict(self):\n        return {}\n\n\n@app.post('/é')\n"
            "def add(body: OrderIn):\n    return store(body.dict())\n",
            because="the model has a method of its own by this name",
        ),
        Declines(
            _MODEL + "    é: str\n\n    class Config:\n        orm_mode = True\n\n\n@app.post('/é')\n"
            "def add(body: OrderIn):\n    return store(body.dict())\n",
            because="the model is written for Pydantic 1, which has no model_dump",
        ),
        Declines(
            "from fastapi import FastAPI\n\napp = FastAPI()\n\n\n@app.on_event('startup')\ndef start(): ...\n",
            because="a lifespan is another form, not another name",
        ),
    )

    def change(self, source: Source, finding: Finding) -> Change | None:
        """Replace the name."""
        found = _imported(source, finding) or _argument(source, finding) or _method(source, finding)
        if found is None:
            return None
        edit, old, new, grounds = found
        return Change(
            title=f"Use {new} for {old}",
            reason="It does the same under the name that stays.",
            edits=(edit,),
            tradeoffs=Tradeoffs("none", "the code has to run with a version that lacks the new name"),
            conditions=(Condition(f"{new} does what {old} does", grounds),),
        )


_Renaming = tuple[Edit, str, str, str]


def _imported(source: Source, finding: Finding) -> _Renaming | None:
    node = node_of(source, finding, ast.ImportFrom)
    if (
        node is None
        or node.module != "sqlalchemy.ext.declarative"
        or [each.name for each in node.names] != ["declarative_base"]
    ):
        return None
    start = source.text.find(node.module, source.span_of(node).start)
    edit = Edit(start, start + len(node.module), "sqlalchemy.orm")
    return edit, node.module, "sqlalchemy.orm", "the function has stood there since SQLAlchemy 1.4"


def _argument(source: Source, finding: Finding) -> _Renaming | None:
    call = call_of(source, finding)
    if call is None or full_name(source.tree, call.func).rpartition(".")[2] not in _DECLARE:
        return None
    if not full_name(source.tree, call.func).startswith("fastapi.") or keyword(call, "pattern") is not None:
        return None
    given = next((each for each in call.keywords if each.arg == "regex"), None)
    if given is None:
        return None
    start = source.span_of(given).start
    return Edit(start, start + len("regex"), "pattern"), "regex", "pattern", "FastAPI hands both to the same check"


def _method(source: Source, finding: Finding) -> _Renaming | None:
    call = call_of(source, finding)
    handler = handler_around(source, call) if call is not None else None
    if call is None or handler is None or not isinstance(call.func, ast.Attribute) or call.args:
        return None
    old, owner = call.func.attr, call.func.value
    if old not in _METHODS or not isinstance(owner, ast.Name) or _FIRST_VERSION.search(source.text):
        return None
    model = _model_of(source, handler, owner.id)
    plain = model is not None and set(model.bases) <= {"BaseModel", "pydantic.BaseModel"} and not _has(model, old)
    if not plain or {each.arg for each in call.keywords} - _OPTIONS[old]:
        return None
    span = source.span_of(call.func)
    if has_comment(source, span.start, span.end):
        return None
    new = _METHODS[old]
    edit = replaced(source, call.func, f"{owner.id}.{new}")
    return (
        edit,
        f"{owner.id}.{old}",
        f"{owner.id}.{new}",
        f"{owner.id} is a {model.name if model else ''} of Pydantic 2",
    )


def _model_of(source: Source, handler: Handler, name: str) -> Model | None:
    """Return the model that a parameter is declared as, where the handler binds its name to nothing else."""
    given = next((each for each in handler.parameters_of(ParameterKind.BODY) if each.name == name), None)
    stored = handler.node is not None and any(
        isinstance(each, ast.Name) and each.id == name and not isinstance(each.ctx, ast.Load)
        for each in ast.walk(handler.node)
    )
    model = source.model(given.type) if given is not None and not stored else None
    return model if model is not None and model.kind is ModelKind.PYDANTIC else None


def _has(model: Model, name: str) -> bool:
    body = model.node.body if model.node is not None else []
    return any(isinstance(each, ast.FunctionDef) and each.name == name for each in body)
