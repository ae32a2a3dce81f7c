"""A loopback server that speaks the Messages API, API version 2026-10-21: the one fake of the model."""

from __future__ import annotations

from tests.fake_claude.server import FakeClaude, Request
from tests.fake_claude.turns import Fault, FaultKind, Text, Thinking, ToolUse, Turn, refuse, says, uses

__all__ = [
    "FakeClaude",
    "Fault",
    "FaultKind",
    "Request",
    "Text",
    "Thinking",
    "ToolUse",
    "Turn",
    "refuse",
    "says",
    "uses",
]
