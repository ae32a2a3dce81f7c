"""The rule socket-origin-not-checked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.endpoint import ParameterKind
from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import dotted, own_nodes
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report
from backend_mentor.rules.endpoint.sockets import socket_handlers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Handler, Source
    from backend_mentor.domain.finding import Finding


class SocketOriginNotChecked:
    """A WebSocket knows its user by a cookie and never looks where the page comes from.

    Any page that the user visits can open the socket in his name.
    """

    name: ClassVar[str] = "socket-origin-not-checked"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.SECURITY
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            from fastapi import FastAPI, WebSocket
            app = FastAPI()
            @app.websocket("/feed")
            async def feed(socket: WebSocket):
                user = await user_of(socket.cookies.get("session"))
                await socket.accept()
            """,
            says="feed knows its user by a cookie and never reads the origin",
        ),
        PassesCode(
            """
            from fastapi import FastAPI, WebSocket
            app = FastAPI()
            @app.websocket("/feed")
            async def feed(socket: WebSocket):
                if socket.headers.get("origin") not in ALLOWED:
                    return await socket.close(1008)
                user = await user_of(socket.cookies.get("session"))
                await socket.accept()
            """,
            because="the origin is compared",
        ),
        PassesCode(
            """
            from fastapi import FastAPI, WebSocket
            app = FastAPI()
            @app.websocket("/feed")
            async def feed(socket: WebSocket):
                user = await user_of(socket.headers["authorization"])
                await socket.accept()
            """,
            because="a stranger's page can not send that header",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each socket's handler that reads cookies or the session, in a cell that says nothing of origins."""
        if re.search("origin", source.text, re.IGNORECASE):
            return
        for handler, function, socket in socket_handlers(source):
            for node in own_nodes(function):
                if dotted(node) in {f"{socket}.cookies", f"{socket}.session"}:
                    yield report(
                        self,
                        source,
                        node,
                        what=f"{handler.name} knows its user by a cookie and never reads the origin.",
                        why="Browsers send the cookie with a socket that any page opens, and no CORS "
                        "stops it (CWE-1385).",
                        instead='Close with 1008 before `accept()` unless `headers["origin"]` is one of yours.',
                    )
                    break
            else:
                yield from self._parameters(source, handler)

    def _parameters(self, source: Source, handler: Handler) -> Iterator[Finding]:
        for each in handler.parameters_of(ParameterKind.COOKIE):
            if each.node is not None:
                yield report(
                    self,
                    source,
                    each.node,
                    what=f"{handler.name} knows its user by the cookie {each.name} and never reads the origin.",
                    why="Browsers send the cookie with a socket that any page opens, and no CORS stops it (CWE-1385).",
                    instead='Close with 1008 before `accept()` unless `headers["origin"]` is one of yours.',
                )
                return
