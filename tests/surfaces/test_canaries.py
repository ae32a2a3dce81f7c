"""Canaries: what lies in rows, comments and addresses is in no state of a widget and in no message to the sidebar."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import start_new_kernel

from backend_mentor.session import Session
from backend_mentor.surfaces.panel import make_panel
from tests.fake_claude import FakeClaude, says, uses
from tests.fake_claude.validation import KEY
from tests.mentor.test_privacy import CALLS, COMMENT, QUERY, ROW, SECRET, make_people
from tests.surfaces.panel.test_panel import press
from tests.surfaces.sidebar.test_channel import SECONDS, Front

CANARIES = (ROW, COMMENT, SECRET, KEY)
ADDRESS = f"postgresql://app:{SECRET}@127.0.0.1:1/prod?sslpassword={SECRET}"
FAILING = "SELECT abs(name) FROM people WHERE city = (SELECT max(city) FROM people)"
UNKNOWN = "SELECT nonsense FROM people"


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_people(tmp_path_factory.mktemp("people") / "people.db")


@pytest.fixture(scope="module")
def kernel(people: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BlockingKernelClient]:
    """A kernel in whose environment are a key, a server that answers with calls of tools, and a password."""
    home = tmp_path_factory.mktemp("home")
    turns = [uses(*CALLS), says("Nothing to change.")]
    with FakeClaude(turns) as fake:
        named = {"ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": fake.url, "NO_PROXY": "127.0.0.1,localhost"}
        kept = {name: value for name, value in os.environ.items() if not name.startswith("ANTHROPIC_")}
        environment = {**kept, **named, "XDG_CACHE_HOME": str(home), "DATABASE_URL": ADDRESS}
        manager, client = start_new_kernel(env=environment)
        client.execute_interactive("%load_ext backend_mentor", timeout=SECONDS, allow_stdin=False)
        yield client
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def test_the_state_of_the_widget_holds_none(people: Path) -> None:
    session = Session()
    session.connect(str(people))
    panel = make_panel(session, dict)
    states: list[str] = []
    panel.observe(lambda _: states.append(json.dumps(panel.get_state(), default=str)))
    for kind, text in (
        ("review", QUERY),
        ("optimise", QUERY),
        ("review", FAILING),
        ("hint", FAILING),
        ("review", UNKNOWN),
    ):
        press(panel, kind, text=text)
    press(panel, "connect", target=ADDRESS)
    session.close()
    assert any("people" in state for state in states)
    assert [canary for canary in CANARIES if any(canary in state for state in states)] == []


def test_the_messages_to_the_sidebar_hold_none(kernel: BlockingKernelClient, people: Path) -> None:
    front = Front(kernel)
    front.end(front.ask("connect", target=ADDRESS))
    assert front.end(front.ask("connect", target=str(people), alias="people"))["event"] == "done"
    ended = [front.end(front.ask("review", text=text, analyze=True)) for text in (QUERY, FAILING, UNKNOWN)]
    assert ended[0]["event"] == "done"
    number = ended[0]["delivery"]["number"]
    front.ask("hello")
    front.ask("history")
    front.end(front.ask("ask", question="Which city is it?", number=number))
    front.end(front.ask("consent", question=f"Is it {ADDRESS} ?", number=number))
    front.ask("mentor", on=True, alias="people")
    asked = front.end(front.ask("ask", question="What would you change?", number=number))
    assert "claude" in asked["answered"]["speaker"], asked
    heard = json.dumps(front.heard)
    assert [canary for canary in CANARIES if canary in heard] == []
