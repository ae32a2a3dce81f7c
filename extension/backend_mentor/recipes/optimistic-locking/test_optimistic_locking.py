"""Two writers, one document: one wins, the other is told, and no change is lost."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from optimistic_locking import Base, Settings, create_app
from sqlalchemy import Engine, create_engine

TEXT = {"title": "Plan", "body": "first"}


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = create_engine(f"sqlite:///{tmp_path / 'documents.db'}", connect_args={"timeout": 30})
    Base.metadata.create_all(made)
    yield made
    made.dispose()


@pytest.fixture
def client(engine: Engine) -> Iterator[TestClient]:
    with TestClient(create_app(engine, {"ada-token": 1, "bob-token": 2}.get, Settings(50))) as made:
        assert send(made, "POST", "/documents", json=TEXT).status_code == 201
        yield made


def send(
    client: TestClient, method: str, path: str = "/documents/1", tag: str | None = None, who: str = "ada", **given: Any
) -> Any:
    headers = {"Authorization": f"Bearer {who}-token", **given.pop("headers", {})}
    if tag is not None:
        headers["If-Match"] = tag
    return client.request(method, path, headers=headers, **given)


def body(client: TestClient) -> str:
    return str(send(client, "GET").json()["body"])


def test_each_change_gives_the_next_version_and_its_tag(client: TestClient) -> None:
    created = send(client, "POST", "/documents", json=TEXT)
    assert (created.headers["location"], created.headers["etag"]) == ("/documents/2", '"v1"')
    read = send(client, "GET")
    assert read.headers["etag"] == '"v1"'
    changed = send(client, "PUT", tag='"v1"', json={**TEXT, "body": "second"})
    assert (changed.status_code, changed.headers["etag"], changed.json()["version"]) == (200, '"v2"', 2)
    assert send(client, "PUT", tag='"v2"', json={**TEXT, "body": "third"}).json()["version"] == 3


def test_the_second_of_two_who_read_the_same_version_is_told_and_changes_nothing(client: TestClient) -> None:
    tag = send(client, "GET").headers["etag"]
    assert send(client, "PUT", tag=tag, json={**TEXT, "body": "hers"}).status_code == 200
    late = send(client, "PUT", tag=tag, json={**TEXT, "body": "his"})
    assert late.status_code == 412
    assert "hers" not in late.text
    assert body(client) == "hers"


def test_of_many_changes_at_once_one_is_made(client: TestClient) -> None:
    statuses: list[int] = []

    def change(number: int) -> None:
        statuses.append(send(client, "PUT", tag='"v1"', json={**TEXT, "body": f"by {number}"}).status_code)

    threads = [threading.Thread(target=change, args=(number,)) for number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200] + [412] * 9
    assert send(client, "GET").json()["version"] == 2


def test_a_change_without_a_version_is_refused_and_so_is_any_version(client: TestClient) -> None:
    for tag in (None, "*"):
        assert send(client, "PUT", tag=tag, json=TEXT).status_code == 428
        assert send(client, "DELETE", tag=tag).status_code == 428
    assert body(client) == "first"


@pytest.mark.parametrize("tag", ['"v2"', '"v0"', 'W/"v1"', "v1", '"v1', '"v1", "v2"', '"v' + "9" * 30 + '"', "x"])
def test_a_tag_that_is_not_exactly_the_last_version_never_matches(client: TestClient, tag: str) -> None:
    assert send(client, "PUT", tag=tag, json=TEXT).status_code == 412
    assert send(client, "DELETE", tag=tag).status_code == 412
    assert body(client) == "first"


def test_a_document_is_deleted_in_the_version_that_was_read_and_only_once(client: TestClient) -> None:
    send(client, "PUT", tag='"v1"', json={**TEXT, "body": "second"})
    assert send(client, "DELETE", tag='"v1"').status_code == 412
    assert send(client, "DELETE", tag='"v2"').status_code == 204
    assert send(client, "DELETE", tag='"v2"').status_code == 404
    assert send(client, "GET").status_code == 404


@pytest.mark.parametrize("known", ['"v1"', 'W/"v1"', '"v7", "v1"', "*"])
def test_whoever_has_this_version_is_not_sent_it_again(client: TestClient, known: str) -> None:
    answer = send(client, "GET", headers={"If-None-Match": known})
    assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", '"v1"')


def test_whoever_has_another_version_is_sent_this_one(client: TestClient) -> None:
    answer = send(client, "GET", headers={"If-None-Match": '"v0"'})
    assert (answer.status_code, answer.json()["body"]) == (200, "first")
    assert "private" in answer.headers["cache-control"]


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_anothers_document_is_not_found_whatever_version_is_named(client: TestClient, method: str) -> None:
    given: dict[str, Any] = {"json": TEXT} if method == "PUT" else {}
    for tag in ('"v1"', '"v9"'):
        assert send(client, method, tag=tag, who="bob", **given).status_code == 404
    assert body(client) == "first"


def test_strangers_and_fields_that_are_not_theirs_are_refused(client: TestClient) -> None:
    assert client.get("/documents/1").status_code == 401
    assert send(client, "POST", "/documents", json={**TEXT, "owner_id": 2}).status_code == 422
    assert send(client, "PUT", tag='"v1"', json={**TEXT, "version": 9}).status_code == 422
    assert send(client, "POST", "/documents", json={**TEXT, "body": "x" * 51}).status_code == 422


@pytest.mark.parametrize("key", [0, -1, 2**31, 2**63, 2**70])
def test_a_number_that_no_document_can_have_is_refused_and_is_no_fault(client: TestClient, key: int) -> None:
    assert send(client, "GET", f"/documents/{key}").status_code == 422
    assert send(client, "PUT", f"/documents/{key}", tag='"v1"', json=TEXT).status_code == 422
    assert send(client, "DELETE", f"/documents/{key}", tag='"v1"').status_code == 422


def test_a_version_that_no_document_can_have_never_matches(client: TestClient) -> None:
    assert send(client, "PUT", tag=f'"v{2**31}"', json=TEXT).status_code == 412


def test_text_that_no_database_stores_is_refused(client: TestClient) -> None:
    assert send(client, "POST", "/documents", json={**TEXT, "body": "a\0b"}).status_code == 422
    assert send(client, "PUT", tag='"v1"', json={**TEXT, "title": "a\0b"}).status_code == 422
