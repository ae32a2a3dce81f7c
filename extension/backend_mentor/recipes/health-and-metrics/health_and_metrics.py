"""Tells the platform whether to restart this process, whether to send it requests, and how it is doing."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from http import HTTPStatus

from fastapi import APIRouter, FastAPI, Request, Response, status
from metrics import Counter, Gauge, Histogram, write_metrics
from pydantic import BaseModel
from sqlalchemy import Engine, text
from starlette.types import ASGIApp, Message, Receive, Scope, Send

logger = logging.getLogger("health")

Clock = Callable[[], float]
Check = Callable[[], Awaitable[None]]
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


@dataclass(frozen=True)
class Settings:
    """What an operator sets. Times are in seconds."""

    check_seconds: float = 1
    """Of each check; keep it below the timeout of the platform's probe, or the answer comes too late to be read."""
    fresh_seconds: float = 2
    """How long a result is used again: anybody can call a probe, and each check costs the database a connection."""
    buckets: tuple[float, ...] = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Standing(StrEnum):
    """How a part does; a degraded one is missing, and the service works without it."""

    OK = "ok"
    DEGRADED = "degraded"
    DOWN = "down"


class Readiness(BaseModel):
    """Whether requests are to be sent here, and how each part does. Why stands in the log alone."""

    status: Standing
    parts: dict[str, Standing]


class Liveness(BaseModel):
    """That this process answers."""

    status: Standing


@dataclass(frozen=True)
class Part:
    """Something that the service leans on. Without an essential one it can do nothing useful."""

    check: Check
    essential: bool


@dataclass
class Health:
    """What is known of the parts. It lives on one event loop."""

    parts: Mapping[str, Part]
    settings: Settings
    clock: Clock
    draining: bool = False
    """Set at SIGTERM, before connections are closed: the platform stops sending, and what is in hand is finished."""
    known: Readiness | None = None
    known_at: float = 0
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def read(self) -> Readiness:
        """Return how the parts do, checked at most once in `fresh_seconds` however many ask."""
        async with self.lock:
            if self.known is None or self.clock() - self.known_at >= self.settings.fresh_seconds:
                self.known = await self._check()
                self.known_at = self.clock()
            return self.known

    async def _check(self) -> Readiness:
        standings = await asyncio.gather(*(self._check_part(name, part) for name, part in self.parts.items()))
        worst = max(standings, key=list(Standing).index, default=Standing.OK)
        return Readiness(status=worst, parts=dict(zip(self.parts, standings, strict=True)))

    async def _check_part(self, name: str, part: Part) -> Standing:
        try:
            async with asyncio.timeout(self.settings.check_seconds):
                await part.check()
        except Exception as error:  # noqa: BLE001 - whatever it raised, the part is down
            # The kind alone: a driver's text holds the address and can hold the password.
            logger.warning("part is down", extra={"part": name, "kind": type(error).__name__})
            return Standing.DOWN if part.essential else Standing.DEGRADED
        return Standing.OK


@dataclass
class DatabaseCheck:
    """Asks the database for one row, on a thread.

    A thread can not be stopped: while one still hangs, no second is started, or a dead network would use them all up.
    """

    engine: Engine
    running: asyncio.Task[None] | None = None

    async def __call__(self) -> None:
        """Ask; raises what the driver raises."""
        if self.running is None or self.running.done():
            self.running = asyncio.create_task(asyncio.to_thread(self._ask))
            self.running.add_done_callback(forget_outcome)
        await asyncio.shield(self.running)

    def _ask(self) -> None:
        with self.engine.connect() as connection:
            connection.execute(text("SELECT 1"))


def forget_outcome(task: asyncio.Task[None]) -> None:
    """Take what a check raised after nobody waited for it any more, or asyncio would log its text."""
    if not task.cancelled():
        task.exception()


@dataclass(frozen=True)
class Meters:
    """What is measured of every request: the rate, the errors, how long they take and how many are in hand."""

    requests: Counter
    seconds: Histogram
    in_hand: Gauge
    pool: Gauge


