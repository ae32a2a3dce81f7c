"""Running a statement so that it ends: at its limit, on a stop, on an interrupt of the kernel."""

from __future__ import annotations

import sqlite3
import sys
import threading
import time
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from backend_mentor.domain.errors import StoppedError, TimeLimitError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from backend_mentor.databases.base import Stop
    from backend_mentor.domain.statement import Statement

Result = TypeVar("Result")

HAS_THREADS: Final = sys.platform != "emscripten"
"""False in Pyodide, which runs Python in a browser's page."""

_LOOK_SECONDS = 0.05
# After this long an opcode that does not end is left to itself; the answer to the user does not wait for it.
_PATIENCE_SECONDS = 0.6


def carry_out(
    connection: sqlite3.Connection, work: Callable[[], Result], *, milliseconds: int, stop: Stop | None
) -> Result:
    """Return what `work` does with the connection, done in a thread of its own.

    The calling thread only waits. So Ctrl-C reaches it at once, and neither it nor the clock needs a handler inside
    the statement, which would slow it. In a browser there is no other thread: the statement runs to its end, and the
    page's own kernel is all that waits. Raises TimeLimitError, StoppedError or KeyboardInterrupt; else what `work` did.
    """
    if not HAS_THREADS:
        return work()
    task = _Task(work, connection)
    end = time.monotonic() + milliseconds / 1000
    try:
        task.start()
        while not task.done.wait(_LOOK_SECONDS):
            if stop is not None and stop.requested:
                task.end()
                stop.check()
            if time.monotonic() >= end:
                task.end()
                raise TimeLimitError(
                    f"The statement was stopped after {milliseconds:,} ms, its time limit.",
                    "Narrow it down by a WHERE clause, or raise `milliseconds` in the limits.",
                )
    except KeyboardInterrupt:
        task.end()
        raise
    return task.result()


class _Task(threading.Thread, Generic[Result]):
    def __init__(self, work: Callable[[], Result], connection: sqlite3.Connection) -> None:
        super().__init__(name="backend-mentor statement", daemon=True)
        self.done = threading.Event()
        self._work = work
        self._connection = connection
        self._values: list[Result] = []
        self._error: BaseException | None = None

    def run(self) -> None:
        """Do the work and keep what came of it."""
        try:
            self._values.append(self._work())
        except BaseException as error:  # noqa: BLE001  handed to the thread that waits
            self._error = error
        finally:
            self.done.set()

    def end(self) -> None:
        """Interrupt the statement until it ends, or leave it where it does not heed that."""
        end = time.monotonic() + _PATIENCE_SECONDS
        while not self.done.is_set() and time.monotonic() < end:
            # Again and again: an interrupt before the first step of a statement is lost.
            self._connection.interrupt()
            self.done.wait(0.01)

    def result(self) -> Result:
        """Return the work's value or raise its error."""
        if self._error is not None:
            raise self._error
        return self._values[0]


class InlineWatch:
    """The same for statements too short for a thread: a progress handler that looks at the clock now and then."""

    OPCODES = 50_000

    def __init__(self, connection: sqlite3.Connection, milliseconds: int, stop: Stop | None) -> None:
        self._milliseconds = milliseconds
        self._stop = stop
        self._end = 0.0
        self._reason: Exception | None = None
        connection.set_progress_handler(self._look, self.OPCODES)

    def begin(self) -> None:
        """Start the clock for the next statements."""
        self._end = time.monotonic() + self._milliseconds / 1000
        self._reason = None

    def reason(self) -> BaseException:
        """Return why the statement was interrupted; a Ctrl-C in the handler leaves no other trace."""
        return self._reason or KeyboardInterrupt()

    def _look(self) -> int:
        if self._stop is not None and self._stop.requested:
            self._reason = StoppedError("The review was stopped.", "Run the cell again to start anew.")
        elif time.monotonic() >= self._end:
            self._reason = TimeLimitError(
                f"A trial ran for {self._milliseconds:,} ms without an end.", "Give a query that ends."
            )
        return int(self._reason is not None)


def bindings(statement: Statement) -> tuple[object, ...] | Mapping[str, object]:
    """Return the statement's parameters as sqlite3 takes them: by name where all have one, else by place."""
    markers = [parameter.marker for parameter in statement.parameters]
    if markers and all(marker[:1] in ":@$" for marker in markers):
        return {marker[1:]: adapt(value) for marker, value in zip(markers, statement.values, strict=True)}
    return tuple(adapt(value) for value in statement.values)


def adapt(value: object) -> object:
    """Return a value that SQLite stores: dates and times as ISO text, other numbers as float."""
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        return float(value)
    if value is None or isinstance(value, (int, float, str, bytes)):
        return value
    if hasattr(value, "isoformat"):
        return str(value)
    if hasattr(value, "item"):
        return value.item()
    return float(value) if hasattr(value, "__float__") else value
