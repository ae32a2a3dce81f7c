"""The size of a page has bounds."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.proposals.code.answering import handler_around, takes_arguments
from backend_mentor.proposals.code.fix import Change, Declines, Edit, Fixes
from backend_mentor.proposals.code.places import argument_added, node_of, replaced
from backend_mentor.reading.endpoints.trees import (
    argument,
    constant,
    defaults,
    full_name,
    functions,
    has_unpacked,
    last_name,
    parameters,
)

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding

_APP = "from fastapi import FastAPI, Query\n\napp = FastAPI()\n\n\n@app.get('/items')\n"
_MOST_ROWS = 100


class PageSizeBounded:
    """Let FastAPI refuse a page of more than 100 rows, or of less than one.

    Valid for an integer of the query whose default is within the bounds. A caller who asks for more is refused with
    422, so it is offered on its own.
    """

    name: ClassVar[str] = "page-size-bounded"
    answers: ClassVar[tuple[str, ...]] = ("page-size-without-limit",)
    examples: ClassVar[tuple[Fixes | Declines, ...]] = (
        Fixes(
            _APP
            + "def items(é: str = 'é', limit: int = 20):  # é\n    return db.scalars(find(é).limit(limit)).all()\n",
            "from typing import Annotated\n\n"
            + _APP
            + "def items(é: str = 'é', limit: Annotated[int, Query(ge=1, le=100)] = 20):  # é\n"
            "    return db.scalars(find(é).limit(limit)).all()\n",
        ),
        Fixes(
            _APP + "async def items(\n\té: str,  # é\n\tlimit: int = Query(\n\t\t20,  # é\n\t\tge=1),\n):\n"
            "\treturn session.scalars(find(é).limit(limit)).all()",
            _APP + "async def items(\n\té: str,  # é\n\tlimit: int = Query(\n\t\t20,  # é\n\t\tge=1, le=100),\n):\n"
            "\treturn session.scalars(find(é).limit(limit)).all()",
        ),
        Declines(
            _APP + "def items(limit: int = 500):\n    return session.scalars(select(Item).limit(limit)).all()\n",
            because="the default itself is beyond it",
        ),
        Declines(
            _APP
            + "def items(limit: int | None = None):\n    return session.scalars(select(Item).limit(limit)).all()\n",
            because="without a size it is to answer all, which a bound would not change",
        ),
        Declines(
            _APP + "def items(limit: int = 0):\n    return session.scalars(select(Item).limit(limit)).all()\n",
            because="0 can mean that there is no bound",
        ),
    )

    def change(self, source: Source, finding: Finding) -> Change | None:
        """Annotate the integer, or add the bounds to the `Query` that declares it."""
        node = node_of(source, finding, ast.arg)
        function = next((each for each in functions(source.tree) if node in parameters(each)), None)
        if node is None or function is None or source.framework != "FastAPI" or node.annotation is None:
            return None
        if handler_around(source, function.body[0]) is None:
            return None
        default = defaults(function).get(node.arg)
        found = _in_annotation(source, node.annotation, default) or _in_default(source, node.annotation, default)
        if found is None:
            return None
        return Change(
            title=f"Bound {node.arg} at {_MOST_ROWS}",
            reason="FastAPI refuses what lies outside before the handler runs, and the documentation shows the bounds.",
            edits=found[:1],
            imports=("typing.Annotated", "fastapi.Query") if found[1:] else (),
            keeps_contract=False,
            tradeoffs=Tradeoffs(
                f"a caller who asks for more than {_MOST_ROWS} rows gets 422", "clients fetch larger pages on purpose"
            ),
            conditions=(Condition("its default is within the bounds", ast.unparse(default) if default else "none"),),
        )


def _in_annotation(source: Source, annotation: ast.expr, default: ast.expr | None) -> tuple[Edit, ...] | None:
    """Return the edit of a plain `int`, twice as a sign that it needs imports."""
    if not isinstance(annotation, ast.Name) or annotation.id != "int":
        return None
    if default is not None and not _is_within(default):
        return None
    edit = replaced(source, annotation, f"Annotated[int, Query(ge=1, le={_MOST_ROWS})]")
    return edit, edit


def _in_default(source: Source, annotation: ast.expr, default: ast.expr | None) -> tuple[Edit, ...] | None:
    call = default
    if isinstance(annotation, ast.Subscript) and last_name(annotation.value) == "Annotated":
        parts = annotation.slice.elts if isinstance(annotation.slice, ast.Tuple) else []
        call = next((each for each in parts if isinstance(each, ast.Call)), None)
        if len(parts) != 2 or ast.unparse(parts[0]) != "int" or (default is not None and not _is_within(default)):
            return None
    if not isinstance(call, ast.Call) or full_name(source.tree, call.func) != "fastapi.Query" or has_unpacked(call):
        return None
    first = argument(call, 0, "default")
    if not takes_arguments(source, call) or (
        first is not None and not _is_within(first) and constant(first) is not ...
    ):
        return None
    given = {each.arg for each in call.keywords}
    text = f"le={_MOST_ROWS}" if given & {"ge", "gt"} else f"ge=1, le={_MOST_ROWS}"
    return (argument_added(source, call, text),)


def _is_within(node: ast.expr) -> bool:
    value = constant(node)
    return type(value) is int and 1 <= value <= _MOST_ROWS
