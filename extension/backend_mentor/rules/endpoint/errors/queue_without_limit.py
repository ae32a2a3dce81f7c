"""The rule queue-without-limit."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import full_name, own_calls
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report
from backend_mentor.rules.endpoint.sockets import socket_handlers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class QueueWithoutLimit:
    """A queue between a producer and a client has no limit.

    A client that reads slowly makes it grow until the process has no memory.
    """

    name: ClassVar[str] = "queue-without-limit"
    severity: ClassVar[Severity] = Severity.ADVICE
    responsibility: ClassVar[Responsibility] = Responsibility.ERRORS
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            from fastapi import FastAPI, WebSocket
            app = FastAPI()
            @app.websocket("/feed")
            async def feed(socket: WebSocket):
                queue = asyncio.Queue()
                subscribers.add(queue)
            """,
            says="feed gives each client a queue without a limit",
        ),
        PassesCode(
            """
            from fastapi import FastAPI, WebSocket
            app = FastAPI()
            @app.websocket("/feed")
            async def feed(socket: WebSocket):
                queue = asyncio.Queue(maxsize=100)
                subscribers.add(queue)
            """,
            because="it holds a hundred",
        ),
        PassesCode("jobs = asyncio.Queue()\n", because="how fast it is filled does not hang on a client"),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each `asyncio.Queue` without a size that a WebSocket's handler makes."""
        for handler, function, _ in socket_handlers(source):
            for call in own_calls(function):
                if full_name(source.tree, call.func) in {"asyncio.Queue", "asyncio.queues.Queue"} and not (
                    call.args or call.keywords
                ):
                    yield report(
                        self,
                        source,
                        call,
                        what=f"{handler.name} gives each client a queue without a limit.",
                        why="A client that reads slowly fills it until the process has no memory (OWASP API4:2023).",
                        instead="Write `asyncio.Queue(maxsize=100)` and decide what a full one means: drop the oldest, "
                        "or close the socket with 1013.",
                    )
