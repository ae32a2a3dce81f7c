"""A lock that is held while a function awaits is the event loop's."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.proposals.code.fix import Change, Declines, Fixes
from backend_mentor.proposals.code.places import added_before, can_await, node_of, replaced, statement_of
from backend_mentor.reading.endpoints.trees import enclosing, full_name, walk

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class LockOfEventLoop:
    """Use `asyncio.Lock` for a lock that is held across an await.

    Valid where each use of the lock is a `with` of its own in an `async def`: then no thread but the loop's takes it.
    """

    name: ClassVar[str] = "lock-of-event-loop"
    answers: ClassVar[tuple[str, ...]] = ("lock-held-across-await",)
    examples: ClassVar[tuple[Fixes | Declines, ...]] = (
        Fixes(
            "import asyncio\nimport threading\n\nlock = threading.Lock()  # é\n\n\nasync def add(item):\n"
            "    with lock:  # é\n        await store(item)\n",
            "import asyncio\nimport threading\n\nlock = asyncio.Lock()  # é\n\n\nasync def add(item):\n"
            "    async with lock:  # é\n        await store(item)\n",
        ),
        Fixes(
            "from threading import Lock\n\nlock = Lock()\n\n\nasync def add(item):\n    with lock:\n"
            "        await store(item)\n\n\nasync def take():\n    with lock:\n        return ITEMS.pop()\n",
            "import asyncio\nfrom threading import Lock\n\nlock = asyncio.Lock()\n\n\nasync def add(item):\n"
            "    async with lock:\n        await store(item)\n\n\nasync def take():\n    async with lock:\n"
            "        return ITEMS.pop()\n",
        ),
        Declines(
            "import threading\n\nlock = threading.Lock()\n\n\nasync def add(item):\n    with lock:\n"
            "        await store(item)\n\n\ndef take():\n    with lock:\n        return ITEMS.pop()\n",
            because="a thread takes it too",
        ),
        Declines(
            "import threading\n\nlock = threading.RLock()\n\n\nasync def add(item):\n    with lock:\n"
            "        await store(item)\n",
            because="asyncio has no lock that its holder can take again",
        ),
    )

    def change(self, source: Source, finding: Finding) -> Change | None:
        """Replace what makes the lock, and each `with` on it."""
        name = node_of(source, finding, ast.Name)
        if name is None:
            return None
        uses = [each for each in walk(source.tree) if isinstance(each, ast.Name) and each.id == name.id]
        stores = [each for each in uses if not isinstance(each.ctx, ast.Load)]
        made = statement_of(source, stores[0]) if len(stores) == 1 else None
        if not isinstance(made, ast.Assign) or not isinstance(made.value, ast.Call) or made.value.args:
            return None
        if full_name(source.tree, made.value.func) != "threading.Lock" or made not in source.tree.body:
            return None
        blocks = [_block(source, each) for each in uses if isinstance(each.ctx, ast.Load)]
        found = [each for each in blocks if each is not None]
        if len(found) != len(blocks) or name.id in {
            each.arg for each in walk(source.tree) if isinstance(each, ast.arg)
        }:
            return None
        return Change(
            title=f"Make {name.id} a lock of the event loop",
            reason="Who waits for it lets the loop go on, also to the one that will release it.",
            edits=(
                replaced(source, made.value.func, "asyncio.Lock"),
                *(added_before(source, each, "async ") for each in found),
            ),
            imports=("asyncio",),
            tradeoffs=Tradeoffs("it guards this event loop alone", "a thread is to take it too"),
            conditions=(Condition("each use is a `with` in an async def", f"{len(found)} in the cell"),),
        )


def _block(source: Source, name: ast.Name) -> ast.With | None:
    """Return the `with` that holds nothing but the lock, in an `async def`."""
    around = next((each for each in enclosing(source.tree, name) if isinstance(each, ast.With)), None)
    alone = around is not None and len(around.items) == 1 and around.items[0].context_expr is name
    return around if alone and around is not None and can_await(source, around) else None
