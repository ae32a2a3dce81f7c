"""A database file and the terms on which statements run there: timed, counted, fetched; here or in a child process."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from backend_mentor.databases.sqlite.delegation import Request, delegate
from backend_mentor.databases.sqlite.execution import Execution, execute
from backend_mentor.databases.sqlite.failures import translate
from backend_mentor.databases.sqlite.opening import open_reader
from backend_mentor.databases.sqlite.runaway import runaway_call
from backend_mentor.databases.sqlite.running import bindings, carry_out

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from backend_mentor.databases.base import Limits, Stop
    from backend_mentor.domain.statement import Statement

Result = TypeVar("Result")

# Counting each step costs several times the step; beyond this many steps they are counted by the hundred.
_EXACT_STEPS = 100_000
_COARSE = 100


@dataclass(frozen=True, slots=True)
class Place:
    """A database file and the terms on which statements run there."""

    path: Path
    limits: Limits
    stop: Stop
    name: str

    def run(self, statement: Statement) -> Execution:
        """Run to the end and throw the rows away; nothing but the statement itself is in the time."""
        return self._execute(statement, keep=0, whole=True)

    def fetch(self, statement: Statement) -> Execution:
        """Return the first rows, up to the limit."""
        return self._execute(statement, keep=self.limits.rows, whole=False)

    def count_steps(self, statement: Statement) -> int | None:
        """Return the virtual machine's steps: exact up to 100,000, else to the hundred below; None in a child.

        The same statement on the same file always takes the same steps.
        """
        if runaway_call(statement):
            return None
        coarse = self._count(statement, _COARSE)
        return coarse * _COARSE if coarse * _COARSE >= _EXACT_STEPS else self._count(statement, 1)

    def read(self, work: Callable[[sqlite3.Connection], Result], *, milliseconds: int | None = None) -> Result:
        """Return what `work` reads through a guarded connection within the limits."""
        with open_reader(self.path, self.limits) as connection:
            try:
                return carry_out(
                    connection,
                    lambda: work(connection),
                    milliseconds=self.limits.milliseconds if milliseconds is None else milliseconds,
                    stop=self.stop,
                )
            except sqlite3.Error as error:
                raise translate(error, self.name) from error

    def _execute(self, statement: Statement, *, keep: int, whole: bool) -> Execution:
        if runaway_call(statement):
            request = Request(self.path, self.limits, statement.sql, bindings(statement), keep, whole)
            return delegate(request, self.name, self.stop)
        return self.read(lambda connection: execute(connection, statement.sql, bindings(statement), keep, whole=whole))

    def _count(self, statement: Statement, opcodes: int) -> int:
        calls = [0]

        def count() -> int:
            calls[0] += 1
            return 0

        def work(connection: sqlite3.Connection) -> None:
            connection.set_progress_handler(count, opcodes)
            execute(connection, statement.sql, bindings(statement), 0, whole=True)

        self.read(work)
        return calls[0]
