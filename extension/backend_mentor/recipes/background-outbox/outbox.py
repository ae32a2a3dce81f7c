"""Background work that is never lost: what is to be done is written in the transaction that makes it necessary."""

import logging
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Request, status
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import JSON, DateTime, Dialect, Engine, Index, String, TypeDecorator, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker

log = logging.getLogger("outbox")

Clock = Callable[[], datetime]
Handler = Callable[[Session, Mapping[str, object]], None]


@dataclass(frozen=True)
class Settings:
    """What an operator sets."""

    lease: timedelta = timedelta(minutes=1)
    """How long a worker may take for one message before another may take it."""
    attempts_at_most: int = 8
    first_wait: timedelta = timedelta(seconds=2)
    longest_wait: timedelta = timedelta(minutes=10)
    messages_at_once: int = 20


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC; SQLite keeps no zone, so it is put back when a row is read."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store a moment in UTC."""
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment with its zone."""
        return value.replace(tzinfo=UTC) if value and value.tzinfo is None else value


class Base(DeclarativeBase):
    """The tables."""


class Order(Base):
    """An order of the shop."""

    __tablename__ = "orders"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254))
    cents: Mapped[int]


class Message(Base):
    """Work that is still to be done. It is a row like any other: it is there if, and only if, its cause is."""

    __tablename__ = "outbox"
    __table_args__ = (Index("outbox_due_idx", "state", "due_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    topic: Mapped[str] = mapped_column(String(60))
    body: Mapped[dict[str, object]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    due_at: Mapped[datetime] = mapped_column(UtcDateTime())
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None] = mapped_column(String(200))


class Handled(Base):
    """A message that has taken effect: its number can be written once."""

    __tablename__ = "handled"

    message_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class OrderCreate(BaseModel):
    """An order as it is placed."""

    model_config = ConfigDict(extra="forbid")

    email: Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+$", max_length=254)]
    cents: Annotated[int, Field(gt=0, le=100_000_000)]


class OrderRead(BaseModel):
    """An order as callers see it."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    cents: int


def enqueue(session: Session, topic: str, body: Mapping[str, object], now: datetime) -> None:
    """Write down work in the caller's own transaction; nothing is sent before that commits."""
    session.add(Message(topic=topic, body=dict(body), due_at=now))


@dataclass(frozen=True)
class Shop:
    """What handlers need of this app."""

    sessions: sessionmaker[Session]
    clock: Clock


def get_shop(request: Request) -> Shop:
    """Return what the app was made with."""
    shop: Shop = request.app.state.shop
    return shop


router = APIRouter(prefix="/orders", tags=["orders"])


@router.post("", status_code=status.HTTP_201_CREATED)
def create_order(shop: Annotated[Shop, Depends(get_shop)], order: OrderCreate) -> OrderRead:
    """Place an order; its confirmation is sent soon after, however often the mail server fails meanwhile."""
    with shop.sessions.begin() as session:
        placed = Order(email=order.email, cents=order.cents)
        session.add(placed)
        session.flush()
        enqueue(session, "order-placed", {"order_id": placed.id}, shop.clock())
        return OrderRead.model_validate(placed)


@dataclass(frozen=True)
class Worker:
    """Does what waits. Any number of workers may run, in any number of processes."""

    sessions: sessionmaker[Session]
    handlers: Mapping[str, Handler]
    clock: Clock
    settings: Settings = Settings()
    spread: Callable[[], float] = random.random
    """From 0 to 1: retries of one outage must not come back all at once."""

    def work(self) -> int:
        """Do what is due now, and return how many messages took effect; call it again and again."""
        return sum(self._deliver(message_id) for message_id in self._claim())

    def _claim(self) -> Iterator[int]:
        """Yield messages one by one, each leased to this worker: two can not hold the same."""
        now = self.clock()
        due = (
            select(Message.id)
            .where(Message.state == "waiting", Message.due_at <= now)
            .order_by(Message.due_at, Message.id)
            .limit(self.settings.messages_at_once)
        )
        with self.sessions() as session:
            waiting = session.scalars(due).all()
        for message_id in waiting:
            # The condition decides in the database: who comes second changes no row. The lease is the new due time, so
            # that a worker that dies gives its message back by doing nothing.
            leased = (
                update(Message)
                .where(Message.id == message_id, Message.state == "waiting", Message.due_at <= now)
                .values(due_at=now + self.settings.lease, attempts=Message.attempts + 1)
            )
            with self.sessions.begin() as session:
                changed = session.execute(leased.returning(Message.id)).one_or_none()
            if changed is not None:
                yield message_id

    def _deliver(self, message_id: int) -> bool:
        try:
            with self.sessions.begin() as session:
                message = session.get_one(Message, message_id)
                handler = self.handlers.get(message.topic)
                if handler is None:
                    raise LookupError(f"nobody handles {message.topic}")
                if self._is_first(session, message_id):
                    handler(session, message.body)
                message.state, message.last_error = "done", None
        except Exception as error:
            log.warning("message failed", exc_info=True, extra={"message_id": message_id})
            self._put_back(message_id, error)
            return False
        return True

    def _is_first(self, session: Session, message_id: int) -> bool:
        """Write that the message takes effect, in the handler's transaction; False where it already has."""
        try:
            with session.begin_nested():
                session.execute(insert(Handled).values(message_id=message_id))
        except IntegrityError:
            return False
        return True

    def _put_back(self, message_id: int, error: Exception) -> None:
        with self.sessions.begin() as session:
            message = session.get_one(Message, message_id)
            # The kind alone: texts of exceptions hold addresses and values.
            message.last_error = type(error).__name__
            if message.attempts >= self.settings.attempts_at_most:
                message.state = "dead"
                log.error("message given up", extra={"message_id": message_id, "topic": message.topic})
                return
            wait = self.settings.first_wait * 2 ** (message.attempts - 1)
            bounded = min(wait, self.settings.longest_wait)
            message.due_at = self.clock() + bounded / 2 + bounded / 2 * self.spread()


def revive(session: Session, message_id: int, now: datetime) -> bool:
    """Let a message that was given up be tried again, and return whether there was one: after the cause is mended."""
    again = (
        update(Message)
        .where(Message.id == message_id, Message.state == "dead")
        .values(state="waiting", attempts=0, due_at=now)
    )
    return session.execute(again.returning(Message.id)).one_or_none() is not None


def utc_now() -> datetime:
    """Return the moment, with its zone."""
    return datetime.now(UTC)


def create_app(engine: Engine, clock: Clock = utc_now) -> FastAPI:
    """Return the app on a database whose tables exist. A `Worker` runs beside it, as a process of its own."""
    app = FastAPI(title="Orders")
    app.state.shop = Shop(sessionmaker(engine, expire_on_commit=False), clock)
    app.include_router(router)
    return app
