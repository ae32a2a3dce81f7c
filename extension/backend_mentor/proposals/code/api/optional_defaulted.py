"""A field that may be null may be left out too."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.endpoint import ParameterKind
from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.proposals.code.fix import Change, Declines, Fixes
from backend_mentor.proposals.code.places import added_after, node_of
from backend_mentor.reading.endpoints.trees import dotted, enclosing, is_true, keyword, last_name, walk

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding

_MODEL = (
    "from fastapi import FastAPI\nfrom pydantic import BaseModel\n\napp = FastAPI()\n\n\nclass OrderPatch(BaseModel):\n"
    "    note: str | None  # é\n\n\n@app.patch('/orders/{é}')\n"
)
_AFTER = _MODEL.replace("str | None", "str | None = None")


class OptionalDefaulted:
    """Default a field that may be null to None.

    Valid where the cell does not read the field by its name, and dumps the body without what was not sent: else a
    caller who leaves it out would overwrite what is stored.
    """

    name: ClassVar[str] = "optional-defaulted"
    answers: ClassVar[tuple[str, ...]] = ("optional-without-default",)
    examples: ClassVar[tuple[Fixes | Declines, ...]] = (
        Fixes(
            _MODEL + "def change(é: int, body: OrderPatch):\n"
            "    ORDERS[é].update(body.model_dump(exclude_unset=True))\n",
            _AFTER + "def change(é: int, body: OrderPatch):\n"
            "    ORDERS[é].update(body.model_dump(exclude_unset=True))\n",
        ),
        Fixes(
            "from typing import Optional\n\nfrom fastapi import FastAPI\nfrom pydantic import BaseModel\n\n"
            "app = FastAPI()\n\n\nclass UpdateOrder(BaseModel):\n\té: 'Optional[int]' = None\n\tnote: Optional[\n"
            "\t\tstr  # é\n\t]\n\n\n@app.patch('/orders')\nasync def change(body: UpdateOrder): ...",
            "from typing import Optional\n\nfrom fastapi import FastAPI\nfrom pydantic import BaseModel\n\n"
            "app = FastAPI()\n\n\nclass UpdateOrder(BaseModel):\n\té: 'Optional[int]' = None\n\tnote: Optional[\n"
            "\t\tstr  # é\n\t] = None\n\n\n@app.patch('/orders')\nasync def change(body: UpdateOrder): ...",
        ),
        Declines(
            _MODEL + "def change(é: int, body: OrderPatch):\n    ORDERS[é].note = body.note\n",
            because="a caller who leaves the note out would take away the one that is stored",
        ),
        Declines(
            _MODEL + "def change(é: int, body: OrderPatch):\n    ORDERS[é].update(body.model_dump())\n",
            because="the dump holds what was not sent too",
        ),
    )

    def change(self, source: Source, finding: Finding) -> Change | None:
        """Write ` = None` behind the annotation."""
        node = node_of(source, finding, ast.AnnAssign)
        model = next(iter(enclosing(source.tree, node)), None) if node is not None else None
        if node is None or not isinstance(model, ast.ClassDef) or not isinstance(node.target, ast.Name):
            return None
        if not _is_null(node.annotation) or _writes_unsent(source, model.name, node.target.id):
            return None
        name = node.target.id
        return Change(
            title=f"Let callers leave {name} out",
            reason="A client that does not know the field is no longer refused with 422; null is taken as before.",
            edits=(added_after(source, node, " = None"),),
            tradeoffs=Tradeoffs("none", f"{name} is to be sent each time, even as null"),
            conditions=(Condition(f"leaving {name} out changes nothing that is stored", "it is not read by its name"),),
        )


def _is_null(annotation: ast.expr) -> bool:
    if isinstance(annotation, ast.BinOp):
        return any(_is_null(each) for each in (annotation.left, annotation.right))
    if isinstance(annotation, ast.Constant):
        return annotation.value is None
    return isinstance(annotation, ast.Subscript) and last_name(annotation.value) == "Optional"


def _writes_unsent(source: Source, model: str, field: str) -> bool:
    """Return whether a handler that takes the model reads the field, or all fields with those that were not sent."""
    bodies = {
        each.name
        for handler in (*source.handlers, *source.functions)
        for each in handler.parameters_of(ParameterKind.BODY, ParameterKind.UNKNOWN)
        if model in (each.type or "")
    }
    for each in walk(source.tree):
        if isinstance(each, ast.Attribute) and each.attr == field and dotted(each.value) in bodies:
            return True
        dumps = isinstance(each, ast.Call) and last_name(each) in {"model_dump", "dict", "model_dump_json"}
        if dumps and isinstance(each, ast.Call) and isinstance(each.func, ast.Attribute):
            sent = is_true(keyword(each, "exclude_unset")) or is_true(keyword(each, "exclude_none"))
            if dotted(each.func.value) in bodies and not sent:
                return True
        if isinstance(each, ast.Call) and any(dotted(given) in bodies for given in each.args):
            # What is handed on can be read there.
            return True
    return False
