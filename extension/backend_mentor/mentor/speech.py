"""What is said to a model and what it says: the values that the conversation and the client share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from backend_mentor.mentor.prices import Usage

if TYPE_CHECKING:
    from backend_mentor.databases.base import Stop
    from backend_mentor.mentor.failures import SpeakingError

Body = dict[str, object]
"""A request of the Messages API, as its JSON."""
COMPLETE = frozenset(["end_turn", "tool_use", "stop_sequence"])


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A call of a tool."""

    id: str
    name: str
    input: object


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer of the model, whole or as far as it came."""

    text: str
    stop_reason: str | None = None
    calls: tuple[ToolCall, ...] = ()
    """Empty unless the answer is whole and stopped for tools: a call that was cut short is none."""
    usage: Usage = field(default_factory=Usage)
    content: tuple[Mapping[str, object], ...] = field(default=(), repr=False)
    """The blocks to be sent back as they are."""
    failure: SpeakingError | None = None
    detail: str | None = None
    """Why the model refused, in its words."""

    @property
    def is_whole(self) -> bool:
        """True where the model came to its own end."""
        return self.failure is None and self.stop_reason in COMPLETE


class Speaker(Protocol):
    """Whoever answers: Claude, or a recording."""

    host: str

    def speak(self, body: Body, hear: Callable[[str], None], *, seconds: float, stop: Stop) -> Reply:
        """Return the answer to a request; `hear` gets the text so far, as it grows.

        What goes wrong is the reply's `failure`, beside whatever was said by then. Raises InterruptedSpeech, with the
        reply so far, where the user interrupts or asks to stop.
        """


class InterruptedSpeech(Exception):  # noqa: N818  it is the user's wish, not a failure
    """The user stopped the answer; `reply` is what was said by then."""

    def __init__(self, reply: Reply) -> None:
        super().__init__("stopped")
        self.reply = reply
