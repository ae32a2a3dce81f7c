"""Sent again, at once, after a failure, with another body: the work is done once."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from idempotent_post import Base, KeptAnswer, Order, Product, create_app, sweep
from sqlalchemy import Engine, create_engine, func, select, update
from sqlalchemy.orm import Session

USERS = {"ada-token": 1, "bob-token": 2}
KEY = "8e03978e-40d5-43e8-bc93-6894a57f9324"


class Clock:
    """A clock that stands until it is moved."""

    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = create_engine(f"sqlite:///{tmp_path / 'shop.db'}", connect_args={"timeout": 30})
    Base.metadata.create_all(made)
    with Session(made) as session:
        session.add(Product(sku="lamp", stock=10))
        session.commit()
    yield made
    made.dispose()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def client(engine: Engine, clock: Clock) -> Iterator[TestClient]:
    with TestClient(create_app(engine, USERS.get, clock=clock)) as made:
        yield made


def post(client: TestClient, key: str | None = KEY, quantity: object = 2, who: str = "ada", sku: str = "lamp") -> Any:
    headers = {"Authorization": f"Bearer {who}-token"}
    if key is not None:
        headers["Idempotency-Key"] = key
    return client.post("/orders", json={"sku": sku, "quantity": quantity}, headers=headers)


def counts(engine: Engine) -> tuple[int, int]:
    """Orders, and what is left of the stock."""
    with Session(engine) as session:
        orders = session.scalar(select(func.count()).select_from(Order)) or 0
        return orders, session.scalars(select(Product.stock)).one()


def test_the_same_request_again_gets_the_same_answer_and_the_work_is_done_once(
    client: TestClient, engine: Engine
) -> None:
    first, second = post(client), post(client)
    assert first.status_code == second.status_code == 201
    assert first.content == second.content
    assert first.headers["location"] == second.headers["location"] == "/orders/1"
    assert "idempotency-replayed" not in first.headers
    assert second.headers["idempotency-replayed"] == "true"
    assert counts(engine) == (1, 8)


def test_of_ten_at_once_one_does_the_work_and_all_get_its_answer(client: TestClient, engine: Engine) -> None:
    answers: list[tuple[int, bytes]] = []

    def send() -> None:
        answer = post(client)
        answers.append((answer.status_code, answer.content))

    threads = [threading.Thread(target=send) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 10
    assert {status for status, _ in answers} == {201}
    assert len({body for _, body in answers}) == 1
    assert counts(engine) == (1, 8)


def test_another_key_is_another_order(client: TestClient, engine: Engine) -> None:
    post(client)
    post(client, "another-key")
    assert counts(engine) == (2, 6)


def test_the_same_key_of_another_user_is_another_request(client: TestClient, engine: Engine) -> None:
    first, second = post(client), post(client, who="bob")
    assert (first.json()["id"], second.json()["id"]) == (1, 2)
    assert "idempotency-replayed" not in second.headers


def test_the_same_key_with_another_body_is_refused_and_shows_nothing_of_the_first(
    client: TestClient, engine: Engine
) -> None:
    post(client)
    answer = post(client, quantity=3)
    assert answer.status_code == 422
    assert "lamp" not in answer.text
    assert counts(engine) == (1, 8)


def test_a_request_that_failed_leaves_nothing_and_may_be_sent_again(client: TestClient, engine: Engine) -> None:
    assert post(client, quantity=11).status_code == 409
    with Session(engine) as session:
        assert session.scalar(select(func.count()).select_from(KeptAnswer)) == 0
        session.execute(update(Product).values(stock=11))
        session.commit()
    assert post(client, quantity=11).status_code == 201
    assert counts(engine) == (1, 0)


def test_an_unknown_product_is_a_conflict_and_not_a_fault(client: TestClient, engine: Engine) -> None:
    assert post(client, sku="sofa").status_code == 409
    assert counts(engine) == (0, 10)


@pytest.mark.parametrize("key", [None, "", "short", "x" * 129, "with space", "line\tbreak-key"])
def test_a_missing_or_malformed_key_is_refused(client: TestClient, engine: Engine, key: str | None) -> None:
    assert post(client, key).status_code == 422
    assert counts(engine) == (0, 10)


@pytest.mark.parametrize("quantity", [0, -1, 1_001, 2**70, "two", None, 1.5])
def test_a_quantity_out_of_bounds_is_refused(client: TestClient, quantity: object) -> None:
    assert post(client, quantity=quantity).status_code == 422


def test_strangers_are_refused_before_anything_is_kept(client: TestClient, engine: Engine) -> None:
    assert post(client, who="eve").status_code == 401
    assert client.post("/orders", json={"sku": "lamp", "quantity": 1}).status_code == 401
    assert counts(engine) == (0, 10)


def test_another_users_order_is_not_found(client: TestClient) -> None:
    location = post(client).headers["location"]
    assert client.get(location, headers={"Authorization": "Bearer ada-token"}).json()["sku"] == "lamp"
    assert client.get(location, headers={"Authorization": "Bearer bob-token"}).status_code == 404


def test_answers_are_kept_for_their_time_and_swept_after_it(client: TestClient, clock: Clock, engine: Engine) -> None:
    shop = client.app.state.shop  # type: ignore[attr-defined]  # the client knows it as any ASGI app
    post(client)
    clock.now += shop.settings.keys_kept_seconds
    sweep(shop)
    assert post(client).headers["idempotency-replayed"] == "true"
    clock.now += 1
    sweep(shop)
    with Session(engine) as session:
        assert session.scalar(select(func.count()).select_from(KeptAnswer)) == 0


@pytest.mark.parametrize("key", [0, -1, 2**31, 2**63, 2**70])
def test_a_number_that_no_order_can_have_is_refused_and_is_no_fault(client: TestClient, key: int) -> None:
    assert client.get(f"/orders/{key}", headers={"Authorization": "Bearer ada-token"}).status_code == 422
    assert post(client, sku="la\0mp").status_code == 422
