"""Where code holds up the event loop: a heartbeat on the loop, and a look at its thread when the beat is late.

Nothing is patched: patching `time.sleep` and its kind would break the kernel, whose own thread runs a loop too.
"""

from __future__ import annotations

import asyncio
import sys
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from backend_mentor.domain.trace import Stall

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

_BEAT_SECONDS = 0.005
_LATE_SECONDS = 0.1
"""A loop that is late by this much makes every other request wait this much."""


class Heartbeat:
    """Watches one event loop from another thread; `lines` is the cell, for what stands where it hangs."""

    def __init__(self, files: frozenset[str], lines: tuple[str, ...]) -> None:
        self.files, self.lines = files, lines
        self._stalls: list[Stall] = []
        self._hanging: tuple[str, int, float] | None = None
        self._beat = time.perf_counter()
        self._lock = threading.Lock()
        self._over = threading.Event()

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Watch the running loop of the calling thread."""
        pulse = asyncio.get_running_loop().create_task(self._pulse())
        watcher = threading.Thread(target=self._watch, args=(threading.get_ident(),), daemon=True)
        watcher.start()
        try:
            yield
        finally:
            self._over.set()
            pulse.cancel()
            watcher.join(1.0)

    def take(self) -> tuple[Stall, ...]:
        """Return the stalls since the last call, one that is just over included; called on the loop's thread."""
        with self._lock:
            self._end()
            self._beat = time.perf_counter()
            found, self._stalls = tuple(self._stalls), []
        return found

    async def _pulse(self) -> None:
        while True:
            self._beat = time.perf_counter()
            await asyncio.sleep(_BEAT_SECONDS)

    def _watch(self, thread: int) -> None:
        while not self._over.wait(_BEAT_SECONDS * 2):
            with self._lock:
                beat = self._beat
                is_late = time.perf_counter() - beat > _LATE_SECONDS
                if not is_late:
                    self._end()
                elif self._hanging is None and (place := self._place(thread)) is not None:
                    self._hanging = (*place, beat)

    def _end(self) -> None:
        if self._hanging is None:
            return
        function, line, since = self._hanging
        code = self.lines[line - 1].strip() if line <= len(self.lines) else ""
        self._stalls.append(Stall(function, line, code, (time.perf_counter() - since) * 1000))
        self._hanging = None

    def _place(self, thread: int) -> tuple[str, int] | None:
        """Return the function and line of the cell in which the thread hangs; None where it is elsewhere."""
        frame: FrameType | None = sys._current_frames().get(thread)
        while frame is not None:
            if frame.f_code.co_filename in self.files:
                return frame.f_code.co_qualname, frame.f_lineno
            frame = frame.f_back
        return None
