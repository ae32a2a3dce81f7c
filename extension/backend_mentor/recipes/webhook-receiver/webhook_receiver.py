"""Receives webhooks: believed by their signature alone, taken once, answered at once and worked on afterwards."""

import hashlib
import hmac
import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Request, status
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy import BigInteger, Engine, Index, String, Text, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker

logger = logging.getLogger("webhook_receiver")

Clock = Callable[[], datetime]
Handler = Callable[[Session, "Event"], None]


@dataclass(frozen=True)
class Settings:
    """What an operator sets."""

    secrets: tuple[bytes, ...]
    """The new one and, while the sender changes over, the old one."""
    tolerance: timedelta = timedelta(minutes=5)
    """How old, or how far ahead, a signature may be."""
    body_bytes_at_most: int = 256 * 2**10
    header_characters_at_most: int = 1_000
    signatures_at_most: int = 5
    attempts_at_most: int = 8
    first_wait: timedelta = timedelta(seconds=5)
    lease: timedelta = timedelta(minutes=1)
    events_at_once: int = 20

    def __post_init__(self) -> None:
        """Refuse to start without a secret that can not be guessed; the message does not hold it."""
        if not self.secrets or any(len(each) < 24 for each in self.secrets):
            raise ValueError("each webhook secret needs 24 bytes or more")


class Base(DeclarativeBase):
    """The tables."""


class Received(Base):
    """An event as it came. Its id is the sender's, and unique: a second delivery finds the first."""

    __tablename__ = "webhook_events"
    __table_args__ = (Index("webhook_events_due_idx", "state", "due_at"),)

    id: Mapped[str] = mapped_column(String(100), primary_key=True)
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    due_at: Mapped[int] = mapped_column(BigInteger)
    """In whole seconds since 1970, as the sender's own."""
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None] = mapped_column(String(100))


class Payment(Base):
    """What events are about; `changed_at` is the moment of the newest event that took effect."""

    __tablename__ = "payments"

    id: Mapped[str] = mapped_column(String(100), primary_key=True)
    state: Mapped[str] = mapped_column(String(40))
    changed_at: Mapped[int] = mapped_column(BigInteger)


Key = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,100}$")]


class EventObject(BaseModel):
    """What an event is about, as far as it is used here; a sender adds fields as it likes."""

    model_config = ConfigDict(extra="ignore", strict=True)

    id: Key
    status: Annotated[str, Field(pattern=r"^[a-z_]{1,40}$")]


class EventData(BaseModel):
    """The envelope of what an event is about."""

    model_config = ConfigDict(extra="ignore", strict=True)

    object: EventObject


class Event(BaseModel):
    """An event, in the form that Stripe sends."""

    model_config = ConfigDict(extra="ignore", strict=True)

    id: Key
    type: Annotated[str, Field(pattern=r"^[a-z_.]{1,100}$")]
    created: Annotated[int, Field(ge=0, le=2**40)]
    data: EventData


class Receipt(BaseModel):
    """All that a sender needs to know; it is the same for a first delivery and for any other."""

    received: bool = True


class SignatureError(Exception):
    """The body is not believed; why is for the log."""


