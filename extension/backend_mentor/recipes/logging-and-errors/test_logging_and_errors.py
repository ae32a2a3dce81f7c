"""What the logs hold, what they never hold, and what a caller sees when something breaks."""

import asyncio
import io
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any, TypeVar, TypeVarTuple

import pytest
from anyio.from_thread import start_blocking_portal
from fastapi import FastAPI, HTTPException
from fastapi.responses import StreamingResponse
from fastapi.testclient import TestClient
from json_logs import JsonFormatter, LogSettings, configure_logging, current_request
from logging_and_errors import BrokenAnswerError, OptionalCall, Settings, create_app
from pydantic import BaseModel, Field

SECRET = "hunter2-very-secret"

T = TypeVar("T")
Given = TypeVarTuple("Given")


def in_a_loop(work: Callable[[*Given], Awaitable[T]], *given: *Given) -> T:
    """Run it in a loop of its own, in another thread: a notebook's is running already."""
    with start_blocking_portal() as portal:
        return portal.call(work, *given)


class Clock:
    """A clock that stands until it is moved."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


class Recommendations:
    """A service that answers, fails or never answers."""

    def __init__(self) -> None:
        self.mode = "answers"
        self.calls = 0

    async def __call__(self, key: int) -> list[str]:
        self.calls += 1
        if self.mode == "fails":
            raise ConnectionError(f"postgres://app:{SECRET}@db.internal refused")
        if self.mode == "hangs":
            await asyncio.Event().wait()
        return [f"better than {key}"]


class SignUp(BaseModel):
    """A body with a secret in it."""

    email: str
    password: str = Field(max_length=5)


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    stream = io.StringIO()
    configure_logging(LogSettings(), stream)
    yield stream
    root.handlers[:] = before
    root.setLevel(level)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def service() -> Recommendations:
    return Recommendations()


@pytest.fixture
def app(service: Recommendations, clock: Clock, log: io.StringIO) -> FastAPI:
    made = create_app({1: "lamp"}, service, Settings(recommendation_seconds=0.01, failures_until_open=2), clock)

    @made.get("/broken")
    def break_down(token: str = "") -> None:
        raise RuntimeError(f"SELECT * FROM users WHERE password = '{SECRET}'")

    @made.post("/sign-up")
    def sign_up(body: SignUp) -> None:
        logging.getLogger("accounts").info("signed up", extra={"password": body.password})

    @made.get("/halfway")
    def stop_halfway() -> StreamingResponse:
        async def chunks() -> AsyncIterator[bytes]:
            yield b"first"
            raise RuntimeError(SECRET)

        return StreamingResponse(chunks())

    @made.get("/teapot")
    def refuse() -> None:
        raise HTTPException(401, "Sign in first.", {"WWW-Authenticate": "Bearer"})

    return made


@pytest.fixture
def client(app: FastAPI) -> TestClient:
    return TestClient(app)


def lines(log: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


def written(message: str, *values: object, **extra: object) -> dict[str, Any]:
    record = logging.makeLogRecord({"name": "x", "levelname": "INFO", "msg": message, "args": values, **extra})
    line = JsonFormatter(LogSettings(characters_at_most=200)).format(record)
    assert "\n" not in line
    found: dict[str, Any] = json.loads(line)
    return found


def test_every_request_leaves_one_line_with_its_route_and_its_id(client: TestClient, log: io.StringIO) -> None:
    answer = client.get("/products/1?email=ada@example.com")
    (line,) = lines(log)
    assert (line["message"], line["level"]) == ("request served", "INFO")
    assert (line["method"], line["route"], line["status"]) == ("GET", "/products/{product_id}", 200)
    assert line["request_id"] == answer.headers["x-request-id"]
    assert "ada" not in log.getvalue()


def test_the_id_of_a_caller_is_kept_so_that_services_can_be_followed(client: TestClient, log: io.StringIO) -> None:
    answer = client.get("/products/1", headers={"X-Request-ID": "checkout-0001"})
    assert answer.headers["x-request-id"] == "checkout-0001" == lines(log)[0]["request_id"]
    assert current_request.get() is None


@pytest.mark.parametrize("forged", ["short", "a" * 65, 'x", "level": "ERROR', "ada@example.com", "abcdefgh\tijkl"])
def test_an_id_that_is_not_well_formed_is_replaced(client: TestClient, log: io.StringIO, forged: str) -> None:
    answer = client.get("/products/1", headers={"X-Request-ID": forged})
    assert len(answer.headers["x-request-id"]) == 32
    assert forged not in log.getvalue()


def test_a_log_line_from_a_worker_thread_has_the_id_of_its_request(client: TestClient, log: io.StringIO) -> None:
    client.post("/sign-up", json={"email": "a@b.example", "password": "short"}, headers={"X-Request-ID": "thread-0001"})
    assert [line["request_id"] for line in lines(log)] == ["thread-0001", "thread-0001"]
    assert lines(log)[0]["password"] == "[redacted]"


def test_a_crash_tells_the_caller_the_id_and_nothing_else(client: TestClient, log: io.StringIO) -> None:
    answer = client.get("/broken")
    assert (answer.status_code, answer.headers["content-type"]) == (500, "application/problem+json")
    assert answer.json()["request_id"] == answer.headers["x-request-id"]
    assert SECRET not in answer.text
    assert "SELECT" not in answer.text


def test_a_crash_is_logged_once_with_its_place_and_without_its_text(client: TestClient, log: io.StringIO) -> None:
    client.get("/broken")
    error, line = lines(log)
    assert (error["message"], error["exception"][0]["kind"]) == ("unexpected error", "RuntimeError")
    assert error["exception"][0]["places"][-1].endswith(" break_down")
    assert (line["level"], line["status"], line["request_id"]) == ("ERROR", 500, error["request_id"])
    assert SECRET not in log.getvalue()


def test_an_answer_that_breaks_halfway_ends_the_connection_and_hides_the_text(
    client: TestClient, log: io.StringIO
) -> None:
    with pytest.raises(BrokenAnswerError) as caught:
        client.get("/halfway")
    assert SECRET not in str(caught.value)
    assert caught.value.__suppress_context__
    assert [line["level"] for line in lines(log)] == ["ERROR", "INFO"]
    assert SECRET not in log.getvalue()


@pytest.mark.parametrize(
    ("method", "path", "status", "title"),
    [("GET", "/nowhere", 404, "Not Found"), ("PUT", "/broken", 405, "Method Not Allowed")],
)
def test_errors_of_the_framework_have_the_same_form(
    client: TestClient, method: str, path: str, status: int, title: str
) -> None:
    answer = client.request(method, path)
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, answer.json()["status"], answer.json()["title"]) == (status, status, title)


def test_an_error_keeps_the_headers_that_clients_need(client: TestClient) -> None:
    answer = client.get("/teapot")
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert answer.json()["detail"] == "Sign in first."


def test_a_problem_of_the_domain_has_a_kind_that_clients_compare(client: TestClient) -> None:
    answer = client.get("/products/2")
    assert (answer.status_code, answer.json()["type"]) == (404, "urn:problem:product-not-found")


def test_a_wrong_request_is_told_where_and_does_not_see_its_password_again(
    client: TestClient, log: io.StringIO
) -> None:
    answer = client.post("/sign-up", json={"email": "a@b.example", "password": SECRET})
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert [fault["where"] for fault in answer.json()["faults"]] == ["body.password"]
    assert SECRET not in answer.text + log.getvalue()
    assert lines(log)[0]["level"] == "INFO"


def test_a_key_beyond_the_column_is_a_wrong_request(client: TestClient) -> None:
    assert client.get(f"/products/{2**31}").status_code == 422


@pytest.mark.parametrize("mode", ["fails", "hangs"])
def test_a_page_is_served_without_its_extra_where_that_fails_or_hangs(
    client: TestClient, service: Recommendations, log: io.StringIO, mode: str
) -> None:
    service.mode = mode
    answer = client.get("/products/1")
    assert (answer.status_code, answer.json()) == (200, {"id": 1, "name": "lamp", "recommended": None})
    assert [line["level"] for line in lines(log)] == ["WARNING", "INFO"]
    assert SECRET not in log.getvalue()


def test_a_service_that_keeps_failing_is_left_alone_and_tried_again_later(
    client: TestClient, service: Recommendations, clock: Clock
) -> None:
    service.mode = "fails"
    for _ in range(5):
        client.get("/products/1")
    assert service.calls == 2
    clock.now += 30
    client.get("/products/1")
    client.get("/products/1")
    assert service.calls == 3
    clock.now += 30
    service.mode = "answers"
    assert client.get("/products/1").json()["recommended"] == ["better than 1"]
    service.mode = "fails"
    client.get("/products/1")
    client.get("/products/1")
    assert service.calls == 6


def test_a_flood_does_not_pile_up_behind_a_slow_service(service: Recommendations, clock: Clock) -> None:
    service.mode = "hangs"

    async def flood() -> list[list[str] | None]:
        guarded = OptionalCall(service, Settings(recommendation_seconds=0.01, calls_at_most=3), clock)
        return list(await asyncio.gather(*(guarded.ask(number) for number in range(50))))

    assert in_a_loop(flood) == [None] * 50
    assert service.calls == 3


def test_a_caller_who_leaves_is_no_failure_of_the_service(service: Recommendations, clock: Clock) -> None:
    service.mode = "hangs"

    async def leave() -> OptionalCall:
        guarded = OptionalCall(service, Settings(recommendation_seconds=60), clock)
        waiting = asyncio.ensure_future(guarded.ask(1))
        await asyncio.wait([waiting], timeout=0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        return guarded

    left = in_a_loop(leave)
    assert (left.failures, left.waiting) == (0, 0)


@pytest.mark.parametrize(
    "secret",
    [
        "Authorization: Bearer abc.def-ghi",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
        "postgresql://app:hunter2@db/shop",
        "ada.lovelace@mail.example.com",
        "4111 1111 1111 1111",
    ],
)
def test_a_secret_inside_of_a_text_is_redacted(secret: str) -> None:
    told = written("failed for %s today", secret)["message"]
    assert "[redacted]" in told
    assert secret not in told
    assert told.endswith("today")


def test_ordinary_text_and_numbers_are_left_as_they_are() -> None:
    line = written("order 4711 took 12.5 ms @ shop", order_id=4711, ratio=0.5, none=None, done=True)
    assert line["message"] == "order 4711 took 12.5 ms @ shop"
    assert (line["order_id"], line["ratio"], line["none"], line["done"]) == (4711, 0.5, None, True)


@pytest.mark.parametrize("name", ["password", "newPassword", "API_KEY", "refresh_token", "Set-Cookie", "card_number"])
def test_a_field_whose_name_says_secret_is_redacted(name: str) -> None:
    assert written("x", **{name: 123456})[name] == "[redacted]"


def test_a_newline_forges_no_line_and_a_long_text_is_cut() -> None:
    assert written("user %s", 'x\n{"level": "ERROR"}')["message"] == 'user x\n{"level": "ERROR"}'
    assert len(written("y" * 10_000)["message"]) == 200


def test_objects_do_not_write_themselves_and_no_number_breaks_the_json() -> None:
    line = written("x", user=SignUp(email="a@b.example", password="short"), share=float("nan"))
    assert (line["user"], line["share"]) == ("[SignUp]", "[float]")


def test_a_wrong_placeholder_loses_neither_the_line_nor_a_value() -> None:
    assert written("user %d", SECRET)["message"] == "user %d"


def test_causes_are_followed_and_a_ring_of_them_ends() -> None:
    first, second = ValueError(SECRET), KeyError(SECRET)
    first.__cause__, second.__cause__ = second, first
    line = written("x", exc_info=(ValueError, first, None))
    assert [cause["kind"] for cause in line["exception"]] == ["ValueError", "KeyError"] * 2 + ["ValueError"]
    assert SECRET not in json.dumps(line)
