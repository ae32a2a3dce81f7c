"""Who is believed, what is taken once, and what happens when work fails or comes in the wrong order."""

import json
import logging
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, create_engine, select
from sqlalchemy.orm import Session
from webhook_receiver import Base, Event, Inbox, Payment, Received, Settings, Worker, apply_payment, create_app, sign

NEW = b"whsec_new_0123456789abcdef"
OLD = b"whsec_old_0123456789abcdef"
WRONG = b"whsec_not_0123456789abcdef"


class Clock:
    """A clock that stands until it is moved."""

    now = datetime(2026, 3, 2, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    @property
    def seconds(self) -> int:
        return int(self.now.timestamp())


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = create_engine(f"sqlite:///{tmp_path / 'hooks.db'}", connect_args={"timeout": 30})
    Base.metadata.create_all(made)
    yield made
    made.dispose()


@pytest.fixture
def client(engine: Engine, clock: Clock) -> TestClient:
    return TestClient(create_app(engine, Settings((NEW, OLD), body_bytes_at_most=5_000, attempts_at_most=3), clock))


@pytest.fixture
def worker(client: TestClient) -> Worker:
    inbox: Inbox = client.app.state.inbox  # type: ignore[attr-defined]  # the client knows it as any ASGI app
    return Worker(inbox, {"payment.changed": apply_payment})


def event(key: str = "evt_1", status: str = "paid", created: int = 100, kind: str = "payment.changed") -> bytes:
    told = {"id": key, "type": kind, "created": created, "data": {"object": {"id": "pay_1", "status": status}}}
    return json.dumps(told).encode()


def post(client: TestClient, body: bytes, header: str) -> int:
    return client.post("/webhooks/payments", content=body, headers={"Stripe-Signature": header}).status_code


def deliver(client: TestClient, clock: Clock, body: bytes) -> None:
    assert post(client, body, sign(NEW, body, clock.seconds)) == 200


def rows(engine: Engine) -> list[tuple[str, str, int]]:
    with Session(engine) as session:
        return [
            (each.id, each.state, each.attempts) for each in session.scalars(select(Received).order_by(Received.id))
        ]


def payment(engine: Engine) -> str | None:
    with Session(engine) as session:
        return session.scalars(select(Payment.state).where(Payment.id == "pay_1")).one_or_none()


def test_an_event_is_taken_at_once_and_takes_effect_afterwards(
    client: TestClient, clock: Clock, engine: Engine, worker: Worker
) -> None:
    deliver(client, clock, event())
    assert (rows(engine), payment(engine)) == ([("evt_1", "waiting", 0)], None)
    assert worker.work() == 1
    assert (rows(engine), payment(engine)) == ([("evt_1", "done", 1)], "paid")
    assert worker.work() == 0


@pytest.mark.parametrize("secret", [NEW, OLD])
def test_both_secrets_hold_while_they_are_changed(client: TestClient, clock: Clock, secret: bytes) -> None:
    assert post(client, event(), sign(secret, event(), clock.seconds)) == 200


def test_a_sender_that_signs_with_two_secrets_is_believed_for_one(client: TestClient, clock: Clock) -> None:
    other = sign(WRONG, event(), clock.seconds).partition(",")[2]
    assert post(client, event(), f"{sign(NEW, event(), clock.seconds)},{other},v0=abc") == 200


def test_a_wrong_secret_or_a_changed_body_is_refused(client: TestClient, clock: Clock, engine: Engine) -> None:
    header = sign(NEW, event(), clock.seconds)
    assert post(client, event(), sign(WRONG, event(), clock.seconds)) == 400
    assert post(client, event(status="refunded"), header) == 400
    assert post(client, event() + b" ", header) == 400
    assert post(client, b"", header) == 400
    assert rows(engine) == []


@pytest.mark.parametrize(
    "header",
    ["", "t=", "v1=", "t=1,v1=", "nonsense", "t=,v1=,", "t=-5,v1=a", "t=1e9,v1=a", "t=\u0661,v1=a", "t=1,t=2,v1=a",
     "t=9999999999999,v1=a", "v1=\u00e9", "x" * 2_000, "t=1," + "v1=a," * 10],
)  # fmt: skip
def test_a_header_that_is_no_signature_is_refused(client: TestClient, engine: Engine, header: str) -> None:
    answer = client.post("/webhooks/payments", content=event(), headers={b"Stripe-Signature": header.encode()})
    assert answer.status_code == 400
    assert rows(engine) == []


def test_an_accent_in_a_signature_is_refused_and_breaks_nothing(client: TestClient, clock: Clock) -> None:
    header = f"t={clock.seconds},v1=\u00e9".encode("latin-1")
    assert client.post("/webhooks/payments", content=event(), headers={b"Stripe-Signature": header}).status_code == 400


@pytest.mark.parametrize(("seconds", "status"), [(-300, 200), (-301, 400), (300, 200), (301, 400)])
def test_an_old_signature_or_one_from_the_future_is_refused(
    client: TestClient, clock: Clock, seconds: int, status: int
) -> None:
    assert post(client, event(), sign(NEW, event(), clock.seconds + seconds)) == status


def test_a_replay_changes_nothing_and_later_is_refused(
    client: TestClient, clock: Clock, engine: Engine, worker: Worker
) -> None:
    header = sign(NEW, event(), clock.seconds)
    assert post(client, event(), header) == 200
    worker.work()
    assert post(client, event(), header) == 200
    assert worker.work() == 0
    assert rows(engine) == [("evt_1", "done", 1)]
    clock.now += timedelta(minutes=6)
    assert post(client, event(), header) == 400


def test_a_time_that_was_changed_does_not_make_an_old_signature_new(client: TestClient, clock: Clock) -> None:
    digest = sign(NEW, event(), clock.seconds - 9_000).partition(",")[2]
    assert post(client, event(), f"t={clock.seconds},{digest}") == 400


def test_of_many_deliveries_at_once_one_is_kept(client: TestClient, engine: Engine, worker: Worker) -> None:
    begin = threading.Barrier(6)
    kept: list[bool] = []

    def keep() -> None:
        begin.wait()
        kept.append(worker.inbox.keep("evt_1", event()))

    threads = [threading.Thread(target=keep) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(kept) == [False] * 5 + [True]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0), (2, 0, 1)])
