"""Keeps answers that are dear to compute: per user, for a while, computed once, and never older than the last write."""

import random
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, Generic, TypeVar

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Request, Response, status
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Engine, Index, func, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker

T = TypeVar("T")


@dataclass(frozen=True)
class Settings:
    """What an operator sets."""

    seconds: float = 60.0
    """How old an answer may be where another process has written meanwhile."""
    jitter: float = 0.1
    """The part of `seconds` by which lifetimes differ, so that not all end in the same moment."""
    entries_at_most: int = 10_000
    cents_at_most: int = 100_000_000


@dataclass
class _Entry(Generic[T]):
    value: T
    ends_at: float


@dataclass
class _Flight:
    """A computation under way; `is_stale` once somebody has written since it began."""

    done: threading.Event = field(default_factory=threading.Event)
    is_stale: bool = False


class Cache(Generic[T]):
    """Values of this process by key. A key names everything that the value depends on, the user first."""

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        """Keep what is needed; the clock is one that never goes back."""
        self._settings = settings
        self._clock = clock
        self._entries: OrderedDict[tuple[object, ...], _Entry[T]] = OrderedDict()
        self._flights: dict[tuple[object, ...], _Flight] = {}
        self._lock = threading.Lock()

    def get(self, key: tuple[object, ...], compute: Callable[[], T]) -> T:
        """Return the value of the key, computed once however many ask at once.

        Whoever waited and finds no value computes in turn: an exception of `compute` reaches its own caller only,
        and is not kept.
        """
        while True:
            with self._lock:
                entry = self._entries.get(key)
                if entry is not None and self._clock() < entry.ends_at:
                    self._entries.move_to_end(key)
                    return entry.value
                flight = self._flights.get(key)
                is_mine = flight is None
                if flight is None:
                    flight = self._flights[key] = _Flight()
            if is_mine:
                return self._compute(key, flight, compute)
            flight.done.wait()

    def forget(self, key: tuple[object, ...]) -> None:
        """Drop a value, after the commit that changed it; one that is being computed is returned and not kept."""
        with self._lock:
            self._entries.pop(key, None)
            flight = self._flights.pop(key, None)
            if flight is not None:
                flight.is_stale = True

    def __len__(self) -> int:
        """Return how many values are kept."""
        return len(self._entries)

    def _compute(self, key: tuple[object, ...], flight: _Flight, compute: Callable[[], T]) -> T:
        try:
            value = compute()
            with self._lock:
                if not flight.is_stale:
                    self._keep(key, value)
            return value
        finally:
            with self._lock:
                if self._flights.get(key) is flight:
                    del self._flights[key]
            flight.done.set()

    def _keep(self, key: tuple[object, ...], value: T) -> None:
        spread = random.uniform(1 - self._settings.jitter, 1.0)  # noqa: S311 - it spreads load, it hides nothing
        self._entries[key] = _Entry(value, self._clock() + self._settings.seconds * spread)
        self._entries.move_to_end(key)
        while len(self._entries) > self._settings.entries_at_most:
            self._entries.popitem(last=False)


class Base(DeclarativeBase):
    """The tables."""


class Payment(Base):
    """A payment of one user."""

    __tablename__ = "payments"
    __table_args__ = (Index("payments_user_id_cents_idx", "user_id", "cents"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int]
    cents: Mapped[int]


class PaymentCreate(BaseModel):
    """A payment to be made."""

    model_config = ConfigDict(extra="forbid")

    cents: Annotated[int, Field(ge=1)]


class Summary(BaseModel):
    """What the caller has paid so far."""

    model_config = ConfigDict(frozen=True)  # the cache hands the same object to everybody

    payments: int
    cents: int


@dataclass(frozen=True)
class Desk:
    """What the handlers need, made once per app."""

    settings: Settings
    sessions: sessionmaker[Session]
    authenticate: Callable[[str], int | None]
    summaries: Cache[Summary]


def get_desk(request: Request) -> Desk:
    """Return what the handlers need."""
    desk: Desk = request.app.state.desk
    return desk


UsesDesk = Annotated[Desk, Depends(get_desk)]
bearer = HTTPBearer(auto_error=False)


def get_user_id(desk: UsesDesk, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]) -> int:
    """Return who sends the request; raises 401."""
    user_id = desk.authenticate(credentials.credentials) if credentials else None
    if user_id is None:
        raise HTTPException(status.HTTP_401_UNAUTHORIZED, "Sign in.", headers={"WWW-Authenticate": "Bearer"})
    return user_id


SignedIn = Annotated[int, Depends(get_user_id)]
router = APIRouter(
    prefix="/payments",
    tags=["payments"],
    dependencies=[Depends(get_user_id)],
    responses={401: {"description": "Not signed in"}},
)


def summary_key(user_id: int) -> tuple[object, ...]:
    """Return the key of a user's summary; the one place that says it, for reading and for forgetting."""
    return ("summary", user_id)


@router.get("/summary")
def read_summary(desk: UsesDesk, user_id: SignedIn, response: Response) -> Summary:
    """Return what the caller has paid so far."""

    def compute() -> Summary:
        query = select(func.count(), func.coalesce(func.sum(Payment.cents), 0)).where(Payment.user_id == user_id)
        with desk.sessions() as session:
            payments, cents = session.execute(query).one()
        return Summary(payments=payments, cents=cents)

    # A shared cache between here and the browser must not keep what belongs to one user.
    response.headers["Cache-Control"] = "private, no-cache"
    return desk.summaries.get(summary_key(user_id), compute)


@router.post("", status_code=status.HTTP_201_CREATED)
def create_payment(desk: UsesDesk, user_id: SignedIn, payment: PaymentCreate) -> None:
    """Make a payment."""
    if payment.cents > desk.settings.cents_at_most:
        raise HTTPException(status.HTTP_422_UNPROCESSABLE_CONTENT, f"At most {desk.settings.cents_at_most:,} cents.")
    with desk.sessions.begin() as session:
        session.add(Payment(user_id=user_id, cents=payment.cents))
    # After the commit: before it, a reader could bring the old value back.
    desk.summaries.forget(summary_key(user_id))


def create_app(
    engine: Engine,
    authenticate: Callable[[str], int | None],
    settings: Settings | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> FastAPI:
    """Return the app on a database whose tables exist; `authenticate` turns a bearer token into a user's id."""
    chosen = settings or Settings()
    app = FastAPI(title="Payments")
    app.state.desk = Desk(chosen, sessionmaker(engine), authenticate, Cache[Summary](chosen, clock))
    app.include_router(router)
    return app
