"""The persona in a chat, by the real packages: jupyter-ai's persona manager and its chat model."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from importlib.metadata import entry_points
from pathlib import Path

import pytest
from jupyterlab_chat.models import Message
from jupyterlab_chat.ychat import YChat

from backend_mentor.mentor.client import Claude
from backend_mentor.session import Session
from backend_mentor.surfaces.jupyter_ai import BackendMentorPersona
from tests.fake_claude import FakeClaude, says
from tests.fake_claude.validation import KEY


def talk(*bodies: str, prepare: Callable[[Session], None] = lambda _: None) -> list[str]:
    """Send messages to a persona in a real chat and return its answers."""

    async def run() -> list[str]:
        chat = YChat()
        persona = BackendMentorPersona(chat=chat)
        persona._session = Session()
        persona._session.connect("demo")
        prepare(persona._session)
        for number, body in enumerate(bodies):
            message = Message(id=str(number), body=body, time=float(number), sender="ann")
            try:
                await persona.process_message(message)
            except Exception as error:
                await persona.handle_uncaught_exception(error)
        persona._session.close()
        return [each.body for each in chat.get_messages() if each.sender == persona.id]

    return asyncio.run(run())


def test_the_entry_point_leads_to_the_persona() -> None:
    (point,) = entry_points(group="jupyter_ai.personas", name="backend-mentor")
    assert point.load() is BackendMentorPersona


def test_the_persona_has_a_name_and_a_picture() -> None:
    defaults = BackendMentorPersona(chat=YChat()).defaults
    assert defaults.name == "Backend Mentor"
    assert Path(defaults.avatar_path).read_text().startswith("<svg")


def test_a_query_in_a_block_of_code_is_reviewed() -> None:
    (answer,) = talk("@Backend-Mentor please\n```sql\nSELECT id FROM orders WHERE channel = 'web'\n```")
    assert "reviewed in" in answer
    assert "nothing left this machine" in answer


def test_bad_input_is_one_message_without_a_traceback() -> None:
    answers = talk("SELECT nonsense FROM orders", "connect /nowhere/at/all.db", "mentor gpt", "ask why?")
    assert len(answers) == 4
    assert not any("Traceback" in each or "Error(" in each for each in answers)


def test_hostile_names_are_text() -> None:
    (answer,) = talk('SELECT id AS "<img src=x onerror=alert(1)>" FROM orders WHERE id = 7')
    outside = "".join(answer.split("```")[::2])
    assert "<img" not in outside.replace("\\<img", "")


def test_claude_is_asked_only_after_it_was_turned_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with FakeClaude([says("orders has 200,000 rows. It would be 70x faster.")]) as fake:

        def prepare(session: Session) -> None:
            # An answer that an earlier run kept would be given without asking.
            monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
            session.mentor.open_speaker = lambda: Claude(KEY, fake.url)

        query = "SELECT id FROM orders WHERE channel = 'web'"
        _, refused, on, answer = talk(query, "ask why?", "mentor claude", "ask why?", prepare=prepare)
        assert len(fake.requests) == 1
    assert "offline" in refused
    assert "127.0.0.1" in on
    assert "not verified: 70x" in answer.replace("\\", "")
