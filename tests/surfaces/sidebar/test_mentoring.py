"""Claude in the sidebar, in a real kernel: silent without a yes, asked by the very bytes that were shown, stopped."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from jupyter_client.manager import start_new_kernel
from jupyter_core.utils import ensure_event_loop

from tests.fake_claude import FakeClaude, Fault, FaultKind, Turn, says
from tests.fake_claude.turns import Text
from tests.fake_claude.validation import KEY
from tests.surfaces.sidebar.test_channel import SECONDS, Front

SLOW = "SELECT id FROM parts WHERE date(made_on) = '2026-03-02'"
QUESTION = "Which column is slow?"


class Script:
    """What the server says next."""

    def __init__(self) -> None:
        self.turns: list[Turn] = []

    def __call__(self, body: dict[str, object]) -> Turn:
        return self.turns.pop(0)


@pytest.fixture(scope="module")
def fake() -> Iterator[FakeClaude]:
    with FakeClaude(forever=Script()) as running:
        yield running


def kernel_in(home: Path, **named: str) -> Iterator[Front]:
    """Start a kernel in whose environment nothing of Anthropic's is but what is named."""
    for name in ("shop.db", "other.db"):
        connection = sqlite3.connect(home / name)
        connection.execute("CREATE TABLE parts (id INTEGER PRIMARY KEY, made_on TEXT NOT NULL)")
        connection.execute("CREATE INDEX parts_made_on ON parts (made_on)")
        connection.close()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ANTHROPIC_")}
    own = {"HOME": str(home), "XDG_CACHE_HOME": str(home), "NO_PROXY": "127.0.0.1,localhost"}
    manager, client = start_new_kernel(cwd=str(home), env={**kept, **own, **named})
    client.execute_interactive("%load_ext backend_mentor", timeout=SECONDS, allow_stdin=False)
    yield Front(client)
    client.stop_channels()
    manager.shutdown_kernel(now=True)
    ensure_event_loop().close()  # jupyter_client leaves its own open


@pytest.fixture(scope="module")
def front(fake: FakeClaude, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    named = {"ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": fake.url}
    yield from kernel_in(tmp_path_factory.mktemp("home"), **named)


@pytest.fixture
def number(front: Front) -> int:
    """The number of a review of the shop, which is connected; the mentor is offline."""
    front.end(front.ask("connect", target="shop.db", alias="shop"))
    front.ask("mentor", on=False, alias="shop")
    found: int = front.end(front.ask("review", text=SLOW))["delivery"]["number"]
    return found


def script_of(fake: FakeClaude, *turns: Turn) -> None:
    """Let the server say these turns next."""
    script = fake._forever
    assert isinstance(script, Script)
    script.turns = list(turns)
    fake.requests.clear()


def test_nothing_is_sent_before_a_yes_and_then_the_bytes_that_were_shown(
    front: Front, fake: FakeClaude, number: int
) -> None:
    script_of(fake, says("The column made_on is wrapped in a function, so its index is of no use."))
    consent = front.end(front.ask("consent", question=QUESTION, number=number))["consent"]
    assert (consent["alias"], consent["database"], consent["missing"]) == ("shop", "shop.db", None)
    assert consent["host"] in fake.url
    assert KEY not in consent["request"]
    assert front.end(front.ask("ask", question=QUESTION, number=number))["answered"]["speaker"] == ""
    assert fake.requests == []
    (current,) = [each for each in front.ask("mentor", on=True, alias="shop")["connections"] if each["current"]]
    assert current["mentored"] is True
    answered = front.end(front.ask("ask", question=QUESTION, number=number))["answered"]
    (request,) = fake.requests
    head, _, body = consent["request"].partition("\n\n")
    assert body.encode() == request.raw
    shown = {line.partition(": ")[0] for line in head.splitlines()[1:]}
    assert shown >= request.headers.keys() - {"authorization", "connection", "host"}
    assert "claude" in answered["speaker"]
    (told,) = answered["delivery"]["drawing"]["spoken"]
    assert told[0][0]["text"].startswith("The column made_on")


def test_a_yes_for_one_connection_is_none_for_another(front: Front, fake: FakeClaude, number: int) -> None:
    script_of(fake)
    front.ask("mentor", on=True, alias="shop")
    front.end(front.ask("connect", target="other.db", alias="other"))
    assert "Another database than shop" in front.ask("mentor", on=True, alias="shop")["failed"]["what"]
    offline = front.end(front.ask("ask", question="why is the index of no use?", number=number))
    assert offline["answered"]["speaker"] == ""
    front.ask("mentor", on=True, alias="other")
    failed = front.end(front.ask("ask", question=QUESTION, number=number))["failed"]
    assert failed["what"] == "The review is about shop.db, and other.db is connected."
    assert fake.requests == []


def test_an_answer_that_falls_silent_is_stopped_and_what_was_said_stays(
    front: Front, fake: FakeClaude, number: int
) -> None:
    said = "The column made_on is the one. " * 8 + "Then"
    stalls = Turn((Text(said),), fault=Fault(FaultKind.STALL, at=40))
    script_of(fake, stalls, says("Go on with made_on."))
    front.ask("mentor", on=True, alias="shop")
    started = front.ask("ask", question="What of the stop?", number=number)
    front.wait(lambda data: data.get("event") == "speech" and data["ask"] == started["ask"])
    assert fake.stalled.wait(SECONDS)
    assert front.ask("stop", of=started["ask"])["stopping"] is True
    ended = front.end(started)
    spoken = json.dumps(ended["answered"]["delivery"]["drawing"])
    assert "The column made_on is the one." in spoken
    assert "You stopped the answer" in spoken
    again = front.end(front.ask("ask", question="And now?", number=number))
    assert "Go on with" in json.dumps(again["answered"])


def test_a_key_in_a_question_is_not_sent(front: Front, fake: FakeClaude, number: int) -> None:
    script_of(fake)
    front.ask("mentor", on=True, alias="shop")
    failed = front.end(front.ask("ask", question=f"Is {'sk-ant-' + 'a' * 40} right?", number=number))["failed"]
    assert failed["what"].startswith("A key stands in the question.")
    assert fake.requests == []


def test_without_a_key_it_stays_offline_and_says_how_to_give_one(tmp_path: Path) -> None:
    for front in kernel_in(tmp_path):
        front.end(front.ask("connect", target="shop.db", alias="shop"))
        number = front.end(front.ask("review", text=SLOW))["delivery"]["number"]
        missing = front.end(front.ask("consent", question="", number=number))["consent"]["missing"]
        assert "There is no key for Claude" in missing["what"]
        assert "ANTHROPIC_API_KEY" in front.ask("mentor", on=True, alias="shop")["failed"]["remedy"]
