"""The rule socket-without-check."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.endpoint import HandlerKind
from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import last_name, own_calls
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.handlers import may_check_inside
from backend_mentor.rules.endpoint.report import report
from backend_mentor.rules.endpoint.sockets import socket_handlers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class SocketWithoutCheck:
    """A WebSocket is accepted from anyone.

    Neither CORS nor the checks of the HTTP paths hold for it.
    """

    name: ClassVar[str] = "socket-without-check"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.SECURITY
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            from fastapi import Depends, FastAPI, WebSocket
            app = FastAPI()
            @app.get("/orders")
            def orders(user=Depends(get_current_user)): ...
            @app.websocket("/orders/live")
            async def live(socket: WebSocket):
                await socket.accept()
                async for order in changes():
                    await socket.send_json(order)
            """,
            says="/orders/live accepts anyone",
        ),
        PassesCode(
            """
            from fastapi import Depends, FastAPI, WebSocket
            app = FastAPI()
            @app.get("/orders")
            def orders(user=Depends(get_current_user)): ...
            @app.websocket("/orders/live")
            async def live(socket: WebSocket, user=Depends(user_of_ticket)):
                await socket.accept()
            """,
            because="a dependency checks the ticket first",
        ),
        PassesCode(
            """
            from fastapi import FastAPI, WebSocket
            app = FastAPI()
            @app.websocket("/prices")
            async def prices(socket: WebSocket):
                await socket.accept()
            """,
            because="nothing in the cell is guarded: prices are public",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each socket's handler without guard, dependency or word of a check in a cell that guards others."""
        if not any(each.guards for each in source.handlers if each.kind is HandlerKind.ROUTE):
            return
        for handler, function, _ in socket_handlers(source):
            accepts = next((call for call in own_calls(function) if last_name(call) == "accept"), None)
            if accepts is None or handler.guards or handler.dependencies or may_check_inside(source, handler):
                continue
            yield report(
                self,
                source,
                accepts,
                what=f"{handler.route or handler.name} accepts anyone, while other handlers of the cell "
                "check who calls.",
                why="CORS and the middleware for HTTP do not hold for a WebSocket (OWASP API2:2023).",
                instead="Check a ticket that works once before `accept()`, and close with 1008 where it fails.",
            )
