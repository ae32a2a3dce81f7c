"""Two comm targets: on one the sidebar asks and is answered, on the other it hears what happens meanwhile.

One comm for both would not do: ipykernel 7.4 hands a comm's next message to the shell that sent on it last, so that a
push from a cell's thread would make the next question wait for the running cell.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Protocol

from backend_mentor.surfaces.sidebar.desk import Desk

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from backend_mentor.session import Session
    from backend_mentor.surfaces.sidebar.messages import Json

ASK_TARGET = "backend_mentor"
EVENTS_TARGET = "backend_mentor.events"


class _Comm(Protocol):
    def send(self, data: Json) -> None: ...

    def on_msg(self, callback: Callable[[Mapping[str, Mapping[str, Mapping[str, object]]]], None]) -> None: ...

    def on_close(self, callback: Callable[[object], None]) -> None: ...


class Channel:
    """The comms of one kernel: any number of front ends may be connected."""

    def __init__(self, session: Session, variables: Callable[[], Mapping[str, object]]) -> None:
        self._events: list[_Comm] = []
        self._guard = threading.Lock()
        self._desk = Desk(session, self._push, variables)

    def open(self) -> None:
        """Register the targets with the kernel; a kernel without comms is left as it is."""
        import comm

        manager = comm.get_comm_manager()
        manager.register_target(ASK_TARGET, self._take_questions)
        manager.register_target(EVENTS_TARGET, self._take_listener)

    def _take_questions(self, opened: _Comm, message: object) -> None:
        opened.on_msg(lambda asked: opened.send(self._desk.answer(asked["content"]["data"])))

    def _take_listener(self, opened: _Comm, message: object) -> None:
        with self._guard:
            self._events.append(opened)
        opened.on_close(lambda _: self._forget(opened))
        # The sidebar listens before it asks: modules load while the other comm is opened.
        self._desk.get_ready()

    def _forget(self, closed: _Comm) -> None:
        with self._guard:
            if closed in self._events:
                self._events.remove(closed)

    def _push(self, message: Json) -> None:
        with self._guard:
            listeners = list(self._events)
        for listener in listeners:
            listener.send(message)
