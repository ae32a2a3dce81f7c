"""Reviews of folders, several files and whole notebooks: what, with how many workers, in which form."""

from __future__ import annotations

import hashlib
import os
import sys
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from backend_mentor.domain.errors import MentorError
from backend_mentor.domain.finding import Severity

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import Executor

    from backend_mentor.batch.journal import Journal
    from backend_mentor.batch.run import Task
    from backend_mentor.domain.batch import Outcome, Piece, Summary
    from backend_mentor.renderers.view import View
    from backend_mentor.session import Session

NOTHING, FINDINGS, NOT_DONE = 0, 1, 2


def is_batch(options: argparse.Namespace) -> bool:
    """Return whether a command line asks for more than one file's review."""
    wants_more = (
        options.format == "sarif"
        or options.baseline
        or options.resume
        or options.dask
        or options.jobs
        or options.narratives
    )
    return len(options.path) > 1 or Path(options.path[0]).is_dir() or bool(wants_more)


def review_files(options: argparse.Namespace, session: Session) -> int:
    """Review all that the paths hold, print the summary and return the exit status."""
    from backend_mentor.renderers.summary import SUMMARIES

    if options.format not in SUMMARIES:
        raise MentorError(
            f"Many files can not be shown as {options.format}.", f"Choose one of {', '.join(SUMMARIES)} with --format."
        )
    if options.update_baseline and not options.baseline:
        raise MentorError("--update-baseline wants to know where.", "Add --baseline FOLDER.")
    if options.narratives and not options.resume:
        raise MentorError(
            "--narratives wants to know where the batch's id is kept, so that nothing is paid twice.",
            "Add --resume FILE.",
        )
    summary, failure = _review(options, session), None
    if options.narratives:
        from backend_mentor.surfaces.narratives import narrate

        summary, failure = narrate(summary, options, session)
    sys.stdout.write(SUMMARIES[options.format](summary))
    if failure is not None:
        print(failure, file=sys.stderr)
        return NOT_DONE
    return _status(summary, options.fail_on)


def review_here(
    paths: Sequence[str], session: Session, *, analyze: bool, progress: Callable[[int, int], None]
) -> Summary:
    """Review all that the paths hold on the session's own connection, and return what came of it."""
    from backend_mentor.batch.gather import gather
    from backend_mentor.batch.run import review_on
    from backend_mentor.domain.batch import Summary

    with session.borrow() as database:
        gathered = gather(paths, database.engine.name)
        outcomes = review_on(database, gathered.pieces, analyze=analyze, progress=progress)
        return Summary(version("backend-mentor"), database.name, database.engine.title, outcomes, gathered.passed_over)


def review_notebook(options: argparse.Namespace, session: Session) -> int:
    """Write a notebook's reviewed copy, print the summary and return the exit status."""
    from backend_mentor.domain.review import Level
    from backend_mentor.renderers.summary import render_text
    from backend_mentor.renderers.view import View

    if options.database:
        session.connect(options.database)
    view = View(level=Level(options.level), hint=options.hint)
    summary, target = write_reviewed_copy(options.path, options.to, session, view, analyze=options.analyze)
    sys.stdout.write(render_text(summary))
    print(f"The copy with the reviews is {target}.")
    return _status(summary, options.fail_on)


def write_reviewed_copy(
    path: str, to: str | None, session: Session, view: View, *, analyze: bool | None
) -> tuple[Summary, Path]:
    """Review a notebook on the session's database; return the summary and where the copy was written."""
    from backend_mentor.batch.annotate import Terms, annotate

    source = Path(path)
    target = Path(to) if to else source.with_suffix(".reviewed.ipynb")
    terms = Terms(session.database(), version("backend-mentor"), view, analyze, _show_piece)
    return annotate(source, target, terms), target


def _show_piece(name: str) -> None:
    if sys.stderr.isatty():
        print(f"reviewing {name}", file=sys.stderr)


