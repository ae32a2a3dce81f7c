"""A sleep that stops the event loop gives way to one that lets it go on."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.proposals.code.fix import Change, Declines, Fixes
from backend_mentor.proposals.code.places import call_of, can_await, replaced
from backend_mentor.reading.endpoints.trees import dotted, enclosing, full_name, origins

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class SleepAwaited:
    """Await `asyncio.sleep` where `time.sleep` stops the event loop.

    Valid for a statement of its own in an `async def` that runs on asyncio: the function waits for as long as before.
    """

    name: ClassVar[str] = "sleep-awaited"
    answers: ClassVar[tuple[str, ...]] = ("blocking-call-in-async",)
    examples: ClassVar[tuple[Fixes | Declines, ...]] = (
        Fixes(
            "import asyncio\nimport time\n\n\nasync def poll():\n    time.sleep(0.5)  # half a second, for é\n",
            "import asyncio\nimport time\n\n\nasync def poll():\n"
            "    await asyncio.sleep(0.5)  # half a second, for é\n",
        ),
        Fixes(
            "from time import sleep as pause\n\n\nasync def poll(step):\n    for _ in range(3):\n"
            "        pause(\n            step\n        )\n",
            "import asyncio\nfrom time import sleep as pause\n\n\nasync def poll(step):\n    for _ in range(3):\n"
            "        await asyncio.sleep(\n            step\n        )\n",
        ),
        Declines(
            "import time\nimport trio\n\n\nasync def poll():\n    time.sleep(1)\n",
            because="this loop is trio's",
        ),
        Declines(
            "import time\n\n\nasync def poll():\n    return [time.sleep(1) for _ in range(3)]\n",
            because="its value is used",
        ),
    )

    def change(self, source: Source, finding: Finding) -> Change | None:
        """Replace what is called, and await it."""
        call = call_of(source, finding)
        if call is None or full_name(source.tree, call.func) != "time.sleep" or not can_await(source, call):
            return None
        alone = isinstance(next(iter(enclosing(source.tree, call)), None), ast.Expr)
        if not alone or len(call.args) != 1 or call.keywords or "trio" in origins(source.tree).values():
            return None
        return Change(
            title=f"Await asyncio.sleep instead of {dotted(call.func)}",
            reason="The function waits for as long as before, and the event loop serves other requests meanwhile.",
            edits=(replaced(source, call.func, "await asyncio.sleep"),),
            imports=("asyncio",),
            tradeoffs=Tradeoffs("other tasks run in between", "nothing else is to run until it has slept"),
            conditions=(Condition("the sleep is a statement of an `async def`", f"line {call.lineno}"),),
        )
