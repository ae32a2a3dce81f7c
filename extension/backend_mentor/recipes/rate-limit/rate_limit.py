"""Limits how often one caller may do one thing: a token bucket, kept as one number per caller."""

import ipaddress
import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, floor
from typing import Annotated, Protocol

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Query, Request, Response, status
from pydantic import BaseModel
from sqlalchemy import Engine, Float, String, delete, insert, select, update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker

logger = logging.getLogger("rate_limit")

_RACES_AT_MOST = 8


@dataclass(frozen=True)
class Limit:
    """`rate` per second in the long run, and up to `burst` at once."""

    name: str
    rate: float
    burst: int
    fails_open: bool
    """What happens when the count can not be had: True lets callers in, False turns them away."""

    @property
    def interval(self) -> float:
        """Seconds until one token is back."""
        return 1 / self.rate


@dataclass(frozen=True)
class Settings:
    """What an operator sets."""

    search: Limit = Limit("search", rate=5.0, burst=20, fails_open=True)
    report: Limit = Limit("report", rate=0.1, burst=3, fails_open=False)
    callers_in_memory_at_most: int = 100_000


@dataclass(frozen=True)
class Verdict:
    """Whether one request may pass."""

    passes: bool
    remaining: int
    seconds: float
    """Until the bucket is full, or for one that is refused until the next may come."""


class Store(Protocol):
    """Where the buckets are kept; one number each: the moment at which the bucket is full again."""

    def take(self, key: str, limit: Limit, now: float) -> Verdict:
        """Take one token, in one step that no other request can come between."""
        ...


def judge(full_at: float | None, limit: Limit, now: float) -> tuple[Verdict, float]:
    """Return the verdict on one request, and when the bucket is full again after it.

    This is the token bucket turned round (GCRA): a bucket that is full at `t` lacks `(t - now) / interval` tokens.
    """
    begins = max(full_at or 0.0, now)
    missing = (begins - now) / limit.interval
    # A millionth of a token: floating point must not refuse the one that has just come back.
    if missing > limit.burst - 1 + 1e-6:
        return Verdict(False, 0, (missing - (limit.burst - 1)) * limit.interval), begins
    after = begins + limit.interval
    return Verdict(True, floor(limit.burst - missing - 1 + 1e-6), after - now), after


class MemoryStore:
    """Buckets of this process: fast, and each worker has its own, so the limit is multiplied by their number."""

    def __init__(self, callers_at_most: int) -> None:
        """Keep at most so many buckets; the one that was asked for longest ago goes first."""
        self._full_at: OrderedDict[str, float] = OrderedDict()
        self._callers_at_most = callers_at_most
        self._lock = threading.Lock()

    def take(self, key: str, limit: Limit, now: float) -> Verdict:
        """Take one token."""
        with self._lock:
            verdict, self._full_at[key] = judge(self._full_at.get(key), limit, now)
            self._full_at.move_to_end(key)
            if len(self._full_at) > self._callers_at_most:
                self._full_at.popitem(last=False)
        return verdict


class Base(DeclarativeBase):
    """The table."""


class Bucket(Base):
    """One caller's bucket for one limit."""

    __tablename__ = "rate_limit_buckets"

    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    full_at: Mapped[float] = mapped_column(Float, index=True)


class TableStore:
    """Buckets in a table: one limit for all workers, at the price of a write for each request."""

    def __init__(self, engine: Engine) -> None:
        """Keep what is needed."""
        self._sessions = sessionmaker(engine)

    def take(self, key: str, limit: Limit, now: float) -> Verdict:
        """Take one token. Of two at once the UPDATE lets one through, and the other looks again."""
        for _ in range(_RACES_AT_MOST):
            try:
                with self._sessions.begin() as session:
                    verdict = self._try(session, key, limit, now)
            except IntegrityError:
                continue
            if verdict is not None:
                return verdict
        # So many at once on one bucket is what a limit is for.
        return Verdict(False, 0, limit.interval)

    def sweep(self, now: float) -> None:
        """Delete the buckets that are full again; run it once an hour."""
        with self._sessions.begin() as session:
            session.execute(delete(Bucket).where(Bucket.full_at < now))

    def _try(self, session: Session, key: str, limit: Limit, now: float) -> Verdict | None:
        seen = session.scalars(select(Bucket.full_at).where(Bucket.key == key)).one_or_none()
        verdict, after = judge(seen, limit, now)
        if seen is None:
            session.execute(insert(Bucket).values(key=key, full_at=after))
            return verdict
        if not verdict.passes:
            return verdict
        unchanged = (Bucket.key == key, Bucket.full_at == seen)
        taken = session.scalars(update(Bucket).where(*unchanged).values(full_at=after).returning(Bucket.key))
        return verdict if taken.one_or_none() is not None else None


