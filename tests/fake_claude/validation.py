"""What the Messages API refuses, by the documentation of version 2026-10-21."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

VERSION = "2026-10-21"
KEY = "sk-ant-test-key-of-the-loopback-server"
MODELS = frozenset(
    ["claude-sonnet-5-5", "claude-opus-5-5", "claude-haiku-5-5", "claude-fable-5-1", "claude-sonnet-5", "claude-old-1"]
)
_STRICT = frozenset(["claude-sonnet-5-5", "claude-opus-5-5", "claude-fable-5-1"])
_FIELDS = frozenset(
    """max_tokens messages model cache_control container diagnostics inference_geo metadata output_config service_tier
    stop_sequences stream system thinking tool_choice tools""".split()  # noqa: SIM905  sixteen strings read worse
)
_SAMPLING = frozenset(["temperature", "top_p", "top_k"])
_EFFORTS = ("low", "medium", "high", "xhigh", "max")
_BREAKPOINTS_AT_MOST = 4


class Refused(Exception):  # noqa: N818  it is the server's word, not a failure of its own
    """A request that the API would not take."""

    def __init__(self, message: str, status: int = 400, type: str = "invalid_request_error") -> None:
        super().__init__(message)
        self.message, self.status, self.type = message, status, type


@dataclass(slots=True)
class Memory:
    """What the server knows of its own answers: the thinking blocks, which may come back only as they were."""

    signed: dict[str, str] = field(default_factory=dict)


def validate(path: str, headers: Mapping[str, str], body: dict[str, object], memory: Memory) -> None:
    """Raise Refused for what the API would refuse."""
    if headers.get("anthropic-version") != VERSION:
        raise Refused("anthropic-version: header is required")
    if headers.get("authorization") != f"Bearer {KEY}":
        raise Refused("invalid bearer token", 401, "authentication_error")
    for name in body:
        if name in _SAMPLING or name not in _FIELDS:
            raise Refused(f"{name}: Extra inputs are not permitted")
    for name in ("model", "messages", *(() if "count_tokens" in path else ("max_tokens",))):
        if name not in body:
            raise Refused(f"{name}: Field required")
    if body["model"] not in MODELS:
        raise Refused(f"model: {body['model']}", 404, "not_found_error")
    if "count_tokens" not in path:
        _check_length(body)
    _check_settings(body)
    _check_tools(body.get("tools") or [])
    _check_messages(body["messages"], memory)
    _check_breakpoints(body)


def _check_length(body: dict[str, object]) -> None:
    length = body["max_tokens"]
    if not isinstance(length, int) or not 1 <= length <= 128_000:
        raise Refused("max_tokens: must be from 1 to 128000")


def _check_settings(body: dict[str, object]) -> None:
    thinking, choice, output = (body.get(name) or {} for name in ("thinking", "tool_choice", "output_config"))
    assert isinstance(thinking, dict)
    assert isinstance(choice, dict)
    assert isinstance(output, dict)
    effort = output.get("effort", "high")
    if effort not in _EFFORTS:
        raise Refused(f"output_config.effort: {effort} is not one of {', '.join(_EFFORTS)}")
    if body["model"] not in _STRICT:
        return
    if choice.get("type") in ("any", "tool"):
        raise Refused("tool_choice: this model does not support forced tool use")
    if thinking.get("type") in ("enabled", "disabled") or "budget_tokens" in thinking:
        raise Refused(f"thinking: {thinking.get('type')} is not supported by this model")
    if thinking.get("type") == "between_tools" and effort in ("xhigh", "max"):
        raise Refused("thinking: between_tools goes with effort up to high")


def _check_tools(tools: object) -> None:
    assert isinstance(tools, list)
    names = set()
    for number, tool in enumerate(tools):
        name, schema = tool.get("name", ""), tool.get("input_schema", {})
        if not re.fullmatch(r"[a-zA-Z0-9_-]{1,128}", name):
            raise Refused(f"tools.{number}.name: String should match pattern")
        if name in names:
            raise Refused("tools: Tool names must be unique.")
        names.add(name)
        if schema.get("type") != "object":
            raise Refused(f"tools.{number}.input_schema.type: Field required")
        if tool.get("strict"):
            _check_strict(schema, f"tools.{number}.input_schema")


def _check_strict(schema: dict[str, object], where: str) -> None:
    if schema.get("type") == "object":
        if schema.get("additionalProperties") is not False:
            raise Refused(f"{where}: additionalProperties must be false in strict mode")
        for name, member in schema.get("properties", {}).items():
            _check_strict(member, f"{where}.{name}")
    if isinstance(schema.get("items"), dict):
        _check_strict(schema["items"], f"{where}.items")


def _check_messages(messages: object, memory: Memory) -> None:
    assert isinstance(messages, list)
    if not messages:
        raise Refused("messages: at least one message is required")
    if messages[0]["role"] != "user":
        raise Refused('messages: first message must use the "user" role')
    if messages[-1]["role"] == "assistant":
        raise Refused("This model does not support assistant message prefill.")
    pending: list[str] = []
    for number, message in enumerate(messages):
        blocks = message["content"]
        if isinstance(blocks, str):
            blocks = [{"type": "text", "text": blocks}]
        if not blocks:
            raise Refused(f"messages.{number}: content must not be empty")
        for block in blocks:
            _check_block(block, message["role"], number, memory)
        if message["role"] == "user":
            _check_results(blocks, pending, number)
            pending = []
        else:
            pending = [block["id"] for block in blocks if block["type"] == "tool_use"]


def _check_block(block: dict[str, object], role: str, number: int, memory: Memory) -> None:
    if block["type"] == "text" and not str(block["text"]).strip():
        raise Refused("messages: text content blocks must be non-empty")
    if block["type"] == "document" and role == "assistant":
        raise Refused("document blocks are not allowed in assistant turns")
    if block["type"] in ("thinking", "redacted_thinking"):
        signature = str(block.get("signature"))
        if role != "assistant" or memory.signed.get(signature) != block.get("thinking"):
            raise Refused(f"messages.{number}: `thinking` blocks cannot be modified")


def _check_results(blocks: list[dict[str, object]], pending: list[str], number: int) -> None:
    answered = [str(block["tool_use_id"]) for block in blocks if block["type"] == "tool_result"]
    missing = [each for each in pending if each not in answered]
    if missing:
        raise Refused(
            f"messages.{number - 1}: `tool_use` ids were found without `tool_result` blocks immediately after: "
            + ", ".join(missing)
        )
    orphans = [each for each in answered if each not in pending]
    if orphans or len(set(answered)) != len(answered):
        raise Refused(
            f"messages.{number}: unexpected `tool_use_id` found in `tool_result` blocks: {', '.join(orphans)}"
        )
    kinds = [block["type"] == "tool_result" for block in blocks]
    if kinds != sorted(kinds, reverse=True):
        raise Refused(f"messages.{number}: `tool_result` blocks must come first")


def _check_breakpoints(body: dict[str, object]) -> None:
    found = sum("cache_control" in block for block in cached_blocks(body)) + ("cache_control" in body)
    if found > _BREAKPOINTS_AT_MOST:
        raise Refused(f"A maximum of {_BREAKPOINTS_AT_MOST} blocks with cache_control may be provided. Found {found}.")


def cached_blocks(body: dict[str, object]) -> list[dict[str, object]]:
    """Return every block of the prompt in the order of the cache: tools, system, messages."""
    blocks: list[dict[str, object]] = list(body.get("tools") or [])
    system = body.get("system") or []
    blocks += [{"type": "text", "text": system}] if isinstance(system, str) else system
    for message in body["messages"]:
        content = message["content"]
        blocks += [{"type": "text", "text": content}] if isinstance(content, str) else content
    return blocks
