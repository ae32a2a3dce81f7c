"""A question and its answer through the real SDK and the loopback server."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from backend_mentor.databases.base import Database
from backend_mentor.domain.errors import MentorError
from backend_mentor.domain.review import Review
from backend_mentor.mentor.budget import Budget
from backend_mentor.mentor.cache import cache_folder, clear_answers
from backend_mentor.mentor.client import Claude
from backend_mentor.mentor.mentor import Mentor
from backend_mentor.pipeline import review
from tests.fake_claude import FakeClaude, Fault, FaultKind, Thinking, ToolUse, Turn, says, uses
from tests.fake_claude.validation import KEY
from tests.mentor.lies.calls import PLAIN, SLOW
from tests.mentor.lies.shop import make_shop

EXPLAIN = ToolUse("explain_query", {"sql": SLOW})
RANGE = SLOW.replace("date(o.placed_at) = '2026-03-02'", "o.placed_at BETWEEN '2026-03-02' AND '2026-03-03'")
WRONG = ToolUse("report_proposal", {"kind": "rewrite", "statement": 1, "after": RANGE, **PLAIN})
SAME = SLOW.replace("JOIN customers", "INNER JOIN customers")
RIGHT = ToolUse("report_proposal", {"kind": "rewrite", "statement": 1, "after": SAME, **PLAIN})


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    database = make_shop(tmp_path_factory.mktemp("shop") / "shop.db")
    yield database
    database.close()


@pytest.fixture(scope="module")
def slow(shop: Database) -> Review:
    return review(SLOW, shop, analyze=False)


Talk = Callable[..., Mentor]


@pytest.fixture
def talk(shop: Database) -> Talk:
    """Turn a mentor on that speaks to a fake."""

    def start(fake: FakeClaude, **settings: object) -> Mentor:
        mentor = Mentor(open_speaker=lambda: Claude(KEY, fake.url), **settings)
        mentor.turn_on(shop)
        return mentor

    return start


def results_in(fake: FakeClaude, request: int) -> list[dict[str, object]]:
    messages = fake.requests[request].body["messages"]
    assert isinstance(messages, list)
    return [json.loads(block["content"]) for block in messages[-1]["content"]]


def test_nothing_is_sent_before_the_mentor_is_turned_on(
    shop: Database, slow: Review, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
    with FakeClaude([says("Hello.")]) as fake:
        mentor = Mentor(open_speaker=lambda: Claude(KEY, fake.url))
        mentor.preview(slow, shop, "Why?")
        with pytest.raises(MentorError, match="offline"):
            mentor.ask("Why?", slow, shop)
        assert fake.requests == []


def test_a_yes_for_one_file_is_none_for_another_of_its_name(
    shop: Database, slow: Review, talk: Talk, tmp_path: Path
) -> None:
    other = make_shop(tmp_path / "shop.db")
    with FakeClaude([says("Hello.")]) as fake:
        mentor = talk(fake)
        assert other.name == shop.name
        assert (mentor.speaks_for(shop), mentor.speaks_for(other)) == (True, False)
        with pytest.raises(MentorError, match="offline"):
            mentor.ask("Why?", slow, other)
        assert fake.requests == []
    other.close()


def test_a_refuted_rewrite_goes_back_with_its_counterexample_and_is_never_advice(
    shop: Database, slow: Review, talk: Talk
) -> None:
    with FakeClaude([uses(WRONG), says("That one was wrong.")]) as fake:
        answer = talk(fake).ask("Better?", slow, shop)
        (told,) = results_in(fake, 1)
    assert told["shown"] is False
    assert told["counterexample"]
    assert answer.review.proposals == ()
    assert [each.proof.refuted for each in answer.review.rejected] == [True]


def test_an_accepted_rewrite_is_shown_as_tested_and_as_claudes(shop: Database, slow: Review, talk: Talk) -> None:
    with FakeClaude([uses(RIGHT, text="Let me try."), says("It says the same.")]) as fake:
        answer = talk(fake).ask("Better?", slow, shop)
    (proposal,) = answer.review.proposals
    assert proposal.source == "claude"
    assert "no proof" in proposal.proof.verdict
    assert (answer.is_whole, answer.turns) == (True, 2)


def test_thinking_and_parallel_calls_go_back_as_they_came(shop: Database, slow: Review, talk: Talk) -> None:
    first = Turn((Thinking("hm", "c2ln"), *uses(EXPLAIN, EXPLAIN).blocks), "tool_use")
    with FakeClaude([first, says("Done.")]) as fake:
        assert talk(fake).ask("Why?", slow, shop).is_whole
        assert len(results_in(fake, 1)) == 2


def test_prose_without_grounds_is_marked_and_its_markup_is_text(shop: Database, slow: Review, talk: Talk) -> None:
    said = (
        "orders has 6,000 rows. It is 100x faster with `orders_magic_idx`. <script>x</script> ![i](http://evil/i.png)"
    )
    with FakeClaude([says(said)]) as fake:
        narrative = talk(fake).ask("Why?", slow, shop).review.narrative
    assert narrative is not None
    first, second, *rest = narrative.passages
    assert first.unverified == ()
    assert set(second.unverified) >= {"100x", "orders_magic_idx"}
    assert "evil" not in " ".join(each.text for each in rest)


def test_the_prompt_is_laid_out_so_that_later_turns_and_questions_are_read_from_the_cache(
    shop: Database, slow: Review, talk: Talk
) -> None:
    with FakeClaude([uses(EXPLAIN), says("One."), says("Two.")]) as fake:
        mentor = talk(fake)
        first = mentor.ask("Why?", slow, shop).usage
        second = mentor.ask("And then?", slow, shop).usage
    assert first.cache_read > first.input
    assert second.cache_read > 0.8 * second.prompt


def test_tokens_and_money_are_counted_and_an_unknown_model_has_no_price(
    shop: Database, slow: Review, talk: Talk
) -> None:
    with FakeClaude(forever=says("One.")) as fake:
        known = talk(fake).ask("Why?", slow, shop)
        unknown = talk(fake, model="claude-old-1").ask("Why?", slow, shop)
    assert known.usd is not None
    assert known.usd > 0
    assert unknown.usd is None
    assert unknown.usage.total > 0
    assert unknown.review.provenance.cost_usd is None


@pytest.mark.parametrize(
    ("budget", "words"),
    [
        (Budget(turns=3), "3 calls"),
        (Budget(tokens=5_000), "5,000 tokens"),
        (Budget(usd=0.001), "for one question"),
        (Budget(session_usd=0.001), "for this session"),
    ],
)
def test_a_model_that_calls_tools_without_end_is_stopped_by_each_limit(
    budget: Budget, words: str, shop: Database, slow: Review, talk: Talk
) -> None:
    with FakeClaude(forever=uses(EXPLAIN)) as fake:
        mentor = talk(fake, budget=budget)
        answer = mentor.ask("Why?", slow, shop)
        assert answer.review.narrative is not None
        assert words in answer.review.narrative.notices[-1]
        assert len(fake.requests) <= 4
    assert not answer.is_whole


def test_a_conversation_goes_on_after_an_answer_that_broke_off(shop: Database, slow: Review, talk: Talk) -> None:
    broken = says("The plan walks along", fault=Fault(FaultKind.RESET, at=5))
    with FakeClaude([broken, says("Now whole.")]) as fake:
        mentor = talk(fake)
        first = mentor.ask("Why?", slow, shop)
        second = mentor.ask("Go on?", slow, shop)
    assert first.failure is not None
    assert first.review.narrative is not None
    assert first.review.narrative.passages[0].text == "The plan"
    assert not first.usage.output_is_known
    assert second.is_whole


def test_the_same_question_is_answered_from_the_disk_once_it_was_answered(
    shop: Database, slow: Review, talk: Talk
) -> None:
    with FakeClaude([uses(RIGHT), says("It says the same.")]) as fake:
        first = talk(fake).ask("Is it the same?", slow, shop)
        again = talk(fake).ask("Is it the same?", slow, shop)
        assert len(fake.requests) == 2
    assert again.review.proposals[0].after == first.review.proposals[0].after
    assert again.review.narrative is not None
    assert "From the cache" in again.review.narrative.notices[0]
    assert again.usage.total == 0
    (kept,) = cache_folder().glob("*.json")
    assert kept.stat().st_mode & 0o777 == 0o600
    assert clear_answers() == 1


def test_an_answer_that_saw_rows_or_broke_off_is_not_kept(shop: Database, slow: Review, talk: Talk) -> None:
    rows = uses(ToolUse("read_rows", {"sql": "SELECT email FROM customers WHERE id = 7"}))
    cut = says("Half an answer", stop_reason="max_tokens")
    with FakeClaude([rows, says("Seen."), cut]) as fake:
        talk(fake).ask("Look?", slow, shop, rows=True)
        talk(fake).ask("Why?", slow, shop)
    assert list(cache_folder().glob("*.json")) == []


def test_another_model_or_effort_begins_a_new_conversation(shop: Database, slow: Review, talk: Talk) -> None:
    with FakeClaude(forever=says("One.")) as fake:
        mentor = talk(fake)
        mentor.ask("Why?", slow, shop)
        mentor.choose("haiku", "low")
        mentor.ask("Why not?", slow, shop)
        first, second = fake.requests
    assert (first.body["model"], second.body["model"]) == ("claude-sonnet-5-5", "claude-haiku-5-5")
    assert second.body["output_config"] == {"effort": "low"}
    assert len(second.body["messages"]) == 1


def test_an_agent_file_sets_the_tone_and_no_tool(
    shop: Database, slow: Review, talk: Talk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "pirate.md"
    file.write_text("---\nname: pirate\ndescription: d\ntools: Bash\nmodel: haiku\n---\nSpeak like a pirate.\n")
    with FakeClaude([says("Arr.")]) as fake:
        mentor = talk(fake)
        mentor.take_persona(str(file))
        mentor.ask("Why?", slow, shop)
        (request,) = fake.requests
    system, tools = request.body["system"], request.body["tools"]
    assert isinstance(system, list)
    assert isinstance(tools, list)
    assert system[0]["text"] == "Speak like a pirate."
    assert "can not assert what was not tried" in system[1]["text"]
    assert {tool["name"] for tool in tools} >= {"explain_query", "report_proposal"}
    assert "Bash" not in {tool["name"] for tool in tools}


def test_what_the_preview_shows_is_what_goes_out_byte_for_byte(shop: Database, slow: Review, talk: Talk) -> None:
    with FakeClaude([uses(EXPLAIN), says("One."), says("Two.")]) as fake:
        mentor = talk(fake)
        client = Claude(KEY, fake.url)
        for question, request in (("What's slow?", 0), ("Why is that?", 2)):
            headers, data = client.wire(mentor.preview(slow, shop, question))
            mentor.ask(question, slow, shop)
            assert fake.requests[request].raw == data
            assert KEY not in str(headers)
        assert [client.wire(body)[1] for body in mentor.last_sent(shop)] == [fake.requests[2].raw]


def test_a_new_review_goes_on_in_the_same_history_and_its_own_evidence_counts(
    shop: Database, slow: Review, talk: Talk
) -> None:
    other = review("SELECT id FROM items WHERE product = 'lamp'", shop, analyze=False)
    claim = "items is read from end to end: a full scan of items."
    with FakeClaude([says(claim), says(claim)]) as fake:
        mentor = talk(fake)
        about_orders = mentor.ask("Why?", slow, shop).review.narrative
        about_items = mentor.ask("And this?", other, shop).review.narrative
        assert len(fake.requests[1].body["messages"]) == 3
    assert about_orders is not None
    assert about_items is not None
    assert about_orders.passages[0].unverified
    assert about_items.passages[0].unverified == ()


def test_a_stop_keeps_what_was_said_with_its_tokens_and_the_server_sees_it(
    shop: Database, slow: Review, talk: Talk
) -> None:
    def hear(text: str) -> None:
        if "rows." in text:
            shop.stop.request()

    said = "orders has 6,000 rows. And now I think"
    with FakeClaude([says(said, fault=Fault(FaultKind.STALL, at=9)), says("Gladly.")]) as fake:
        mentor = talk(fake)
        answer = mentor.ask("Why?", slow, shop, hear=hear)
        assert fake.disconnected.wait(10)
        assert mentor.ask("Go on?", slow, shop).is_whole
    narrative = answer.review.narrative
    assert narrative is not None
    assert narrative.passages[0].text == "orders has 6,000 rows."
    assert "You stopped" in narrative.notices[-1]
    assert answer.usage.prompt > 0
    assert answer.failure is None
