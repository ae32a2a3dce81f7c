"""What the feed promises: who gets in, who hears what, and how it ends."""

import asyncio
import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from anyio.from_thread import start_blocking_portal
from fastapi import Request
from fastapi.testclient import TestClient
from feed_hub import Allowance, Hub, Outbox, Settings, TooSlowError
from feed_messages import Fill, Message, Quote
from starlette.testclient import WebSocketTestSession
from starlette.websockets import WebSocketDisconnect
from websocket_feed import (
    GOING_AWAY,
    POLICY,
    SIGNED_OUT,
    SILENT,
    TOO_BIG,
    TOO_MANY,
    TOO_SLOW,
    TRY_LATER,
    Feed,
    create_app,
)

ORIGIN = "https://desk.example"
NOW = datetime(2026, 3, 2, 14, 30, tzinfo=UTC)


class Clock:
    """A clock that stands until it is set."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


async def authenticate(request: Request) -> str | None:
    return {"Bearer ada": "ada", "Bearer bob": "bob"}.get(request.headers.get("authorization", ""))


async def may_read(user: str, symbol: str) -> bool:
    return not symbol.startswith("X")


def quote(symbol: str, bid: str) -> Quote:
    return Quote(symbol=symbol, bid=Decimal(bid), ask=Decimal(bid) + 1, exchange_time=NOW)


def fill(order: str) -> Fill:
    return Fill(order_id=order, symbol="ACME", price=Decimal("1.10"), quantity=Decimal(5), exchange_time=NOW)


def settings(**changed: Any) -> Settings:
    return Settings(frozenset({ORIGIN}), **changed)


class Desk:
    """An app under test, and what a client does with it."""

    def __init__(self, chosen: Settings) -> None:
        self.clock = Clock()
        self.app = create_app(chosen, authenticate, may_read, self.clock)
        self.client = TestClient(self.app)

    @property
    def hub(self) -> Hub:
        hub: Hub = self.app.state.hub
        return hub

    def ticket(self, user: str = "ada") -> str:
        answer = self.client.post("/feed/tickets", headers={"Authorization": f"Bearer {user}"})
        assert answer.status_code == 201
        return str(answer.json()["ticket"])

    def follow(self, ticket: str, origin: str = ORIGIN, after: int | None = None) -> WebSocketTestSession:
        place = f"/feed?ticket={ticket}" + ("" if after is None else f"&after={after}")
        return self.client.websocket_connect(place, headers={"origin": origin})

    def publish(self, *messages: Quote | Fill, user: str = "ada") -> None:
        for message in messages:
            assert self.client.portal is not None
            if isinstance(message, Quote):
                self.client.portal.call(self.hub.publish_quote, message)
            else:
                self.client.portal.call(self.hub.publish_fill, user, message)


@pytest.fixture
def desk() -> Iterator[Desk]:
    made = Desk(settings())
    with made.client:
        yield made


def closed_with(session: WebSocketTestSession) -> int:
    while True:
        try:
            session.receive_json()
        except WebSocketDisconnect as ended:
            return ended.code


def subscribe(session: WebSocketTestSession, *symbols: str) -> None:
    session.send_json({"type": "subscribe", "symbols": list(symbols)})


def test_a_ticket_is_only_for_those_who_are_signed_in(desk: Desk) -> None:
    answer = desk.client.post("/feed/tickets")
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("origin", ["https://evil.example", "https://desk.example.evil", "null", ""])
def test_a_page_of_another_origin_is_turned_away_before_it_is_let_in(desk: Desk, origin: str) -> None:
    with pytest.raises(WebSocketDisconnect) as refused, desk.follow(desk.ticket(), origin):
        pass
    assert refused.value.code == POLICY


def test_a_ticket_that_is_missing_made_up_used_or_old_lets_nobody_in(desk: Desk) -> None:
    used, old = desk.ticket(), desk.ticket()
    with desk.follow(used):
        pass
    for ticket in ("", "made-up", used):
        with pytest.raises(WebSocketDisconnect), desk.follow(ticket):
            pass
    desk.clock.seconds += 31
    with pytest.raises(WebSocketDisconnect), desk.follow(old):
        pass


def test_tickets_that_wait_are_bounded_and_make_room_as_they_expire() -> None:
    desk = Desk(settings(tickets_at_most=1))
    with desk.client:
        desk.ticket()
        again = desk.client.post("/feed/tickets", headers={"Authorization": "Bearer ada"})
        assert again.status_code == 503
        desk.clock.seconds += 31
        desk.ticket()


def test_a_subscriber_gets_the_last_price_and_then_each_new_one(desk: Desk) -> None:
    desk.publish(quote("ACME", "10"))
    with desk.follow(desk.ticket()) as session:
        assert session.receive_json()["type"] == "welcome"
        subscribe(session, "ACME")
        assert session.receive_json()["bid"] == "10"
        desk.publish(quote("OTHER", "5"), quote("ACME", "10.10"))
        told = session.receive_json()
        assert (told["symbol"], told["bid"], told["sequence"]) == ("ACME", "10.10", 2)


def test_a_symbol_that_the_user_may_not_read_is_refused_by_name_and_never_told(desk: Desk) -> None:
    with desk.follow(desk.ticket()) as session:
        session.receive_json()
        subscribe(session, "XSECRET", "ACME")
        refusal = session.receive_json()
        assert (refusal["type"], refusal["symbols"]) == ("refusal", ["XSECRET"])
        desk.publish(quote("XSECRET", "1"), quote("ACME", "2"))
        assert session.receive_json()["symbol"] == "ACME"


def test_an_unsubscribed_symbol_is_told_no_more(desk: Desk) -> None:
    with desk.follow(desk.ticket()) as session:
        session.receive_json()
        subscribe(session, "ACME", "BOLT")
        session.send_json({"type": "unsubscribe", "symbols": ["ACME"]})
        subscribe(session, "XMARK")
        assert session.receive_json()["symbols"] == ["XMARK"]
        desk.publish(quote("ACME", "1"), quote("BOLT", "2"))
        assert session.receive_json()["symbol"] == "BOLT"


def test_a_user_hears_of_their_own_fills_and_of_nobody_elses(desk: Desk) -> None:
    with desk.follow(desk.ticket("ada")) as ada, desk.follow(desk.ticket("bob")) as bob:
        ada.receive_json(), bob.receive_json()
        desk.publish(fill("a-1"), user="ada")
        desk.publish(fill("b-1"), user="bob")
        assert ada.receive_json()["order_id"] == "a-1"
        assert bob.receive_json()["order_id"] == "b-1"


def test_who_comes_back_gets_the_fills_that_were_missed_in_order(desk: Desk) -> None:
    desk.publish(fill("1"), fill("2"), fill("3"))
    with desk.follow(desk.ticket(), after=1) as session:
        welcome = session.receive_json()
        assert (welcome["last_fill"], welcome["resync"]) == (3, False)
        assert [session.receive_json()["order_id"] for _ in range(2)] == ["2", "3"]


@pytest.mark.parametrize("after", [0, 99])
def test_who_missed_more_than_is_kept_is_told_to_read_all_anew(after: int) -> None:
    desk = Desk(settings(fills_kept_per_user=2))
    with desk.client:
        desk.publish(fill("1"), fill("2"), fill("3"))
        with desk.follow(desk.ticket(), after=after) as session:
            assert session.receive_json()["resync"] is True


@pytest.mark.parametrize("text", ["{", "[]", '{"type": "order"}', '{"type": "subscribe", "symbols": ["a b"]}'])
def test_what_can_not_be_read_is_refused_and_the_feed_goes_on(desk: Desk, text: str) -> None:
    with desk.follow(desk.ticket()) as session:
        session.receive_json()
        session.send_text(text)
        assert session.receive_json()["type"] == "refusal"
        subscribe(session, "ACME")
        desk.publish(quote("ACME", "1"))
        assert session.receive_json()["symbol"] == "ACME"


def test_a_message_that_is_too_long_or_of_bytes_ends_the_feed(desk: Desk) -> None:
    with desk.follow(desk.ticket()) as session:
        session.send_text("x" * 10_000)
        assert closed_with(session) == TOO_BIG
    with desk.follow(desk.ticket()) as session:
        session.send_bytes(b"{}")
        assert closed_with(session) == POLICY


def test_a_client_that_floods_is_cut_off() -> None:
    desk = Desk(settings(messages_at_once=3))
    with desk.client, desk.follow(desk.ticket()) as session:
        for _ in range(4):
            session.send_json({"type": "alive"})
        assert closed_with(session) == TOO_MANY


def test_an_allowance_fills_up_again_with_time_and_never_beyond_its_size() -> None:
    clock = Clock()
    allowance = Allowance(per_second=2, at_most=3, clock=clock)
    assert [allowance.take() for _ in range(4)] == [True, True, True, False]
    clock.seconds += 0.5
    assert [allowance.take() for _ in range(2)] == [True, False]
    clock.seconds += 3600
    assert [allowance.take() for _ in range(4)] == [True, True, True, False]


def test_a_user_has_only_so_many_connections_and_leaving_makes_room() -> None:
    desk = Desk(settings(connections_per_user=1))
    with desk.client:
        with desk.follow(desk.ticket()) as first:
            first.receive_json()
            with desk.follow(desk.ticket()) as second:
                assert closed_with(second) == TRY_LATER
            with desk.follow(desk.ticket("bob")) as other:
                assert other.receive_json()["type"] == "welcome"
        with desk.follow(desk.ticket()) as third:
            assert third.receive_json()["type"] == "welcome"


def test_a_silent_feed_beats_and_a_silent_client_is_let_go() -> None:
    desk = Desk(settings(heartbeat_seconds=0.05, silence_seconds=0.5))
    with desk.client, desk.follow(desk.ticket()) as session:
        session.receive_json()
        assert session.receive_json()["type"] == "heartbeat"
        assert closed_with(session) == SILENT


def test_signing_out_ends_the_users_feeds_and_no_others(desk: Desk) -> None:
    with desk.follow(desk.ticket("ada")) as ada, desk.follow(desk.ticket("bob")) as bob:
        ada.receive_json(), bob.receive_json()
        assert desk.client.portal is not None
        desk.client.portal.call(desk.hub.end, SIGNED_OUT, "ada")
        assert closed_with(ada) == SIGNED_OUT
        desk.publish(fill("b-1"), user="bob")
        assert bob.receive_json()["order_id"] == "b-1"


def test_a_shutdown_ends_every_feed_with_going_away(desk: Desk) -> None:
    with desk.follow(desk.ticket()) as session:
        session.receive_json()
        assert desk.client.portal is not None
        desk.client.portal.call(desk.hub.end, GOING_AWAY)
        assert closed_with(session) == GOING_AWAY


def test_a_newer_price_takes_the_place_of_one_that_waits() -> None:
    box = Outbox(fills_at_most=2)
    for bid in ("1", "2", "3"):
        box.offer(quote("ACME", bid))
    box.offer(quote("BOLT", "9"))
    taken = [box.take(), box.take(), box.take()]
    assert [each.bid for each in taken if isinstance(each, Quote)] == [Decimal(3), Decimal(9)]
    assert taken[2] is None


def test_a_fill_is_never_dropped_in_silence_and_goes_before_prices() -> None:
    box = Outbox(fills_at_most=2)
    box.offer(quote("ACME", "1"))
    box.offer(fill("1"))
    first = box.take()
    assert isinstance(first, Fill)
    for order in ("2", "3", "4"):
        box.offer(fill(order))
    with pytest.raises(TooSlowError):
        box.take()


class StuckSocket:
    """A peer that takes nothing in."""

    def __init__(self) -> None:
        self.closed_with: int | None = None
        self.sent: list[str] = []

    async def receive_text(self) -> str:
        await asyncio.Event().wait()
        raise AssertionError

    async def send_text(self, text: str) -> None:
        self.sent.append(text)
        await asyncio.Event().wait()

    async def close(self, code: int) -> None:
        self.closed_with = code


def test_a_peer_that_takes_nothing_in_is_given_up_and_delays_nobody() -> None:
    chosen = settings(send_seconds=0.05)

    async def serve() -> tuple[int | None, list[Message | None]]:
        hub = Hub(chosen)
        slow, fast = hub.join("ada"), hub.join("bob")
        assert slow is not None
        assert fast is not None
        for each in (slow, fast):
            hub.subscribe(each, ["ACME"])
        stuck: Any = StuckSocket()
        serving = asyncio.create_task(Feed(hub, chosen, may_read, Clock()).serve(stuck, slow, None))
        taken = []
        for bid in ("1", "2", "3"):
            hub.publish_quote(quote("ACME", bid))
            taken.append(fast.outbox.take())
        await serving
        return stuck.closed_with, taken

    # A loop of its own in another thread: a notebook's is running already.
    with start_blocking_portal() as portal:
        code, taken = portal.call(serve)
    assert code == TOO_SLOW
    assert [each.bid for each in taken if isinstance(each, Quote)] == [Decimal(1), Decimal(2), Decimal(3)]


def test_nothing_of_a_connection_stays_behind(desk: Desk) -> None:
    for _ in range(5):
        with desk.follow(desk.ticket()) as session:
            session.receive_json()
            subscribe(session, "ACME")
    desk.publish(quote("ACME", "1"))
    assert desk.hub._connections == {}
    assert desk.hub._count == 0


def test_no_ticket_is_in_the_log_or_in_an_answer_twice(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, logger="feed"):
        ticket = desk.ticket()
        with desk.follow(ticket) as session:
            assert ticket not in json.dumps(session.receive_json())
    assert ticket not in caplog.text
