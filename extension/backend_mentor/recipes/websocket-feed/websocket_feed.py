"""A WebSocket feed of trading updates: who may listen, what waits for whom, and how it ends."""

import asyncio
import logging
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException, Request, WebSocket, WebSocketDisconnect, status
from feed_hub import Allowance, Connection, Hub, Settings, TooSlowError
from feed_messages import Heartbeat, Message, Refusal, Subscribe, Unsubscribe, Welcome, asked_messages
from pydantic import BaseModel, ValidationError

log = logging.getLogger("feed")

# RFC 6455 names 1000 to 1015; 4000 to 4999 are an application's own.
GOING_AWAY, POLICY, TOO_BIG, TRY_LATER = 1001, 1008, 1009, 1013
SIGNED_OUT, TOO_SLOW, SILENT, TOO_MANY = 4401, 4408, 4409, 4429

Authenticate = Callable[[Request], Awaitable[str | None]]
MayRead = Callable[[str, str], Awaitable[bool]]
Clock = Callable[[], float]


class Ticket(BaseModel):
    """Opens one connection, once, within seconds; a browser can send no header with a WebSocket."""

    ticket: str
    seconds: float


@dataclass
class Tickets:
    """Tickets that are still good. In one process: with several workers they belong into a shared store."""

    settings: Settings
    clock: Clock
    _users: dict[str, tuple[str, float]] = field(default_factory=dict)

    def issue(self, user: str) -> Ticket | None:
        """Return a new ticket, or None where too many wait to be used."""
        now = self.clock()
        self._users = {ticket: held for ticket, held in self._users.items() if held[1] > now}
        if len(self._users) >= self.settings.tickets_at_most:
            return None
        ticket = secrets.token_urlsafe(32)
        self._users[ticket] = (user, now + self.settings.ticket_seconds)
        return Ticket(ticket=ticket, seconds=self.settings.ticket_seconds)

    def redeem(self, ticket: str) -> str | None:
        """Return whose ticket it is and void it; None for one that is unknown, used or too old."""
        user, until = self._users.pop(ticket, (None, 0.0))
        return user if until > self.clock() else None


