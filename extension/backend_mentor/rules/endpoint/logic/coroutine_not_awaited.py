"""The rule coroutine-not-awaited."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.reading.endpoints.flow import forgotten_awaits
from backend_mentor.rules.endpoint.code import dotted
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class CoroutineNotAwaited:
    """An `async def` is called and its result is not awaited.

    Nothing of it runs: the call only makes a coroutine, which is then thrown away or sent as the answer.
    """

    name: ClassVar[str] = "coroutine-not-awaited"
    severity: ClassVar[Severity] = Severity.CRITICAL
    responsibility: ClassVar[Responsibility] = Responsibility.LOGIC
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            "async def store(order):\n    await insert(order)\nasync def place(order):\n    store(order)\n",
            says="place calls store without await",
        ),
        FlagsCode(
            "async def load(key):\n    return await fetch(key)\nasync def show(key):\n    return load(key)['name']\n",
            says="show calls load without await",
        ),
        PassesCode(
            "async def store(order):\n    await insert(order)\nasync def place(order):\n    await store(order)\n",
            because="it is awaited",
        ),
        PassesCode(
            "import asyncio\nasync def store(order):\n    await insert(order)\nasync def place(order):\n"
            "    await asyncio.gather(store(order), store(order))\n    task = store(order)\n    await task\n",
            because="what is handed on can be awaited there",
        ),
        PassesCode(
            "async def rows():\n    yield 1\nasync def show():\n    rows()\n", because="a generator is not awaited"
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each call of an `async def` of the cell that stands alone, or is used as the value that it is not."""
        for call, function in forgotten_awaits(source):
            yield report(
                self,
                source,
                call,
                what=f"{function.name} calls {dotted(call.func)} without await.",
                why="The call makes a coroutine and runs none of it.",
                instead=f"Write `await {dotted(call.func)}(...)`.",
            )
