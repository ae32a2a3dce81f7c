"""Lesson 6: who somebody is, and what they may do."""

from __future__ import annotations

from backend_mentor.lessons.exercise import Exercise, Mistake
from backend_mentor.lessons.goals import QuietReview, TestsPass

TOKENS = '''import jwt

SECRET = "brokerage-2024-signing-key-do-not-share"


def make_token(user_id: int) -> str:
    """Return a token that says who its bearer is."""
    return jwt.encode({"sub": str(user_id)}, SECRET, algorithm="HS256")


def read_token(token: str) -> int:
    """Return whose token it is; raises jwt.InvalidTokenError for one that we did not issue."""
    claims = jwt.decode(token, options={"verify_signature": False})
    return int(claims["sub"])
'''

_TOKENS_MENDED = '''import os
from datetime import datetime, timedelta, timezone

import jwt

SECRET = os.environ["TOKEN_SECRET"]


def make_token(user_id: int) -> str:
    """Return a token that says who its bearer is, for a quarter of an hour."""
    ends = datetime.now(timezone.utc) + timedelta(minutes=15)
    return jwt.encode({"sub": str(user_id), "exp": ends}, SECRET, algorithm="HS256")


def read_token(token: str) -> int:
    """Return whose token it is; raises jwt.InvalidTokenError for one that we did not issue."""
    claims = jwt.decode(token, SECRET, algorithms=["HS256"], options={"require": ["exp", "sub"]})
    return int(claims["sub"])
'''

# The secret is in the environment alone, and whatever somebody else could have written is refused.
_TESTS_OF_TOKENS = """
import os
import time

os.environ["TOKEN_SECRET"] = "only-in-the-environment-0123456789abcdef"

import jwt
import pytest
from cell import make_token, read_token

KEY = os.environ["TOKEN_SECRET"]


def test_a_token_is_read_again():
    assert read_token(make_token(7)) == 7


def test_it_is_signed_with_the_secret_of_the_environment():
    assert jwt.decode(make_token(7), KEY, algorithms=["HS256"])["sub"] == "7"


def test_it_ends_within_a_day():
    assert jwt.decode(make_token(7), KEY, algorithms=["HS256"])["exp"] < time.time() + 86400


@pytest.mark.parametrize(
    "token",
    [
        jwt.encode({"sub": "7", "exp": time.time() + 60}, "somebody-else-s-key-0123456789abcdef", algorithm="HS256"),
        jwt.encode({"sub": "7", "exp": time.time() - 60}, KEY, algorithm="HS256"),
        jwt.encode({"sub": "7"}, KEY, algorithm="HS256"),
        jwt.encode({"sub": "7", "exp": time.time() + 60}, None, algorithm="none"),
    ],
    ids=["of another key", "run out", "without an end", "unsigned"],
)
def test_what_is_not_a_valid_token_of_ours_is_refused(token):
    with pytest.raises(jwt.InvalidTokenError):
        read_token(token)
"""

_TOKEN_RULES = (
    "secret-in-code",
    "token-not-verified",
    "token-without-expiry",
    "token-without-algorithm",
    "token-with-long-life",
)

_ORDERS = '''from fastapi import Depends, FastAPI, HTTPException
from sqlalchemy import create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.pool import StaticPool

engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
app = FastAPI()


class Base(DeclarativeBase): ...


class Order(Base):
    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int]
    quantity: Mapped[int]


def current_user() -> int:
    """Return the id of the account that is signed in."""
    raise HTTPException(401, "Sign in first.", headers={"WWW-Authenticate": "Bearer"})


@app.get("/orders/{order_id}")
def show_order(order_id: int, user_id: int = Depends(current_user)) -> dict[str, int]:
    """Show an order to its owner."""
    with Session(engine) as session:
        order = session.get(Order, order_id)
        if order is None:
            raise HTTPException(404, "There is no such order.")
        return {"id": order.id, "quantity": order.quantity}
'''
_ANY_ORDER = "session.get(Order, order_id)"
_OWN_ORDER = "session.scalar(select(Order).where(Order.id == order_id, Order.owner_id == user_id))"

_TESTS_OF_ORDERS = """
import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session
from cell import Base, Order, app, current_user, engine

Base.metadata.create_all(engine)
with Session(engine) as session:
    session.add_all([Order(id=1, owner_id=7, quantity=100), Order(id=2, owner_id=8, quantity=5)])
    session.commit()


@pytest.fixture
def client():
    app.dependency_overrides[current_user] = lambda: 7
    with TestClient(app) as client:
        yield client
    app.dependency_overrides.clear()


def test_the_owner_sees_the_order(client):
    assert client.get("/orders/1").json() == {"id": 1, "quantity": 100}


def test_somebody_else_s_order_looks_like_one_that_is_not_there(client):
    other, missing = client.get("/orders/2"), client.get("/orders/3")
    assert other.status_code == missing.status_code == 404
    assert other.json() == missing.json()


def test_who_is_not_signed_in_is_told_so(client):
    app.dependency_overrides.clear()
    assert client.get("/orders/1").status_code == 401
"""

_RUNS_ON = ("fastapi", "sqlalchemy>=2", "httpx2")

EXERCISES = (
    Exercise(
        "6.1",
        "Mend both functions: a token says who and until when, it is signed with our secret, and all of it is checked.",
        starter=TOKENS,
        hints=(
            "Three things are wrong: where the secret is, how long a token holds, and what decode does not look at.",
            "Read the secret from os.environ['TOKEN_SECRET'], put exp into the claims, and give decode the key and the "
            "one algorithm that you sign with.",
            "A token of yours without an end must be refused too: options={'require': ['exp', 'sub']}.",
        ),
        answer=_TOKENS_MENDED,
        goal=QuietReview(_TOKEN_RULES, TestsPass(_TESTS_OF_TOKENS, requires=("pyjwt>=2.10",))),
        mistakes=(
            Mistake(
                _TOKENS_MENDED.replace(', options={"require": ["exp", "sub"]}', ""),
                "decode accepts a token that has no end, if nobody asks for one.",
            ),
            Mistake(
                _TOKENS_MENDED.replace('os.environ["TOKEN_SECRET"]', '"brokerage-2024-signing-key-do-not-share"'),
                "The secret is still in the code, and in every copy of its history.",
            ),
            Mistake(
                _TOKENS_MENDED.replace("minutes=15", "days=365"), "A token that is stolen would be good for a year."
            ),
        ),
    ),
    Exercise(
        "6.2",
        "Whoever is signed in may see their own orders, and of no other order even that it exists. Mend show_order.",
        starter=_ORDERS,
        hints=(
            "user_id is asked for and never used: counting up the number in the address shows everybody's orders.",
            "Put the owner into the condition of the query, and answer 404 for both.",
        ),
        answer=_ORDERS.replace(_ANY_ORDER, _OWN_ORDER),
        goal=QuietReview(("owner-not-checked",), TestsPass(_TESTS_OF_ORDERS, requires=_RUNS_ON)),
        mistakes=(
            Mistake(
                _ORDERS.replace(
                    '            raise HTTPException(404, "There is no such order.")\n',
                    '            raise HTTPException(404, "There is no such order.")\n'
                    "        if order.owner_id != user_id:\n"
                    '            raise HTTPException(403, "This is not your order.")\n',
                ),
                "403 says that the order exists; whoever counts up learns how many there are.",
            ),
            Mistake(
                _ORDERS.replace(_ANY_ORDER, "session.scalar(select(Order).where(Order.owner_id == user_id))"),
                "Any order of the owner is shown, whatever number was asked for.",
            ),
        ),
    ),
)
