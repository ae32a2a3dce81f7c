"""Errors that tell the caller what to do and the team where to look, and a page that lives on without an extra."""

import asyncio
import logging
import re
import time
import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Path, Request, status
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from json_logs import current_request
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

logger = logging.getLogger("shop")

Clock = Callable[[], float]
Recommend = Callable[[int], Awaitable[list[str]]]
# Whatever else a caller sends as its id would stand in the logs and in the headers of the answer.
_REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
_GREATEST_KEY = 2**31 - 1


@dataclass(frozen=True)
class Settings:
    """What an operator sets. Times are in seconds."""

    recommendation_seconds: float = 0.3
    failures_until_open: int = 5
    open_seconds: float = 30
    calls_at_most: int = 50
    """Calls of the optional service that may wait at once; beyond them it is left out."""
    faults_at_most: int = 20
    """Of one wrong request that are told."""


class Fault(BaseModel):
    """What is wrong in one place of a request. What was sent is not repeated: it can be a password."""

    where: str
    message: str


class Problem(BaseModel):
    """An error as RFC 9457 has it; `request_id` is what a caller tells the support."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str | None = None
    request_id: str | None = None
    faults: list[Fault] | None = None


class ProblemError(Exception):
    """Something that a caller can understand: raise it anywhere below a handler. `detail` is shown to the caller."""

    def __init__(self, status_code: int, kind: str, title: str, detail: str) -> None:
        """Name the kind of problem; clients compare it, so it never changes."""
        super().__init__(kind)
        self.problem = Problem(type=f"urn:problem:{kind}", title=title, status=status_code, detail=detail)


class BrokenAnswerError(Exception):
    """An answer broke after it had begun: only the end of the connection can tell the caller."""


def answer_with(problem: Problem, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """Return the problem as an answer of its own media type, with the id of the request."""
    body = problem.model_copy(update={"request_id": current_request.get()}).model_dump(exclude_none=True)
    return JSONResponse(body, problem.status, headers, media_type="application/problem+json")


async def tell_problem(request: Request, error: Exception) -> JSONResponse:
    """Answer with what was raised for the caller."""
    assert isinstance(error, ProblemError)  # noqa: S101 - it is registered for this kind alone
    return answer_with(error.problem)


async def tell_http_error(request: Request, error: Exception) -> JSONResponse:
    """Answer with the framework's own errors, as 404 and 405, in the same form and with their headers."""
    assert isinstance(error, HTTPException)  # noqa: S101 - it is registered for this kind alone
    title = HTTPStatus(error.status_code).phrase
    detail = error.detail if isinstance(error.detail, str) and error.detail != title else None
    return answer_with(Problem(title=title, status=error.status_code, detail=detail), error.headers)


async def tell_faults(request: Request, error: Exception) -> JSONResponse:
    """Answer with where a request is wrong and why, and without what was sent."""
    assert isinstance(error, RequestValidationError)  # noqa: S101 - it is registered for this kind alone
    settings: Settings = request.app.state.settings
    faults = [
        Fault(where=".".join(str(part)[:100] for part in each["loc"][:20]), message=each["msg"][:500])
        for each in error.errors()[: settings.faults_at_most]
    ]
    return answer_with(Problem(title="The request is wrong", status=422, faults=faults))


class RequestLog:
    """The outermost layer: gives each request its id, writes one line about it, and has the last word on errors.

    Starlette's own handler for Exception answers outside of every middleware and raises on: the id would be missing,
    and the server would log the exception once more, with its text.
    """

    def __init__(self, app: ASGIApp, clock: Clock) -> None:
        """Stand around this app; the clock is monotonic, in seconds."""
        self._app = app
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = read_request_id(scope)
        mark = current_request.set(request_id)
        try:
            await self._serve(scope, receive, send, request_id)
        finally:
            current_request.reset(mark)

    async def _serve(self, scope: Scope, receive: Receive, send: Send, request_id: str) -> None:
        begun = self._clock()
        status_code: int | None = None

        async def send_with_id(message: Message) -> None:
            nonlocal status_code
            if message["type"] == "http.response.start":
                status_code = message["status"]
                message["headers"] = [*message.get("headers", ()), (b"x-request-id", request_id.encode())]
            await send(message)

        try:
            await self._app(scope, receive, send_with_id)
        except Exception:
            logger.exception("unexpected error")
            if status_code is not None:
                raise BrokenAnswerError from None
            problem = Problem(title="Internal error", status=500, detail="Something broke here. It is in our log.")
            await answer_with(problem)(scope, receive, send_with_id)
        finally:
            self._write_line(scope, status_code, self._clock() - begun)

    def _write_line(self, scope: Scope, status_code: int | None, seconds: float) -> None:
        # The route, not the path: a path and its query hold what belongs to people, and would be a value for each.
        route = getattr(scope.get("route"), "path", "unknown")
        level = (
            logging.INFO
            if status_code is not None and status_code < HTTPStatus.INTERNAL_SERVER_ERROR
            else logging.ERROR
        )
        facts = {
            "method": scope["method"],
            "route": route,
            "status": status_code,
            "milliseconds": round(seconds * 1000, 1),
        }
        logger.log(level, "request served", extra=facts)


