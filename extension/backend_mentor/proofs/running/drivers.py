"""Statements that code sends by a driver itself, without an ORM: sqlite3 and psycopg, watched while a run lasts."""

from __future__ import annotations

import sys
import time
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

from backend_mentor.proofs.running.apps import values_of
from backend_mentor.proofs.running.capture import active

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from types import FrameType

    from backend_mentor.proofs.running.capture import Recorder

_WRAPPERS = ("sqlalchemy", "django", "aiosqlite")
"""Packages that send statements by a driver for others, and are watched by themselves."""


@contextmanager
def drivers_recorded(recorder: Recorder, namespace: Mapping[str, object]) -> Iterator[None]:
    """Record what the cell's own connections are sent; all is as it was on leaving, on an error too."""
    with ExitStack() as stack:
        stack.enter_context(_sqlite(recorder, namespace))
        stack.enter_context(_psycopg(recorder))
        yield


@contextmanager
def _sqlite(recorder: Recorder, namespace: Mapping[str, object]) -> Iterator[None]:
    import sqlite3

    own_connect = sqlite3.connect

    def connect(*arguments: Any, **named: Any) -> Any:
        connection = own_connect(*arguments, **named)
        if active() is recorder and not _is_wrapped():
            connection.set_trace_callback(_tracer(recorder))
            opened.append(connection)
        return connection

    known = [each for _, each in values_of(namespace) if isinstance(each, sqlite3.Connection)]
    opened: list[Any] = []
    # Names that the cell bound by `from sqlite3 import connect` lead to the same function.
    names = [name for name, value in namespace.items() if value is own_connect]
    with ExitStack() as stack:
        stack.enter_context(_instead(vars(sqlite3), "connect", connect))
        for name in names:
            stack.enter_context(_instead(namespace, name, connect))
        for connection in known:
            connection.set_trace_callback(_tracer(recorder))
        try:
            yield
        finally:
            for connection in (*known, *opened):
                _quiet(connection)


def _tracer(recorder: Recorder) -> Callable[[str], None]:
    def trace(sql: str) -> None:
        # SQLite tells of what triggers do, too, as comments.
        if active() is recorder and not sql.startswith("--") and not _is_wrapped():
            if not sql.upper().startswith(("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")):
                recorder.is_bare = True
                recorder.add(sql)
            elif sql.upper().startswith("COMMIT") and any(each.writes for each in recorder.sent):
                recorder.committed = True

    return trace


def _quiet(connection: Any) -> None:
    import sqlite3

    try:
        connection.set_trace_callback(None)
    except sqlite3.ProgrammingError:
        return  # it is closed, or belongs to a thread that has ended


@contextmanager
def _psycopg(recorder: Recorder) -> Iterator[None]:
    """Watch psycopg's cursors by their class: it has no hook, and each connection may have cursors of its own kind."""
    if "psycopg" not in sys.modules:
        yield
        return
    import psycopg

    def wrapped(execute: Any) -> Any:
        def watch(cursor: Any, query: Any, *arguments: Any, **named: Any) -> Any:
            if active() is not recorder or _is_wrapped():
                return execute(cursor, query, *arguments, **named)
            recorder.is_bare = True
            sent = recorder.add(_text_of(query, cursor))
            began = time.perf_counter()
            result = execute(cursor, query, *arguments, **named)
            sent.milliseconds = (time.perf_counter() - began) * 1000
            sent.rows = cursor.rowcount if cursor.rowcount >= 0 else None
            if sent.writes:
                recorder.committed = True
            return result

        return watch

    def wrapped_async(execute: Any) -> Any:
        async def watch(cursor: Any, query: Any, *arguments: Any, **named: Any) -> Any:
            if active() is not recorder or _is_wrapped():
                return await execute(cursor, query, *arguments, **named)
            recorder.is_bare = True
            sent = recorder.add(_text_of(query, cursor))
            began = time.perf_counter()
            result = await execute(cursor, query, *arguments, **named)
            sent.milliseconds = (time.perf_counter() - began) * 1000
            sent.rows = cursor.rowcount if cursor.rowcount >= 0 else None
            if sent.writes:
                recorder.committed = True
            return result

        return watch

    own, own_async = psycopg.Cursor.execute, psycopg.AsyncCursor.execute
    try:
        psycopg.Cursor.execute = wrapped(own)  # type: ignore[method-assign]  # there is no hook; put back below
        psycopg.AsyncCursor.execute = wrapped_async(own_async)  # type: ignore[method-assign]  # likewise
        yield
    finally:
        psycopg.Cursor.execute = own  # type: ignore[method-assign]  # as it was
        psycopg.AsyncCursor.execute = own_async  # type: ignore[method-assign]  # as it was


def _text_of(query: Any, cursor: Any) -> str:
    if isinstance(query, bytes):
        return query.decode(errors="replace")
    return query if isinstance(query, str) else str(query.as_string(cursor))


def _is_wrapped() -> bool:
    """Return whether an ORM that is watched by itself sends the statement."""
    frame: FrameType | None = sys._getframe(2)
    for _ in range(12):
        if frame is None:
            return False
        if str(frame.f_globals.get("__name__", "")).partition(".")[0] in _WRAPPERS:
            return True
        frame = frame.f_back
    return False


@contextmanager
def _instead(names: Any, name: str, value: object) -> Iterator[None]:
    own = names[name]
    names[name] = value
    try:
        yield
    finally:
        names[name] = own
