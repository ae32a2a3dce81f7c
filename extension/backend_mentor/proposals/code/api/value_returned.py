"""A validator returns what it has checked."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.proposals.code.answering import function_of
from backend_mentor.proposals.code.fix import Change, Declines, Edit, Fixes
from backend_mentor.proposals.code.places import indent_of, lines_of, replaced
from backend_mentor.reading.endpoints.trees import constant_text, keyword, last_name, own_nodes, parameters

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import FunctionNode, Source
    from backend_mentor.domain.finding import Finding

_MODEL = (
    "from pydantic import BaseModel, field_validator, model_validator\n\n\nclass Order(BaseModel):\n    count: int\n\n"
)


class ValueReturned:
    """End a validator of Pydantic with `return` and the value that it was given; after the model, with `self`.

    Valid for validators that take one value, before or after Pydantic's own check; one that wraps it decides itself.
    """

    name: ClassVar[str] = "value-returned"
    answers: ClassVar[tuple[str, ...]] = ("validator-returns-nothing",)
    examples: ClassVar[tuple[Fixes | Declines, ...]] = (
        Fixes(
            _MODEL
            + "    @field_validator('count')\n    @classmethod\n    def positive(cls, é):\n        if é is None:\n"
            "            return\n        if é < 1:\n            raise ValueError('é')  # é\n",
            _MODEL
            + "    @field_validator('count')\n    @classmethod\n    def positive(cls, é):\n        if é is None:\n"
            "            return é\n        if é < 1:\n            raise ValueError('é')  # é\n        return é\n",
        ),
        Fixes(
            _MODEL + "    @model_validator(mode='after')\n    def whole(self) -> 'Order':\n"
            "        if self.count < 1:\n            raise ValueError(\n                'é'\n            )",
            _MODEL + "    @model_validator(mode='after')\n    def whole(self) -> 'Order':\n"
            "        if self.count < 1:\n            raise ValueError(\n                'é'\n            )\n"
            "        return self",
        ),
        Declines(
            _MODEL
            + "    @field_validator('count', mode='wrap')\n    @classmethod\n    def tried(cls, value, handler):\n"
            "        handler(value)\n",
            because="what Pydantic makes of the value can be what is meant",
        ),
        Declines(
            _MODEL + "    @field_validator('count')\n    @classmethod\n    def positive(cls, value) -> None:\n"
            "        check(value)\n",
            because="its annotation says that it returns nothing, and would be wrong",
        ),
        Declines(
            _MODEL + "    @field_validator('count')\n    @classmethod\n    def positive(cls, *given):\n"
            "        check(given)\n",
            because="the value has no name of its own",
        ),
    )

    def change(self, source: Source, finding: Finding) -> Change | None:
        """Add the last line, and the value to each `return` without one."""
        function = function_of(source, finding)
        name = _value(function) if function is not None else None
        if function is None or name is None or not source.is_whole(function):
            return None
        last = function.body[-1]
        indent, lines = indent_of(source, last), lines_of(source, last)
        says_none = isinstance(function.returns, ast.Constant) and function.returns.value is None
        if indent is None or lines is None or says_none or last.lineno == function.lineno:
            return None
        edits = [replaced(source, each, f"return {name}") for each in own_nodes(function) if _is_bare(each)]
        if not isinstance(last, ast.Return):
            ended = source.text[lines[0] : lines[1]].endswith("\n")
            text = f"{indent}return {name}\n" if ended else f"\n{indent}return {name}"
            edits.append(Edit(lines[1], lines[1], text))
        return Change(
            title=f"Return {name} from {function.name}",
            reason="Pydantic stores what a validator returns: today that is None.",
            edits=tuple(edits),
            tradeoffs=Tradeoffs("none", "the field is to be None after the check"),
            conditions=(Condition(f"{name} is what the validator was given", "its parameters"),),
        )


def _is_bare(node: ast.AST) -> bool:
    return isinstance(node, ast.Return) and node.value is None


def _value(function: FunctionNode) -> str | None:
    """Return the name of the value that a validator is to return; None where its form does not say which."""
    given = parameters(function)
    marks = [each for each in function.decorator_list if last_name(each) != "classmethod"]
    if len(marks) != 1 or not isinstance(marks[0], ast.Call) or function.args.vararg is not None:
        return None
    kind, mode = last_name(marks[0]), constant_text(keyword(marks[0], "mode"))
    if kind == "model_validator" and mode == "after":
        return given[0].arg if len(given) == 1 and len(function.decorator_list) == 1 else None
    takes_value = kind in {"field_validator", "validator"} and mode in {None, "before", "after", "plain"}
    takes_value = takes_value or (kind == "model_validator" and mode == "before")
    return given[1].arg if takes_value and len(given) > 1 else None
