"""Reviews of many pieces, side by side on anything with the interface of `concurrent.futures.Executor`."""

from __future__ import annotations

from concurrent.futures import as_completed
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from backend_mentor.batch.outcomes import outcome_of
from backend_mentor.databases.registry import connect
from backend_mentor.domain.batch import Outcome
from backend_mentor.domain.errors import ConnectError, MentorError, StoppedError
from backend_mentor.pipeline import review

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from concurrent.futures import Executor

    from backend_mentor.batch.journal import Journal
    from backend_mentor.databases.base import Database
    from backend_mentor.domain.batch import Piece

# Large enough that connecting is a small part of it, small enough that progress is seen and a stop loses little.
_PIECES_AT_ONCE = 10


@dataclass(frozen=True, slots=True)
class Task:
    """What a worker needs to know: where to connect, and whether statements may run."""

    target: str
    """A path or URL; it goes to the worker's memory, never to a file or a command line."""
    analyze: bool = False


def review_pieces(
    pieces: Sequence[Piece],
    task: Task,
    executor: Executor | None = None,
    *,
    journal: Journal | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> tuple[Outcome, ...]:
    """Return the outcome of each piece, in order, the same whatever the executor.

    `executor` None reviews them here, one after the other. Outcomes that `journal` holds are taken from it, new ones
    are written to it as they come. `progress` is told how many are done, of how many. Raises ConnectError where the
    database can not be reached; a piece that can not be reviewed has its reason in its outcome.
    """
    known = journal.read() if journal else {}
    found = {piece: known[journal.key_of(piece)] for piece in pieces if journal and journal.key_of(piece) in known}
    missing = [piece for piece in dict.fromkeys(pieces) if piece not in found]
    progress(len(found), len(found) + len(missing))
    for outcomes in _in_batches(missing, task, executor):
        if journal:
            journal.write(outcomes)
        found.update((outcome.piece, outcome) for outcome in outcomes)
        progress(len(found), len(set(pieces)))
    return tuple(found[piece] for piece in pieces)


def review_batch(pieces: Sequence[Piece], task: Task) -> tuple[Outcome, ...]:
    """Review some pieces on a connection of their own: what a worker does."""
    with closing(connect(task.target)) as database:
        return tuple(_outcome(piece, database, analyze=task.analyze) for piece in pieces)


def review_on(
    database: Database,
    pieces: Sequence[Piece],
    *,
    analyze: bool = False,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> tuple[Outcome, ...]:
    """Return the outcome of each piece on a connection that is open already; see `review_pieces`."""
    outcomes = []
    for done, piece in enumerate(pieces):
        progress(done, len(pieces))
        outcomes.append(_outcome(piece, database, analyze=analyze))
    return tuple(outcomes)


def _in_batches(pieces: list[Piece], task: Task, executor: Executor | None) -> Iterator[tuple[Outcome, ...]]:
    batches = list(_batches(pieces))
    if executor is None:
        yield from (review_batch(batch, task) for batch in batches)
        return
    futures = [executor.submit(review_batch, batch, task) for batch in batches]
    try:
        for future in as_completed(futures):
            yield future.result()
    finally:
        for future in futures:
            future.cancel()


def _batches(pieces: Iterable[Piece]) -> Iterator[tuple[Piece, ...]]:
    remaining = iter(pieces)
    while batch := tuple(islice(remaining, _PIECES_AT_ONCE)):
        yield batch


def _outcome(piece: Piece, database: Database, *, analyze: bool) -> Outcome:
    try:
        return outcome_of(piece, review(piece.text, database, name=piece.name, analyze=analyze))
    except (ConnectError, StoppedError):
        raise
    except MentorError as error:
        return Outcome(piece, failures=(str(error),))
