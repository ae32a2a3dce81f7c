"""A SQLite database, as `databases.base.Database` wants it."""

from __future__ import annotations

import os
import sqlite3
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

from backend_mentor.databases.base import Limits, Stop, TimedRun
from backend_mentor.databases.sqlite.catalog import engine, read_schema
from backend_mentor.databases.sqlite.comparison import compare
from backend_mentor.databases.sqlite.explain import explain
from backend_mentor.databases.sqlite.guard import check
from backend_mentor.databases.sqlite.opening import open_reader, require_file
from backend_mentor.databases.sqlite.place import Place
from backend_mentor.databases.sqlite.scratch import SQLiteScratch, open_scratch
from backend_mentor.databases.sqlite.snapshot import Snapshot
from backend_mentor.databases.sqlite.statistics import quoted
from backend_mentor.databases.sqlite.trials import Bench, open_bench
from backend_mentor.databases.sqlite.whatif import what_if
from backend_mentor.domain.errors import ConnectError, DatabaseError, TimeLimitError
from backend_mentor.domain.proof import Rows
from backend_mentor.domain.schema import Schema

if TYPE_CHECKING:
    from backend_mentor.domain.plan import Plan
    from backend_mentor.domain.proof import Cost, OwnData
    from backend_mentor.domain.schema import Index
    from backend_mentor.domain.statement import Statement
    from backend_mentor.domain.subject import Fact


class SQLiteDatabase:
    """A database file, or a snapshot of one in memory; each method opens and closes its own connection."""

    count_unit = "steps"

    def __init__(
        self,
        path: Path,
        *,
        limits: Limits | None = None,
        stop: Stop | None = None,
        name: str | None = None,
        notes: tuple[str, ...] = (),
        snapshot: Snapshot | None = None,
    ) -> None:
        self.name = name or path.name
        self.engine = engine()
        self.stop = stop or Stop()
        self.limits = limits or Limits()
        self.analyze_by_default = False
        self._path = path
        self._notes = notes
        self._snapshot = snapshot
        # By the state of the file; a copy with a stop of its own shares it.
        self._schemas: dict[tuple[object, ...], Schema] = {}
        self._steps: dict[tuple[object, ...], int | None] = {}

    @property
    def identity(self) -> str:
        """The file's own path, links followed."""
        return str(self._path.resolve())

    @classmethod
    def connect(
        cls, path: str | os.PathLike[str], *, limits: Limits | None = None, stop: Stop | None = None
    ) -> SQLiteDatabase:
        """Return the database of a file; raises ConnectError where there is none that can be read."""
        file = Path(path).expanduser()
        require_file(file)
        database = cls(file, limits=limits, stop=stop)
        with open_reader(file, database.limits):
            return database

    @classmethod
    def adopt(
        cls, connection: sqlite3.Connection, *, limits: Limits | None = None, stop: Stop | None = None
    ) -> SQLiteDatabase:
        """Return the database of the user's own connection: its file, or a snapshot of what it has in memory.

        Raises ConnectError where the connection is closed, or belongs to another thread than the calling one.
        """
        try:
            listing = connection.execute("PRAGMA database_list").fetchall()
        except sqlite3.ProgrammingError as error:
            raise ConnectError(
                f"This SQLite connection can not be used here: {error}",
                "Connect it in a cell of the notebook that made it, as in %backend connect connection.",
            ) from error
        file = next((path for _, name, path in listing if name == "main"), "")
        if not file:
            snapshot = Snapshot(connection)
            return cls(snapshot.path, limits=limits, stop=stop, name="memory", snapshot=snapshot)
        database = cls.connect(file, limits=limits, stop=stop)
        database._notes = (
            "Read through a connection of its own: your open transaction and temporary tables are not seen.",
        )
        return database

    @property
    def notes(self) -> tuple[str, ...]:
        """What the user should know of the connection."""
        return (*self._notes, *((self._snapshot.note(),) if self._snapshot else ()))

    def schema(self) -> Schema:
        """Return the catalogue; read anew where the file changed."""
        state = self._state()
        schema = self._schemas.get(state)
        if schema is None:
            schema = self._place().read(
                lambda connection: read_schema(connection, milliseconds=self.limits.fact_milliseconds)
            )
            self._schemas.clear()
            self._schemas[state] = schema
        return schema

    def check(self, statement: Statement) -> None:
        """Raise RefusedError unless the statement is a single query that only reads."""
        check(statement)

    def explain(self, statement: Statement, *, analyze: bool = False) -> Plan:
        """Return the plan; with `analyze` the query runs, once each for its time, its steps and its rows."""
        plan = explain(statement, self._place(), self.schema(), analyze=analyze)
        if plan.steps is not None:
            self._steps[self._key(statement)] = plan.steps
        return plan

    def run(self, statement: Statement, *, timed: bool = True) -> TimedRun:
        """Run a query to its end and throw its rows away.

        Steps are counted in a run of their own, once for a statement and a state of the file: they are always the same.
        """
        check(statement)
        key = self._key(statement)
        if key not in self._steps:
            self._steps[key] = self._place().count_steps(statement)
        found = self._place().run(statement)
        return TimedRun(found.milliseconds, self._steps[key], found.count)

    def fetch(self, statement: Statement) -> Rows:
        """Run a query and return its first rows."""
        check(statement)
        found = self._place().fetch(statement)
        return Rows("", found.columns, found.rows)

    def holds(self, fact: Fact) -> bool | None:
        """Return whether every row of the table meets the fact today; None where it could not be seen in time."""
        sql = f"SELECT 1 FROM main.{quoted(fact.table)} WHERE NOT ({fact.holds}) LIMIT 1"
        try:
            found = self._place().read(
                lambda connection: connection.execute(sql).fetchone(), milliseconds=self.limits.fact_milliseconds
            )
        except (TimeLimitError, DatabaseError):
            # What can not be evaluated on a row (malformed JSON, say) is not known to hold.
            return None
        return found is None

    def compare(self, before: Statement, after: Statement, *, ordered: bool) -> OwnData:
        """Run both queries on the user's rows and compare the results."""
        check(before)
        check(after)
        return compare(before, after, self._place(), ordered=ordered)

    def bench(self, schema: Schema, facts: frozenset[Fact] = frozenset()) -> AbstractContextManager[Bench]:
        """Open a bench for trial databases with these tables."""
        return open_bench(schema, facts, limits=self.limits, stop=self.stop)

    def what_if(self, statement: Statement, index: Index) -> Cost:
        """Return whether the planner would take an index that does not exist."""
        return what_if(statement, index, self._place(), self.schema())

    def scratch(self) -> AbstractContextManager[SQLiteScratch]:
        """Open a copy to build indexes on."""
        return open_scratch(self._place(), self.schema())

    def close(self) -> None:
        """Remove the snapshot, where there is one."""
        if self._snapshot is not None:
            self._snapshot.close()

    def _key(self, statement: Statement) -> tuple[object, ...]:
        return self._state(), statement.sql, repr(statement.values)

    def _place(self) -> Place:
        self.stop.check()
        return Place(self._path, self.limits, self.stop, self.name)

    def _state(self) -> tuple[object, ...]:
        """Return what changes whenever the file or its write-ahead log does."""
        require_file(self._path)
        log = self._path.with_name(f"{self._path.name}-wal")
        files = [self._path.stat(), *([log.stat()] if log.exists() else [])]
        return tuple((status.st_mtime_ns, status.st_size, status.st_ino) for status in files)
