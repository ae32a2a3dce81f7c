"""What the probes answer when parts are up, down, slow or missing, and what the metrics count."""

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import TypeVar, TypeVarTuple

import pytest
from anyio.from_thread import start_blocking_portal
from fastapi import FastAPI
from fastapi.testclient import TestClient
from health_and_metrics import DatabaseCheck, Health, Part, Settings, create_app, create_metrics_app
from metrics import Counter, Gauge, Histogram, write_metrics
from sqlalchemy import Engine, create_engine, event

SECRET = "postgres://app:hunter2@db.internal"

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


class Cache:
    """A part that answers, fails or never answers."""

    def __init__(self) -> None:
        self.mode = "answers"
        self.asked = 0

    async def __call__(self) -> None:
        self.asked += 1
        if self.mode == "fails":
            raise ConnectionError(SECRET)
        if self.mode == "hangs":
            await asyncio.Event().wait()


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = create_engine(f"sqlite:///{tmp_path / 'app.db'}")
    yield made
    made.dispose()


@pytest.fixture
def cache() -> Cache:
    return Cache()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def app(engine: Engine, cache: Cache, clock: Clock) -> FastAPI:
    made = create_app(engine, {"cache": Part(cache, essential=False)}, Settings(check_seconds=5), clock)

    @made.get("/orders/{number}")
    def read_order(number: int) -> int:
        clock.now += 0.03
        if number == 13:
            raise RuntimeError(SECRET)
        return number

    return made


@pytest.fixture
def client(app: FastAPI) -> TestClient:
    return TestClient(app, raise_server_exceptions=False)


def broken(engine: Engine) -> None:
    @event.listens_for(engine, "do_connect")
    def refuse(*_: object) -> None:
        raise ConnectionError(SECRET)


def metrics_of(app: FastAPI) -> list[str]:
    answer = TestClient(create_metrics_app(app)).get("/metrics")
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert answer.text.endswith("\n")
    return answer.text.splitlines()


def test_with_every_part_up_both_probes_answer_200(client: TestClient) -> None:
    assert client.get("/livez").json() == {"status": "ok"}
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json()) == (200, {"status": "ok", "parts": {"database": "ok", "cache": "ok"}})
    assert ready.headers["cache-control"] == "no-store"


def test_without_its_database_it_is_alive_but_not_ready(client: TestClient, engine: Engine) -> None:
    broken(engine)
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json()["parts"]["database"]) == (503, "down")
    assert client.get("/livez").status_code == 200


@pytest.mark.parametrize("mode", ["fails", "hangs"])
def test_without_an_optional_part_it_is_ready_and_says_degraded(
    engine: Engine, cache: Cache, clock: Clock, mode: str
) -> None:
    cache.mode = mode

    async def answers() -> None:
        return None

    parts = {"database": Part(answers, essential=True), "cache": Part(cache, essential=False)}
    readiness = in_a_loop(Health(parts, Settings(check_seconds=0.01), clock).read)
    assert (readiness.status, readiness.parts) == ("degraded", {"database": "ok", "cache": "degraded"})


def test_a_degraded_service_still_gets_requests(client: TestClient, cache: Cache) -> None:
    cache.mode = "fails"
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json()["status"]) == (200, "degraded")


def test_an_essential_part_that_hangs_is_down_when_its_time_is_over(cache: Cache, clock: Clock) -> None:
    cache.mode = "hangs"
    parts = {"queue": Part(cache, essential=True)}
    assert in_a_loop(Health(parts, Settings(check_seconds=0.01), clock).read).status == "down"


def test_neither_the_answer_nor_the_log_says_what_a_driver_said(
    client: TestClient, engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    broken(engine)
    with caplog.at_level(logging.WARNING, logger="health"):
        answer = client.get("/readyz")
    assert "hunter2" not in answer.text + caplog.text
    assert [vars(record)["kind"] for record in caplog.records] == ["ConnectionError"]


def test_a_flood_of_probes_costs_one_check(cache: Cache, clock: Clock) -> None:
    health = Health({"cache": Part(cache, essential=False)}, Settings(fresh_seconds=2), clock)

    async def flood() -> None:
        await asyncio.gather(*(health.read() for _ in range(100)))

    in_a_loop(flood)
    assert cache.asked == 1


def test_a_result_is_used_again_while_it_is_fresh_and_no_longer(client: TestClient, cache: Cache, clock: Clock) -> None:
    client.get("/readyz")
    cache.mode = "fails"
    clock.now += 1.9
    assert client.get("/readyz").json()["status"] == "ok"
    clock.now += 0.1
    assert client.get("/readyz").json()["status"] == "degraded"
    cache.mode = "answers"
    clock.now += 2
    assert client.get("/readyz").json()["status"] == "ok"


def test_a_process_that_ends_is_not_ready_and_still_alive(client: TestClient, app: FastAPI) -> None:
    app.state.health.draining = True
    assert client.get("/readyz").status_code == 503
    assert client.get("/livez").status_code == 200


def test_a_database_that_hangs_takes_one_thread_however_often_it_is_asked(engine: Engine) -> None:
    gate = threading.Event()
    asked = []

    @event.listens_for(engine, "do_connect")
    def hang(*_: object) -> None:
        asked.append(1)
        gate.wait()
        raise ConnectionError(SECRET)

    async def probe() -> None:
        check = DatabaseCheck(engine)
        for _ in range(5):
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.01):
                    await check()
        gate.set()
        with pytest.raises(ConnectionError):
            await check()

    in_a_loop(probe)
    assert len(asked) == 1


