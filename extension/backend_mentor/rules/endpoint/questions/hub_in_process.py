"""The question hub-in-process."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.endpoint import HandlerKind, ParameterKind
from backend_mentor.domain.finding import Responsibility
from backend_mentor.domain.review import Question
from backend_mentor.rules.endpoint.code import last_name, own_calls
from backend_mentor.rules.endpoint.example import AsksCode, PassesCode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source


class HubInProcess:
    """Will there be more than one process?

    A list of sockets lives in one of them, and a message reaches its sockets alone.
    """

    name: ClassVar[str] = "hub-in-process"
    responsibility: ClassVar[Responsibility] = Responsibility.LOGIC
    examples: ClassVar[tuple[AsksCode | PassesCode, ...]] = (
        AsksCode(
            """
            from fastapi import FastAPI, WebSocket
            app = FastAPI()
            clients = set()
            @app.websocket("/feed")
            async def feed(socket: WebSocket):
                await socket.accept()
                clients.add(socket)
            """,
            says="Will more than one process serve /feed?",
        ),
        PassesCode(
            """
            from fastapi import FastAPI, WebSocket
            app = FastAPI()
            @app.websocket("/echo")
            async def echo(socket: WebSocket):
                await socket.accept()
                await socket.send_text(await socket.receive_text())
            """,
            because="each socket is served alone",
        ),
        PassesCode(
            """
            from fastapi import FastAPI, WebSocket
            import redis
            app = FastAPI()
            clients = set()
            @app.websocket("/feed")
            async def feed(socket: WebSocket):
                clients.add(socket)
                redis.publish("feed", "joined")
            """,
            because="Redis carries the messages from process to process",
        ),
    )

    def ask(self, source: Source) -> Iterator[Question]:
        """Ask where a socket's handler keeps its socket in something that lives longer than the handler."""
        if re.search(r"redis|publish|broadcaster|nats|kafka|amqp|channel_layer", source.text, re.IGNORECASE):
            return
        for handler in source.handlers:
            if handler.node is None or handler.kind is not HandlerKind.WEBSOCKET:
                continue
            sockets = {each.name for each in handler.parameters_of(ParameterKind.REQUEST)}
            if any(
                last_name(call) in {"add", "append", "connect", "register", "subscribe"}
                and any(isinstance(each, ast.Name) and each.id in sockets for each in call.args)
                for call in own_calls(handler.node)
            ):
                yield Question(
                    f"Will more than one process serve {handler.route or handler.name}?",
                    "The list of sockets lives in one process: with two workers half of the clients miss each message. "
                    "Redis pub/sub between them carries it to all.",
                    self.responsibility,
                )
