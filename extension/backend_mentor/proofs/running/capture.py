"""What a request sends to databases, recorded while it is under way and by nobody else."""

from __future__ import annotations

import re
import sys
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from backend_mentor.domain.errors import StoppedError
from backend_mentor.domain.trace import SentStatement

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import FrameType

SLOW_MILLISECONDS = 100.0
"""From here on a statement is shown with its plan."""

_VALUES = re.compile(
    r"'(?:[^']|'')*'"  # a string
    r"|(?<![\w.\"$])\d+(?:\.\d+)?(?:e[+-]?\d+)?(?![\w\"])"  # a number that is no part of a name
    r"|%\(\w+\)s|%s|(?<!:):\w+|\$\d+|\?(?:\d+)?",
    re.I,
)
_LISTS = re.compile(r"\(\s*\?(?:\s*,\s*\?)+\s*\)")
_ROWS = re.compile(r"(VALUES\s*\(…\))(?:\s*,\s*\(…\))+", re.I)
_COMMENTS = re.compile(r"/\*.*?\*/|--[^\n]*", re.S)
_READS = ("select", "with", "values", "explain", "show", "pragma", "table", "begin", "savepoint", "release", "rollback")
_CHANGES = re.compile(r"\b(insert|update|delete|merge)\b", re.I)


def without_values(sql: str) -> str:
    """Return the statement with `?` for each value and `(…)` for a list of them: what repetitions have in common."""
    text = _VALUES.sub("?", " ".join(_COMMENTS.sub(" ", sql).split()))
    return _ROWS.sub(r"\1", _LISTS.sub("(…)", text))


def is_write(sql: str) -> bool:
    """Return whether a statement changes something, by its words."""
    text = _COMMENTS.sub(" ", sql).lstrip(" \t\r\n(").lower()
    if not text.startswith(_READS):
        return bool(text) and not text.startswith(("commit", "end", "set "))
    return text.startswith("with") and _CHANGES.search(_VALUES.sub("?", text)) is not None


@dataclass(slots=True)
class Sent:
    """One statement, once."""

    text: str
    line: int | None
    writes: bool
    lazy: str | None = None
    milliseconds: float | None = None
    rows: int | None = None
    plan: tuple[str, ...] = ()


@dataclass(slots=True)
class Held:
    """A connection that a request took from its pool and has not given back."""

    line: int | None


@dataclass(slots=True)
class Recorder:
    """What the request under way has sent so far; `files` are the names under which the cell's code was compiled."""

    files: frozenset[str]
    lines: tuple[str, ...] = ()
    """The cell's."""
    sent: list[Sent] = field(default_factory=list)
    held: dict[int, Held] = field(default_factory=dict)
    connections: dict[int, object] = field(default_factory=dict)
    """Drivers' connections that are in use, to be interrupted by a stop."""
    wrote: bool = False
    """True once anything was written, for good or not."""
    committed: bool = False
    """True once something was written for good."""
    strangers: set[str] = field(default_factory=set)
    """Databases that were asked although they are not the scratch copy."""
    asked: set[int] = field(default_factory=set)
    """The identities of the engines that were asked."""
    is_bare: bool = False
    """True once a driver was used by itself, whose connections can not be led elsewhere."""
    is_over: bool = False
    """True once the run was stopped: whatever of its code is still going may send nothing more."""

    def add(self, sql: str, lazy: str | None = None) -> Sent:
        """Record a statement that is being sent by the running code; raises StoppedError once the run is over."""
        if self.is_over:
            # A thread that goes on would use connections that are being given back, which takes the process down.
            raise StoppedError("The run was stopped.", "Run the cell again.")
        sent = Sent(without_values(sql), self.line(), is_write(sql), lazy)
        self.sent.append(sent)
        self.wrote = self.wrote or sent.writes
        return sent

    def line(self) -> int | None:
        """Return the line of the cell that is nearest up the stack."""
        return next((frame.f_lineno for frame in _frames() if frame.f_code.co_filename in self.files), None)

    def begin_exchange(self) -> None:
        """Forget what an earlier request sent."""
        self.sent.clear()
        self.held.clear()

    def grouped(self) -> tuple[SentStatement, ...]:
        """Return the statements so far, repetitions together, in order of their first sending."""
        groups: dict[tuple[str, int | None], list[Sent]] = {}
        for each in self.sent:
            groups.setdefault((each.text, each.line), []).append(each)
        return tuple(_group(each) for each in groups.values())

    def explained(self, text: str) -> bool:
        """Return whether the plan of this statement is known already."""
        return any(each.plan and each.text == text for each in self.sent)


_ACTIVE: ContextVar[Recorder | None] = ContextVar("backend_mentor_recorder", default=None)


def active() -> Recorder | None:
    """Return the recorder of the request that the running code belongs to; None for all other code of the process.

    Tasks and the thread pools of frameworks inherit it; a bare `threading.Thread` does not."""
    return _ACTIVE.get()


@contextmanager
def recording(recorder: Recorder) -> Iterator[None]:
    """Let what runs within, and what it starts, be recorded."""
    token = _ACTIVE.set(recorder)
    try:
        yield
    finally:
        _ACTIVE.reset(token)


@contextmanager
def unrecorded() -> Iterator[None]:
    """Let what runs within be no part of the request."""
    token = _ACTIVE.set(None)
    try:
        yield
    finally:
        _ACTIVE.reset(token)


def _group(repetitions: list[Sent]) -> SentStatement:
    first = repetitions[0]
    return SentStatement(
        text=first.text,
        times=len(repetitions),
        line=first.line,
        milliseconds=_total(each.milliseconds for each in repetitions),
        rows=_whole(each.rows for each in repetitions),
        lazy=next((each.lazy for each in repetitions if each.lazy), None),
        writes=first.writes,
        plan=next((each.plan for each in repetitions if each.plan), ()),
    )


def _total(figures: Iterable[float | None]) -> float | None:
    known = [each for each in figures if each is not None]
    return sum(known) if known else None


def _whole(figures: Iterable[int | None]) -> int | None:
    known = [each for each in figures if each is not None]
    return sum(known) if known else None


def _frames() -> Iterator[FrameType]:
    """Yield the running frames from the innermost, through the greenlets by which SQLAlchemy waits."""
    frame: FrameType | None = sys._getframe(1)
    module = sys.modules.get("greenlet")
    greenlet = module.getcurrent() if module is not None else None
    while frame is not None or greenlet is not None:
        while frame is not None:
            yield frame
            frame = frame.f_back
        greenlet = greenlet.parent if greenlet is not None else None
        frame = greenlet.gr_frame if greenlet is not None else None
