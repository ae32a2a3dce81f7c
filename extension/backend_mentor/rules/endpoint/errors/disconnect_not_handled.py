"""The rule disconnect-not-handled."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import last_name, own_calls, own_nodes
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import excerpt, report
from backend_mentor.rules.endpoint.sockets import loop_around, receives_of, socket_handlers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class DisconnectNotHandled:
    """A socket is put into a list and never taken out when its client leaves.

    The list grows, and each message is sent to the dead too, which raises.
    """

    name: ClassVar[str] = "disconnect-not-handled"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.ERRORS
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            from fastapi import FastAPI, WebSocket
            app = FastAPI()
            clients = set()
            @app.websocket("/feed")
            async def feed(socket: WebSocket):
                await socket.accept()
                clients.add(socket)
                while True:
                    await tell_all(await socket.receive_text())
            """,
            says="feed keeps its socket in clients and never takes it out",
        ),
        PassesCode(
            """
            from fastapi import FastAPI, WebSocket
            app = FastAPI()
            clients = set()
            @app.websocket("/feed")
            async def feed(socket: WebSocket):
                await socket.accept()
                clients.add(socket)
                try:
                    while True:
                        await tell_all(await socket.receive_text())
                finally:
                    clients.discard(socket)
            """,
            because="it is taken out whatever happens",
        ),
        PassesCode(
            """
            from fastapi import FastAPI, WebSocket
            app = FastAPI()
            @app.websocket("/echo")
            async def echo(socket: WebSocket):
                await socket.accept()
                while True:
                    await socket.send_text(await socket.receive_text())
            """,
            because="nothing keeps the socket",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each storing of a socket in a handler that waits for messages outside of any `try`."""
        for handler, function, socket in socket_handlers(source):
            waits = receives_of(function, socket)
            stored = next(
                (
                    call
                    for call in own_calls(function)
                    if last_name(call) in {"add", "append", "connect", "register"}
                    and any(isinstance(each, ast.Name) and each.id == socket for each in call.args)
                ),
                None,
            )
            if stored is None or not waits or not any(loop_around(source, each, function) for each in waits):
                continue
            if any(isinstance(each, ast.Try | ast.With | ast.AsyncWith) for each in own_nodes(function)):
                continue
            yield report(
                self,
                source,
                stored,
                what=f"{handler.name} keeps its socket in {excerpt(stored.func.value)} and never takes it out."
                if isinstance(stored.func, ast.Attribute)
                else f"{handler.name} keeps its socket and never takes it out.",
                why="`receive` raises WebSocketDisconnect when the client leaves: the list grows, and "
                "the next message to all "
                "fails at the dead one.",
                instead="Put the loop into `try: … finally:` and take the socket out there.",
            )
