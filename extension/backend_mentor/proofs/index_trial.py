"""An index, tried: the planner's word on it first, then built on a scratch copy and measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend_mentor.domain.proof import Measurement
from backend_mentor.proofs.timing import as_runs, pairs_for

if TYPE_CHECKING:
    from backend_mentor.databases.base import Database, Scratch, TimedRun
    from backend_mentor.domain.plan import Plan
    from backend_mentor.domain.schema import Index
    from backend_mentor.domain.statement import Statement


def measure_index(statement: Statement, index: Index, database: Database) -> tuple[Measurement | None, str | None]:
    """Return the runs without and with the index on one scratch copy, or None and why there are none.

    The copy serves both sides: the original has other pages in its cache, and perhaps other load.
    Raises NotSupportedError where no copy can be had, TimeLimitError, StoppedError.
    """
    with database.scratch() as scratch:
        before = _runs(scratch, statement, database)
        size_bytes, milliseconds = scratch.build(index)
        if not uses_index(scratch.explain(statement), index):
            return None, f"built on {scratch.place}, and the planner does not use it"
        after = _runs(scratch, statement, database)
        place = scratch.place
    return (
        Measurement(as_runs(before), as_runs(after), database.count_unit, place, size_bytes, milliseconds),
        None,
    )


def uses_index(plan: Plan, index: Index) -> bool:
    """Return whether a step of the plan reads the index."""
    return any(node.index is not None and node.index.lower() == index.name.lower() for node in plan.nodes())


def _runs(scratch: Scratch, statement: Statement, database: Database) -> tuple[TimedRun, ...]:
    """Return warm runs on the copy; one run where a single one takes the time of all."""
    first = scratch.run(statement)
    runs = []
    for _ in range(pairs_for(first.milliseconds * 2)):
        database.stop.check()
        runs.append(scratch.run(statement))
    return tuple(runs) or (first,)