def _status(summary: Summary, fail_on: str) -> int:
    if summary.failures:
        return NOT_DONE
    floor = Severity(fail_on).rank
    found = (finding for outcome in summary.outcomes for finding in outcome.findings)
    return FINDINGS if any(finding.severity.rank >= floor for finding in found) else NOTHING


def _review(options: argparse.Namespace, session: Session) -> Summary:
    from backend_mentor.batch.gather import gather
    from backend_mentor.batch.journal import Journal
    from backend_mentor.batch.run import Task, review_pieces
    from backend_mentor.domain.batch import Summary

    database = session.database()
    task = Task(_target(options, session), bool(options.analyze))
    gathered = gather(options.path, database.engine.name)
    journal = Journal(Path(options.resume), _circumstances(task)) if options.resume else None
    resumed = _already_done(journal, gathered.pieces)
    with _executor(options) as executor:
        outcomes = review_pieces(gathered.pieces, task, executor, journal=journal, progress=_show_progress)
    outcomes = _held_against_baseline(options, outcomes)
    return Summary(
        version("backend-mentor"), database.name, database.engine.title, outcomes, gathered.passed_over, resumed
    )


def _held_against_baseline(options: argparse.Namespace, outcomes: tuple[Outcome, ...]) -> tuple[Outcome, ...]:
    from backend_mentor.batch.baseline import against_baseline, write_baseline

    if not options.baseline:
        return outcomes
    folder = Path(options.baseline)
    if options.update_baseline:
        print(f"{write_baseline(folder, outcomes)} plans kept in {folder}", file=sys.stderr)
        return outcomes
    if not folder.is_dir():
        raise MentorError(f"There is no baseline in {folder}.", "Make one with --update-baseline.")
    return tuple(against_baseline(folder, outcome) for outcome in outcomes)


def _target(options: argparse.Namespace, session: Session) -> str:
    """Return what a worker connects to: the address itself, since a connection does not travel."""
    from backend_mentor.demo.database import sqlite_path

    target = options.database or os.environ.get("DATABASE_URL") or "demo"
    return str(sqlite_path()) if target == "demo" else str(target)


def _circumstances(task: Task) -> str:
    # The address may hold a password: the journal keeps no more of it than tells two databases apart.
    digest = hashlib.sha256(task.target.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{version('backend-mentor')} {digest} {task.analyze}"


def _already_done(journal: Journal | None, pieces: tuple[Piece, ...]) -> int:
    known = journal.read() if journal else {}
    return sum(journal.key_of(piece) in known for piece in pieces) if journal else 0


@contextmanager
def _executor(options: argparse.Namespace) -> Iterator[Executor | None]:
    """Yield where the reviews run: a Dask cluster, processes of this machine, or None for here and now."""
    if options.dask:
        with _cluster(options.dask) as executor:
            yield executor
        return
    jobs = options.jobs or 1
    if jobs == 1:
        yield None
        return
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    # Started anew, never forked: whoever calls may have threads and connections.
    executor = ProcessPoolExecutor(jobs, mp_context=get_context("spawn"))
    try:
        yield executor
    finally:
        executor.shutdown(cancel_futures=True)


@contextmanager
def _cluster(address: str) -> Iterator[Executor]:
    try:
        from distributed import Client
    except ImportError as error:
        raise MentorError("Dask is not installed here.", 'Run `pip install "backend-mentor[dask]"`.') from error
    try:
        client = Client(address, timeout=5)
    except (OSError, ValueError) as error:
        raise MentorError(f"No Dask scheduler answers at {address}.", "Give the address that it printed.") from error
    with client:
        yield client.get_executor()


def _show_progress(done: int, total: int) -> None:
    if sys.stderr.isatty():
        end = "\n" if done == total else ""
        print(f"\r{done} of {total} reviewed", end=end, file=sys.stderr, flush=True)
