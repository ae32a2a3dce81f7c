"""Every fault of the line: one clear message, what was said is kept, attempts and time are bounded."""

from __future__ import annotations

import time

import pytest

from backend_mentor.databases.base import Stop
from backend_mentor.domain.errors import MentorError
from backend_mentor.mentor.client import Claude
from backend_mentor.mentor.failures import Trouble
from backend_mentor.mentor.speech import Reply
from tests.fake_claude import FakeClaude, Fault, FaultKind, ToolUse, Turn, refuse, says, uses
from tests.fake_claude.validation import KEY

BODY: dict[str, object] = {
    "model": "claude-sonnet-5-5",
    "max_tokens": 200,
    "messages": [{"role": "user", "content": "hello"}],
}
WORDS = "one two three four five six"


class Pauses:
    """The clock of waiting, which does not pass."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    def __call__(self, seconds: float, stop: Stop) -> None:
        self.seconds.append(seconds)


def speak(fake: FakeClaude, seconds: float = 30.0) -> tuple[Reply, Pauses]:
    pauses = Pauses()
    reply = Claude(KEY, fake.url, pause=pauses).speak(BODY, lambda _: None, seconds=seconds, stop=Stop())
    return reply, pauses


def in_mid_stream(kind: FaultKind, **more: object) -> Turn:
    return says(WORDS, fault=Fault(kind, at=5, **more))


@pytest.mark.parametrize(
    ("turn", "attempts", "trouble"),
    [
        (refuse(429, "rate_limit_error"), 3, Trouble.RATE_LIMIT),
        (refuse(429, "rate_limit_error", headers={"retry-after": "3600"}), 1, Trouble.RATE_LIMIT),
        (refuse(429, "rate_limit_error", headers={"x-should-retry": "false"}), 1, Trouble.REFUSED_REQUEST),
        (refuse(429, "rate_limit_error", code="enforced_spend_limit_reached"), 1, Trouble.NO_CREDIT),
        (refuse(400, "invalid_request_error", code="enforced_spend_limit_reached"), 1, Trouble.NO_CREDIT),
        (refuse(529, "overloaded_error"), 3, Trouble.OVERLOADED),
        (refuse(500, "api_error"), 3, Trouble.OVERLOADED),
        (refuse(502, "api_error", body=b"<html>Bad gateway</html>"), 3, Trouble.OVERLOADED),
        (refuse(504, "timeout_error"), 3, Trouble.OVERLOADED),
        (refuse(400, "invalid_request_error"), 1, Trouble.REFUSED_REQUEST),
        (refuse(401, "authentication_error"), 1, Trouble.KEY),
        (refuse(402, "billing_error"), 1, Trouble.NO_CREDIT),
        (refuse(403, "permission_error"), 1, Trouble.NOT_ALLOWED),
        (refuse(404, "not_found_error"), 1, Trouble.UNKNOWN_MODEL),
        (refuse(408, "timeout_error"), 1, Trouble.TOO_SLOW),
        (refuse(413, "request_too_large"), 1, Trouble.TOO_LARGE),
        (refuse(422, "invalid_request_error"), 1, Trouble.REFUSED_REQUEST),
        (Turn(fault=Fault(FaultKind.RESET_BEFORE_HEADERS)), 3, Trouble.UNREACHABLE),
        (Turn(fault=Fault(FaultKind.HTML)), 1, Trouble.NOT_THE_API),
        (says(WORDS, fault=Fault(FaultKind.CLEAN_END, at=0)), 1, Trouble.NOT_THE_API),
        (in_mid_stream(FaultKind.RESET), 1, Trouble.BROKEN_OFF),
        (in_mid_stream(FaultKind.CUT), 1, Trouble.BROKEN_OFF),
        (in_mid_stream(FaultKind.CLEAN_END), 1, Trouble.BROKEN_OFF),
        (in_mid_stream(FaultKind.RAW, body=b"event: content_block_delta\ndata: {oops\n\n"), 1, Trouble.BROKEN_OFF),
        (in_mid_stream(FaultKind.RAW, body=b"event: content_block_delta\ndata: \xff\xfe\n\n"), 1, Trouble.BROKEN_OFF),
        (
            in_mid_stream(
                FaultKind.RAW,
                body=b'event: content_block_delta\ndata: {"type": "content_block_delta", "index": 9, '
                b'"delta": {"type": "text_delta", "text": "x"}}\n\n',
            ),
            1,
            Trouble.BROKEN_OFF,
        ),
        (in_mid_stream(FaultKind.ERROR_EVENT, type="overloaded_error"), 1, Trouble.OVERLOADED),
        (in_mid_stream(FaultKind.ERROR_EVENT, type="rate_limit_error"), 1, Trouble.RATE_LIMIT),
        (in_mid_stream(FaultKind.ERROR_EVENT, type="api_error"), 1, Trouble.OVERLOADED),
    ],
    ids=lambda value: str(value)[:70],
)
def test_each_fault_becomes_one_message_and_keeps_what_was_said(turn: Turn, attempts: int, trouble: Trouble) -> None:
    with FakeClaude(forever=turn) as fake:
        reply, pauses = speak(fake)
    assert reply.failure is not None
    assert reply.failure.trouble is trouble
    assert len(fake.requests) == attempts == len(pauses.seconds) + 1
    assert all(seconds <= 20 for seconds in pauses.seconds)
    assert "Traceback" not in str(reply.failure)
    assert reply.failure.remedy
    assert reply.calls == ()
    in_stream = turn.fault is not None and turn.fault.at > 0
    assert reply.text == ("one two " if in_stream else "")


@pytest.mark.parametrize("kind", [FaultKind.STALL_BEFORE_HEADERS, FaultKind.STALL, FaultKind.DRIP])
def test_silence_and_endless_pings_end_at_the_deadline_and_the_server_sees_it(kind: FaultKind) -> None:
    with FakeClaude(forever=says(WORDS, fault=Fault(kind, at=5))) as fake:
        began = time.monotonic()
        reply, _ = speak(fake, seconds=0.5)
        assert time.monotonic() - began < 10
        assert fake.disconnected.wait(10)
    assert reply.failure is not None
    assert reply.failure.trouble is Trouble.TOO_SLOW
    assert len(fake.requests) == 1


def test_a_fault_that_passes_is_waited_for_as_long_as_the_server_says() -> None:
    with FakeClaude([refuse(429, "rate_limit_error", headers={"retry-after": "3"}), says("Here.")]) as fake:
        reply, pauses = speak(fake)
    assert (reply.text, reply.failure, pauses.seconds) == ("Here.", None, [3.0])


def test_a_refused_connection_is_named_by_its_host() -> None:
    with FakeClaude() as fake:
        url = fake.url
    reply = Claude(KEY, url, pause=Pauses()).speak(BODY, lambda _: None, seconds=5, stop=Stop())
    assert reply.failure is not None
    assert url.removeprefix("http://") in reply.failure.what


def test_unknown_events_are_passed_over() -> None:
    event = b'event: content_block_paused\ndata: {"type": "content_block_paused"}\n\n'
    with FakeClaude([in_mid_stream(FaultKind.RAW, body=event)]) as fake:
        reply, _ = speak(fake)
    assert (reply.text, reply.failure) == (WORDS, None)


def test_a_tool_call_that_was_cut_short_is_none() -> None:
    call = ToolUse("explain_query", {"sql": "DELETE FROM users WHERE id = 4"})
    for turn in (
        uses(call, fault=Fault(FaultKind.CLEAN_END, at=5)),
        uses(call, stop_reason="max_tokens"),
        uses(ToolUse("explain_query", raw='{"sql": "DELETE FROM users", "wh')),
        uses(ToolUse("explain_query", raw='{"sql": NaN}')),
    ):
        with FakeClaude([turn]) as fake:
            reply, _ = speak(fake)
        assert reply.calls == ()
        assert not reply.is_whole


@pytest.mark.parametrize("reason", ["max_tokens", "refusal", "model_context_window_exceeded", "something_new"])
def test_an_answer_that_ended_early_says_so(reason: str) -> None:
    with FakeClaude([says("Half an", stop_reason=reason)]) as fake:
        reply, _ = speak(fake)
    assert (reply.text, reply.is_whole, reply.failure) == ("Half an", False, None)


@pytest.mark.parametrize("url", ["http://api.example.com", "ftp://api.example.com", "api.example.com", "https://"])
def test_a_key_goes_to_no_address_but_https(url: str) -> None:
    with pytest.raises(MentorError, match="https"):
        Claude(KEY, url)


def test_a_redirect_is_not_followed() -> None:
    with FakeClaude([says("never")]) as elsewhere:
        away = refuse(307, "api_error", headers={"location": f"{elsewhere.url}/v1/messages"})
        with FakeClaude(forever=away) as fake:
            reply, _ = speak(fake)
        assert reply.failure is not None
        assert elsewhere.requests == []
