"""Measured runs of two statements, taken in turns so that a busy moment of the machine hits both."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend_mentor.domain.proof import Measurement, Runs

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from backend_mentor.databases.base import Database, Stop, TimedRun
    from backend_mentor.domain.statement import Statement

_MOST_PAIRS = 7
_FEWEST_PAIRS = 5
# For one proposal; a pair that takes longer than this alone is measured once.
_BUDGET_MILLISECONDS = 1_500
# With less time than five pairs take, two are better than one: they show the spread.
_SCARCE_PAIRS = 2


def measure_pair(before: Statement, after: Statement, database: Database) -> Measurement:
    """Return interleaved runs of both on the user's database, after one warm-up run of each.

    Raises TimeLimitError where a run passes the database's limit, StoppedError on a stop.
    """
    warm = (database.run(before), database.run(after))
    firsts, seconds = take_turns(warm, lambda: database.run(before), lambda: database.run(after), database.stop)
    return Measurement(as_runs(firsts), as_runs(seconds), database.count_unit, "your database")


def take_turns(
    warm: tuple[TimedRun, TimedRun], first: Callable[[], TimedRun], second: Callable[[], TimedRun], stop: Stop
) -> tuple[tuple[TimedRun, ...], tuple[TimedRun, ...]]:
    """Return the runs of each, made in turns; the warm-up runs count only where they used up the time."""
    pairs = pairs_for(warm[0].milliseconds + warm[1].milliseconds)
    if pairs == 0:
        return (warm[0],), (warm[1],)
    firsts, seconds = [], []
    for _ in range(pairs):
        stop.check()
        firsts.append(first())
        seconds.append(second())
    return tuple(firsts), tuple(seconds)


def pairs_for(milliseconds_per_pair: float) -> int:
    """Return how many pairs the budget allows after a warm-up pair that took this long; 0 where that one must do."""
    if milliseconds_per_pair * _MOST_PAIRS <= _BUDGET_MILLISECONDS:
        return _MOST_PAIRS
    if milliseconds_per_pair * _FEWEST_PAIRS <= _BUDGET_MILLISECONDS:
        return _FEWEST_PAIRS
    return _SCARCE_PAIRS if milliseconds_per_pair * _SCARCE_PAIRS <= _BUDGET_MILLISECONDS else 0


def as_runs(runs: Sequence[TimedRun]) -> Runs:
    """Return the runs of one statement as they are shown; the count is the smallest, which no other work blurs."""
    counts = [run.count for run in runs if run.count is not None]
    return Runs(tuple(run.milliseconds for run in runs), min(counts) if counts else None, runs[-1].rows)
