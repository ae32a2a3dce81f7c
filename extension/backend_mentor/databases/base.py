"""What every engine offers. The pipeline and the proofs know databases by these protocols alone."""

from __future__ import annotations

import copy
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from backend_mentor.domain.errors import StoppedError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager

    from backend_mentor.domain.plan import Plan
    from backend_mentor.domain.proof import Cost, OwnData, Rows
    from backend_mentor.domain.schema import Engine, Index, Schema, Table
    from backend_mentor.domain.statement import Statement
    from backend_mentor.domain.subject import Fact


@dataclass(frozen=True, slots=True)
class Limits:
    """How far a statement may go before it is stopped."""

    milliseconds: int = 30_000
    """For one statement that really runs."""
    fact_milliseconds: int = 1_000
    """For one look at the user's rows that the user did not ask for by --analyze."""
    lock_milliseconds: int = 2_000
    rows: int = 10_000
    """The most rows that are fetched from a result."""
    value_bytes: int = 10_000_000
    """The longest string or blob that SQLite may make."""
    scratch_bytes: int = 2_000_000_000
    """The largest database that is copied to try an index on."""


@dataclass(slots=True)
class Stop:
    """A stop that the user can ask for from another thread. Every long loop looks at it."""

    _event: threading.Event = field(default_factory=threading.Event)

    def request(self) -> None:
        """Ask whatever runs to stop."""
        self._event.set()

    def clear(self) -> None:
        """Forget an earlier request."""
        self._event.clear()

    @property
    def requested(self) -> bool:
        """True once a stop was asked for."""
        return self._event.is_set()

    def check(self) -> None:
        """Raise StoppedError once a stop was asked for."""
        if self.requested:
            raise StoppedError("The review was stopped.", "Run the cell again to start anew.")


@dataclass(frozen=True, slots=True)
class TimedRun:
    """One run of a statement from end to end, its rows thrown away."""

    milliseconds: float
    count: int | None
    """Pages touched on Postgres, virtual machine steps on SQLite; None where the driver can not tell."""
    rows: int


class TrialBench(Protocol):
    """A place to run queries over made-up tables, on the engine and the library of the real database.

    It never touches a real table. Raises NotSupportedError where that can not be guaranteed for a statement.
    """

    def run(self, tables: Sequence[Rows], statements: Sequence[Statement]) -> tuple[Rows, ...]:
        """Return each statement's result over these tables: `Rows.name` empty, `Rows.error` set where it failed.

        `tables` holds every table that the statements need, its rows already obeying the schema's constraints.
        Where the engine itself refuses a row (a CHECK that the generator could not foresee), raises ValueError, and
        the caller takes another database.
        """

    def admits(self, tables: Sequence[Rows]) -> bool:
        """Return whether the engine itself accepts these rows under the schema's CHECKs and the facts given."""

    def supports(self, statement: Statement) -> None:
        """Raise NotSupportedError, with the reason, where the statement can not be tried here."""


class Scratch(Protocol):
    """A copy of the database that may be changed, thrown away on leaving."""

    place: str
    """As in `a scratch copy`."""

    def build(self, index: Index) -> tuple[int | None, float]:
        """Build the index and its statistics; return its size in bytes and the milliseconds that it took."""

    def drop(self, index: Index) -> None:
        """Remove an index that was built here."""

    def explain(self, statement: Statement) -> Plan:
        """Return the plan on the copy as it is now."""

    def run(self, statement: Statement) -> TimedRun:
        """Run a query on the copy under the same guard and limits as on the original."""


class Database(Protocol):
    """A connected database: read-only by construction, time-limited, stopped at once.

    Each method opens what it needs in the calling thread and leaves nothing behind. All raise RefusedError for what
    would change anything, TimeLimitError at a limit, StoppedError on a stop, DatabaseError for what the engine says.
    """

    name: str
    """As shown to the user: `demo.db`, `shop on db.example:5432`; never a password."""
    engine: Engine
    stop: Stop
    limits: Limits
    notes: tuple[str, ...]
    """What the user should know of the connection: a superuser, a snapshot and its age."""
    count_unit: str
    """What `TimedRun.count` counts: `pages`, `steps`."""
    analyze_by_default: bool
    """True on the demo, where a run harms nobody."""

    @property
    def identity(self) -> str:
        """What tells it from another database of the same name: the path of a file, the address without password."""

    def schema(self) -> Schema:
        """Return the catalogue; read anew where the database changed."""

    def check(self, statement: Statement) -> None:
        """Raise RefusedError unless the statement is one that may be run: a single query that changes nothing."""

    def explain(self, statement: Statement, *, analyze: bool = False) -> Plan:
        """Return the plan. A write is only ever explained, never run: `analyze` refuses it by name."""

    def run(self, statement: Statement, *, timed: bool = True) -> TimedRun:
        """Run a query to its end and throw its rows away."""

    def fetch(self, statement: Statement) -> Rows:
        """Run a query and return its first `limits.rows` rows."""

    def holds(self, fact: Fact) -> bool | None:
        """Return whether every row of the table meets the fact today; None where there was no time to see."""

    def compare(self, before: Statement, after: Statement, *, ordered: bool) -> OwnData:
        """Run both queries on the user's rows and compare the results inside the database as bags of rows."""

    def bench(self, schema: Schema, facts: frozenset[Fact] = frozenset()) -> AbstractContextManager[TrialBench]:
        """Open a bench for trial databases with these tables."""

    def what_if(self, statement: Statement, index: Index) -> Cost:
        """Return the planner's word on an index that does not exist. Raises NotSupportedError where it has none."""

    def scratch(self) -> AbstractContextManager[Scratch]:
        """Open a copy to build indexes on. Raises NotSupportedError where it can not be had cheaply."""

    def close(self) -> None:
        """Give back what the connection holds: a server that we started, a snapshot."""


class SharedCopy(Protocol):
    """A new database for strangers, made from a public schema; a further engine offers it where it can be shared."""

    left_out: list[tuple[str, str]]
    """Name and reason of each part of the schema that could not be made again."""
    extras: tuple[str, ...]
    """The optional dependencies of this package that it takes to open it."""

    @property
    def setup(self) -> str:
        """The code of a notebook's first cell, which opens it or says where it is."""

    def insert(self, table: Table, columns: tuple[str, ...], row: tuple[object, ...]) -> bool:
        """Put a row in and return whether the constraints took it."""

    def finish(self) -> dict[str, bytes]:
        """Return the files that hold it, by name; nothing is inserted afterwards."""

    def rewrite(self, source: str) -> str:
        """Return a cell's code with this database in place of the original."""


def with_own_stop(database: Database, stop: Stop) -> Database:
    """Return the same database with another stop, so that two reviews at once are stopped one by one."""
    own = copy.copy(database)
    own.stop = stop
    return own
