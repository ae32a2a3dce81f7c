"""What the model is scripted to say in one turn, and what goes wrong while it says it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Text:
    """A text block."""

    text: str


@dataclass(frozen=True, slots=True)
class Thinking:
    """A thinking block; the text is empty where the display is omitted, as it is by default."""

    thinking: str = ""
    signature: str = "c2lnbmF0dXJl"


@dataclass(frozen=True, slots=True)
class ToolUse:
    """A call of a tool; `raw` replaces the JSON of the input, to break it."""

    name: str
    input: Mapping[str, object] = field(default_factory=dict)
    id: str = "toolu_01"
    raw: str | None = None


Block = Text | Thinking | ToolUse


class FaultKind(StrEnum):
    """What goes wrong."""

    STATUS = "an error status instead of an answer"
    RESET_BEFORE_HEADERS = "the connection is reset before the headers"
    STALL_BEFORE_HEADERS = "no header comes"
    STALL = "silence from the given event on"
    RESET = "the connection is reset in mid-stream"
    CUT = "the connection ends inside the chunked body"
    CLEAN_END = "the body ends as if it were whole"
    RAW = "the given bytes come in between"
    ERROR_EVENT = "an error event in mid-stream"
    HTML = "a page of a captive portal with status 200"
    DRIP = "a ping after each event, without end at the given event"


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault, and before which event of the stream it strikes (0 is before the first)."""

    kind: FaultKind
    at: int = 0
    status: int = 500
    type: str = "api_error"
    message: str = "Internal server error"
    headers: Mapping[str, str] = field(default_factory=dict)
    code: str | None = None
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Turn:
    """One answer of the model."""

    blocks: tuple[Block, ...] = ()
    stop_reason: str | None = "end_turn"
    stop_details: Mapping[str, object] | None = None
    fault: Fault | None = None
    output_tokens: int | None = None


def says(text: str, **more: object) -> Turn:
    """Return a turn of one text block."""
    return Turn((Text(text),), **more)


def uses(*calls: ToolUse, text: str = "", **more: object) -> Turn:
    """Return a turn that calls tools, after a text where one is given."""
    numbered = tuple(ToolUse(call.name, call.input, f"toolu_{n:02}", call.raw) for n, call in enumerate(calls, 1))
    blocks: tuple[Block, ...] = ((Text(text),) if text else ()) + numbered
    return Turn(blocks, **{"stop_reason": "tool_use", **more})


def refuse(status: int, type: str, message: str = "", **more: object) -> Turn:
    """Return a turn that is an error status."""
    return Turn(fault=Fault(FaultKind.STATUS, status=status, type=type, message=message or type, **more))


def content(turn: Turn) -> list[dict[str, object]]:
    """Return the blocks as a message holds them."""
    return [_content(block) for block in turn.blocks]


def _content(block: Block) -> dict[str, object]:
    if isinstance(block, Text):
        return {"type": "text", "text": block.text}
    if isinstance(block, Thinking):
        return {"type": "thinking", "thinking": block.thinking, "signature": block.signature}
    return {"type": "tool_use", "id": block.id, "name": block.name, "input": dict(block.input)}


def events(turn: Turn, message_id: str, model: str, usage: dict[str, object]) -> Iterator[tuple[str, object]]:
    """Yield the events of the stream in the order in which the API sends them."""
    message = {
        "id": message_id,
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "stop_details": None,
        "usage": {**usage, "output_tokens": 1},
    }
    yield "message_start", {"type": "message_start", "message": message}
    written = 1
    for index, block in enumerate(turn.blocks):
        start = {"type": "content_block_start", "index": index, "content_block": _opening(block)}
        yield "content_block_start", start
        if index == 0:
            yield "ping", {"type": "ping"}
        for delta in _deltas(block):
            written += 1
            yield "content_block_delta", {"type": "content_block_delta", "index": index, "delta": delta}
        yield "content_block_stop", {"type": "content_block_stop", "index": index}
    ending = {"stop_reason": turn.stop_reason, "stop_sequence": None, "stop_details": turn.stop_details}
    total = {**usage, "output_tokens": turn.output_tokens or written}
    yield "message_delta", {"type": "message_delta", "delta": ending, "usage": total}
    yield "message_stop", {"type": "message_stop"}


def _opening(block: Block) -> dict[str, object]:
    if isinstance(block, Text):
        return {"type": "text", "text": ""}
    if isinstance(block, Thinking):
        return {"type": "thinking", "thinking": "", "signature": ""}
    return {"type": "tool_use", "id": block.id, "name": block.name, "input": {}, "caller": {"type": "direct"}}


def _deltas(block: Block) -> Iterator[dict[str, object]]:
    if isinstance(block, Text):
        for word in re.findall(r"\S+\s*|\s+", block.text):
            yield {"type": "text_delta", "text": word}
    elif isinstance(block, Thinking):
        if block.thinking:
            yield {"type": "thinking_delta", "thinking": block.thinking}
        yield {"type": "signature_delta", "signature": block.signature}
    else:
        # The API opens every input with an empty piece; a call without arguments has nothing but that.
        yield {"type": "input_json_delta", "partial_json": ""}
        written = json.dumps(block.input) if block.raw is None else block.raw
        if written != "{}":
            for start in range(0, len(written), 16):
                yield {"type": "input_json_delta", "partial_json": written[start : start + 16]}
