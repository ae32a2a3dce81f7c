"""Narratives in a batch of messages: consent, money, taking up again, and words that are judged."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import pytest

from backend_mentor.batch.gather import gather
from backend_mentor.batch.run import review_on
from backend_mentor.domain.batch import Summary
from backend_mentor.domain.errors import MentorError
from backend_mentor.mentor.batches import BatchDesk
from backend_mentor.mentor.narratives import batch_cost
from backend_mentor.mentor.prices import Usage, cost_usd
from backend_mentor.renderers.summary import render_json, render_markdown, render_text
from backend_mentor.session import Session
from backend_mentor.surfaces.narratives import narrate
from tests.fake_claude import FakeClaude, says
from tests.fake_claude.turns import Turn
from tests.fake_claude.validation import KEY
from tests.mentor.test_privacy import COMMENT, ROW, SECRET, make_people

PLAIN = "Read the places of `visits` first."
LIE = "The index visits_by_moon makes it 400 times faster."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    make_people(tmp_path / "people.db")
    queries = tmp_path / "queries"
    queries.mkdir()
    for number in range(3):
        (queries / f"q{number}.sql").write_text(
            f"-- postgresql://app:{SECRET}@db.internal/prod\n"
            f"SELECT p.id FROM people p WHERE p.id NOT IN (SELECT person_id FROM visits WHERE id > {number})\n"
        )
    return tmp_path


class Bench:
    """One reviewed folder, and the narratives asked for on it as often as a test wants."""

    def __init__(self, folder: Path, fake: FakeClaude) -> None:
        self.folder, self.fake = folder, fake
        self.session = Session()
        database = self.session.connect(str(folder / "people.db"))
        outcomes = review_on(database, gather([str(folder / "queries")], "sqlite").pieces)
        self.summary = Summary("1", database.name, "SQLite", outcomes)

    def narrate(self, *, yes: bool = True, pause: object = lambda _: None) -> tuple[Summary, MentorError | None]:
        options = argparse.Namespace(resume=str(self.folder / "journal"), model=None, yes=yes, analyze=False)
        return narrate(self.summary, options, self.session, BatchDesk(KEY, self.fake.url, pause))

    def handed_in(self) -> int:
        return sum(each.path == "/v1/messages/batches" for each in self.fake.requests)


def numbered(body: dict[str, object]) -> Turn:
    """Say which of the three queries a request is about."""
    text = json.dumps(body)
    return says(next(f"Piece {n} begins here." for n in range(3) if f"id > {n}" in text))


def test_each_piece_gets_its_own_words_whatever_the_order_of_the_results(folder: Path) -> None:
    with FakeClaude(forever=numbered) as fake:
        summary, failure = Bench(folder, fake).narrate()
    assert failure is None
    for number, outcome in enumerate(summary.outcomes):
        assert outcome.narrative is not None
        assert f"Piece {number} begins" in outcome.narrative.passages[0].text
    assert "3 of 3 pieces" in summary.narration
    assert "tokens in" in summary.narration
    for render in (render_text, render_markdown, render_json):
        assert "Piece 2 begins here." in render(summary)


def test_a_lie_is_marked_in_every_form_of_the_report(folder: Path) -> None:
    with FakeClaude(forever=says(LIE)) as fake:
        summary, _ = Bench(folder, fake).narrate()
    assert all(each.narrative and each.narrative.passages[0].unverified for each in summary.outcomes)
    assert "[not verified:" in " ".join(render_text(summary).split())
    assert "not verified" in render_markdown(summary)
    assert "visits_by_moon" in json.loads(render_json(summary))["outcomes"][0]["narrative"]["passages"][0]["text"]


def test_what_was_paid_for_is_never_sent_again(folder: Path) -> None:
    with FakeClaude(forever=says(PLAIN)) as fake:
        first, _ = Bench(folder, fake).narrate()
        bench = Bench(folder, fake)
        again, failure = bench.narrate(yes=False)
        assert bench.handed_in() == 1
    assert failure is None
    assert [each.narrative for each in again.outcomes] == [each.narrative for each in first.outcomes]
    assert "0 tokens in" in again.narration


def test_an_interrupt_names_the_batch_and_the_next_run_takes_its_results(folder: Path) -> None:
    def interrupt(seconds: float) -> None:
        raise KeyboardInterrupt

    with FakeClaude(forever=says(PLAIN)) as fake:
        fake.batches.looks = 1
        bench = Bench(folder, fake)
        stopped, failure = bench.narrate(pause=interrupt)
        assert "msgbatch_0001" in str(failure)
        assert "again" in str(failure)
        assert stopped.findings == bench.summary.findings > 0
        resumed, failure = bench.narrate(yes=False)
        assert bench.handed_in() == 1
    assert failure is None
    assert all(each.narrative for each in resumed.outcomes)


@pytest.mark.parametrize("end", ["errored", "canceled", "expired"])
def test_a_request_that_did_not_succeed_says_so_and_alone_is_asked_again(folder: Path, end: str) -> None:
    with FakeClaude(forever=says(PLAIN)) as fake:
        fake.batches.ends[1] = end
        bench = Bench(folder, fake)
        summary, failure = bench.narrate()
        fake.batches.ends.clear()
        bench.narrate()
        sizes = [len(batch) for batch in fake.batches.made.values()]
    assert failure is None
    narrative = summary.outcomes[1].narrative
    assert narrative is not None
    assert not narrative.passages
    assert {"errored": "api_error", "canceled": "canceled", "expired": "expired"}[end] in narrative.notices[0]
    assert sizes == [3, 1]


def test_without_a_yes_and_a_terminal_nothing_is_sent_and_the_price_is_shown(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", (folder / "queries" / "q0.sql").open())
    with FakeClaude() as fake:
        bench = Bench(folder, fake)
        summary, failure = bench.narrate(yes=False)
        assert not fake.requests
    sys.stdin.close()
    assert "--yes" in str(failure)
    assert summary.outcomes == bench.summary.outcomes
    told = capsys.readouterr().err
    assert "one batch of 3 requests" in told
    assert "half the normal price" in told


def test_no_row_comment_or_secret_is_in_what_was_sent_or_kept(folder: Path) -> None:
    with FakeClaude(forever=says(PLAIN)) as fake:
        Bench(folder, fake).narrate()
        sent = fake.sent()
    for canary in (ROW, COMMENT, SECRET):
        assert canary not in sent
        assert canary not in (folder / "journal.narratives").read_text()
    assert KEY not in (folder / "journal.narratives").read_text()
    assert (folder / "journal.narratives").stat().st_mode & 0o077 == 0


def test_a_batch_cut_off_while_it_was_sent_is_never_sent_blindly_again(folder: Path) -> None:
    kept = {"batch": None, "is_sending": True, "told": {}}
    (folder / "journal.narratives").write_text(json.dumps(kept))
    with FakeClaude(forever=says(PLAIN)) as fake:
        _, failure = Bench(folder, fake).narrate()
        assert not fake.requests
    assert "is not known here" in str(failure)


def test_without_a_key_the_review_is_delivered_and_the_remedy_named(folder: Path) -> None:
    with FakeClaude() as fake:
        bench = Bench(folder, fake)
        options = argparse.Namespace(resume=str(folder / "journal"), model=None, yes=True, analyze=False)
        summary, failure = narrate(bench.summary, options, bench.session)
    assert summary.outcomes == bench.summary.outcomes
    assert "ANTHROPIC_API_KEY" in str(failure)


def test_a_request_of_a_batch_costs_half_and_a_model_without_a_price_says_so() -> None:
    usage = Usage(12_000, 700)
    whole = cost_usd("claude-sonnet-5-5", usage)
    assert whole is not None
    assert batch_cost("claude-sonnet-5-5", usage) == whole / 2
    assert batch_cost("claude-fable-5-1", usage) is None


def test_more_than_the_budget_is_refused_before_anything_is_sent(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backend_mentor.mentor.narratives.REQUESTS_AT_MOST", 2)
    with FakeClaude(forever=says(PLAIN)) as fake:
        summary, failure = Bench(folder, fake).narrate()
        assert not fake.requests
    assert "Nothing was sent" in str(failure)
    assert summary.findings


def test_a_batch_that_anthropic_forgot_is_named_and_nothing_is_sent_in_its_place(folder: Path) -> None:
    kept = {"batch": "msgbatch_gone", "is_sending": False, "told": {}}
    (folder / "journal.narratives").write_text(json.dumps(kept))
    with FakeClaude(forever=says(PLAIN)) as fake:
        bench = Bench(folder, fake)
        summary, failure = bench.narrate()
        assert bench.handed_in() == 0
    assert "Anthropic knows no batch msgbatch_gone" in str(failure)
    assert summary.findings


def test_a_key_that_is_refused_leaves_the_next_run_free_to_send(folder: Path) -> None:
    with FakeClaude(forever=says(PLAIN)) as fake:
        bench = Bench(folder, fake)
        options = argparse.Namespace(resume=str(folder / "journal"), model=None, yes=True, analyze=False)
        _, failure = narrate(bench.summary, options, bench.session, BatchDesk("sk-wrong-key", fake.url))
        assert "does not accept the key" in str(failure)
        _, failure = bench.narrate()
        assert len(fake.batches.made) == 1
    assert failure is None


def test_control_characters_of_a_stranger_do_not_reach_the_terminal(folder: Path) -> None:
    with FakeClaude(forever=says("Read \x1b[2Jthis first.")) as fake:
        summary, _ = Bench(folder, fake).narrate()
    assert "\x1b" not in render_text(summary)
