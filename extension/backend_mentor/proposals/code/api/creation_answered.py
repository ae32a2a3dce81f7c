"""What makes a row answers 201."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.proposals.code.answering import function_of, route_call
from backend_mentor.proposals.code.fix import Change, Declines, Fixes
from backend_mentor.proposals.code.places import argument_added
from backend_mentor.reading.endpoints.trees import own_nodes

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding

_APP = "from fastapi import FastAPI\n\napp = FastAPI()\n\n\n"
_MADE = "    order = Order(total=body.total)\n    session.add(order)\n    session.commit()\n    return order\n"


class CreationAnswered:
    """Write `status_code=201` into the decorator.

    Valid where each `return` of the handler answers the row that it has made. Callers see 201 where they saw 200, so
    it is offered on its own.
    """

    name: ClassVar[str] = "creation-answered"
    answers: ClassVar[tuple[str, ...]] = ("create-answers-200",)
    examples: ClassVar[tuple[Fixes | Declines, ...]] = (
        Fixes(
            _APP + "@app.post('/é')  # é\ndef add(body: OrderIn, session=Depends(get_session)):\n" + _MADE,
            _APP
            + "@app.post('/é', status_code=201)  # é\ndef add(body: OrderIn, session=Depends(get_session)):\n"
            + _MADE,
        ),
        Fixes(
            _APP + "@app.post(\n\t'/orders',\n\ttags=['é']  # é\n)\n@traced\n"
            "async def add(body: OrderIn, session=Depends(get_session)):\n" + _MADE.replace("    ", "\t"),
            _APP + "@app.post(\n\t'/orders',\n\ttags=['é'], status_code=201  # é\n)\n@traced\n"
            "async def add(body: OrderIn, session=Depends(get_session)):\n" + _MADE.replace("    ", "\t"),
        ),
        Declines(
            _APP + "@app.post('/orders')\ndef add(body: OrderIn, session=Depends(get_session)):\n"
            "    known = session.get(Order, body.key)\n    if known:\n        return known\n" + _MADE,
            because="one way answers a row that was there already",
        ),
        Declines(
            _APP + "@app.post('/orders')\n@app.post('/v1/orders')\n"
            "def add(body: OrderIn, session=Depends(get_session)):\n" + _MADE,
            because="it has two routes, and one may be kept as it was",
        ),
    )

    def change(self, source: Source, finding: Finding) -> Change | None:
        """Add the status."""
        function = function_of(source, finding)
        handler = next((each for each in source.handlers if function is not None and each.node is function), None)
        call = route_call(source, handler) if handler is not None else None
        if function is None or call is None or any(each.arg == "status_code" for each in call.keywords):
            return None
        returned = [each.value for each in own_nodes(function) if isinstance(each, ast.Return)]
        names = {each.id for each in returned if isinstance(each, ast.Name)}
        if len(names) != 1 or not all(isinstance(each, ast.Name) for each in returned):
            return None
        bound = [
            each
            for each in own_nodes(function)
            if isinstance(each, ast.Name) and each.id in names and isinstance(each.ctx, ast.Store)
        ]
        if len(bound) != 1:
            return None
        return Change(
            title=f"Answer 201 from {function.name}",
            reason="201 tells a client and each cache between that something new is there (RFC 9110).",
            edits=(argument_added(source, call, "status_code=201"),),
            keeps_contract=False,
            tradeoffs=Tradeoffs("callers see 201 where they saw 200", "clients compare the status with 200"),
            conditions=(Condition("each way answers the row that it has made", f"{next(iter(names))} is bound once"),),
        )
