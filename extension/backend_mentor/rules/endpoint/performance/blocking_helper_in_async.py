"""The rule blocking-helper-in-async."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.reading.endpoints.blocking import blocking_helpers
from backend_mentor.rules.endpoint.code import dotted
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class BlockingHelperInAsync:
    """An `async def` calls a plain function that blocks.

    The call looks harmless, and what it calls sleeps or waits for the network: the event loop stands still meanwhile.
    """

    name: ClassVar[str] = "blocking-helper-in-async"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.PERFORMANCE
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            "import requests\ndef rate(code):\n    return requests.get(URL + code, timeout=3).json()\n"
            "async def price(code: str):\n    return rate(code)\n",
            says="price calls rate, which waits in `requests.get`",
        ),
        FlagsCode(
            "from time import sleep\ndef try_again():\n    sleep(1)\nasync def work():\n    try_again()\n",
            says="work calls try_again, which waits in `sleep`",
        ),
        PassesCode(
            "import asyncio, requests\ndef rate(code):\n    return requests.get(URL + code, timeout=3).json()\n"
            "async def price(code: str):\n    return await asyncio.to_thread(rate, code)\n",
            because="it runs in a thread",
        ),
        PassesCode(
            "import requests\ndef rate(code):\n    return requests.get(URL + code, timeout=3).json()\n"
            "def price(code: str):\n    return rate(code)\n",
            because="a plain function runs in a thread",
        ),
        PassesCode(
            """
            import requests
            def register(): requests.post(PROXY, timeout=5)
            @asynccontextmanager
            async def lifespan(app):
                register()
                yield
            """,
            because="no request waits before the application has opened",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each call in an `async def` of a function of the same cell that blocks."""
        for function, call, helper, blocking in blocking_helpers(source):
            line = source.span_of(blocking).line
            yield report(
                self,
                source,
                call,
                what=f"{function.name} calls {helper.name}, which waits in `{dotted(blocking.func)}` (line {line}).",
                why="The event loop stands still until it comes back, and with it each other request of this process.",
                instead=f"Run it in a thread: `await asyncio.to_thread({helper.name}, ...)`.",
            )
