"""Every role at every door, the doors that nobody guards, and the ways to more than one was given."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import APIRouter, Depends
from fastapi.testclient import TestClient
from permissions import (
    GRANTS,
    Base,
    Invoice,
    Needs,
    Permission,
    Role,
    Settings,
    UnguardedError,
    User,
    administration,
    create_app,
    get_caller,
    invoices,
    permissions_of,
)
from sqlalchemy import Engine, create_engine, update
from sqlalchemy.orm import Session

# The token of each user is its name.
USERS = {"ada": 1, "bob": 2, "sue": 3, "ann": 4, "old": 5, "gone": 6}
ROLES = {1: "customer", 2: "customer", 3: "support", 4: "admin", 5: "auditor"}


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = create_engine(f"sqlite:///{tmp_path / 'invoices.db'}")
    Base.metadata.create_all(made)
    with Session(made) as session:
        for role in ROLES.values():
            session.add(User(role=role))
            session.flush()
        session.add(User(role="admin", is_active=False))
        for owner in (1, 2, 1):
            session.add(Invoice(owner_id=owner, cents=100))
            session.flush()
        session.commit()
    yield made
    made.dispose()


@pytest.fixture
def client(engine: Engine) -> Iterator[TestClient]:
    with TestClient(create_app(engine, USERS.get)) as made:
        yield made


def send(client: TestClient, who: str | None, method: str, path: str, json: object = None) -> Any:
    headers = {"Authorization": f"Bearer {who}"} if who else {}
    return client.request(method, path, headers=headers, json=json)


# Of each door: nobody, stranger, owner, another customer, support, admin, unknown role, disabled admin.
CALLERS = (None, "eve", "ada", "bob", "sue", "ann", "old", "gone")
DOORS = [
    ("GET", "/invoices", None, (401, 401, 200, 200, 200, 200, 403, 401)),
    ("GET", "/invoices/1", None, (401, 401, 200, 404, 200, 200, 403, 401)),
    ("GET", "/invoices/99", None, (401, 401, 404, 404, 404, 404, 403, 401)),
    ("POST", "/invoices", {"cents": 5}, (401, 401, 201, 201, 403, 201, 403, 401)),
    ("DELETE", "/invoices/1", None, (401, 401, 403, 403, 403, 204, 403, 401)),
    ("PUT", "/admin/users/2/role", {"role": "support"}, (401, 401, 403, 403, 403, 204, 403, 401)),
]


@pytest.mark.parametrize(("method", "path", "json", "statuses"), DOORS)
def test_every_caller_at_every_door(
    client: TestClient, method: str, path: str, json: object, statuses: tuple[int, ...]
) -> None:
    # The one who may change something comes last, so that the others find it as it was.
    order = sorted(zip(CALLERS, statuses, strict=True), key=lambda each: each[1] in (201, 204))
    seen = {who: send(client, who, method, path, json).status_code for who, _ in order}
    assert seen == dict(order)


def test_every_door_of_the_app_is_in_the_table_above(client: TestClient) -> None:
    described = client.get("/openapi.json").json()["paths"]
    doors = {(method.upper(), path) for path, methods in described.items() for method in methods}
    named = {(method, path.replace("/1", "/{invoice_id}").replace("/2", "/{user_id}")) for method, path, *_ in DOORS}
    assert doors <= named


def test_a_list_holds_the_own_ones_or_all_and_is_bounded(engine: Engine, client: TestClient) -> None:
    def ids(who: str, path: str = "/invoices") -> list[int]:
        return [item["id"] for item in send(client, who, "GET", path).json()["items"]]

    assert (ids("ada"), ids("bob"), ids("sue")) == ([1, 3], [2], [1, 2, 3])
    assert ids("ada", "/invoices?after=1") == [3]
    short = TestClient(create_app(engine, USERS.get, Settings(invoices_at_most=2)))
    assert len(send(short, "sue", "GET", "/invoices").json()["items"]) == 2


def test_what_is_hidden_and_what_is_not_there_have_one_answer(client: TestClient) -> None:
    hidden, missing = (send(client, "bob", "GET", f"/invoices/{key}") for key in (1, 99))
    assert (hidden.status_code, hidden.content) == (missing.status_code, missing.content)


def test_a_caller_writes_for_nobody_else(client: TestClient) -> None:
    assert send(client, "ada", "POST", "/invoices", {"cents": 5}).json()["owner_id"] == 1
    assert send(client, "ada", "POST", "/invoices", {"cents": 5, "owner_id": 2}).status_code == 422


def test_nobody_changes_the_own_role_and_nobody_grants_a_role_that_does_not_exist(client: TestClient) -> None:
    assert send(client, "ann", "PUT", "/admin/users/4/role", {"role": "admin"}).status_code == 403
    assert send(client, "ann", "PUT", "/admin/users/2/role", {"role": "god"}).status_code == 422
    assert send(client, "ann", "PUT", "/admin/users/99/role", {"role": "support"}).status_code == 404


def test_nobody_grants_more_than_they_have(engine: Engine) -> None:
    granted = GRANTS[Role.SUPPORT]
    GRANTS[Role.SUPPORT] = granted | {Permission.GRANT_ROLES}
    try:
        client = TestClient(create_app(engine, USERS.get))
        assert send(client, "sue", "PUT", "/admin/users/2/role", {"role": "admin"}).status_code == 403
        assert send(client, "sue", "PUT", "/admin/users/2/role", {"role": "support"}).status_code == 204
    finally:
        GRANTS[Role.SUPPORT] = granted


def test_a_role_that_is_taken_away_is_gone_with_the_next_request(client: TestClient, engine: Engine) -> None:
    assert send(client, "sue", "GET", "/invoices/2").status_code == 200
    with Session(engine) as session:
        session.execute(update(User).where(User.id == 3).values(role="customer"))
        session.commit()
    assert send(client, "sue", "GET", "/invoices/2").status_code == 404


def test_a_handler_without_a_permission_ends_the_start(engine: Engine) -> None:
    forgotten = APIRouter()

    @forgotten.get("/export")
    def export() -> None:
        """Send everything to anybody."""

    @forgotten.get("/signed-in-only", dependencies=[Depends(get_caller)])
    def whoever() -> None:
        """Being signed in is no permission."""

    with pytest.raises(UnguardedError, match="export, whoever"):
        create_app(engine, USERS.get, routers=(invoices, administration, forgotten))


def test_a_permission_on_a_whole_router_guards_its_handlers(engine: Engine) -> None:
    guarded = APIRouter(dependencies=[Depends(Needs(Permission.READ_ALL))])

    @guarded.get("/export")
    def export() -> None:
        """Send everything to those who may see everything."""

    client = TestClient(create_app(engine, USERS.get, routers=(guarded,)))
    assert [send(client, who, "GET", "/export").status_code for who in ("ada", "sue", None)] == [403, 200, 401]


def test_every_role_has_its_grants_and_an_unknown_one_has_none() -> None:
    assert GRANTS.keys() == set(Role)
    assert permissions_of("auditor") == permissions_of("") == permissions_of("ADMIN") == frozenset()


def test_refusals_and_grants_are_logged_with_who(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="permissions")
    send(client, "ada", "DELETE", "/invoices/1")
    send(client, "ann", "PUT", "/admin/users/2/role", {"role": "support"})
    refused, granted = (record.__dict__ for record in caplog.records if record.name == "permissions")
    assert (refused["user_id"], refused["needed"]) == (1, ["invoices:delete-all"])
    assert (granted["user_id"], granted["role"], granted["by"]) == (2, "support", 4)


@pytest.mark.parametrize("key", [0, -1, 2**31, 2**63, 2**70])
def test_a_number_that_nothing_can_have_is_refused_and_is_no_fault(client: TestClient, key: int) -> None:
    assert send(client, "ann", "GET", f"/invoices/{key}").status_code == 422
    assert send(client, "ann", "DELETE", f"/invoices/{key}").status_code == 422
    assert send(client, "ann", "PUT", f"/admin/users/{key}/role", {"role": "support"}).status_code == 422
    assert send(client, "ann", "GET", f"/invoices?after={key or -1}").status_code == 422
