"""The whole life of a task, and what each answer promises."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from crud import Base, Settings, create_app
from fastapi.testclient import TestClient
from sqlalchemy import Connection, Engine, create_engine, event


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = create_engine(f"sqlite:///{tmp_path / 'tasks.db'}", connect_args={"timeout": 30})
    Base.metadata.create_all(made)
    yield made
    made.dispose()


@pytest.fixture
def client(engine: Engine) -> Iterator[TestClient]:
    users = {"ada-token": 1, "bob-token": 2}
    with TestClient(create_app(engine, users.get, Settings(rows_by_default=4, rows_at_most=6))) as made:
        yield made


def send(client: TestClient, method: str, path: str = "/tasks", who: str = "ada", **given: Any) -> Any:
    headers = {"Authorization": f"Bearer {who}-token", **given.pop("headers", {})}
    return client.request(method, path, headers=headers, **given)


def create(client: TestClient, title: str, who: str = "ada") -> Any:
    return send(client, "POST", who=who, json={"title": title})


def change(client: TestClient, tag: str = '"1"', who: str = "ada", **fields: object) -> Any:
    return send(client, "PATCH", "/tasks/1", who=who, json=fields, headers={"If-Match": tag})


def test_a_task_is_created_read_changed_and_deleted(client: TestClient) -> None:
    created = create(client, "Water the plants")
    assert (created.status_code, created.headers["location"], created.headers["etag"]) == (201, "/tasks/1", '"1"')
    assert created.json() == {"id": 1, "title": "Water the plants", "state": "open", "version": 1}
    read = send(client, "GET", created.headers["location"])
    assert read.json() == created.json()
    changed = change(client, read.headers["etag"], state="done")
    assert changed.json() == {"id": 1, "title": "Water the plants", "state": "done", "version": 2}
    assert send(client, "DELETE", "/tasks/1").status_code == 204
    assert send(client, "GET", "/tasks/1").status_code == 404


def test_what_is_not_sent_stays_as_it_is(client: TestClient) -> None:
    create(client, "Water the plants")
    change(client, state="done")
    assert change(client, '"2"', title="Water them").json()["state"] == "done"


def test_a_delete_that_is_sent_again_has_the_same_answer_and_takes_nothing_else(client: TestClient) -> None:
    create(client, "one")
    create(client, "two")
    assert [send(client, "DELETE", "/tasks/1").status_code for _ in range(2)] == [204, 204]
    assert [item["title"] for item in send(client, "GET").json()["items"]] == ["two"]


def test_a_title_that_is_taken_is_a_conflict_for_its_owner_alone(client: TestClient) -> None:
    assert create(client, "one").status_code == 201
    assert create(client, "one").status_code == 409
    assert create(client, "one", who="bob").status_code == 201
    create(client, "two")
    taken = change(client, title="two")
    assert (taken.status_code, taken.headers["content-type"]) == (409, "application/problem+json")
    assert send(client, "GET", "/tasks/1").json()["version"] == 1


def test_of_many_creations_at_once_one_is_made(client: TestClient) -> None:
    statuses: list[int] = []
    threads = [threading.Thread(target=lambda: statuses.append(create(client, "one").status_code)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [201] + [409] * 7


def test_a_change_of_an_old_version_is_refused_and_one_without_a_version_too(client: TestClient) -> None:
    create(client, "one")
    change(client, title="hers")
    assert change(client, title="his").status_code == 412
    assert send(client, "PATCH", "/tasks/1", json={"title": "his"}).status_code == 422
    assert change(client, "*", title="his").status_code == 422
    assert send(client, "GET", "/tasks/1").json()["title"] == "hers"


def test_anothers_task_is_not_found_and_stays(client: TestClient) -> None:
    create(client, "one")
    assert send(client, "GET", "/tasks/1", who="bob").status_code == 404
    assert change(client, who="bob", title="mine").status_code == 404
    assert send(client, "DELETE", "/tasks/1", who="bob").status_code == 204
    assert send(client, "GET", who="bob").json()["items"] == []
    assert send(client, "GET", "/tasks/1").json()["title"] == "one"


@pytest.mark.parametrize(("method", "path"), [("GET", "/tasks"), ("POST", "/tasks"), ("DELETE", "/tasks/1")])
def test_strangers_are_refused_with_the_scheme_to_use(client: TestClient, method: str, path: str) -> None:
    answer = client.request(method, path)
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert answer.json()["title"] == "Unauthorized"


@pytest.mark.parametrize(
    "fields",
    [{}, {"title": ""}, {"title": "x" * 201}, {"title": None}, {"title": "a", "owner_id": 2}, {"title": "a", "id": 9}],
)
def test_what_is_no_task_is_refused_and_the_field_is_named(client: TestClient, fields: dict[str, object]) -> None:
    answer = send(client, "POST", json=fields)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert "body." in answer.json()["detail"]


@pytest.mark.parametrize("fields", [{"state": "lost"}, {"version": 9}, {"owner_id": 2}, {"title": ""}, {"state": None}])
def test_a_change_to_what_is_not_the_callers_to_set_is_refused(client: TestClient, fields: dict[str, object]) -> None:
    create(client, "one")
    answer = send(client, "PATCH", "/tasks/1", json=fields, headers={"If-Match": '"1"'})
    assert answer.status_code == 422


def test_pages_hold_every_row_once_and_none_is_larger_than_allowed(client: TestClient) -> None:
    for number in range(11):
        create(client, f"task {number}")
        create(client, f"task {number}", who="bob")
    seen: list[str] = []
    after: int | None = 0
    while after is not None:
        page = send(client, "GET", f"/tasks?after={after}").json()
        assert len(page["items"]) <= 4
        seen += [item["title"] for item in page["items"]]
        after = page["next"]
    assert seen == [f"task {number}" for number in range(11)]
    assert len(send(client, "GET", "/tasks?limit=1000").json()["items"]) == 6
    for query in ("limit=0", "limit=1001", "after=-1", "state=lost", f"after={2**31}"):
        assert send(client, "GET", f"/tasks?{query}").status_code == 422


def test_a_list_can_be_narrowed_to_a_state(client: TestClient) -> None:
    create(client, "one")
    create(client, "two")
    change(client, state="done")
    assert [item["id"] for item in send(client, "GET", "/tasks?state=done").json()["items"]] == [1]
    assert [item["id"] for item in send(client, "GET", "/tasks?state=open").json()["items"]] == [2]


def test_each_request_sends_no_more_statements_than_it_needs(client: TestClient, engine: Engine) -> None:
    sent: list[str] = []

    def keep(connection: Connection, cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    def statements(method: str, path: str = "/tasks", **given: Any) -> int:
        sent.clear()
        send(client, method, path, **given)
        return len(sent)

    for number in range(6):
        create(client, f"task {number}")
    event.listen(engine, "before_cursor_execute", keep)
    assert statements("GET") == 1
    assert statements("GET", "/tasks/1") == 1
    assert statements("POST", json={"title": "new"}) == 1
    assert statements("PATCH", "/tasks/1", json={"state": "done"}, headers={"If-Match": '"1"'}) == 1
    assert statements("DELETE", "/tasks/1") == 1
    event.remove(engine, "before_cursor_execute", keep)


def test_the_description_names_every_refusal(client: TestClient) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    assert {"201", "401", "409", "422"} <= paths["/tasks"]["post"]["responses"].keys()
    assert {"200", "401", "404", "409", "412", "422"} <= paths["/tasks/{task_id}"]["patch"]["responses"].keys()
    assert client.get("/nowhere").headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("key", [0, -1, 2**31, 2**63, 2**70])
def test_a_number_that_no_task_can_have_is_refused_and_is_no_fault(client: TestClient, key: int) -> None:
    assert send(client, "GET", f"/tasks/{key}").status_code == 422
    assert send(client, "DELETE", f"/tasks/{key}").status_code == 422
    assert send(client, "PATCH", f"/tasks/{key}", json={}, headers={"If-Match": '"1"'}).status_code == 422


def test_text_that_no_database_stores_is_refused(client: TestClient) -> None:
    assert create(client, "a\0b").status_code == 422
    create(client, "one")
    assert change(client, title="a\0b").status_code == 422
