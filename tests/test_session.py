"""One session, several threads: the notebook's cells, the sidebar and the panel share it."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from backend_mentor.databases.base import Stop
from backend_mentor.databases.registry import connect
from backend_mentor.domain.errors import ConnectError, StoppedError
from backend_mentor.session import Session

QUERY = "SELECT id FROM parts WHERE id = 1"
ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
SECONDS = 60


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    path = tmp_path / "shop.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE parts (id INTEGER PRIMARY KEY)")
    connection.close()
    return path


@pytest.fixture
def session() -> Iterator[Session]:
    made = Session()
    yield made
    made.close()


def memory() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE parts (id INTEGER PRIMARY KEY)")
    return connection


def test_a_stop_asked_for_before_the_review_began_stops_it(session: Session, shop: Path) -> None:
    session.connect(str(shop))
    stop = Stop()
    stop.request()
    with pytest.raises(StoppedError):
        session.review(QUERY, stop=stop)


def test_a_stop_ends_its_own_review_and_leaves_the_next_alone(session: Session, shop: Path) -> None:
    session.connect(str(shop))
    stop = Stop()

    def stop_at_the_plan(stage: str) -> None:
        if stage == "plan":
            stop.request()

    with pytest.raises(StoppedError):
        session.review(ENDLESS, analyze=True, stop=stop, progress=stop_at_the_plan)
    assert session.review(QUERY).failure is None


def test_a_stop_of_everything_ends_what_runs_and_nothing_later(session: Session, shop: Path) -> None:
    session.connect(str(shop))
    with pytest.raises(StoppedError):
        session.review(QUERY, progress=lambda _: session.stop())
    assert session.review(QUERY).failure is None


def test_a_database_is_closed_after_the_review_that_is_about_it_and_not_before(session: Session) -> None:
    first, second = memory(), memory()
    session.connect(first, "shop")
    snapshot = session.database()

    def replace_it(stage: str) -> None:
        if stage == "reading":
            session.connect(second, "shop")

    assert session.review(QUERY, progress=replace_it).plan is not None
    assert session.database() is not snapshot
    with pytest.raises(ConnectError, match="There is no file"):
        snapshot.schema()
    first.close()
    second.close()


def test_a_replaced_database_that_nobody_uses_is_closed_at_once(session: Session) -> None:
    connection = memory()
    session.connect(connection, "shop")
    former = session.database()
    session.connect(connection, "shop")
    with pytest.raises(ConnectError, match="There is no file"):
        former.schema()
    connection.close()


def test_what_is_connected_is_told_while_a_connection_is_being_made(
    session: Session, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.connect(str(shop), "shop")
    asked, told = threading.Event(), threading.Event()

    def slow(target: object) -> object:
        asked.set()
        assert told.wait(SECONDS)
        return connect(target)

    monkeypatch.setattr("backend_mentor.databases.registry.connect", slow)
    connecting = threading.Thread(target=session.connect, args=(str(shop), "again"))
    connecting.start()
    assert asked.wait(SECONDS)
    assert session.database().name == "shop.db"
    told.set()
    connecting.join(SECONDS)
    assert set(session.connections) == {"shop", "again"}


def test_reviews_of_many_threads_are_all_remembered(session: Session, shop: Path) -> None:
    session.connect(str(shop))
    threads = [threading.Thread(target=session.review, args=(QUERY,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SECONDS)
    assert len(session.reviews) == 4