def make_meters(settings: Settings) -> Meters:
    """Return meters of this app; an app has its own, so that two in one process do not add up."""
    labels = ("method", "route", "status")
    return Meters(
        Counter("http_requests_total", "Requests that were answered.", labels),
        Histogram("http_request_seconds", "Time until an answer was sent.", settings.buckets, labels[:2]),
        Gauge("http_requests_in_hand", "Requests that are being answered."),
        Gauge("database_connections_in_use", "Connections that are out of the pool."),
    )


class Measuring:
    """Measures each request around all other layers."""

    def __init__(self, app: ASGIApp, meters: Meters, clock: Clock) -> None:
        """Stand around this app; the clock is monotonic, in seconds."""
        self._app = app
        self._meters = meters
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Measure one request; one that breaks counts as 500, and one whose caller left as 499."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = self._clock()
        outcome = HTTPStatus.INTERNAL_SERVER_ERROR.value

        async def send_and_note(message: Message) -> None:
            nonlocal outcome
            if message["type"] == "http.response.start":
                outcome = message["status"]
            await send(message)

        self._meters.in_hand.add()
        try:
            await self._app(scope, receive, send_and_note)
        except asyncio.CancelledError:
            outcome = 499
            raise
        except Exception:
            outcome = HTTPStatus.INTERNAL_SERVER_ERROR.value
            raise
        finally:
            self._meters.in_hand.add(amount=-1)
            # The route's template, and a method of the list: a caller makes up as many others as it likes.
            route = getattr(scope.get("route"), "path", "unknown")
            method = scope["method"] if scope["method"] in _METHODS else "other"
            self._meters.requests.add(method, route, str(outcome))
            self._meters.seconds.observe(method, route, value=self._clock() - begun)


probes = APIRouter(tags=["probes"])


@probes.get("/livez")
async def read_liveness() -> Liveness:
    """Tell that the event loop turns. It asks nothing else: a database that is down is no reason to restart."""
    return Liveness(status=Standing.OK)


@probes.get("/readyz", responses={status.HTTP_503_SERVICE_UNAVAILABLE: {"model": Readiness}})
async def read_readiness(request: Request, response: Response) -> Readiness:
    """Tell whether requests are to be sent here: 503 while an essential part is down or the process is ending."""
    health: Health = request.app.state.health
    readiness = await health.read()
    response.headers["Cache-Control"] = "no-store"
    if health.draining:
        readiness = readiness.model_copy(update={"status": Standing.DOWN})
    if readiness.status is Standing.DOWN:
        response.status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    return readiness


def create_app(
    engine: Engine,
    others: Mapping[str, Part] | None = None,
    settings: Settings | None = None,
    clock: Clock = time.monotonic,
) -> FastAPI:
    """Return the app; its database is essential, and `others` say for themselves whether they are."""
    app = FastAPI(title="Watched")
    chosen = settings or Settings()
    meters = make_meters(chosen)
    parts = {"database": Part(DatabaseCheck(engine), essential=True), **(others or {})}
    app.state.health = Health(parts, chosen, clock)
    app.state.engine = engine
    app.state.meters = meters
    app.include_router(probes)
    app.add_middleware(Measuring, meters=meters, clock=clock)  # last added, so it is outermost
    return app


def create_metrics_app(watched: FastAPI) -> FastAPI:
    """Return the page of metrics, as an app of its own for a port that is open inside only."""
    app = FastAPI(title="Metrics", docs_url=None, redoc_url=None, openapi_url=None)

    @app.get("/metrics")
    async def read_metrics() -> Response:
        """Return all metrics of this process in the text format 0.0.4."""
        meters: Meters = watched.state.meters
        in_use = {meters.pool: lambda: float(getattr(watched.state.engine.pool, "checkedout", int)())}
        page = write_metrics((meters.requests, meters.seconds, meters.in_hand, meters.pool), in_use)
        return Response(page, media_type="text/plain; version=0.0.4; charset=utf-8")

    return app
