"""An answer without room for a body has none."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.proposals.code.answering import handler_around, is_called_here
from backend_mentor.proposals.code.fix import Change, Declines, Fixes
from backend_mentor.proposals.code.places import has_comment, node_of, replaced
from backend_mentor.reading.endpoints.trees import own_nodes

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding

_APP = "from fastapi import FastAPI\n\napp = FastAPI()\n\n\n@app.delete('/items/{key}', status_code=204)\n"


class BodyLeftOut:
    """Return nothing where the status allows no body.

    Valid where making the body calls nothing, so that nothing but the body is left out.
    """

    name: ClassVar[str] = "body-left-out"
    answers: ClassVar[tuple[str, ...]] = ("body-without-room",)
    examples: ClassVar[tuple[Fixes | Declines, ...]] = (
        Fixes(
            _APP + "def remove(key: int):\n    del ITEMS['é', key]\n    return {'é': key}  # é\n",
            _APP + "def remove(key: int):\n    del ITEMS['é', key]\n    return  # é\n",
        ),
        Fixes(
            _APP + "async def remove(key: int) -> dict[str, int]:\n\tif key in ITEMS:\n\t\tdel ITEMS[key]\n"
            "\t\treturn {\n\t\t\t'removed': key,\n\t\t}\n\treturn {'é': 0}",
            _APP + "async def remove(key: int) -> None:\n\tif key in ITEMS:\n\t\tdel ITEMS[key]\n\t\treturn\n\treturn",
        ),
        Declines(
            _APP + "def remove(key: int):\n    return {'removed': ITEMS.pop(key)}\n",
            because="making the body is what removes it",
        ),
        Declines(
            _APP + "def remove(key: int):\n    del ITEMS[key]\n    return {'removed': key}\n\n\n"
            "def remove_all():\n    return [remove(key) for key in ITEMS]\n",
            because="other code uses the value",
        ),
    )

    def change(self, source: Source, finding: Finding) -> Change | None:
        """Take the value from each `return`, and from the annotation."""
        node = node_of(source, finding, ast.Return)
        handler = handler_around(source, node) if node is not None else None
        if handler is None or handler.node is None or is_called_here(source, handler.node):
            return None
        returns = [each for each in own_nodes(handler.node) if isinstance(each, ast.Return) and each.value is not None]
        spans = [source.span_of(each) for each in returns]
        if not all(_is_still(each) for each in returns) or any(
            has_comment(source, each.start, each.end) for each in spans
        ):
            return None
        edits = [replaced(source, each, "return") for each in returns]
        if handler.node.returns is not None:
            edits.insert(0, replaced(source, handler.node.returns, "None"))
        return Change(
            title=f"Return nothing from {handler.name}",
            reason=f"No body goes with status {handler.status_code}: what is returned there reaches nobody.",
            edits=tuple(edits),
            tradeoffs=Tradeoffs("none", "callers are to read the body: then the status is 200"),
            conditions=(Condition("making the body calls nothing", f"{len(returns)} `return`"),),
        )


def _is_still(node: ast.Return) -> bool:
    return not any(
        isinstance(each, ast.Call | ast.Await | ast.NamedExpr | ast.Yield | ast.Subscript | ast.comprehension)
        for each in ast.walk(node)
    )
