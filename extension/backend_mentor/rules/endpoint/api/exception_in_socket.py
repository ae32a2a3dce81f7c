"""The rule exception-in-socket."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import last_name, own_calls, own_nodes
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report
from backend_mentor.rules.endpoint.sockets import socket_handlers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class ExceptionInSocket:
    """A WebSocket's handler raises HTTPException.

    After `accept()` there is no HTTP answer any more; the socket breaks without a code.
    """

    name: ClassVar[str] = "exception-in-socket"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.API
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            from fastapi import FastAPI, HTTPException, WebSocket
            app = FastAPI()
            @app.websocket("/feed")
            async def feed(socket: WebSocket, token: str):
                await socket.accept()
                if token not in TOKENS:
                    raise HTTPException(status_code=403)
            """,
            says="feed raises HTTPException on a WebSocket",
        ),
        PassesCode(
            """
            from fastapi import FastAPI, WebSocket, WebSocketException
            app = FastAPI()
            @app.websocket("/feed")
            async def feed(socket: WebSocket, token: str):
                if token not in TOKENS:
                    raise WebSocketException(code=1008)
                await socket.accept()
            """,
            because="it closes the socket with a code",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each `raise HTTPException` after `accept()` in a socket's handler that no clause there catches."""
        for handler, function, _ in socket_handlers(source):
            accepts = [each.lineno for each in own_calls(function) if last_name(each) == "accept"]
            for each in handler.raises:
                if (
                    each.name.endswith("HTTPException")
                    and not each.caught
                    and accepts
                    and each.span.line > min(accepts)
                ):
                    place = next(
                        node
                        for node in own_nodes(function)
                        if isinstance(node, ast.Raise) and source.span_of(node).line == each.span.line
                    )
                    yield report(
                        self,
                        source,
                        place,
                        what=f"{handler.name} raises HTTPException on a WebSocket that is open already.",
                        why="There is no HTTP answer left: the client sees the socket break, code 1006, "
                        "and the log an error.",
                        instead="Raise `WebSocketException(code=1008)`, or `await socket.close(1008)`.",
                    )
