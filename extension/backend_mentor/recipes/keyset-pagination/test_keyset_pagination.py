"""What pagination by cursor promises, on a real database."""

import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from keyset_pagination import Article, Base, Settings, create_app
from sqlalchemy import Connection, Engine, StaticPool, create_engine, event, text
from sqlalchemy.orm import Session

START = datetime(2026, 3, 2, 12, tzinfo=UTC)
# Five rows share each moment and each title, so pages end between equal values.
ROWS = 57

Values = tuple[object, ...]


@pytest.fixture
def engine() -> Iterator[Engine]:
    made = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
    Base.metadata.create_all(made)
    with Session(made) as session:
        for number in range(ROWS):
            moment = START + timedelta(minutes=number // 5)
            session.add(Article(title=f"title {number // 5}", published_at=moment))
        session.commit()
    yield made
    made.dispose()


@pytest.fixture
def client(engine: Engine) -> Iterator[TestClient]:
    with TestClient(create_app(engine, Settings(rows_by_default=7, rows_at_most=10))) as made:
        yield made


def walk(client: TestClient, **query: str | int) -> list[int]:
    seen: list[int] = []
    cursor: dict[str, str] = {}
    while True:
        page = client.get("/articles", params={**query, **cursor}).json()
        seen += [item["id"] for item in page["items"]]
        if page["next"] is None:
            return seen
        cursor = {"cursor": page["next"]}


@pytest.mark.parametrize("limit", [1, 2, 5, 7, 10])
def test_the_pages_together_hold_every_row_once_in_order(client: TestClient, limit: int) -> None:
    assert walk(client, limit=limit) == list(range(ROWS, 0, -1))
    by_title = sorted(range(1, ROWS + 1), key=lambda key: (f"title {(key - 1) // 5}", key))
    assert walk(client, limit=limit, order="title") == by_title


def test_a_row_that_arrives_between_two_pages_moves_no_other(client: TestClient, engine: Engine) -> None:
    first = client.get("/articles").json()
    with Session(engine) as session:
        session.add(Article(title="late", published_at=START + timedelta(days=1)))
        session.commit()
    second = client.get("/articles", params={"cursor": first["next"]}).json()
    ids = [item["id"] for item in (*first["items"], *second["items"])]
    assert ids == list(range(ROWS, ROWS - 14, -1))


def test_a_row_that_is_deleted_between_two_pages_hides_no_other(client: TestClient, engine: Engine) -> None:
    first = client.get("/articles").json()
    with Session(engine) as session:
        session.delete(session.get_one(Article, first["items"][-1]["id"]))
        session.commit()
    second = client.get("/articles", params={"cursor": first["next"]}).json()
    assert second["items"][0]["id"] == first["items"][-1]["id"] - 1


def test_the_last_page_has_no_next_even_when_it_is_full(client: TestClient, engine: Engine) -> None:
    with Session(engine) as session:
        for key in range(ROWS, 10, -1):
            session.delete(session.get_one(Article, key))
        session.commit()
    page = client.get("/articles", params={"limit": 10}).json()
    assert (len(page["items"]), page["next"]) == (10, None)


def test_an_empty_table_is_an_empty_page() -> None:
    empty = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
    Base.metadata.create_all(empty)
    assert TestClient(create_app(empty)).get("/articles").json() == {"items": [], "next": None}
    empty.dispose()


def test_a_page_is_never_larger_than_the_app_allows(client: TestClient) -> None:
    assert len(client.get("/articles", params={"limit": 1_000}).json()["items"]) == 10
    assert client.get("/articles", params={"limit": 1_001}).status_code == 422
    assert client.get("/articles", params={"limit": 0}).status_code == 422


def forged(*values: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode()


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "%%%",
        "é",
        "x" * 600,
        forged("newest"),
        forged("newest", "yesterday", 1),
        forged("newest", "2026-03-02T12:00:00", 1),
        forged("newest", START.isoformat(), 2**31),
        forged("newest", START.isoformat(), 2**63),
        forged("newest", START.isoformat(), 0),
        forged("newest", START.isoformat(), "1 OR 1=1"),
        forged("title", "title 3", 4),
        base64.urlsafe_b64encode(b"[" * 400).decode(),
        base64.urlsafe_b64encode(b"7").decode(),
    ],
)
def test_a_cursor_that_is_damaged_or_forged_is_refused_and_echoes_nothing(client: TestClient, cursor: str) -> None:
    answer = client.get("/articles", params={"cursor": cursor})
    assert answer.status_code == 400
    assert answer.json() == {"detail": "The cursor can not be read. Start again without one."}


def test_an_order_that_is_not_on_the_list_is_refused(client: TestClient) -> None:
    assert client.get("/articles", params={"order": "password_hash"}).status_code == 422


def test_each_page_is_one_statement_that_walks_an_index(client: TestClient, engine: Engine) -> None:
    sent: list[tuple[str, Values]] = []

    def keep(connection: Connection, cursor: object, statement: str, parameters: Values, *_: object) -> None:
        if statement.startswith("SELECT"):
            sent.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", keep)
    walk(client, limit=10)
    event.remove(engine, "before_cursor_execute", keep)
    assert len(sent) == 6
    with engine.connect() as connection:
        for statement, parameters in sent:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
            assert "USING INDEX articles_published_at_id_idx" in str(plan)
            assert "TEMP B-TREE" not in str(plan)
        assert connection.execute(text("SELECT count(*) FROM articles")).scalar_one() == ROWS