@dataclass(frozen=True)
class Limiter:
    """What the dependency needs, made once per app."""

    settings: Settings
    store: Store
    identify: Callable[[Request], str]
    clock: Callable[[], float]


def caller_address(request: Request) -> str:
    """Return the caller's address as the server knows it.

    Behind a proxy tell the server which proxy to believe (uvicorn --forwarded-allow-ips). X-Forwarded-For is not read
    here: the caller writes it, and would have a fresh bucket for each value. Of IPv6 the network counts, for one caller
    has 2**64 addresses of it. Once users sign in, identify them by id.
    """
    return f"address {network_of(request.client.host)}" if request.client else "address unknown"


def network_of(host: str) -> str:
    """Return the address of IPv4, the /64 network of IPv6, and any other name as it is."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    return host if address.version == 4 else str(ipaddress.ip_network((address, 64), strict=False))


def limited(choose: Callable[[Settings], Limit]) -> Callable[[Request, Response], None]:
    """Return a dependency that takes one token of the caller's bucket; raises 429, or 503 where it fails closed."""

    def take_token(request: Request, response: Response) -> None:
        limiter: Limiter = request.app.state.limiter
        limit = choose(limiter.settings)
        try:
            verdict = limiter.store.take(f"{limit.name} {limiter.identify(request)}", limit, limiter.clock())
        except SQLAlchemyError:
            logger.exception("the count can not be had", extra={"limit": limit.name, "fails_open": limit.fails_open})
            if limit.fails_open:
                return
            raise HTTPException(
                status.HTTP_503_SERVICE_UNAVAILABLE, "Try again in a moment.", {"Retry-After": "1"}
            ) from None
        headers = describe(limit, verdict)
        if not verdict.passes:
            raise HTTPException(status.HTTP_429_TOO_MANY_REQUESTS, "Too many requests. Wait, then try again.", headers)
        response.headers.update(headers)

    return take_token


def describe(limit: Limit, verdict: Verdict) -> dict[str, str]:
    """Return the headers of the IETF draft on rate limits; it is a draft still, and Retry-After is the standard."""
    window = ceil(limit.burst * limit.interval)
    headers = {
        "RateLimit-Policy": f'"{limit.name}";q={limit.burst};w={window}',
        "RateLimit": f'"{limit.name}";r={verdict.remaining};t={ceil(verdict.seconds)}',
    }
    return headers if verdict.passes else {**headers, "Retry-After": str(max(1, ceil(verdict.seconds)))}


class Answer(BaseModel):
    """An answer of this example."""

    text: str


TOO_MANY: dict[int | str, dict[str, object]] = {429: {"description": "Too many requests; Retry-After says how long"}}
router = APIRouter(tags=["limited"], responses=TOO_MANY)


@router.get("/search", dependencies=[Depends(limited(lambda settings: settings.search))])
def search(text: Annotated[str, Query(max_length=200)]) -> Answer:
    """Search. It is cheap, so callers come in when the count can not be had."""
    return Answer(text=text)


@router.post(
    "/reports", status_code=status.HTTP_202_ACCEPTED, dependencies=[Depends(limited(lambda settings: settings.report))]
)
def start_report() -> Answer:
    """Start a report. It is expensive, so nobody comes in when the count can not be had."""
    return Answer(text="started")


def create_app(
    store: Store,
    settings: Settings | None = None,
    identify: Callable[[Request], str] = caller_address,
    clock: Callable[[], float] = time.time,
) -> FastAPI:
    """Return the app; `identify` names the caller, an account wherever there is one."""
    app = FastAPI(title="Limited")
    app.state.limiter = Limiter(settings or Settings(), store, identify, clock)
    app.include_router(router)
    return app
