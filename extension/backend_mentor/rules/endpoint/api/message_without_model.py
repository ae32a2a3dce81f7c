"""The rule message-without-model."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import chain, constant_text, dotted, own_nodes, targets
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report
from backend_mentor.rules.endpoint.sockets import socket_handlers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class MessageWithoutModel:
    """A message of a WebSocket is used as it came.

    A key that is missing ends the socket with a KeyError.
    """

    name: ClassVar[str] = "message-without-model"
    severity: ClassVar[Severity] = Severity.ADVICE
    responsibility: ClassVar[Responsibility] = Responsibility.API
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            from fastapi import FastAPI, WebSocket
            app = FastAPI()
            @app.websocket("/feed")
            async def feed(socket: WebSocket):
                await socket.accept()
                message = await socket.receive_json()
                await join(message["room"])
            """,
            says='feed reads "room" from a message without a model',
        ),
        PassesCode(
            """
            from fastapi import FastAPI, WebSocket
            app = FastAPI()
            @app.websocket("/feed")
            async def feed(socket: WebSocket):
                await socket.accept()
                message = Join.model_validate(await socket.receive_json())
                await join(message.room)
            """,
            because="a model has read it",
        ),
        PassesCode(
            """
            from fastapi import FastAPI, WebSocket
            app = FastAPI()
            @app.websocket("/feed")
            async def feed(socket: WebSocket):
                await socket.accept()
                try:
                    message = await socket.receive_json()
                    await join(message["room"])
                except KeyError:
                    await socket.close(1003)
            """,
            because="the lack is answered",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield the first key taken from what `receive_json` gave, where nothing validates or catches."""
        for handler, function, socket in socket_handlers(source):
            if re.search(r"KeyError|except Exception|except:|validat|parse_obj", source.code_of(function)):
                continue
            held = {
                name
                for node in own_nodes(function)
                if isinstance(node, ast.Assign)
                and isinstance(node.value, ast.Await)
                and chain(node.value)[:2] == (socket, "receive_json")
                for name in targets(node)
            }
            for node in own_nodes(function):
                key = constant_text(node.slice) if isinstance(node, ast.Subscript) else None
                if key is not None and isinstance(node, ast.Subscript) and dotted(node.value) in held:
                    yield report(
                        self,
                        source,
                        node,
                        what=f'{handler.name} reads "{key}" from a message without a model.',
                        why="A client that leaves it out ends the socket with a KeyError, and one that sends a list "
                        "goes through.",
                        instead="Read it into a Pydantic model, and answer a message that does not fit with an error.",
                    )
                    break
