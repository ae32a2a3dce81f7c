"""A private copy of the database on which indexes are built and tried, removed afterwards."""

from __future__ import annotations

import shutil
import sqlite3
import time
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from backend_mentor.databases.base import TimedRun
from backend_mentor.databases.sqlite.explain import explain
from backend_mentor.databases.sqlite.failures import translate
from backend_mentor.databases.sqlite.guard import check
from backend_mentor.databases.sqlite.opening import open_reader
from backend_mentor.databases.sqlite.private import make_directory
from backend_mentor.databases.sqlite.running import carry_out
from backend_mentor.databases.sqlite.statistics import quoted
from backend_mentor.domain.errors import NotSupportedError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.databases.sqlite.place import Place
    from backend_mentor.domain.plan import Plan
    from backend_mentor.domain.schema import Index, Schema
    from backend_mentor.domain.statement import Statement

_PAGES_AT_ONCE = 2_000


@contextmanager
def open_scratch(original: Place, schema: Schema) -> Iterator[SQLiteScratch]:
    """Copy the database to a private temporary file; raises NotSupportedError where that would not be cheap."""
    size_bytes = original.path.stat().st_size
    if size_bytes > original.limits.scratch_bytes:
        raise NotSupportedError(
            f"{original.name} has {size_bytes:,} bytes; up to {original.limits.scratch_bytes:,} are copied.",
            "Raise `scratch_bytes` in the limits to have it copied.",
        )
    # Its directory is made with mode 0700, and is removed however this ends.
    with make_directory() as directory:
        free_bytes = shutil.disk_usage(directory).free
        if free_bytes < 2 * size_bytes:
            raise NotSupportedError(
                f"A copy of {original.name} and an index want {2 * size_bytes:,} bytes, and {free_bytes:,} are free in "
                f"{directory}.",
                "Free space there, or point TMPDIR elsewhere.",
            )
        path = Path(directory) / "copy.db"
        _copy(original, path)
        yield SQLiteScratch(replace(original, path=path), schema)


@dataclass(frozen=True, slots=True)
class SQLiteScratch:
    """See `databases.base.Scratch`."""

    _copy: Place
    _schema: Schema
    place: str = "a scratch copy"
    _steps: dict[tuple[str, str], int | None] = field(default_factory=dict)
    """By statement, until the copy is changed."""

    def build(self, index: Index) -> tuple[int | None, float]:
        """Build the index and its statistics; return its size in bytes and the milliseconds that it took."""
        began = time.perf_counter()
        self._change(index.create_sql())
        milliseconds = (time.perf_counter() - began) * 1000
        self._change(f"ANALYZE main.{quoted(index.name)}")
        return self._size_bytes(index), milliseconds

    def drop(self, index: Index) -> None:
        """Remove an index that was built here; its statistics go with it."""
        self._change(f"DROP INDEX main.{quoted(index.name)}")

    def explain(self, statement: Statement) -> Plan:
        """Return the plan on the copy as it is now."""
        return explain(statement, self._copy, self._schema, analyze=False)

    def run(self, statement: Statement) -> TimedRun:
        """Run a query on the copy under the same guard and limits as on the original."""
        check(statement)
        found = self._copy.run(statement)
        key = (statement.sql, repr(statement.values))
        if key not in self._steps:
            self._steps[key] = self._copy.count_steps(statement)
        return TimedRun(found.milliseconds, self._steps[key], found.count)

    def _change(self, sql: str) -> None:
        self._steps.clear()
        limits = self._copy.limits
        with closing(
            sqlite3.connect(self._copy.path, isolation_level=None, check_same_thread=False, cached_statements=0)
        ) as connection:
            # The copy is thrown away, so nothing of it need survive a loss of power.
            connection.execute("PRAGMA synchronous = OFF")
            try:
                carry_out(
                    connection,
                    lambda: connection.execute(sql).fetchall(),
                    milliseconds=limits.milliseconds,
                    stop=self._copy.stop,
                )
            except sqlite3.Error as error:
                raise translate(error, self.place) from error

    def _size_bytes(self, index: Index) -> int | None:
        def look(connection: sqlite3.Connection) -> int | None:
            try:
                found = connection.execute("SELECT sum(pgsize) FROM dbstat WHERE name = ?", (index.name,)).fetchone()
            except sqlite3.OperationalError:
                # Some builds of the library have no dbstat.
                return None
            return None if found[0] is None else int(found[0])

        return self._copy.read(look)


def _copy(original: Place, path: Path) -> None:
    def look(*_: int) -> None:
        original.stop.check()

    # Step by step in the calling thread, so that a stop or an interrupt is heard between two steps.
    with open_reader(original.path, original.limits) as source, closing(sqlite3.connect(path)) as copy:
        try:
            source.backup(copy, pages=_PAGES_AT_ONCE, progress=look)
            copy.execute("PRAGMA journal_mode = DELETE")
        except sqlite3.Error as error:
            raise translate(error, original.name) from error
