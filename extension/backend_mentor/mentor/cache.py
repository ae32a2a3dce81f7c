"""Answers kept on disk: a question that was asked before, about the very same things, costs nothing.

What is kept is what the model said and which tools it called; the tools run again, so nothing is shown unverified."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from backend_mentor.mentor.prices import Usage
from backend_mentor.mentor.speech import Body, Reply, ToolCall

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from backend_mentor.databases.base import Stop

_FORMAT = 1


def cache_folder() -> Path:
    """Return where answers are kept, of this user alone."""
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "backend-mentor" / "answers"


def key_of(body: Body) -> str:
    """Return the key of a request: everything that is sent, so that a change of any part of it is another question."""
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


@dataclass
class Recording:
    """A speaker that says what was said before. See `speech.Speaker`."""

    date: str
    replies: Sequence[Reply]
    host: str = "the cache on this machine"
    _next: int = 0

    def speak(self, body: Body, hear: Callable[[str], None], *, seconds: float, stop: Stop) -> Reply:
        """Return the next recorded reply; it costs no tokens now."""
        reply = self.replies[min(self._next, len(self.replies) - 1)]
        self._next += 1
        if reply.text:
            hear(reply.text)
        return replace(reply, usage=Usage())


def find_answer(key: str) -> Recording | None:
    """Return the recorded answer to a request, or None; a file that can not be read is no answer."""
    try:
        kept = json.loads((cache_folder() / f"{key}.json").read_text("utf-8"))
        if kept["format"] != _FORMAT:
            return None
        replies = [_reply(each) for each in kept["replies"]]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return Recording(kept["date"], replies) if replies else None


def keep_answer(key: str, replies: Sequence[Reply]) -> None:
    """Keep a whole answer, readable by this user alone; where the disk is full or read-only nothing is kept."""
    folder = cache_folder()
    date = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    kept = {"format": _FORMAT, "date": date, "replies": [_kept(each) for each in replies]}
    path = folder / f"{key}.json"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(path.with_suffix(".new"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(kept, file)
        path.with_suffix(".new").replace(path)
    except OSError:
        path.with_suffix(".new").unlink(missing_ok=True)


def clear_answers() -> int:
    """Remove every kept answer and return how many there were."""
    found = list(cache_folder().glob("*.json")) if cache_folder().is_dir() else []
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)


def _kept(reply: Reply) -> dict[str, object]:
    return {
        "text": reply.text,
        "stop_reason": reply.stop_reason,
        "calls": [asdict(call) for call in reply.calls],
        "content": list(reply.content),
    }


def _reply(kept: dict[str, object]) -> Reply:
    calls, content = kept["calls"], kept["content"]
    if not isinstance(calls, list) or not isinstance(content, list):
        raise ValueError("a recording of another form")
    reason = kept["stop_reason"]
    made = tuple(ToolCall(call["id"], call["name"], call["input"]) for call in calls)
    return Reply(str(kept["text"]), None if reason is None else str(reason), made, content=tuple(content))
