"""The connection to Claude while an answer is under way, and how it is cut."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import httpx2

    from backend_mentor.databases.base import Stop

LOOK_SECONDS = 0.1
"""How often somebody looks whether the user wants to stop."""
_SILENCE_SECONDS = 60.0
"""Without a byte; the API sends a ping every few seconds."""


class Line:
    """The connection of one attempt, and the thread that cuts it at the deadline or on a stop."""

    def __init__(self, deadline: float, stop: Stop) -> None:
        self.deadline, self.stop = deadline, stop
        self.overdue = False
        self.patience = max(min(_SILENCE_SECONDS, deadline - time.monotonic()), 0.1)
        self._socket: socket.socket | None = None
        self._done = threading.Event()

    def tap(self, request: httpx2.Request) -> None:
        """Have the connection's socket told, so that it can be cut while a read waits on it."""
        request.extensions["trace"] = self._trace

    def _trace(self, event: str, info: Mapping[str, object]) -> None:
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            told = getattr(info.get("return_value"), "get_extra_info", lambda _: None)("socket")
            self._socket = told if isinstance(told, socket.socket) else self._socket

    @contextlib.contextmanager
    def watched(self) -> Iterator[None]:
        """Cut the connection at the deadline or on a stop, for as long as this lasts."""
        thread = threading.Thread(target=self._watch, name="backend-mentor-watch", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._done.set()
            thread.join()

    def _watch(self) -> None:
        while not self._done.wait(LOOK_SECONDS):
            self.overdue = self.overdue or time.monotonic() >= self.deadline
            if (self.overdue or self.stop.requested) and self._socket is not None:
                # To close it would not wake the read; to shut it down does, at once.
                with contextlib.suppress(OSError):
                    self._socket.shutdown(socket.SHUT_RDWR)