def read_request_id(scope: Scope) -> str:
    """Return the caller's id of this request where it is well formed, and a new one otherwise."""
    sent = [value.decode("latin-1") for name, value in scope["headers"] if name == b"x-request-id"]
    return sent[0] if len(sent) == 1 and _REQUEST_ID.fullmatch(sent[0]) else uuid.uuid4().hex


@dataclass
class OptionalCall:
    """A service that a page can do without. While it fails it is not called, so nobody waits for it.

    It lives on one event loop; its counts belong to this process.
    """

    call: Recommend
    settings: Settings
    clock: Clock
    failures: int = 0
    open_until: float = 0
    waiting: int = 0

    async def ask(self, key: int) -> list[str] | None:
        """Return its answer, or None where it fails, takes too long, is flooded or has failed too often."""
        if self.clock() < self.open_until or self.waiting >= self.settings.calls_at_most:
            return None
        self.waiting += 1
        try:
            async with asyncio.timeout(self.settings.recommendation_seconds):
                answer = await self.call(key)
        except Exception:
            logger.warning("recommendations left out", exc_info=True, extra={"failures": self.failures + 1})
            self._count_failure()
            return None
        finally:
            self.waiting -= 1
        self.failures = 0
        return answer

    def _count_failure(self) -> None:
        self.failures += 1
        if self.failures >= self.settings.failures_until_open:
            # One call after the pause decides: the count stays, so a single failure opens it again.
            self.open_until = self.clock() + self.settings.open_seconds


class ProductRead(BaseModel):
    """A product; `recommended` is null while recommendations can not be had, and empty where there are none."""

    id: int
    name: str
    recommended: list[str] | None


@dataclass(frozen=True)
class Shop:
    """What handlers need of this app."""

    products: Mapping[int, str]
    recommendations: OptionalCall


def get_shop(request: Request) -> Shop:
    """Return what the app was made with."""
    shop: Shop = request.app.state.shop
    return shop


router = APIRouter(prefix="/products", tags=["products"])


@router.get("/{product_id}", responses={status.HTTP_404_NOT_FOUND: {"model": Problem}})
async def read_product(
    product_id: Annotated[int, Path(ge=1, le=_GREATEST_KEY)], shop: Annotated[Shop, Depends(get_shop)]
) -> ProductRead:
    """Read a product, with recommendations where they can be had in time."""
    name = shop.products.get(product_id)
    if name is None:
        raise ProblemError(status.HTTP_404_NOT_FOUND, "product-not-found", "No such product", "Look it up in the list.")
    return ProductRead(id=product_id, name=name, recommended=await shop.recommendations.ask(product_id))


def create_app(
    products: Mapping[int, str],
    recommend: Recommend,
    settings: Settings | None = None,
    clock: Clock = time.monotonic,
) -> FastAPI:
    """Return the app; call `configure_logging` before it, and start uvicorn with log_config=None."""
    app = FastAPI(title="Shop")
    app.state.settings = settings or Settings()
    app.state.shop = Shop(products, OptionalCall(recommend, app.state.settings, clock))
    app.add_exception_handler(ProblemError, tell_problem)
    app.add_exception_handler(HTTPException, tell_http_error)
    app.add_exception_handler(RequestValidationError, tell_faults)
    app.include_router(router)
    app.add_middleware(RequestLog, clock=clock)  # last added, so it is outermost
    return app