def test_the_newest_event_wins_in_whatever_order_they_come(
    client: TestClient, clock: Clock, engine: Engine, worker: Worker, order: tuple[int, ...]
) -> None:
    told = [("opened", 100), ("paid", 200), ("refunded", 300)]
    for place in order:
        status, created = told[place]
        deliver(client, clock, event(f"evt_{place}", status, created))
        assert worker.work() == 1
    assert payment(engine) == "refunded"


def test_a_handler_that_fails_is_tried_again_and_given_up_in_the_end(
    client: TestClient, clock: Clock, engine: Engine, worker: Worker
) -> None:
    deliver(client, clock, event())

    def fail(session: Session, event: Event) -> None:
        apply_payment(session, event)
        session.flush()
        raise ConnectionError("ada@example.com")

    failing = Worker(worker.inbox, {"payment.changed": fail})
    for attempt in (1, 2):
        assert failing.work() == 0
        assert failing.work() == 0
        assert rows(engine) == [("evt_1", "waiting", attempt)]
        clock.now += timedelta(minutes=1)
    assert (failing.work(), payment(engine)) == (0, None)
    assert rows(engine) == [("evt_1", "dead", 3)]
    with Session(engine) as session:
        assert session.scalars(select(Received.last_error)).one() == "ConnectionError"


def test_a_worker_that_dies_gives_its_event_back(
    client: TestClient, clock: Clock, engine: Engine, worker: Worker
) -> None:
    deliver(client, clock, event())

    def die(session: Session, event: Event) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Worker(worker.inbox, {"payment.changed": die}).work()
    assert worker.work() == 0
    clock.now += timedelta(minutes=1)
    assert (worker.work(), payment(engine)) == (1, "paid")


def test_an_event_that_nobody_wants_to_know_is_done(
    client: TestClient, clock: Clock, engine: Engine, worker: Worker
) -> None:
    deliver(client, clock, event(kind="customer.created"))
    assert (worker.work(), rows(engine), payment(engine)) == (1, [("evt_1", "done", 1)], None)


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"null", b"{", b"\xff", event(key=""), event(key="x" * 101), event(key="a\0b"), event(created=-1),
     event(created=2**63), event(status="Robert'); DROP TABLE"), b'{"id": 1}', b"[" * 2_000],
)  # fmt: skip
def test_a_signed_body_that_is_no_event_is_refused_and_not_kept(
    client: TestClient, clock: Clock, engine: Engine, body: bytes
) -> None:
    assert post(client, body, sign(NEW, body, clock.seconds)) == 400
    assert rows(engine) == []


def test_a_body_that_is_too_big_is_refused_before_it_is_signed_or_read(client: TestClient, clock: Clock) -> None:
    body = b" " * 5_001
    assert post(client, body, sign(NEW, body, clock.seconds)) == 413

    def chunks() -> Iterator[bytes]:
        yield from [b" " * 1_000] * 6

    assert client.post("/webhooks/payments", content=chunks()).status_code == 413


def test_neither_the_answer_nor_the_log_says_what_would_have_fitted(
    client: TestClient, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="webhook_receiver"):
        answer = client.post("/webhooks/payments", content=event(), headers={"Stripe-Signature": "t=1,v1=aa"})
    assert answer.json() == {"detail": "The signature does not hold."}
    assert sign(NEW, event(), 1).partition("v1=")[2] not in caplog.text
    assert [vars(record)["reason"] for record in caplog.records] == ["wrong signature"]


@pytest.mark.parametrize("secrets", [(), (b"",), (b"short",), (NEW, b"short")])
def test_without_a_good_secret_it_does_not_start(secrets: tuple[bytes, ...]) -> None:
    with pytest.raises(ValueError, match="24 bytes") as caught:
        Settings(secrets)
    assert "short" not in str(caught.value)
