"""The doctor says what works; the live check says its price first and sends nothing without a yes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from backend_mentor.mentor.client import Claude
from backend_mentor.session import Session
from backend_mentor.surfaces.doctor import examine, report
from tests.fake_claude import FakeClaude, ToolUse, says, uses
from tests.fake_claude.validation import KEY


@pytest.fixture
def session() -> Iterator[Session]:
    session = Session()
    session.connect("demo")
    yield session
    session.close()


def test_every_part_is_named_with_what_it_is_for(session: Session) -> None:
    names = {each.name for each in examine(session)}
    assert {"Python", "SQLite", "database", "anthropic", "mcp", "keyring", "key for Claude"} <= names


def test_the_live_check_says_its_price_and_sends_nothing_without_a_yes(
    session: Session, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
    with FakeClaude([says("No.")]) as fake:
        session.mentor.open_speaker = lambda: Claude(KEY, fake.url)
        assert report(session, live=True, agreed=False, ask=lambda _: "n") == 0
        assert fake.requests == []
    printed = capsys.readouterr().out
    assert "at most about $0.0" in printed
    assert "Nothing was sent." in printed
    assert KEY not in printed


def test_the_live_check_asks_one_question_and_says_what_it_took(
    session: Session, capsys: pytest.CaptureFixture[str]
) -> None:
    look = uses(ToolUse("explain_query", {"sql": "SELECT id FROM accounts WHERE status = 'closed'"}))
    with FakeClaude([look, says("It reads the whole table.")]) as fake:
        session.mentor.open_speaker = lambda: Claude(KEY, fake.url)
        assert report(session, live=True, agreed=True) == 0
        assert len(fake.requests) == 2
    assert "2 calls" in capsys.readouterr().out
