"""A PATCH writes the fields that were sent."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.proposals.code.answering import handler_around
from backend_mentor.proposals.code.fix import Change, Declines, Fixes
from backend_mentor.proposals.code.places import argument_added, call_of
from backend_mentor.reading.endpoints.trees import chain, enclosing, own_nodes, targets

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import FunctionNode, Source
    from backend_mentor.domain.finding import Finding

_APP = "from fastapi import FastAPI\n\napp = FastAPI()\n\n\n@app.patch('/users/{é}')\n"


class SentFieldsAlone:
    """Leave out of the dump what the caller did not send.

    Valid where each use of the dump takes its fields as they come: a loop over its items, or the update of a
    dictionary or of a SQLModel. A field asked for by its name would be missing.
    """

    name: ClassVar[str] = "sent-fields-alone"
    answers: ClassVar[tuple[str, ...]] = ("patch-overwrites-with-defaults",)
    examples: ClassVar[tuple[Fixes | Declines, ...]] = (
        Fixes(
            _APP + "def change(é: int, body: UserPatch):\n"
            "    for name, value in body.model_dump().items():  # é\n        setattr(USERS[é], name, value)\n",
            _APP + "def change(é: int, body: UserPatch):\n"
            "    for name, value in body.model_dump(exclude_unset=True).items():  # é\n"
            "        setattr(USERS[é], name, value)\n",
        ),
        Fixes(
            _APP + "async def change(é: int, body: UserPatch):\n\tsent = body.model_dump(\n\t)  # é\n"
            "\tUSERS[é].update(sent)\n\treturn USERS[é]\n",
            _APP + "async def change(é: int, body: UserPatch):\n\tsent = body.model_dump(\n\texclude_unset=True)  # é\n"
            "\tUSERS[é].update(sent)\n\treturn USERS[é]\n",
        ),
        Declines(
            _APP + "def change(é: int, body: UserPatch):\n    sent = body.model_dump()\n"
            "    sent['name'] = sent['name'].strip()\n    USERS[é].update(sent)\n",
            because="it asks for a field by its name, which can be missing then",
        ),
        Declines(
            _APP + "def change(é: int, body: UserPatch):\n"
            "    session.execute(update(User).where(User.id == é).values(**body.model_dump()))\n",
            because="an UPDATE without any value is none",
        ),
    )

    def change(self, source: Source, finding: Finding) -> Change | None:
        """Add `exclude_unset=True`."""
        call = call_of(source, finding)
        handler = handler_around(source, call) if call is not None else None
        if call is None or handler is None or handler.node is None or call.args:
            return None
        above = next(iter(enclosing(source.tree, call)), None)
        uses: list[ast.expr] = [call]
        if isinstance(above, ast.Assign):
            uses = _uses(handler.node, above, call)
        if not uses or not all(_takes_all(source, each) for each in uses):
            return None
        return Change(
            title="Write only the fields that were sent",
            reason="A field that the caller leaves out stays as it is stored, and is not reset to the model's default.",
            edits=(argument_added(source, call, "exclude_unset=True"),),
            tradeoffs=Tradeoffs("a default of the model is no longer written", "leaving a field out is to reset it"),
            conditions=(Condition("no field is asked for by its name", "the dump is looped over or merged whole"),),
        )


def _uses(function: FunctionNode, statement: ast.Assign, call: ast.Call) -> list[ast.expr]:
    """Return where the one name that holds the dump is read; nothing where it is bound again."""
    names = targets(statement)
    name = next(iter(names)) if len(names) == 1 else ""
    found = [each for each in own_nodes(function) if isinstance(each, ast.Name) and each.id == name]
    reads: list[ast.expr] = [each for each in found if isinstance(each.ctx, ast.Load)]
    return reads if statement.value is call and len(found) == len(reads) + 1 else []


def _takes_all(source: Source, node: ast.expr) -> bool:
    around = list(enclosing(source.tree, node))[:3]
    first, second, third = [*around, *[None] * 3][:3]
    if isinstance(first, ast.Attribute) and first.attr == "items" and isinstance(second, ast.Call):
        return isinstance(third, ast.For) and third.iter is second
    if not isinstance(first, ast.Call) or not isinstance(first.func, ast.Attribute) or node not in first.args:
        return False
    is_query = {"query", "filter", "where", "objects", "select", "execute", "table"} & set(chain(first))
    return first.func.attr in {"update", "sqlmodel_update"} and not is_query
