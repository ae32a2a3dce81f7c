"""Every statement on any SQLAlchemy engine, by its own events; each listener is taken off again."""

from __future__ import annotations

import sys
import time
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

from backend_mentor.proofs.running.capture import SLOW_MILLISECONDS, Held, Sent, active, is_write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from backend_mentor.proofs.running.capture import Recorder

_LAZY_KEY = "backend_mentor_lazy"


@contextmanager
def sqlalchemy_recorded(recorder: Recorder) -> Iterator[None]:
    """Record what any engine is sent, where SQLAlchemy is in use at all."""
    if "sqlalchemy" not in sys.modules:
        yield
        return
    from sqlalchemy import event
    from sqlalchemy.engine import Engine
    from sqlalchemy.orm import Session
    from sqlalchemy.pool import Pool

    watch = _Watch(recorder)
    listeners: tuple[tuple[type, str, Callable[..., None]], ...] = (
        (Engine, "before_cursor_execute", watch.before),
        (Engine, "after_cursor_execute", watch.after),
        (Engine, "commit", watch.commit),
        (Session, "do_orm_execute", watch.orm),
        (Pool, "checkout", watch.checkout),
        (Pool, "checkin", watch.checkin),
    )
    # Listening to the class makes SQLAlchemy note on the class that somebody listens, and it does not forget.
    had_events = Engine._has_events
    with ExitStack() as stack:
        for target, name, listener in listeners:
            event.listen(target, name, listener)
            stack.callback(event.remove, target, name, listener)
        try:
            yield
        finally:
            Engine._has_events = had_events


class _Watch:
    """The listeners: they do nothing for code that belongs to no request of ours."""

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder
        self.lazy: str | None = None
        self.running: dict[int, tuple[Sent, float]] = {}

    def _ours(self) -> bool:
        return active() is self.recorder

    def before(self, conn: Any, cursor: Any, statement: str, parameters: Any, context: Any, executemany: bool) -> None:
        if self._ours():
            lazy, self.lazy = self.lazy, None
            # An engine with options of its own shares the pool of the one that it was made from.
            self.recorder.asked.add(id(getattr(conn.engine, "_proxied", conn.engine)))
            self.running[id(context)] = (self.recorder.add(statement, lazy), time.perf_counter())

    def after(self, conn: Any, cursor: Any, statement: str, parameters: Any, context: Any, executemany: bool) -> None:
        sent, began = self.running.pop(id(context), (None, 0.0))
        if sent is None:
            return
        sent.milliseconds = (time.perf_counter() - began) * 1000
        if cursor.rowcount >= 0:
            sent.rows = cursor.rowcount
        elif context is not None and not sent.writes and not executemany:
            context.cursor = CountingCursor(cursor, sent)
        if sent.writes and not is_scratch(conn) and commits_itself(conn):
            self.recorder.committed = True
        if not is_scratch(conn):
            self.recorder.strangers.add(conn.engine.url.render_as_string(hide_password=True))
        if sent.milliseconds >= SLOW_MILLISECONDS and not sent.writes and not self.recorder.explained(sent.text):
            sent.plan = _explain(conn, statement, parameters)

    def commit(self, conn: Any) -> None:
        if self._ours() and not is_scratch(conn) and not is_held(conn) and any(s.writes for s in self.recorder.sent):
            self.recorder.committed = True

    def orm(self, state: Any) -> None:
        if not self._ours() or not state.is_relationship_load or state.lazy_loaded_from is None:
            return
        steps = [step for step in state.loader_strategy_path or () if hasattr(step, "parent") and hasattr(step, "key")]
        self.lazy = f"{steps[-1].parent.class_.__name__}.{steps[-1].key}" if steps else None

    def checkout(self, dbapi_connection: Any, record: Any, proxy: Any) -> None:
        if self._ours():
            self.recorder.held[id(record)] = Held(self.recorder.line())
            self.recorder.connections[id(record)] = dbapi_connection

    def checkin(self, dbapi_connection: Any, record: Any) -> None:
        self.recorder.held.pop(id(record), None)
        self.recorder.connections.pop(id(record), None)


class CountingCursor:
    """A driver's cursor that counts the rows fetched from it, for drivers that do not tell."""

    def __init__(self, cursor: Any, sent: Sent) -> None:
        self._cursor, self._sent = cursor, sent
        sent.rows = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cursor, name)

    def fetchone(self) -> Any:
        """Fetch and count one row."""
        row = self._cursor.fetchone()
        self._count(row is not None)
        return row

    def fetchmany(self, *arguments: Any, **named: Any) -> Any:
        """Fetch and count some rows."""
        rows = self._cursor.fetchmany(*arguments, **named)
        self._count(len(rows))
        return rows

    def fetchall(self) -> Any:
        """Fetch and count all rows."""
        rows = self._cursor.fetchall()
        self._count(len(rows))
        return rows

    def __iter__(self) -> Iterator[Any]:
        for row in self._cursor:
            self._count(1)
            yield row

    def _count(self, rows: int) -> None:
        self._sent.rows = (self._sent.rows or 0) + rows


def is_scratch(conn: Any) -> bool:
    """Return whether a SQLAlchemy connection leads to a scratch copy."""
    return _mark_of(conn) == "scratch"


def is_held(conn: Any) -> bool:
    """Return whether what is written on a SQLAlchemy connection is rolled back in the end."""
    return _mark_of(conn) == "held"


def commits_itself(conn: Any) -> bool:
    """Return whether the connection is in autocommit, where nothing can be rolled back."""
    driver = getattr(conn.connection, "driver_connection", None)
    if type(driver).__module__ == "sqlite3":
        return getattr(driver, "isolation_level", "") is None and not is_held(conn)
    return getattr(driver, "autocommit", False) is True


def _mark_of(conn: Any) -> str | None:
    return getattr(conn.engine.pool, "mark", None)


def _explain(conn: Any, statement: str, parameters: Any) -> tuple[str, ...]:
    """Return the plan of a statement that just ran, on the same connection and for the same values."""
    keyword = {"sqlite": "EXPLAIN QUERY PLAN", "postgresql": "EXPLAIN"}.get(conn.engine.dialect.name)
    if keyword is None or is_write(statement):
        return ()
    cursor = conn.connection.cursor()
    try:
        cursor.execute(f"{keyword} {statement}", parameters)
        return tuple(str(row[-1]) for row in cursor.fetchall())
    finally:
        cursor.close()
