"""The cache between threads, by a fake clock, and behind an endpoint with two users."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from caching import Base, Cache, Settings, create_app
from fastapi.testclient import TestClient
from sqlalchemy import Connection, Engine, create_engine, event

KEY = ("summary", 1)


class Clock:
    """A clock that stands until it is moved."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def cache(clock: Clock) -> Cache[int]:
    return Cache(Settings(seconds=60.0, jitter=0.0, entries_at_most=3), clock)


class Source:
    """Counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self) -> int:
        self.asked += 1
        return self.asked


def test_a_value_is_computed_once_and_again_when_its_time_is_over(cache: Cache[int], clock: Clock) -> None:
    source = Source()
    assert [cache.get(KEY, source) for _ in range(3)] == [1, 1, 1]
    clock.now += 59.9
    assert cache.get(KEY, source) == 1
    clock.now += 0.1
    assert cache.get(KEY, source) == 2


def test_a_value_that_was_forgotten_is_computed_anew_and_others_stay(cache: Cache[int]) -> None:
    mine, other = Source(), Source()
    cache.get(KEY, mine)
    cache.get(("summary", 2), other)
    cache.forget(KEY)
    cache.forget(("summary", 99))
    assert (cache.get(KEY, mine), cache.get(("summary", 2), other)) == (2, 1)


def test_many_that_ask_at_once_are_one_computation(cache: Cache[int]) -> None:
    source, begun, go_on = Source(), threading.Event(), threading.Event()
    got: list[int] = []

    def slow() -> int:
        begun.set()
        assert go_on.wait(10)
        return source()

    threads = [threading.Thread(target=lambda: got.append(cache.get(KEY, slow))) for _ in range(10)]
    for thread in threads:
        thread.start()
    assert begun.wait(10)
    go_on.set()
    for thread in threads:
        thread.join()
    assert got == [1] * 10
    assert source.asked == 1


def test_a_value_read_before_a_write_is_not_kept_after_it(cache: Cache[int]) -> None:
    begun, go_on = threading.Event(), threading.Event()
    got: list[int] = []

    def reads_the_old() -> int:
        begun.set()
        assert go_on.wait(10)
        return 1

    reader = threading.Thread(target=lambda: got.append(cache.get(KEY, reads_the_old)))
    reader.start()
    assert begun.wait(10)
    cache.forget(KEY)  # the write
    assert cache.get(KEY, lambda: 2) == 2  # does not wait for the old computation
    go_on.set()
    reader.join()
    assert got == [1]
    assert cache.get(KEY, lambda: 3) == 2


def test_a_failure_reaches_its_caller_and_is_not_kept(cache: Cache[int]) -> None:
    def fails() -> int:
        raise OSError("down")

    for _ in range(2):
        with pytest.raises(OSError, match="down"):
            cache.get(KEY, fails)
    assert cache.get(KEY, lambda: 7) == 7


def test_whoever_waited_for_a_failure_computes_in_turn(cache: Cache[int]) -> None:
    begun, go_on = threading.Event(), threading.Event()
    got: list[int] = []

    def fails() -> int:
        begun.set()
        assert go_on.wait(10)
        raise OSError("down")

    def first() -> None:
        with pytest.raises(OSError, match="down"):
            cache.get(KEY, fails)

    threads = [threading.Thread(target=first), threading.Thread(target=lambda: got.append(cache.get(KEY, lambda: 5)))]
    threads[0].start()
    assert begun.wait(10)
    threads[1].start()
    go_on.set()
    for thread in threads:
        thread.join()
    assert got == [5]


def test_memory_is_bounded_and_the_longest_unused_goes_first(cache: Cache[int]) -> None:
    for number in range(3):
        cache.get((number,), lambda number=number: number)  # type: ignore[misc]  # a lambda's default has no type
    cache.get((0,), lambda: -1)
    cache.get((3,), lambda: 3)
    assert len(cache) == 3
    assert cache.get((0,), lambda: -1) == 0
    assert cache.get((1,), lambda: -1) == -1


def test_lifetimes_differ_by_no_more_than_the_jitter(clock: Clock) -> None:
    cache: Cache[int] = Cache(Settings(seconds=100.0, jitter=0.5, entries_at_most=1_000), clock)
    for number in range(200):
        cache.get((number,), lambda: 1)
    clock.now += 49.9
    assert all(cache.get((number,), lambda: 2) == 1 for number in range(200))
    clock.now += 25.1
    renewed = sum(cache.get((number,), lambda: 2) == 2 for number in range(200))
    assert 50 < renewed < 150


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = create_engine(f"sqlite:///{tmp_path / 'payments.db'}")
    Base.metadata.create_all(made)
    yield made
    made.dispose()


@pytest.fixture
def client(engine: Engine) -> Iterator[TestClient]:
    with TestClient(create_app(engine, {"ada-token": 1, "bob-token": 2}.get)) as made:
        yield made


def send(client: TestClient, method: str, path: str, who: str = "ada", **given: Any) -> Any:
    return client.request(method, path, headers={"Authorization": f"Bearer {who}-token"}, **given)


def test_a_user_sees_the_own_summary_and_the_own_write_at_once(client: TestClient) -> None:
    assert send(client, "GET", "/payments/summary").json() == {"payments": 0, "cents": 0}
    assert send(client, "POST", "/payments", json={"cents": 250}).status_code == 201
    assert send(client, "GET", "/payments/summary").json() == {"payments": 1, "cents": 250}
    assert send(client, "GET", "/payments/summary", who="bob").json() == {"payments": 0, "cents": 0}


def test_the_second_reading_sends_no_statement(client: TestClient, engine: Engine) -> None:
    sent: list[str] = []

    def keep(connection: Connection, cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    event.listen(engine, "before_cursor_execute", keep)
    for _ in range(5):
        send(client, "GET", "/payments/summary")
    event.remove(engine, "before_cursor_execute", keep)
    assert len(sent) == 1


def test_no_shared_cache_may_keep_what_belongs_to_one_user(client: TestClient) -> None:
    assert "private" in send(client, "GET", "/payments/summary").headers["cache-control"]
    assert client.get("/payments/summary").status_code == 401
    assert send(client, "GET", "/payments/summary", who="eve").status_code == 401


@pytest.mark.parametrize("cents", [0, -5, 100_000_001, 2**70, 1.5, None])
def test_an_amount_out_of_bounds_is_refused(client: TestClient, cents: object) -> None:
    assert send(client, "POST", "/payments", json={"cents": cents}).status_code == 422
