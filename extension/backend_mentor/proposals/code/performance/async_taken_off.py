"""A handler that only waits for a synchronous session is a plain function."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.proposals.code.fix import Change, Declines, Edit, Fixes
from backend_mentor.proposals.code.places import node_of
from backend_mentor.reading.endpoints.trees import enclosing, enclosing_function, last_name, walk

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


_ROUTES = frozenset({"get", "post", "put", "patch", "delete", "head", "options", "api_route", "route"})
_ROUTE = (
    "from fastapi import Depends, FastAPI, Request\nfrom sqlalchemy.orm import Session\n\napp = FastAPI()\n\n\n"
    "@app.get('/items')\n"
)


class AsyncTakenOff:
    """Take `async` off a handler whose database session is synchronous.

    Valid for a route of FastAPI that awaits nothing, uses nothing of asyncio, and that no other code of the cell calls.
    The framework then runs it in a thread.
    """

    name: ClassVar[str] = "async-taken-off"
    answers: ClassVar[tuple[str, ...]] = ("sync-session-in-async",)
    examples: ClassVar[tuple[Fixes | Declines, ...]] = (
        Fixes(
            _ROUTE + "async def items(session: Session = Depends(get_session)):\n"
            "    # é\n    return session.scalars(select(Item)).all()\n",
            _ROUTE + "def items(session: Session = Depends(get_session)):\n"
            "    # é\n    return session.scalars(select(Item)).all()\n",
        ),
        Fixes(
            _ROUTE + "async  def items(\n    session: Session = Depends(get_session),  # é\n):\n"
            "    return session.scalars(select(Item)).all()\n",
            _ROUTE + "def items(\n    session: Session = Depends(get_session),  # é\n):\n"
            "    return session.scalars(select(Item)).all()\n",
        ),
        Declines(
            _ROUTE + "async def items(request: Request, session: Session = Depends(get_session)):\n"
            "    body = await request.json()\n    return session.scalars(select(Item)).all()\n",
            because="it awaits the body",
        ),
        Declines(
            _ROUTE + "async def items(session: Session = Depends(get_session)):\n"
            "    return session.scalars(select(Item)).all()\n\n\nasync def both(session):\n"
            "    return await items(session)\n",
            because="other code awaits it",
        ),
        Declines(
            _ROUTE + "@signed_in\nasync def items(session: Session = Depends(get_session)):\n"
            "    return session.scalars(select(Item)).all()\n",
            because="the decorator can await it",
        ),
    )

    def change(self, source: Source, finding: Finding) -> Change | None:
        """Remove the word."""
        call = node_of(source, finding, ast.Call)
        function = enclosing_function(source.tree, call) if call is not None else None
        if not isinstance(function, ast.AsyncFunctionDef) or (source.framework or "") != "FastAPI":
            return None
        awaits = (ast.Await, ast.AsyncFor, ast.AsyncWith, ast.AsyncFunctionDef, ast.Yield, ast.YieldFrom)
        inside = [each for statement in function.body for each in ast.walk(statement)]
        named = [each for each in walk(source.tree) if isinstance(each, ast.Name) and each.id == function.name]
        loops = any(isinstance(each, ast.Name) and each.id in {"asyncio", "anyio"} for each in inside)
        comprehends = any(isinstance(each, ast.comprehension) and each.is_async for each in inside)
        if any(isinstance(each, awaits) for each in inside) or named or loops or comprehends:
            return None
        if any(isinstance(each, ast.ClassDef) for each in enclosing(source.tree, function)):
            return None
        # A decorator of another kind can await what it is put on.
        if any(last_name(each) not in _ROUTES for each in function.decorator_list):
            return None
        start = source.span_of(function).start
        word = re.match(r"async[ \t]+", source.text[start:])
        if word is None:
            return None
        return Change(
            title=f"Take async off {function.name}",
            reason="The framework runs a plain function in a thread, so that its queries stop no other request.",
            edits=(Edit(start, start + word.end(), ""),),
            tradeoffs=Tradeoffs(
                "one of the 40 threads of the pool for each request that is under way",
                "the handler is to become asynchronous throughout, with AsyncSession",
            ),
            conditions=(
                Condition(f"{function.name} awaits nothing", "its body holds no await, async for or async with"),
                Condition("nothing else calls it", "its name stands nowhere else in the cell"),
            ),
        )
