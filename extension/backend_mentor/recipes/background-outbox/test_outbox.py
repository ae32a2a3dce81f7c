"""Work that is written with its cause is done once, after every kind of crash."""

import logging
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from outbox import Base, Handled, Handler, Message, Order, Settings, Worker, create_app, enqueue, revive
from sqlalchemy import Connection, Engine, create_engine, event, func, select
from sqlalchemy.orm import Session, sessionmaker

START = datetime(2026, 3, 2, 12, tzinfo=UTC)


class Clock:
    """A clock that stands until it is set."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


class Mail:
    """A mail server that can be down; what a session writes is what it has sent."""

    def __init__(self) -> None:
        self.failures = 0
        self.sent: list[object] = []

    def send(self, session: Session, body: Mapping[str, object]) -> None:
        if self.failures:
            self.failures -= 1
            raise ConnectionError("mail.example:25 ada@example.com refused")
        self.sent.append(body["order_id"])


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = create_engine(f"sqlite:///{tmp_path / 'orders.db'}", connect_args={"timeout": 30})

    @event.listens_for(made, "begin")
    def begin_with_the_write_lock(connection: Connection) -> None:
        # SQLite would let two readers both try to become the writer, and fail one of them.
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    @event.listens_for(made, "connect")
    def leave_transactions_to_us(connection: sqlite3.Connection, record: object) -> None:
        connection.isolation_level = None

    Base.metadata.create_all(made)
    yield made
    made.dispose()


@pytest.fixture
def sessions(engine: Engine) -> sessionmaker[Session]:
    return sessionmaker(engine)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def client(engine: Engine, clock: Clock) -> Iterator[TestClient]:
    with TestClient(create_app(engine, clock)) as made:
        yield made


@pytest.fixture
def mail() -> Mail:
    return Mail()


def worker(sessions: sessionmaker[Session], clock: Clock, handler: Handler, settings: Settings | None = None) -> Worker:
    return Worker(sessions, {"order-placed": handler}, clock, settings or Settings(), spread=lambda: 1.0)


def place(client: TestClient) -> int:
    answer = client.post("/orders", json={"email": "ada@example.com", "cents": 500})
    assert answer.status_code == 201
    return int(answer.json()["id"])


def states(sessions: sessionmaker[Session]) -> list[tuple[str, int]]:
    with sessions() as session:
        return [(each.state, each.attempts) for each in session.scalars(select(Message).order_by(Message.id))]


def test_an_order_and_its_message_are_there_together(
    client: TestClient, sessions: sessionmaker[Session], clock: Clock, mail: Mail
) -> None:
    order = place(client)
    assert mail.sent == []
    assert worker(sessions, clock, mail.send).work() == 1
    assert mail.sent == [order]
    assert worker(sessions, clock, mail.send).work() == 0


def test_a_transaction_that_is_rolled_back_leaves_neither(sessions: sessionmaker[Session]) -> None:
    def place_and_fail() -> None:
        with sessions.begin() as session:
            session.add(Order(email="ada@example.com", cents=1))
            enqueue(session, "order-placed", {"order_id": 1}, START)
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        place_and_fail()
    with sessions() as session:
        assert session.scalar(select(func.count()).select_from(Order)) == 0
        assert session.scalar(select(func.count()).select_from(Message)) == 0


def test_a_worker_that_dies_gives_its_message_back_when_its_lease_ends(
    client: TestClient, sessions: sessionmaker[Session], clock: Clock, mail: Mail
) -> None:
    order = place(client)

    def die(session: Session, body: Mapping[str, object]) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        worker(sessions, clock, die).work()
    assert worker(sessions, clock, mail.send).work() == 0
    clock.now += timedelta(minutes=1)
    assert worker(sessions, clock, mail.send).work() == 1
    assert mail.sent == [order]


def test_a_message_that_took_effect_does_not_take_effect_again(
    client: TestClient, sessions: sessionmaker[Session], clock: Clock, mail: Mail
) -> None:
    place(client)
    worker(sessions, clock, mail.send).work()
    with sessions.begin() as session:  # as if another worker had it still, from before
        session.scalars(select(Message)).one().state = "waiting"
        assert session.scalar(select(func.count()).select_from(Handled)) == 1
    clock.now += timedelta(minutes=1)
    assert worker(sessions, clock, mail.send).work() == 1
    assert len(mail.sent) == 1
    assert states(sessions) == [("done", 2)]


def test_what_a_failed_handler_wrote_is_gone_and_written_once_in_the_end(
    client: TestClient, sessions: sessionmaker[Session], clock: Clock, mail: Mail
) -> None:
    place(client)
    mail.failures = 1

    def write_then_send(session: Session, body: Mapping[str, object]) -> None:
        session.add(Order(email="copy@example.com", cents=1))
        session.flush()
        mail.send(session, body)

    worker(sessions, clock, write_then_send).work()
    clock.now += timedelta(hours=1)
    worker(sessions, clock, write_then_send).work()
    with sessions() as session:
        assert session.scalar(select(func.count()).where(Order.email == "copy@example.com")) == 1


def test_a_failure_waits_longer_each_time_and_is_given_up_in_the_end(
    client: TestClient, sessions: sessionmaker[Session], clock: Clock, mail: Mail
) -> None:
    place(client)
    mail.failures = 99
    waits = []
    for _ in range(4):
        assert worker(sessions, clock, mail.send, Settings(attempts_at_most=4)).work() == 0
        with sessions() as session:
            due = session.scalars(select(Message)).one().due_at
        waits.append((due - clock.now).total_seconds())
        clock.now += timedelta(hours=1)
    assert waits[:3] == [2, 4, 8]
    assert states(sessions) == [("dead", 4)]
    assert worker(sessions, clock, mail.send).work() == 0


def test_what_was_given_up_can_be_revived_once_the_cause_is_mended(
    client: TestClient, sessions: sessionmaker[Session], clock: Clock, mail: Mail
) -> None:
    order = place(client)
    mail.failures = 1
    worker(sessions, clock, mail.send, Settings(attempts_at_most=1)).work()
    with sessions.begin() as session:
        number = session.scalars(select(Message.id)).one()
        assert revive(session, number, clock.now)
        assert not revive(session, number, clock.now)
        assert not revive(session, 99, clock.now)
    assert worker(sessions, clock, mail.send).work() == 1
    assert mail.sent == [order]


def test_a_topic_that_nobody_handles_is_kept_and_not_lost(sessions: sessionmaker[Session], clock: Clock) -> None:
    with sessions.begin() as session:
        enqueue(session, "renamed", {}, START)
    assert Worker(sessions, {}, clock).work() == 0
    assert states(sessions) == [("waiting", 1)]


def test_many_workers_at_once_do_each_message_once(
    client: TestClient, sessions: sessionmaker[Session], clock: Clock, mail: Mail
) -> None:
    orders = [place(client) for _ in range(12)]
    begin = threading.Barrier(4)
    done: list[int] = []

    def run() -> None:
        begin.wait()
        done.append(worker(sessions, clock, mail.send).work())

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(done) == 12
    assert sorted(str(each) for each in mail.sent) == sorted(str(order) for order in orders)


def test_neither_the_log_nor_the_table_holds_what_an_exception_said(
    client: TestClient, sessions: sessionmaker[Session], clock: Clock, mail: Mail, caplog: pytest.LogCaptureFixture
) -> None:
    place(client)
    mail.failures = 1
    with caplog.at_level(logging.WARNING, logger="outbox"):
        worker(sessions, clock, mail.send).work()
    with sessions() as session:
        assert session.scalars(select(Message.last_error)).one() == "ConnectionError"
    assert [record.getMessage() for record in caplog.records] == ["message failed"]


@pytest.mark.parametrize("wrong", [{"email": "ada", "cents": 5}, {"email": "a@b", "cents": 0}, {"email": "a@b"}])
def test_an_order_that_is_wrong_is_refused_and_nothing_is_written(
    client: TestClient, sessions: sessionmaker[Session], wrong: dict[str, object]
) -> None:
    assert client.post("/orders", json=wrong).status_code == 422
    assert states(sessions) == []
