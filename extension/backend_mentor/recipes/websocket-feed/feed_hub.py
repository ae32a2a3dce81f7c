"""Who hears what: bounded boxes for each connection, and what is kept for those who come back."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from feed_messages import Fill, Message, Quote


@dataclass(frozen=True)
class Settings:
    """What an operator sets. Times are in seconds."""

    origins: frozenset[str]
    ticket_seconds: float = 30
    tickets_at_most: int = 10_000
    connections_per_user: int = 3
    connections_at_most: int = 5_000
    symbols_per_connection: int = 100
    fills_waiting_at_most: int = 100
    fills_kept_per_user: int = 1_000
    heartbeat_seconds: float = 15
    silence_seconds: float = 45
    send_seconds: float = 10
    message_characters_at_most: int = 8_192
    messages_per_second: float = 5
    messages_at_once: float = 20


class TooSlowError(Exception):
    """A connection did not take its fills in time."""


@dataclass
class Outbox:
    """What waits for one connection.

    A newer quote takes the place of an older one of its symbol: a slow reader sees fewer quotes, never old ones. Fills
    are never dropped: where they pile up the connection ends, and the client comes back and is told what it missed.
    """

    fills_at_most: int
    quotes: dict[str, Quote] = field(default_factory=dict)
    urgent: deque[Message] = field(default_factory=deque)
    filled: asyncio.Event = field(default_factory=asyncio.Event)
    overflowed: bool = False

    def offer(self, message: Message) -> None:
        """Put a message in; it never waits."""
        if isinstance(message, Quote):
            self.quotes[message.symbol] = message
        elif len(self.urgent) >= self.fills_at_most:
            self.overflowed = True
        else:
            self.urgent.append(message)
        self.filled.set()

    def take(self) -> Message | None:
        """Take the next message out, fills before quotes; raises TooSlowError where some could not be kept."""
        if self.overflowed:
            raise TooSlowError
        if self.urgent:
            return self.urgent.popleft()
        if self.quotes:
            return self.quotes.pop(next(iter(self.quotes)))
        self.filled.clear()
        return None


@dataclass(eq=False)
class Connection:
    """One open socket of a user."""

    user: str
    outbox: Outbox
    symbols: set[str] = field(default_factory=set)
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    code: int = 1000
    """What it is to be closed with, once it is ended."""


@dataclass
class History:
    """The last fills of a user, for those who come back."""

    kept: deque[Fill]
    last: int = 0

    def missed(self, after: int) -> list[Fill] | None:
        """Return the fills after that number, or None where some of them are not kept any more."""
        first = self.kept[0].sequence if self.kept else self.last + 1
        if after > self.last or after + 1 < first:
            return None
        return [fill for fill in self.kept if fill.sequence > after]


class Hub:
    """All connections of this process. Every method is called on the event loop that serves them."""

    def __init__(self, settings: Settings) -> None:
        """Begin with nobody connected."""
        self._settings = settings
        self._connections: dict[str, set[Connection]] = {}
        self._quotes: dict[str, Quote] = {}
        self._fills: dict[str, History] = {}
        self._count = 0

    def join(self, user: str) -> Connection | None:
        """Return a connection for the user, or None where the user or the process has as many as it may."""
        mine = self._connections.setdefault(user, set())
        if len(mine) >= self._settings.connections_per_user or self._count >= self._settings.connections_at_most:
            return None
        joined = Connection(user, Outbox(self._settings.fills_waiting_at_most))
        mine.add(joined)
        self._count += 1
        return joined

    def leave(self, connection: Connection) -> None:
        """Forget a connection; what waits for it goes with it."""
        mine = self._connections.get(connection.user, set())
        if connection in mine:
            mine.discard(connection)
            self._count -= 1
        if not mine:
            self._connections.pop(connection.user, None)

    def history(self, user: str) -> History:
        """Return the user's last fills."""
        return self._fills.setdefault(user, History(deque(maxlen=self._settings.fills_kept_per_user)))

    def subscribe(self, connection: Connection, symbols: Iterable[str]) -> list[str]:
        """Subscribe to these symbols as far as there is room, tell each one's last quote, and return the others."""
        refused = []
        for symbol in symbols:
            if len(connection.symbols) >= self._settings.symbols_per_connection and symbol not in connection.symbols:
                refused.append(symbol)
                continue
            connection.symbols.add(symbol)
            if symbol in self._quotes:
                connection.outbox.offer(self._quotes[symbol])
        return refused

    def publish_quote(self, quote: Quote) -> None:
        """Tell a price to all who subscribed to its symbol."""
        former = self._quotes.get(quote.symbol)
        numbered = quote.model_copy(update={"sequence": former.sequence + 1 if former else 1})
        self._quotes[quote.symbol] = numbered
        for connection in self._everyone():
            if quote.symbol in connection.symbols:
                connection.outbox.offer(numbered)

    def publish_fill(self, user: str, fill: Fill) -> None:
        """Tell a user of a trade of theirs, once it is committed, and keep it for those who come back."""
        history = self.history(user)
        history.last += 1
        numbered = fill.model_copy(update={"sequence": history.last})
        history.kept.append(numbered)
        for connection in tuple(self._connections.get(user, ())):
            connection.outbox.offer(numbered)

    def end(self, code: int, user: str | None = None) -> None:
        """End the connections of a user, at logout, or of everybody, at shutdown."""
        for connection in self._everyone():
            if user is None or connection.user == user:
                connection.code = code
                connection.ended.set()

    def _everyone(self) -> tuple[Connection, ...]:
        # A copy: a connection may leave while others are told.
        return tuple(connection for mine in self._connections.values() for connection in mine)


@dataclass
class Allowance:
    """How many messages a client may send: so many at once, and so many a second after that."""

    per_second: float
    at_most: float
    clock: Callable[[], float]
    left: float = 0
    at: float = 0

    def __post_init__(self) -> None:
        """Begin full."""
        self.left, self.at = self.at_most, self.clock()

    def take(self) -> bool:
        """Take one, and return whether there was one."""
        now = self.clock()
        self.left = min(self.at_most, self.left + (now - self.at) * self.per_second)
        self.at = now
        if self.left < 1:
            return False
        self.left -= 1
        return True
