"""The measured work of one review: one scratch copy for all its indexes, one set of runs before, one budget."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from backend_mentor.domain.proof import Measurement
from backend_mentor.proofs.timing import as_runs, pairs_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from backend_mentor.databases.base import Database, Scratch, TimedRun
    from backend_mentor.domain.plan import Plan
    from backend_mentor.domain.schema import Index
    from backend_mentor.domain.statement import Statement

# No measured work of a review begins later than this; what has begun is held by the database's own limit.
BUDGET_SECONDS = 15.0


@dataclass(slots=True)
class Workshop:
    """Where the proposals of one review are measured, one after the other."""

    statement: Statement
    database: Database
    clock: Callable[[], float] = time.monotonic
    began: float = field(init=False)
    _opened: tuple[AbstractContextManager[Scratch], Scratch] | None = None
    _before: tuple[TimedRun, ...] = ()

    def __post_init__(self) -> None:
        self.began = self.clock()

    @property
    def obstacle(self) -> str | None:
        """Why nothing more is measured, once the budget is used up."""
        if self.clock() - self.began < BUDGET_SECONDS:
            return None
        return f"not measured: the {BUDGET_SECONDS:,.0f} s that one review measures were used up"

    def measure(self, index: Index) -> tuple[Measurement | None, str | None]:
        """Return the runs without and with the index on one scratch copy, or None and why there are none.

        The copy serves both sides: the original has other pages in its cache, and perhaps other load.
        Raises NotSupportedError where no copy can be had, TimeLimitError, StoppedError.
        """
        scratch = self._scratch()
        try:
            found = self._measure(scratch, index)
            scratch.drop(index)
        except BaseException:
            # What state the copy is in is not known any more: the next index gets a new one.
            self.close()
            raise
        return found

    def close(self) -> None:
        """Throw the copy away, where there is one."""
        opened, self._opened, self._before = self._opened, None, ()
        if opened is not None:
            opened[0].__exit__(None, None, None)

    def _scratch(self) -> Scratch:
        if self._opened is None:
            context = self.database.scratch()
            self._opened = (context, context.__enter__())
        return self._opened[1]

    def _measure(self, scratch: Scratch, index: Index) -> tuple[Measurement | None, str | None]:
        self._before = before = self._before or self._runs(scratch)
        size_bytes, milliseconds = scratch.build(index)
        if not uses_index(scratch.explain(self.statement), index):
            return None, f"built on {scratch.place}, and the planner does not use it"
        after = as_runs(self._runs(scratch))
        unit = self.database.count_unit
        return Measurement(as_runs(before), after, unit, scratch.place, size_bytes, milliseconds), None

    def _runs(self, scratch: Scratch) -> tuple[TimedRun, ...]:
        """Return warm runs on the copy; one run where a single one takes the time of all."""
        first = scratch.run(self.statement)
        runs = []
        for _ in range(pairs_for(first.milliseconds * 2)):
            self.database.stop.check()
            runs.append(scratch.run(self.statement))
        return tuple(runs) or (first,)


@contextmanager
def open_workshop(statement: Statement, database: Database) -> Iterator[Workshop]:
    """Open a workshop for the proposals to one statement; its copy is made when the first index wants it."""
    workshop = Workshop(statement, database)
    try:
        yield workshop
    finally:
        workshop.close()


def uses_index(plan: Plan, index: Index) -> bool:
    """Return whether a step of the plan reads the index."""
    return any(node.index is not None and node.index.lower() == index.name.lower() for node in plan.nodes())