class Feed:
    """Serves one socket at a time: a task that reads and a task that writes, which end together."""

    def __init__(self, hub: Hub, settings: Settings, may_read: MayRead, clock: Clock) -> None:
        """Serve the connections of this hub."""
        self._hub = hub
        self._settings = settings
        self._may_read = may_read
        self._clock = clock

    async def serve(self, socket: WebSocket, connection: Connection, after: int | None) -> None:
        """Serve an accepted socket until either side ends it; raises nothing for what ends a socket every day."""
        self._welcome(connection, after)
        tasks = [
            asyncio.create_task(self._read(socket, connection)),
            asyncio.create_task(self._write(socket, connection)),
            asyncio.create_task(connection.ended.wait()),
        ]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            code = self._code_of(done.pop(), connection)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
            # Asked for, or asyncio would log a second task's failure as one that nobody looked at.
            for task in tasks:
                if not task.cancelled():
                    task.exception()
        if code is not None:
            await self._close(socket, code)

    def _welcome(self, connection: Connection, after: int | None) -> None:
        history = self._hub.history(connection.user)
        missed = history.missed(after) if after is not None else []
        connection.outbox.offer(
            Welcome(
                last_fill=history.last,
                resync=missed is None or len(missed) >= self._settings.fills_waiting_at_most,
                heartbeat_seconds=self._settings.heartbeat_seconds,
            )
        )
        if missed and len(missed) < self._settings.fills_waiting_at_most:
            for fill in missed:
                connection.outbox.offer(fill)

    def _code_of(self, task: "asyncio.Task[int | bool | None]", connection: Connection) -> int | None:
        """Return what to close with, or None where the client has closed already."""
        error = task.exception()
        if error is None:
            code = task.result()
            return connection.code if code is True else code
        if isinstance(error, TooSlowError | TimeoutError):
            return TOO_SLOW
        if isinstance(error, WebSocketDisconnect | RuntimeError | OSError):
            return None
        log.error("a feed failed", exc_info=error, extra={"user": connection.user})
        return 1011

    async def _read(self, socket: WebSocket, connection: Connection) -> int:
        """Act on what the client sends, and return the code to close with once it breaks the rules."""
        allowance = Allowance(self._settings.messages_per_second, self._settings.messages_at_once, self._clock)
        while True:
            try:
                async with asyncio.timeout(self._settings.silence_seconds):
                    text = await socket.receive_text()
            except TimeoutError:
                return SILENT
            except KeyError:
                return POLICY  # bytes, where text is spoken
            if len(text) > self._settings.message_characters_at_most:
                return TOO_BIG
            if not allowance.take():
                return TOO_MANY
            await self._act(text, connection)

    async def _act(self, text: str, connection: Connection) -> None:
        try:
            asked = asked_messages.validate_json(text)
        except ValidationError:
            connection.outbox.offer(Refusal(reason="the message can not be read"))
            return
        if isinstance(asked, Subscribe):
            allowed = [symbol for symbol in asked.symbols if await self._may_read(connection.user, symbol)]
            refused = [symbol for symbol in asked.symbols if symbol not in allowed]
            refused += self._hub.subscribe(connection, allowed)
            if refused:
                connection.outbox.offer(Refusal(reason="not subscribed", symbols=refused))
        elif isinstance(asked, Unsubscribe):
            connection.symbols.difference_update(asked.symbols)

    async def _write(self, socket: WebSocket, connection: Connection) -> None:
        """Send what waits; where nothing does, a heartbeat now and then."""
        while True:
            message: Message | None = connection.outbox.take()
            if message is None:
                try:
                    async with asyncio.timeout(self._settings.heartbeat_seconds):
                        await connection.outbox.filled.wait()
                    continue
                except TimeoutError:
                    message = Heartbeat(server_time=datetime.now(UTC))
            # A peer that takes nothing in is given up, or its task would wait for ever.
            async with asyncio.timeout(self._settings.send_seconds):
                await socket.send_text(message.model_dump_json())

    async def _close(self, socket: WebSocket, code: int) -> None:
        try:
            async with asyncio.timeout(self._settings.send_seconds):
                await socket.close(code)
        except (TimeoutError, RuntimeError, OSError):
            log.debug("the client was gone before it could be told")


def create_app(
    settings: Settings, authenticate: Authenticate, may_read: MayRead, clock: Clock = time.monotonic
) -> FastAPI:
    """Return the app; `authenticate` says who sends a request, `may_read` whether a user may see a symbol."""
    hub, tickets = Hub(settings), Tickets(settings, clock)
    feed = Feed(hub, settings, may_read, clock)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        yield
        hub.end(GOING_AWAY)

    app = FastAPI(title="Trading feed", lifespan=lifespan)
    app.state.hub = hub

    async def get_user(request: Request) -> str:
        user = await authenticate(request)
        if user is None:
            raise HTTPException(status.HTTP_401_UNAUTHORIZED, "Sign in first.", headers={"WWW-Authenticate": "Bearer"})
        return user

    @app.post(
        "/feed/tickets",
        status_code=status.HTTP_201_CREATED,
        responses={401: {"description": "Not signed in"}, 503: {"description": "Too many tickets wait"}},
    )
    async def create_ticket(user: Annotated[str, Depends(get_user)]) -> Ticket:
        """Issue a ticket for one connection to `/feed`; it is good once and for seconds."""
        # On the event loop, as all that touches tickets: two threads could let one ticket in twice.
        ticket = tickets.issue(user)
        if ticket is None:
            raise HTTPException(status.HTTP_503_SERVICE_UNAVAILABLE, "Try again in a moment.")
        return ticket

    @app.websocket("/feed")
    async def follow(socket: WebSocket, ticket: str = "", after: int | None = None) -> None:
        """Follow quotes and one's own fills; `after` is the number of the last fill that the client has."""
        # Browsers send the origin and do not check it: any page could open a socket with the user's cookies.
        if socket.headers.get("origin") not in settings.origins:
            await socket.close(POLICY)
            return
        user = tickets.redeem(ticket)
        if user is None:
            await socket.close(POLICY)
            return
        connection = hub.join(user)
        await socket.accept()
        if connection is None:
            await socket.close(TRY_LATER)
            return
        try:
            await feed.serve(socket, connection, after)
        finally:
            hub.leave(connection)

    return app
