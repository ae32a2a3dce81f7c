"""The rule session-held-by-socket."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.endpoint import ParameterKind
from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import Function, chain, own_calls, own_nodes, root_name
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report
from backend_mentor.rules.endpoint.sockets import loop_around, receives_of, socket_handlers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class SessionHeldBySocket:
    """A WebSocket holds a database session for as long as it is open.

    Each open tab takes one connection; the pool has some fifteen.
    """

    name: ClassVar[str] = "session-held-by-socket"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.PERFORMANCE
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            from fastapi import Depends, FastAPI, WebSocket
            app = FastAPI()
            @app.websocket("/feed")
            async def feed(socket: WebSocket, session: AsyncSession = Depends(get_session)):
                await socket.accept()
                while True:
                    await socket.send_json(await load(session, await socket.receive_text()))
            """,
            says="feed holds session for as long as the socket is open",
        ),
        PassesCode(
            """
            from fastapi import Depends, FastAPI, WebSocket
            app = FastAPI()
            @app.websocket("/feed")
            async def feed(socket: WebSocket):
                await socket.accept()
                while True:
                    message = await socket.receive_text()
                    async with sessions() as session:
                        await socket.send_json(await load(session, message))
            """,
            because="each message has its own, for a moment",
        ),
        PassesCode(
            """
            from fastapi import Depends, FastAPI, WebSocket
            app = FastAPI()
            @app.websocket("/once")
            async def once(socket: WebSocket, session: AsyncSession = Depends(get_session)):
                await socket.accept()
                await socket.send_json(await load(session))
                await socket.close()
            """,
            because="it is over at once",
        ),
        PassesCode(
            """
            @app.websocket("/runs")
            async def runs(socket: WebSocket, db: DatabaseManager = Depends(get_db)):
                await socket.accept()
                while True:
                    await socket.receive_text()
                    db.get(Run)
            """,
            because="its type says that it is no session but what makes them",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each session that a socket's handler with a receiving loop takes as a dependency."""
        for handler, function, socket in socket_handlers(source):
            loops = any(loop_around(source, each, function) for each in receives_of(function, socket))
            loops = loops or any(
                isinstance(node, ast.AsyncFor) and root_name(node.iter) == socket for node in own_nodes(function)
            )
            for each in handler.parameters_of(ParameterKind.DEPENDENCY):
                is_session = "Session" in each.type if each.type else _is_session(function, each.name)
                closed = any(
                    chain(call) in {(each.name, "close"), (each.name, "commit")} for call in own_calls(function)
                )
                if loops and is_session and not closed and each.node is not None:
                    yield report(
                        self,
                        source,
                        each.node,
                        what=f"{handler.name} holds {each.name} for as long as the socket is open.",
                        why="After its first query it keeps a connection: with as many open tabs as the pool has "
                        "connections, each further request waits.",
                        instead="Open a session for each message: `async with sessions() as session:` inside the loop.",
                    )


def _is_session(function: Function, name: str) -> bool:
    """Return whether a parameter without a type is a session, by its name or by what only a session is asked."""
    asked = {chain(call)[-1] for call in own_calls(function) if chain(call)[:1] == (name,)}
    return "session" in name.lower() or bool(asked & {"execute", "scalars", "scalar", "query", "flush"})
