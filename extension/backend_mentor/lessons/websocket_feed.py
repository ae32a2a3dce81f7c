"""Lesson 7: a feed of updates that a slow reader can not bring down, and that asks who listens."""

from __future__ import annotations

from backend_mentor.lessons.exercise import Exercise, Mistake
from backend_mentor.lessons.goals import QuietReview, TestsPass

_OUTBOX = '''import asyncio


class Outbox:
    """What waits to be sent to one client: newest prices, and every fill in its order."""

    def __init__(self) -> None:
        self.waiting: asyncio.Queue[tuple[str, str, float]] = asyncio.Queue()

    def put_price(self, symbol: str, price: float) -> None:
        """Take in a price."""
        self.waiting.put_nowait(("price", symbol, price))

    def put_fill(self, symbol: str, price: float) -> None:
        """Take in a fill, which may never be lost; raises OverflowError where 1,000 wait already."""
        self.waiting.put_nowait(("fill", symbol, price))

    def take_all(self) -> list[tuple[str, str, float]]:
        """Return all that waits, fills first, and forget it."""
        taken = []
        while not self.waiting.empty():
            taken.append(self.waiting.get_nowait())
        return sorted(taken, key=lambda each: each[0] != "fill")
'''

_OUTBOX_MENDED = '''class Outbox:
    """What waits to be sent to one client: newest prices, and every fill in its order."""

    def __init__(self) -> None:
        self.prices: dict[str, float] = {}
        self.fills: list[tuple[str, str, float]] = []

    def put_price(self, symbol: str, price: float) -> None:
        """Take in a price."""
        self.prices[symbol] = price

    def put_fill(self, symbol: str, price: float) -> None:
        """Take in a fill, which may never be lost; raises OverflowError where 1,000 wait already."""
        if len(self.fills) == 1000:
            raise OverflowError
        self.fills.append(("fill", symbol, price))

    def take_all(self) -> list[tuple[str, str, float]]:
        """Return all that waits, fills first, and forget it."""
        taken = self.fills + [("price", symbol, price) for symbol, price in self.prices.items()]
        self.fills, self.prices = [], {}
        return taken
'''

_TESTS_OF_OUTBOX = """
import pytest
from cell import Outbox


def test_a_newer_price_takes_the_place_of_an_older_one():
    outbox = Outbox()
    for price in range(100_000):
        outbox.put_price("ACME", float(price))
    outbox.put_price("EMCA", 7.0)
    assert sorted(outbox.take_all()) == [("price", "ACME", 99_999.0), ("price", "EMCA", 7.0)]
    assert outbox.take_all() == []


def test_fills_come_first_in_their_order_and_none_is_lost():
    outbox = Outbox()
    outbox.put_price("ACME", 1.0)
    for price in range(1000):
        outbox.put_fill("ACME", float(price))
    taken = outbox.take_all()
    assert taken == [("fill", "ACME", float(price)) for price in range(1000)] + [("price", "ACME", 1.0)]


def test_a_client_that_takes_nothing_costs_a_bounded_room():
    outbox = Outbox()
    for price in range(1000):
        outbox.put_fill("ACME", float(price))
    with pytest.raises(OverflowError):
        outbox.put_fill("ACME", 1000.0)
"""

_SOCKET = '''from fastapi import FastAPI, WebSocket

app = FastAPI()
ORIGINS = {"https://trade.example.com"}
TICKETS = {"ticket-of-7": 7}


@app.websocket("/feed")
async def feed(socket: WebSocket) -> None:
    """Say hello to who listens."""
    await socket.accept()
    await socket.send_json({"hello": TICKETS.get(socket.query_params.get("ticket", ""), 0)})
    await socket.close()
'''