def test_a_check_gives_its_connection_back(client: TestClient, app: FastAPI, clock: Clock) -> None:
    for _ in range(20):
        clock.now += 10
        assert client.get("/readyz").status_code == 200
    assert "database_connections_in_use 0" in metrics_of(app)


def test_requests_are_counted_by_route_and_status(client: TestClient, app: FastAPI) -> None:
    for number in (1, 2, 3, 13):
        client.get(f"/orders/{number}")
    client.get("/orders/ada@example.com")
    lines = metrics_of(app)
    assert 'http_requests_total{method="GET",route="/orders/{number}",status="200"} 3' in lines
    assert 'http_requests_total{method="GET",route="/orders/{number}",status="500"} 1' in lines
    assert 'http_requests_total{method="GET",route="/orders/{number}",status="422"} 1' in lines
    assert "http_requests_in_hand 0" in lines
    assert not [line for line in lines if "ada" in line]


def test_buckets_hold_all_that_is_below_their_bound(client: TestClient, app: FastAPI) -> None:
    for number in (1, 2):
        client.get(f"/orders/{number}")
    told = 'http_request_seconds_bucket{method="GET",route="/orders/{number}",le='
    found = {line.removeprefix(told).split("}")[0]: line.split()[-1] for line in metrics_of(app) if told in line}
    assert (found['"0.025"'], found['"0.05"'], found['"10"'], found['"+Inf"']) == ("0", "2", "2", "2")


def test_callers_can_not_make_up_new_series(client: TestClient, app: FastAPI) -> None:
    for number in range(50):
        client.get(f"/made-up/{number}")
        client.request(f"MADEUP{number}", "/livez")
    told = [line for line in metrics_of(app) if line.startswith("http_requests_total")]
    assert told == [
        'http_requests_total{method="GET",route="unknown",status="404"} 50',
        'http_requests_total{method="other",route="/livez",status="405"} 50',
    ]


def test_the_metrics_are_not_on_the_port_of_the_service(client: TestClient) -> None:
    assert client.get("/metrics").status_code == 404


def test_a_family_is_bounded_and_what_is_beyond_counts_as_other() -> None:
    counter = Counter("clicks_total", "Clicks.", ("page",), series_at_most=2)
    for page in ("a", "b", "c", "d", "a"):
        counter.add(page)
    assert list(counter.lines())[2:] == [
        'clicks_total{page="a"} 2',
        'clicks_total{page="b"} 1',
        'clicks_total{page="other"} 2',
    ]


def test_a_label_can_not_forge_a_sample() -> None:
    counter = Counter("clicks_total", "Clicks.", ("page",))
    counter.add('a"} 1\nadmin 1 \\')
    assert list(counter.lines())[2:] == ['clicks_total{page="a\\"} 1\\nadmin 1 \\\\"} 1']


def test_threads_lose_no_count() -> None:
    counter = Counter("clicks_total", "Clicks.")

    def click() -> None:
        for _ in range(2_000):
            counter.add()

    threads = [threading.Thread(target=click) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counter.read()[()][0] == 8_000


@pytest.mark.parametrize(
    ("value", "told"), [(123_456_789, "123456789"), (0.25, "0.25"), (float("-inf"), "-Inf"), (float("nan"), "nan")]
)
def test_numbers_keep_their_last_digit(value: float, told: str) -> None:
    gauge = Gauge("depth", "How deep.")
    gauge.set(to=value)
    assert list(gauge.lines())[2:] == [f"depth {told}"]


@pytest.mark.parametrize("amount", [-1, float("nan")])
def test_a_counter_does_not_shrink(amount: float) -> None:
    counter = Counter("clicks_total", "Clicks.")
    with pytest.raises(ValueError, match="does not shrink"):
        counter.add(amount=amount)


@pytest.mark.parametrize("name", ["1st", "with space", "x\ny", ""])
def test_names_that_prometheus_does_not_take_are_refused_at_start(name: str) -> None:
    with pytest.raises(ValueError, match="no name"):
        Counter(name, "help")
    with pytest.raises(ValueError, match="no name"):
        Gauge("good", "help", (name,))


def test_bounds_that_do_not_rise_and_wrong_labels_are_refused() -> None:
    with pytest.raises(ValueError, match="rise"):
        Histogram("seconds", "help", (1, 1))
    with pytest.raises(ValueError, match="has the labels"):
        Counter("clicks_total", "help", ("page",)).add("a", "b")


def test_a_value_on_a_bound_belongs_to_its_bucket_and_gauges_are_read_when_asked() -> None:
    histogram, gauge = Histogram("seconds", "help", (1, 2)), Gauge("depth", "How\ndeep.")
    histogram.observe(value=1)
    page = write_metrics((histogram, gauge), {gauge: lambda: 7})
    assert 'seconds_bucket{le="1"} 1\n' in page
    assert page.endswith("# HELP depth How\\ndeep.\n# TYPE depth gauge\ndepth 7\n")
