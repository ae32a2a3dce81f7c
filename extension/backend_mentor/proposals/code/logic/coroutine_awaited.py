"""A coroutine that was forgotten is awaited."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.proposals.code.fix import Change, Declines, Fixes
from backend_mentor.proposals.code.places import awaited, can_await, node_of
from backend_mentor.reading.endpoints.trees import dotted

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class CoroutineAwaited:
    """Await a call of an `async def` of the cell.

    Valid in the body of another `async def`: the call does nothing without it.
    """

    name: ClassVar[str] = "coroutine-awaited"
    answers: ClassVar[tuple[str, ...]] = ("coroutine-not-awaited",)
    examples: ClassVar[tuple[Fixes | Declines, ...]] = (
        Fixes(
            "async def store(order):\n    await insert(order)\n\n\nasync def place(é):\n    store(é)  # é\n",
            "async def store(order):\n    await insert(order)\n\n\nasync def place(é):\n    await store(é)  # é\n",
        ),
        Fixes(
            "async def load(key):\n    return await fetch(key)\n\n\nasync def show(key):\n    return load(\n"
            "        key\n"
            "    )['é']\n",
            "async def load(key):\n    return await fetch(key)\n\n\nasync def show(key):\n    return (await load(\n"
            "        key\n    ))['é']\n",
        ),
        Declines(
            "async def load(key):\n    return await fetch(key)\n\n\nasync def show(keys):\n"
            "    return list(load(key)['é'] for key in keys)\n",
            because="a generator that awaits is no list's",
        ),
        Declines(
            "async def load(key):\n    return await fetch(key)\n\n\nasync def show(key):\n"
            "    return f\"{load(key)['é']}\"\n",
            because="inside an f-string Python 3.11 does not tell the place",
        ),
    )

    def change(self, source: Source, finding: Finding) -> Change | None:
        """Add the `await`."""
        call = node_of(source, finding, ast.Call)
        if call is None or not can_await(source, call):
            return None
        name = dotted(call.func)
        return Change(
            title=f"Await {name}",
            reason="The call makes a coroutine, and nothing of it runs until it is awaited.",
            edits=awaited(source, call),
            tradeoffs=Tradeoffs("the function waits until it has done", "it is to go on meanwhile: keep a task then"),
            conditions=(Condition(f"{name} is an async def", "it stands in this cell"),),
        )
