"""The bucket by a fake clock, the race for its last token, and what happens when it can not be reached."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import Request
from fastapi.testclient import TestClient
from rate_limit import Base, Bucket, Limit, MemoryStore, Settings, Store, TableStore, create_app, judge, network_of
from sqlalchemy import Engine, create_engine, func, select
from sqlalchemy.orm import Session

LIMIT = Limit("test", rate=2.0, burst=5, fails_open=False)


class Clock:
    """A clock that stands until it is moved."""

    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = create_engine(f"sqlite:///{tmp_path / 'limits.db'}", connect_args={"timeout": 30})
    Base.metadata.create_all(made)
    yield made
    made.dispose()


@pytest.fixture(params=["memory", "table"])
def store(request: pytest.FixtureRequest, engine: Engine) -> Store:
    return MemoryStore(1_000) if request.param == "memory" else TableStore(engine)


def test_a_burst_passes_and_the_next_is_told_when_to_come(store: Store) -> None:
    verdicts = [store.take("ada", LIMIT, 100.0) for _ in range(6)]
    assert [verdict.passes for verdict in verdicts] == [True] * 5 + [False]
    assert [verdict.remaining for verdict in verdicts] == [4, 3, 2, 1, 0, 0]
    assert verdicts[-1].seconds == pytest.approx(0.5)


def test_whoever_waits_as_told_passes_and_a_moment_earlier_does_not(store: Store) -> None:
    for _ in range(5):
        store.take("ada", LIMIT, 100.0)
    assert not store.take("ada", LIMIT, 100.49).passes
    assert store.take("ada", LIMIT, 100.5).passes
    assert not store.take("ada", LIMIT, 100.5).passes


def test_in_the_long_run_no_more_than_the_rate_passes(store: Store) -> None:
    passed = sum(store.take("ada", LIMIT, 100.0 + tick / 10).passes for tick in range(1_000))
    # 100 seconds at 2 a second, and the burst that was there at the start.
    assert 200 <= passed <= 205


def test_refused_requests_take_nothing(store: Store) -> None:
    for _ in range(50):
        store.take("ada", LIMIT, 100.0)
    assert store.take("ada", LIMIT, 100.5).passes


def test_an_idle_caller_gets_a_full_bucket_and_no_more(store: Store) -> None:
    store.take("ada", LIMIT, 100.0)
    assert [store.take("ada", LIMIT, 9_000.0).passes for _ in range(6)] == [True] * 5 + [False]


def test_callers_do_not_share_a_bucket(store: Store) -> None:
    for _ in range(6):
        store.take("ada", LIMIT, 100.0)
    assert store.take("bob", LIMIT, 100.0).passes


def test_a_clock_that_is_set_back_opens_nothing(store: Store) -> None:
    for _ in range(5):
        store.take("ada", LIMIT, 100.0)
    assert not store.take("ada", LIMIT, 50.0).passes


def test_of_many_at_once_no_more_than_the_burst_pass(store: Store) -> None:
    verdicts: list[bool] = []
    threads = [
        threading.Thread(target=lambda: verdicts.append(store.take("ada", LIMIT, 100.0).passes)) for _ in range(24)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(verdicts) == 24
    assert 1 <= verdicts.count(True) <= 5


def test_memory_is_bounded_and_the_longest_unseen_is_forgotten_first() -> None:
    store = MemoryStore(2)
    for _ in range(5):
        store.take("ada", LIMIT, 100.0)
    store.take("bob", LIMIT, 100.0)
    assert not store.take("ada", LIMIT, 100.0).passes
    store.take("eve", LIMIT, 100.0)
    assert not store.take("ada", LIMIT, 100.0).passes
    assert store.take("bob", LIMIT, 100.0).remaining == 4


def test_full_buckets_are_swept_and_others_stay(engine: Engine) -> None:
    store = TableStore(engine)
    store.take("ada", LIMIT, 100.0)
    store.take("bob", LIMIT, 200.0)
    store.sweep(150.0)
    with Session(engine) as session:
        assert session.scalars(select(Bucket.key)).all() == ["bob"]


def test_two_workers_on_one_table_share_the_limit(engine: Engine) -> None:
    workers = [TableStore(engine), TableStore(engine)]
    assert sum(workers[number % 2].take("ada", LIMIT, 100.0).passes for number in range(10)) == 5


def test_the_arithmetic_holds_for_rates_that_are_no_round_fractions() -> None:
    limit = Limit("odd", rate=3.0, burst=4, fails_open=True)
    full_at: float | None = None
    passed = 0
    for tick in range(3_000):
        verdict, full_at = judge(full_at, limit, 1_700_000_000.0 + tick / 3)
        passed += verdict.passes
    assert passed == 3_000


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_an_endpoint_answers_429_with_the_time_to_wait_and_opens_again(store: Store, clock: Clock) -> None:
    client = TestClient(create_app(store, clock=clock))
    first = client.post("/reports")
    assert first.status_code == 202
    assert first.headers["ratelimit"] == '"report";r=2;t=10'
    assert first.headers["ratelimit-policy"] == '"report";q=3;w=30'
    assert [client.post("/reports").status_code for _ in range(3)] == [202, 202, 429]
    refused = client.post("/reports")
    assert refused.headers["retry-after"] == "10"
    clock.now += 10
    assert client.post("/reports").status_code == 202


def test_one_limit_does_not_use_up_another(store: Store, clock: Clock) -> None:
    client = TestClient(create_app(store, clock=clock))
    for _ in range(4):
        client.post("/reports")
    assert client.get("/search", params={"text": "x"}).status_code == 200


def test_a_header_that_the_caller_writes_gives_no_fresh_bucket(store: Store, clock: Clock) -> None:
    client = TestClient(create_app(store, clock=clock))
    statuses = [
        client.post("/reports", headers={"X-Forwarded-For": f"192.0.2.{number}"}).status_code for number in range(5)
    ]
    assert statuses.count(202) == 3


def test_accounts_are_told_apart_where_the_app_knows_them(store: Store, clock: Clock) -> None:
    def identify(request: Request) -> str:
        return f"user {request.headers['x-user']}"

    client = TestClient(create_app(store, identify=identify, clock=clock))
    for user in ("1", "2"):
        statuses = [client.post("/reports", headers={"X-User": user}).status_code for _ in range(4)]
        assert statuses == [202, 202, 202, 429]


def test_without_its_table_the_cheap_endpoint_opens_and_the_expensive_one_closes(engine: Engine, clock: Clock) -> None:
    client = TestClient(create_app(TableStore(engine), clock=clock))
    Base.metadata.drop_all(engine)
    assert client.get("/search", params={"text": "x"}).status_code == 200
    closed = client.post("/reports")
    assert (closed.status_code, closed.headers["retry-after"]) == (503, "1")
    assert "rate_limit_buckets" not in closed.text


def test_the_default_limits_can_be_set(engine: Engine, clock: Clock) -> None:
    settings = Settings(report=Limit("report", rate=1.0, burst=1, fails_open=False))
    client = TestClient(create_app(TableStore(engine), settings, clock=clock))
    assert [client.post("/reports").status_code for _ in range(2)] == [202, 429]
    with Session(engine) as session:
        assert session.scalar(select(func.count()).select_from(Bucket)) == 1


def test_one_network_of_ipv6_is_one_caller_and_one_address_of_ipv4_is_one() -> None:
    assert network_of("2001:db8::1") == network_of("2001:db8::ffff:2") == "2001:db8::/64"
    assert network_of("2001:db8:0:1::1") == "2001:db8:0:1::/64"
    assert (network_of("192.0.2.1"), network_of("testclient")) == ("192.0.2.1", "testclient")
