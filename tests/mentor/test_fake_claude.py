"""The fake is faithful: the real SDK talks to it, and it refuses what the API refuses."""

from __future__ import annotations

import json

import anthropic
import pytest

from tests.fake_claude import FakeClaude, Fault, FaultKind, Text, Thinking, ToolUse, Turn, says, uses
from tests.fake_claude.validation import KEY

MODEL = "claude-sonnet-5-5"
HELLO = [{"role": "user", "content": "hello"}]
TOOL = {
    "name": "explain_query",
    "description": "EXPLAIN",
    "strict": True,
    "input_schema": {
        "type": "object",
        "properties": {"sql": {"type": "string"}},
        "required": ["sql"],
        "additionalProperties": False,
    },
}


def client(fake: FakeClaude, key: str = KEY) -> anthropic.Anthropic:
    return anthropic.Anthropic(api_key=key, base_url=fake.url, max_retries=0, timeout=5)


@pytest.mark.parametrize("compresses", [False, True])
def test_the_sdk_streams_a_turn_with_thinking_text_and_two_tools_and_sends_it_back(compresses: bool) -> None:
    first = Turn(
        (
            Thinking(),
            Text("I look at the plan, é."),
            ToolUse("explain_query", {"sql": "SELECT 'é'"}, "toolu_a"),
            ToolUse("explain_query", {}, "toolu_b"),
        ),
        "tool_use",
    )
    with FakeClaude([first, says("Done.")], compresses=compresses) as fake, client(fake) as sdk:
        with sdk.messages.stream(model=MODEL, max_tokens=1000, messages=HELLO, tools=[TOOL]) as stream:
            message = stream.get_final_message()
        assert message.stop_reason == "tool_use"
        assert [block.type for block in message.content] == ["thinking", "text", "tool_use", "tool_use"]
        results = [
            {"type": "tool_result", "tool_use_id": block.id, "content": json.dumps(block.input)}
            for block in message.content
            if block.type == "tool_use"
        ]
        again = [*HELLO, message.to_param(), {"role": "user", "content": results}]
        with sdk.messages.stream(model=MODEL, max_tokens=1000, messages=again, tools=[TOOL]) as stream:
            assert stream.get_final_message().stop_reason == "end_turn"
        assert json.loads(fake.requests[1].body["messages"][2]["content"][0]["content"]) == {"sql": "SELECT 'é'"}


def test_a_message_that_is_not_streamed_is_the_same_message() -> None:
    with FakeClaude([says("Done.")]) as fake, client(fake) as sdk:
        message = sdk.messages.create(model=MODEL, max_tokens=10, messages=HELLO)
    assert (message.content[0].text, message.stop_reason) == ("Done.", "end_turn")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"extra_body": {"temperature": 0.2}}, "temperature: Extra inputs"),
        ({"extra_body": {"thread": {"type": "new"}}}, "thread: Extra inputs"),
        ({"tool_choice": {"type": "any"}, "tools": [TOOL]}, "forced tool use"),
        ({"thinking": {"type": "disabled"}}, "disabled is not supported"),
        ({"thinking": {"type": "enabled", "budget_tokens": 1024}}, "enabled is not supported"),
        ({"tools": [TOOL, TOOL]}, "must be unique"),
        ({"messages": [*HELLO, {"role": "assistant", "content": "I"}]}, "prefill"),
        ({"messages": [{"role": "user", "content": " "}]}, "non-empty"),
        ({"messages": [{"role": "assistant", "content": "I"}, *HELLO]}, "first message"),
        ({"output_config": {"effort": "huge"}}, "effort"),
    ],
)
def test_what_the_api_refuses_is_refused(change: dict[str, object], words: str) -> None:
    with FakeClaude([says("Done.")]) as fake, client(fake) as sdk:
        request = {"model": MODEL, "max_tokens": 10, "messages": HELLO, **change}
        with pytest.raises(anthropic.BadRequestError, match=words):
            sdk.messages.create(**request)


def test_a_tool_call_without_its_result_is_refused() -> None:
    call = {"role": "assistant", "content": [{"type": "tool_use", "id": "t1", "name": "explain_query", "input": {}}]}
    orphan = [{"type": "tool_result", "tool_use_id": "t2", "content": "x"}]
    with FakeClaude() as fake, client(fake) as sdk:
        for messages, words in (
            ([*HELLO, call, *HELLO], "without `tool_result`"),
            ([{"role": "user", "content": orphan}], "unexpected `tool_use_id`"),
        ):
            with pytest.raises(anthropic.BadRequestError, match=words):
                sdk.messages.create(model=MODEL, max_tokens=10, messages=messages)


def test_a_thinking_block_comes_back_as_it_was_or_not_at_all() -> None:
    forged = {"role": "assistant", "content": [{"type": "thinking", "thinking": "mine", "signature": "c2lnbmF0dXJl"}]}
    with FakeClaude() as fake, client(fake) as sdk, pytest.raises(anthropic.BadRequestError, match="modified"):
        sdk.messages.create(model=MODEL, max_tokens=10, messages=[*HELLO, forged, *HELLO])


def test_a_wrong_key_is_refused_and_the_right_one_travels_as_bearer() -> None:
    with FakeClaude([says("Done.")]) as fake:
        with client(fake, "sk-ant-wrong") as sdk, pytest.raises(anthropic.AuthenticationError):
            sdk.messages.create(model=MODEL, max_tokens=10, messages=HELLO)
        with client(fake) as sdk:
            sdk.messages.create(model=MODEL, max_tokens=10, messages=HELLO)
        assert fake.requests[1].headers["authorization"] == f"Bearer {KEY}"
        assert "x-api-key" not in fake.requests[1].headers


def test_a_prefix_that_was_marked_is_read_from_the_cache_the_next_time() -> None:
    system = [{"type": "text", "text": "word " * 600, "cache_control": {"type": "ephemeral"}}]
    with FakeClaude([says("One."), says("Two.")]) as fake, client(fake) as sdk:
        request = {"model": MODEL, "max_tokens": 10, "system": system}
        first = sdk.messages.create(messages=HELLO, **request)
        second = sdk.messages.create(messages=[{"role": "user", "content": "again"}], **request)
    assert first.usage.cache_creation_input_tokens == second.usage.cache_read_input_tokens > 512


def test_a_stream_that_ends_early_and_cleanly_returns_without_a_reason() -> None:
    turn = uses(ToolUse("explain_query", {"sql": "SELECT 1"}), fault=Fault(FaultKind.CLEAN_END, at=4))
    with (
        FakeClaude([turn]) as fake,
        client(fake) as sdk,
        sdk.messages.stream(model=MODEL, max_tokens=10, messages=HELLO, tools=[TOOL]) as stream,
    ):
        message = stream.get_final_message()
    assert (message.stop_reason, message.content[0].input) == (None, {})