def sign(secret: bytes, body: bytes, moment: int) -> str:
    """Return the header that the sender writes: what is signed begins with the time, so that it can not be changed."""
    digest = hmac.new(secret, f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={moment},v1={digest}"


def check_signature(settings: Settings, header: str, body: bytes, now: datetime) -> None:
    """Return where one of our secrets signed this very body lately; raises SignatureError otherwise."""
    if len(header) > settings.header_characters_at_most:
        raise SignatureError("header too long")
    pairs = [part.strip().partition("=") for part in header.split(",")]
    moments = [value for name, _, value in pairs if name == "t"]
    given = [value for name, _, value in pairs if name == "v1"]
    # ASCII digits only: `isdecimal` alone takes those of every script, and int() would read them as another text.
    if len(moments) != 1 or not (moments[0].isascii() and moments[0].isdecimal()) or len(moments[0]) > 12:
        raise SignatureError("no time")
    if not 1 <= len(given) <= settings.signatures_at_most:
        raise SignatureError("no signature, or too many")
    signed = moments[0].encode() + b"." + body
    expected = [hmac.new(secret, signed, hashlib.sha256).hexdigest().encode() for secret in settings.secrets]
    # Each is compared with each, without a way out between: the time taken tells nothing of which fits.
    fits = [hmac.compare_digest(one, other.encode()) for one in expected for other in given]
    if not any(fits):
        raise SignatureError("wrong signature")
    if abs(now.timestamp() - int(moments[0])) > settings.tolerance.total_seconds():
        raise SignatureError("too old, or ahead of us")


@dataclass(frozen=True)
class Inbox:
    """What handlers need of this app."""

    settings: Settings
    sessions: sessionmaker[Session]
    clock: Clock

    def keep(self, event_id: str, body: bytes) -> bool:
        """Write the event down, and return False where it is there already; the key decides between two at once."""
        row = Received(id=event_id, body=body.decode(), due_at=int(self.clock().timestamp()))
        try:
            with self.sessions.begin() as session:
                session.add(row)
        except IntegrityError:
            return False
        return True


def get_inbox(request: Request) -> Inbox:
    """Return what the app was made with."""
    inbox: Inbox = request.app.state.inbox
    return inbox


async def read_signed_body(request: Request, inbox: Annotated[Inbox, Depends(get_inbox)]) -> bytes:
    """Return the body as it came, once its signature holds; raises 400 and 413.

    The raw bytes: parsed and written anew, a body is another text and has another signature.
    """
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > inbox.settings.body_bytes_at_most:
            raise HTTPException(status.HTTP_413_CONTENT_TOO_LARGE, "The body is too big.")
    try:
        check_signature(inbox.settings, request.headers.get("stripe-signature", ""), bytes(body), inbox.clock())
    except SignatureError as error:
        logger.warning("webhook refused", extra={"reason": str(error), "size": len(body)})
        raise HTTPException(status.HTTP_400_BAD_REQUEST, "The signature does not hold.") from None
    return bytes(body)


router = APIRouter(prefix="/webhooks", tags=["webhooks"])
REFUSALS: dict[int | str, dict[str, object]] = {
    400: {"description": "The signature does not hold, or the event can not be read"},
    413: {"description": "The body is too big"},
}


@router.post("/payments", responses=REFUSALS)
async def receive_event(
    body: Annotated[bytes, Depends(read_signed_body)], inbox: Annotated[Inbox, Depends(get_inbox)]
) -> Receipt:
    """Receive one event: it is written down and answered with 200, and worked on afterwards."""
    try:
        event = Event.model_validate_json(body)
    except ValidationError:
        # Signed, so it is really theirs: the form has changed, and somebody has to look.
        logger.exception("webhook can not be read", extra={"size": len(body)})
        raise HTTPException(status.HTTP_400_BAD_REQUEST, "The event can not be read.") from None
    is_new = await run_in_threadpool(inbox.keep, event.id, body)
    logger.info("webhook received", extra={"event_id": event.id, "event_type": event.type, "is_new": is_new})
    return Receipt()


def apply_payment(session: Session, event: Event) -> None:
    """Set a payment to what the event says, unless a newer one was here first: they come in any order."""
    said = event.data.object
    newer = (
        update(Payment)
        .where(Payment.id == said.id, Payment.changed_at < event.created)
        .values(state=said.status, changed_at=event.created)
    )
    if session.execute(newer.returning(Payment.id)).one_or_none() is None and session.get(Payment, said.id) is None:
        session.add(Payment(id=said.id, state=said.status, changed_at=event.created))


@dataclass(frozen=True)
class Worker:
    """Works on what was received. Any number may run, in any number of processes."""

    inbox: Inbox
    handlers: Mapping[str, Handler]

    def work(self) -> int:
        """Work on what is due now, and return how many events took effect; call it again and again."""
        now = int(self.inbox.clock().timestamp())
        due = (
            select(Received.id)
            .where(Received.state == "waiting", Received.due_at <= now)
            .order_by(Received.due_at, Received.id)
            .limit(self.inbox.settings.events_at_once)
        )
        with self.inbox.sessions() as session:
            waiting = session.scalars(due).all()
        return sum(self._apply(event_id) for event_id in waiting if self._lease(event_id, now))

    def _lease(self, event_id: str, now: int) -> bool:
        """Take an event by pushing its due time ahead: a worker that dies gives it back by doing nothing."""
        until = now + int(self.inbox.settings.lease.total_seconds())
        leased = (
            update(Received)
            .where(Received.id == event_id, Received.state == "waiting", Received.due_at <= now)
            .values(due_at=until, attempts=Received.attempts + 1)
        )
        with self.inbox.sessions.begin() as session:
            return session.execute(leased.returning(Received.id)).one_or_none() is not None

    def _apply(self, event_id: str) -> bool:
        try:
            with self.inbox.sessions.begin() as session:
                row = session.get_one(Received, event_id)
                event = Event.model_validate(json.loads(row.body))
                # First the mark, then the effect, in one transaction: whoever comes second finds it done.
                done = update(Received).where(Received.id == event_id, Received.state == "waiting")
                if session.execute(done.values(state="done").returning(Received.id)).one_or_none() is None:
                    return False
                handler = self.handlers.get(event.type)
                if handler is not None:  # a sender tells of much that nobody here wants to know
                    handler(session, event)
        except Exception as error:
            logger.exception("webhook failed", extra={"event_id": event_id})
            self._put_back(event_id, type(error).__name__)
            return False
        return True

    def _put_back(self, event_id: str, kind: str) -> None:
        settings = self.inbox.settings
        with self.inbox.sessions.begin() as session:
            row = session.get_one(Received, event_id)
            if row.state == "waiting":
                row.last_error = kind
                row.state = "dead" if row.attempts >= settings.attempts_at_most else "waiting"
                wait = settings.first_wait * 2 ** (row.attempts - 1)
                row.due_at = int((self.inbox.clock() + wait).timestamp())


def utc_now() -> datetime:
    """Return the moment, with its zone."""
    return datetime.now(UTC)


def create_app(engine: Engine, settings: Settings, clock: Clock = utc_now) -> FastAPI:
    """Return the app on a database whose tables exist. A `Worker` runs beside it, as a process of its own."""
    app = FastAPI(title="Webhooks", max_body_size=settings.body_bytes_at_most + 2**10)
    app.state.inbox = Inbox(settings, sessionmaker(engine, expire_on_commit=False), clock)
    app.include_router(router)
    return app