_SOCKET_MENDED = '''from fastapi import FastAPI, WebSocket

app = FastAPI()
ORIGINS = {"https://trade.example.com"}
TICKETS = {"ticket-of-7": 7}


@app.websocket("/feed")
async def feed(socket: WebSocket) -> None:
    """Say hello to who listens."""
    user = TICKETS.pop(socket.query_params.get("ticket", ""), None)
    if socket.headers.get("origin") not in ORIGINS or user is None:
        await socket.close(code=1008)
        return
    await socket.accept()
    await socket.send_json({"hello": user})
    await socket.close()
'''

_TESTS_OF_SOCKET = """
import pytest
from fastapi.testclient import TestClient
from starlette.websockets import WebSocketDisconnect
from cell import app, TICKETS

OURS = {"origin": "https://trade.example.com"}


@pytest.fixture
def client():
    TICKETS.clear()
    TICKETS["ticket-of-7"] = 7
    with TestClient(app) as client:
        yield client


def refused(client, path, headers):
    # Refused before the socket is accepted, so nothing is ever received over it.
    try:
        with client.websocket_connect(path, headers=headers) as socket:
            socket.receive_json()
    except WebSocketDisconnect as error:
        return error.code == 1008
    return False


def test_who_has_a_ticket_and_comes_from_our_page_is_let_in(client):
    with client.websocket_connect("/feed?ticket=ticket-of-7", headers=OURS) as socket:
        assert socket.receive_json() == {"hello": 7}


def test_without_a_ticket_nobody_is_let_in(client):
    assert refused(client, "/feed", OURS)
    assert refused(client, "/feed?ticket=guessed", OURS)


def test_another_page_can_not_use_the_user_s_ticket(client):
    assert refused(client, "/feed?ticket=ticket-of-7", {"origin": "https://evil.example"})


def test_a_ticket_is_good_once(client):
    with client.websocket_connect("/feed?ticket=ticket-of-7", headers=OURS) as socket:
        socket.receive_json()
    assert refused(client, "/feed?ticket=ticket-of-7", OURS)
"""

_RUNS_ON = ("fastapi", "httpx2")

EXERCISES = (
    Exercise(
        "7.1",
        "A client on a train reads nothing for a minute. Keep the newest price of each symbol and at most 1,000 fills.",
        starter=_OUTBOX,
        hints=(
            "A queue without a limit grows for as long as somebody does not read. What of it is still worth sending?",
            "An old price is worth nothing once a newer one is there: a dict by symbol keeps just the newest.",
            "A fill must not be dropped in silence: where 1,000 wait, raise OverflowError, and let the caller end the "
            "connection.",
        ),
        answer=_OUTBOX_MENDED,
        goal=TestsPass(_TESTS_OF_OUTBOX),
        mistakes=(
            Mistake(
                _OUTBOX.replace("asyncio.Queue()", "asyncio.Queue(maxsize=1000)"),
                "A full queue raises for a price too, which could just as well be replaced.",
            ),
            Mistake(
                _OUTBOX_MENDED.replace("            raise OverflowError\n", "            self.fills.pop(0)\n"),
                "The oldest fill is dropped, and the client's position is wrong from then on.",
            ),
        ),
    ),
    Exercise(
        "7.2",
        "Let in only who has a ticket and comes from our page, before the socket is accepted. A ticket is good once.",
        starter=_SOCKET,
        hints=(
            "No same-origin rule stops another page from opening a socket to you. Look at the Origin header yourself.",
            "Take the ticket out as you read it, TICKETS.pop(…, None), and close with 1008 before accept.",
        ),
        answer=_SOCKET_MENDED,
        goal=QuietReview(
            ("socket-without-check", "socket-origin-not-checked"), TestsPass(_TESTS_OF_SOCKET, requires=_RUNS_ON)
        ),
        mistakes=(
            Mistake(
                _SOCKET_MENDED.replace("TICKETS.pop", "TICKETS.get"),
                "The ticket stands in every log on its way, and can be used again.",
            ),
            Mistake(
                _SOCKET_MENDED.replace('socket.headers.get("origin") not in ORIGINS or ', ""),
                "Any page can open the socket with the ticket it has got hold of.",
            ),
        ),
    ),
)
