"""What is sent to which app, and what comes back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from backend_mentor.databases.base import Stop
    from backend_mentor.domain.trace import Exchange, SentRequest
    from backend_mentor.proofs.running.apps import App
    from backend_mentor.proofs.running.capture import Recorder
    from backend_mentor.proofs.running.pools import Release


@dataclass(frozen=True, slots=True)
class Reply:
    """An exchange with the answer's body, which stays in this process."""

    exchange: Exchange
    body: bytes


@dataclass(slots=True)
class Call:
    """What is sent to which app, who records it, and what is collected."""

    app: App
    requests: Sequence[SentRequest]
    recorder: Recorder
    stop: Stop
    headers: tuple[tuple[str, str], ...] = ()
    release: Release | None = None
    """Gives back what the run borrowed; called where the app's connections may be used."""
    heartbeat: bool = True
    scratch: Path | None = None
    """The file that Django's connections are led to, where the data is made up."""
    lent: dict[str, Any] = field(default_factory=dict)
    """Django's connections of the notebook's thread, for databases in memory, which no other thread could reach."""
    replies: list[Reply] = field(default_factory=list)
    raised: list[BaseException] = field(default_factory=list)
    """What the app raised and its framework turned into an answer."""
    thread: int | None = None
    cancel: Callable[[], object] | None = None
    """Cancels the conversation with an ASGI app, from any thread."""
    over: bool = False
    """True once nobody waits for the replies any more."""
