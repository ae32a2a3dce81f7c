"""Where an engine's connections lead while the app is run: to its own database, all rolled back, or to a scratch copy.

Only an engine's own attributes are set, only code of the run takes notice, and all is put back in the end.
"""

from __future__ import annotations

import gc
import sys
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

from backend_mentor.proofs.running.capture import active, unrecorded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sqlalchemy.engine import Engine

    Release = Callable[[], None]

OUR_OWN = "backend-mentor"
"""The logging name of engines that are ours and not the notebook's."""

_SAVEPOINT = "backend_mentor_run"


def engines_alive() -> list[Engine]:
    """Return every SQLAlchemy engine of this process, async ones by the engine beneath them."""
    if "sqlalchemy" not in sys.modules:
        return []
    from sqlalchemy.engine import Engine

    gc.collect()  # or engines of earlier cells, which nothing refers to any more, would be among them
    # By type, not isinstance(): a proxy of a framework answers isinstance() by looking for a request.
    return [each for each in gc.get_objects() if type(each) is Engine and each.logging_name != OUR_OWN]


@contextmanager
def rolled_back(engines: list[Engine]) -> Iterator[Release]:
    """Let the app see what it writes, and roll all of it back, for the engines that allow it.

    Yields what gives the connections back: to be called on the event loop's own thread where an engine is async."""
    with ExitStack() as stack:
        held = [lent for engine in engines if (lent := stack.enter_context(_held(engine))) is not None]

        def release() -> None:
            for lent in held:
                lent.give_back()

        yield release
        release()


@contextmanager
def on_scratch(engines: list[Engine], scratch: Path) -> Iterator[None]:
    """Let the app's connections lead to a scratch file of SQLite instead of to its own database."""
    with ExitStack() as stack:
        for engine in engines:
            if engine.dialect.name == "sqlite":
                stack.enter_context(_kept_alive(engine))
                stack.enter_context(_routed(engine, _scratch_pool(engine, scratch), "scratch"))
        yield


class RoutedPool:
    """An engine's pool for the length of a run: connections for the run's code from one, for all others from another.

    `mark` says where the run's connections lead."""

    def __init__(self, inside: Any, outside: Any, mark: str) -> None:
        self.inside, self.outside, self._mark = inside, outside, mark

    @property
    def mark(self) -> str | None:
        """What the running code's connections are: `scratch`, `held`, or None for code that is not ours."""
        return self._mark if active() is not None else None

    def connect(self) -> Any:
        """Check a connection out."""
        return (self.inside if active() is not None else self.outside).connect()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.outside, name)


@contextmanager
def _routed(engine: Engine, inside: Any, mark: str) -> Iterator[None]:
    own = engine.pool
    engine.pool = RoutedPool(inside, own, mark)  # type: ignore[assignment]  # SQLAlchemy asks it to connect, no more
    try:
        yield
    finally:
        engine.pool = own


def _scratch_pool(engine: Engine, scratch: Path) -> Any:
    from sqlalchemy.pool import NullPool

    def create() -> Any:
        return engine.dialect.connect(str(scratch), check_same_thread=False)

    # The engine's own listeners go with it: PRAGMA foreign_keys and functions are set on each new connection.
    return NullPool(create, dialect=engine.dialect, _dispatch=engine.pool.dispatch)


@contextmanager
def _kept_alive(engine: Engine) -> Iterator[None]:
    """Let an app that disposes of its engine when it stops leave the notebook's database in memory alone."""
    engine.dispose = _stay  # type: ignore[method-assign]  # on this engine alone, and taken off below
    try:
        yield
    finally:
        del engine.dispose


def _stay(close: bool = True) -> None:
    return None


class _Lent:
    """The one connection of an engine that a run works on: its commits become savepoints, and all is undone."""

    def __init__(self, engine: Engine) -> None:
        # An asynchronous driver's connections belong to the event loop that opened them: the notebook's is not ours.
        self.is_apart = belongs_to_loop(engine)
        self.engine, self.own = engine, engine.pool.recreate() if self.is_apart else engine.pool
        self.fairies: list[Any] = []

    def create(self) -> Any:
        with unrecorded():
            fairy = self.own.connect()
        self.fairies.append(fairy)
        _execute(fairy, f"SAVEPOINT {_SAVEPOINT}")
        return fairy.dbapi_connection

    def is_ours(self, connection: Any) -> bool:
        """Return whether a connection, or the pool's proxy of one, is the one that is lent."""
        bare = getattr(connection, "dbapi_connection", connection)
        return any(fairy.dbapi_connection is bare for fairy in self.fairies)

    def commit(self, connection: Any) -> None:
        if self.is_ours(connection):
            _execute(connection, f"SAVEPOINT {_SAVEPOINT}")
        else:
            type(self.engine.dialect).do_commit(self.engine.dialect, connection)

    def rollback(self, connection: Any) -> None:
        if self.is_ours(connection):
            _execute(connection, f"ROLLBACK TO SAVEPOINT {_SAVEPOINT}")
        else:
            type(self.engine.dialect).do_rollback(self.engine.dialect, connection)

    def give_back(self) -> None:
        while self.fairies:
            fairy = self.fairies.pop()
            fairy.rollback()
            fairy.close()
        if self.is_apart:
            self.own.dispose()


_HELD_DIALECTS = frozenset({"sqlite", "postgresql"})


def can_be_held(engine: Engine) -> bool:
    """Return whether what a run writes on this engine can be rolled back in the end."""
    from sqlalchemy.pool import NullPool, QueuePool, StaticPool

    # asyncpg refuses a second statement while one is under way. A pool with one connection for each thread can not
    # lend one to all threads.
    known = engine.dialect.name in _HELD_DIALECTS and engine.dialect.driver != "asyncpg"
    return known and isinstance(engine.pool, NullPool | QueuePool | StaticPool)


def belongs_to_loop(engine: Engine) -> bool:
    """Return whether the engine's connections can not be used from another event loop than the one they are of."""
    return engine.dialect.is_async and engine.dialect.driver != "aiosqlite"


@contextmanager
def _held(engine: Engine) -> Iterator[_Lent | None]:
    from sqlalchemy.pool import StaticPool

    dialect: Any = engine.dialect
    with _kept_alive(engine):
        if dialect.driver == "asyncpg":
            # Its connections belong to one event loop, and the notebook's is not ours.
            with _routed(engine, engine.pool.recreate(), "own"):
                yield None
        elif can_be_held(engine):
            lent = _Lent(engine)
            with _routed(engine, StaticPool(lent.create, dialect=dialect, _dispatch=engine.pool.dispatch), "held"):
                dialect.do_commit, dialect.do_rollback = lent.commit, lent.rollback
                try:
                    yield lent
                finally:
                    del dialect.do_commit, dialect.do_rollback
        else:
            yield None


def _execute(connection: Any, sql: str) -> None:
    cursor = connection.cursor()
    try:
        cursor.execute(sql)
    finally:
        cursor.close()
