"""Statements that stay constant while the data grows, queries that cost too much, and fields that are not for all."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import Request
from fastapi.testclient import TestClient
from graphql_api import AuthorRow, Base, BookRow, Settings, create_app, write_cursor
from sqlalchemy import Engine, create_engine, event, select
from sqlalchemy.orm import Session

NESTED = "query ($first: Int) { books(first: $first) { items { title author { name latestBooks { title } } } } }"
LIST = "query ($first: Int, $after: String) { books(first: $first, after: $after) { items { id } next } }"
RENAME = "mutation ($id: Int!, $title: String!) { renameBook(bookId: $id, title: $title) { title } }"
EMAIL = "{ books(first: 2) { items { id author { email } } } }"


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = create_engine(f"sqlite:///{tmp_path / 'library.db'}")
    Base.metadata.create_all(made)
    with Session(made) as session:
        for number in range(1, 101):
            session.add(AuthorRow(id=number, name=f"author {number}", email=f"a{number}@mail.example"))
        session.flush()
        for number in range(1, 201):
            session.add(BookRow(id=number, title=f"book {number}", author_id=(number - 1) % 100 + 1))
        session.commit()
    yield made
    made.dispose()


@pytest.fixture
def statements(engine: Engine) -> list[str]:
    seen: list[str] = []

    @event.listens_for(engine, "before_cursor_execute")
    def note(connection: object, cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    return seen


def identify(request: Request) -> int | None:
    user = request.headers.get("x-user")
    return int(user) if user else None


def client_of(engine: Engine, **changed: Any) -> TestClient:
    return TestClient(create_app(engine, identify, Settings(**changed)))


@pytest.fixture
def client(engine: Engine) -> TestClient:
    return client_of(engine)


def ask(client: TestClient, query: str, user: int | None = None, **variables: object) -> dict[str, Any]:
    headers = {"X-User": str(user)} if user else {}
    answer = client.post("/graphql", json={"query": query, "variables": variables}, headers=headers)
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def error_of(answer: dict[str, Any]) -> str:
    (error,) = answer["errors"]
    return str(error["message"])


@pytest.mark.parametrize("first", [1, 10, 100])
def test_a_nested_list_costs_three_statements_however_long_it_is(
    client: TestClient, statements: list[str], first: int
) -> None:
    answer = ask(client, NESTED, first=first)
    assert len(answer["data"]["books"]["items"]) == first
    assert len(statements) == 3


def test_each_parent_gets_its_own_children_newest_first(client: TestClient) -> None:
    items = ask(client, NESTED, first=2)["data"]["books"]["items"]
    assert items == [
        {
            "title": f"book {number}",
            "author": {
                "name": f"author {number - 100}",
                "latestBooks": [{"title": f"book {number}"}, {"title": f"book {number - 100}"}],
            },
        }
        for number in (200, 199)
    ]


def test_a_nested_list_is_bounded_for_each_parent_and_not_for_all_together(engine: Engine) -> None:
    items = ask(client_of(engine, nested_rows_at_most=1), NESTED, first=3)["data"]["books"]["items"]
    assert [len(item["author"]["latestBooks"]) for item in items] == [1, 1, 1]


def test_a_request_sees_nothing_that_another_has_read(client: TestClient, engine: Engine) -> None:
    ask(client, NESTED, first=1)
    with Session(engine) as session:
        session.get_one(AuthorRow, 100).name = "renamed"
        session.commit()
    assert ask(client, NESTED, first=1)["data"]["books"]["items"][0]["author"]["name"] == "renamed"


@pytest.mark.parametrize("first", [1, 7, 100])
def test_the_pages_together_hold_every_book_once_in_order(client: TestClient, first: int) -> None:
    seen: list[int] = []
    after = None
    for _ in range(201):
        page = ask(client, LIST, first=first, after=after)["data"]["books"]
        seen += [item["id"] for item in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert seen == list(range(200, 0, -1))


@pytest.mark.parametrize("first", [0, -1, 101, 2**31 - 1])
def test_a_page_is_bounded(client: TestClient, statements: list[str], first: int) -> None:
    assert error_of(ask(client, LIST, first=first)) == "Ask for 1 to 100 books."
    assert statements == []


@pytest.mark.parametrize(
    "cursor",
    ["", "é", "x" * 5_000, "Ym9vazphYmM=", "dXNlcjox", write_cursor(0), write_cursor(-5), write_cursor(2**63)],
)
def test_a_forged_cursor_is_refused(client: TestClient, statements: list[str], cursor: str) -> None:
    assert error_of(ask(client, LIST, after=cursor)).startswith("The cursor can not be read.")
    assert statements == []


def test_a_query_that_is_too_deep_reads_nothing(client: TestClient, statements: list[str]) -> None:
    deep = "title"
    for _ in range(4):
        deep = f"author {{ latestBooks {{ {deep} }} }}"
    assert "depth" in error_of(ask(client, f"{{ books {{ items {{ {deep} }} }} }}"))
    assert statements == []


def test_depth_is_not_hidden_in_fragments(client: TestClient, statements: list[str]) -> None:
    parts = [
        f"fragment {one} on Book {{ author {{ latestBooks {{ ...{two} }} }} }}" for one, two in ("ab", "bc", "cd", "de")
    ]
    query = "{ books { items { ...a } } } " + " ".join(parts) + " fragment e on Book { title }"
    assert "depth" in error_of(ask(client, query))
    assert statements == []


def test_fragments_that_use_each_other_are_refused(client: TestClient, statements: list[str]) -> None:
    query = "{ books { items { ...a } } } fragment a on Book { author { latestBooks { ...a } } }"
    assert ask(client, query)["errors"]
    assert statements == []


def test_many_aliases_of_one_field_are_refused(client: TestClient, statements: list[str]) -> None:
    many = " ".join(f"a{number}: books {{ next }}" for number in range(16))
    assert "aliases" in error_of(ask(client, f"{{ {many} }}"))
    assert statements == []


def test_a_request_that_reads_too_many_rows_ends_however_it_is_written(engine: Engine) -> None:
    client = client_of(engine, rows_per_request=150)
    answer = ask(client, "{ a: books(first: 100) { items { id } } b: books(first: 100) { items { id } } }")
    assert "too many rows" in str(answer["errors"])
    assert "errors" not in ask(client, LIST, first=100)


def test_a_query_with_too_many_tokens_or_bytes_is_refused(client: TestClient, statements: list[str]) -> None:
    assert ask(client, "{ books { items { " + "id " * 1_100 + "} } }")["errors"]
    assert client.post("/graphql", json={"query": "#" * 60_000}).status_code == 413
    assert statements == []


@pytest.mark.parametrize("body", [[{"query": "{ books { next } }"}] * 50, [], "x", 1, None])
def test_a_batch_of_queries_in_one_request_is_refused(client: TestClient, statements: list[str], body: object) -> None:
    assert client.post("/graphql", json=body).status_code == 400
    assert statements == []


def test_a_query_in_an_address_is_refused(client: TestClient, statements: list[str]) -> None:
    assert client.get("/graphql", params={"query": "{ books { next } }"}).status_code in {400, 404, 405}
    assert statements == []


def test_a_form_of_another_site_can_not_change_anything(client: TestClient, statements: list[str]) -> None:
    body = '{"query": "mutation { renameBook(bookId: 1, title: \\"x\\") { title } }"}'
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        answer = client.post("/graphql", content=body, headers={"Content-Type": kind, "X-User": "1"})
        assert answer.status_code == 400
    assert statements == []


def test_an_address_is_shown_to_its_author_alone(client: TestClient) -> None:
    answer = ask(client, EMAIL, user=100)
    assert [item["author"]["email"] for item in answer["data"]["books"]["items"]] == ["a100@mail.example", None]
    assert error_of(answer) == "This is for the author alone."
    assert "a100@" not in str(ask(client, EMAIL))


def test_an_author_renames_a_book_of_their_own(client: TestClient, engine: Engine) -> None:
    answer = ask(client, RENAME, user=1, id=1, title="  better ")
    assert answer["data"] == {"renameBook": {"title": "better"}}
    with Session(engine) as session:
        assert session.scalars(select(BookRow.title).where(BookRow.id == 1)).one() == "better"


@pytest.mark.parametrize(("user", "told"), [(None, "Sign in first."), (2, "You have no such book.")])
def test_nobody_renames_a_book_of_another(client: TestClient, engine: Engine, user: int | None, told: str) -> None:
    assert error_of(ask(client, RENAME, user=user, id=1, title="stolen")) == told
    assert error_of(ask(client, RENAME, user=2, id=999, title="stolen")) == "You have no such book."
    with Session(engine) as session:
        assert session.scalars(select(BookRow.title).where(BookRow.id == 1)).one() == "book 1"


@pytest.mark.parametrize("title", ["", "   ", "x" * 201, "a\0b"])
def test_a_title_that_is_wrong_changes_nothing(client: TestClient, statements: list[str], title: str) -> None:
    assert error_of(ask(client, RENAME, user=1, id=1, title=title)) == "A title has 1 to 200 characters."
    assert statements == []


def test_neither_the_caller_nor_the_log_sees_what_a_driver_said(
    client: TestClient, engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    Base.metadata.drop_all(engine)
    with caplog.at_level(logging.DEBUG):
        answer = ask(client, LIST, first=5)
    assert error_of(answer) == "Something broke here. It is in our log."
    assert "books" not in answer["errors"][0]["message"]
    assert "no such table" not in str(answer) + caplog.text
    assert [vars(record)["kind"] for record in caplog.records if record.levelname == "ERROR"] == ["OperationalError"]


def test_what_a_caller_did_wrong_is_told_and_is_no_error_in_the_log(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        assert "nonsense" in error_of(ask(client, "{ nonsense }"))
        ask(client, LIST, first=0)
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


def test_the_schema_is_not_shown_and_not_guessed_aloud(client: TestClient, engine: Engine) -> None:
    assert ask(client, "{ __schema { types { name } } }")["errors"]
    assert "Did you mean" not in str(ask(client, "{ bookz { next } }"))
    assert "Did you mean" in str(ask(client_of(engine, shows_schema=True), "{ bookz { next } }"))
    assert ask(client_of(engine, shows_schema=True), "{ __schema { types { name } } }")["data"]
