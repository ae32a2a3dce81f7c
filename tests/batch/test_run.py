"""The same outcomes here, in processes and on Dask; what a stop leaves is taken up again."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import pytest

from backend_mentor.batch.gather import gather
from backend_mentor.batch.journal import Journal
from backend_mentor.batch.run import Task, review_pieces
from backend_mentor.domain.batch import Outcome, Piece
from backend_mentor.domain.errors import ConnectError, MentorError


def timeless(outcomes: tuple[Outcome, ...]) -> tuple[Outcome, ...]:
    return tuple(replace(outcome, milliseconds=0.0) for outcome in outcomes)


@contextmanager
def processes() -> Iterator[Executor]:
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as executor:
        yield executor


@contextmanager
def dask() -> Iterator[Executor]:
    from distributed import Client, LocalCluster

    with (
        LocalCluster(n_workers=2, threads_per_worker=1, processes=False, dashboard_address=None) as cluster,
        Client(cluster) as client,
    ):
        yield client.get_executor()


def many(folder: Path) -> tuple[Piece, ...]:
    pieces = gather([str(folder)], "sqlite").pieces
    return pieces + tuple(Piece("more.sql", line, f"SELECT id FROM parts WHERE id = {line}") for line in range(1, 25))


@pytest.mark.parametrize("executor", [processes, dask])
def test_outcomes_are_the_same_and_in_order_whatever_the_executor(executor, folder: Path, shop: Path) -> None:
    pieces = many(folder)
    here = review_pieces(pieces, Task(str(shop)))
    with executor() as workers:
        there = review_pieces(pieces, Task(str(shop)), workers)
    assert [outcome.piece for outcome in here] == list(pieces)
    assert timeless(there) == timeless(here)


def test_findings_stand_on_the_lines_of_the_file(folder: Path, shop: Path) -> None:
    outcomes = review_pieces(gather([str(folder / "reports.sql")], "sqlite").pieces, Task(str(shop)))
    lines = {
        finding.rule: finding.place.span.line for each in outcomes for finding in each.findings if finding.place.span
    }
    assert lines["function-on-column"] == 2
    injection = review_pieces(gather([str(folder / "app")], "sqlite").pieces, Task(str(shop)))[0].findings
    assert ("sql-injection", 10) in {(each.rule, each.place.span.line) for each in injection if each.place.span}


def test_what_can_not_be_reviewed_has_its_reason_and_stops_nobody_else(shop: Path) -> None:
    pieces = (Piece("a.sql", 1, "SELECT id FROM nowhere"), Piece("a.sql", 2, "SELECT id FROM parts LIMIT 1"))
    failed, fine = review_pieces(pieces, Task(str(shop)))
    assert "the database has no table nowhere" in failed.failures[0]
    assert not fine.failures


def test_a_run_that_was_stopped_goes_on_where_it_was(folder: Path, shop: Path, tmp_path: Path) -> None:
    pieces, journal = many(folder), Journal(tmp_path / "journal", "v1")
    whole = review_pieces(pieces, Task(str(shop)))
    seen: list[int] = []

    def stop_after_the_first(done: int, total: int) -> None:
        seen.append(done)
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        review_pieces(pieces, Task(str(shop)), journal=journal, progress=stop_after_the_first)
    kept = len(journal.read())
    assert 0 < kept < len(pieces)
    with journal.path.open("ab") as file:
        file.write(b'{"key": "cut o')
    progress: list[tuple[int, int]] = []
    resumed = review_pieces(
        pieces, Task(str(shop)), journal=journal, progress=lambda done, total: progress.append((done, total))
    )
    assert progress[0] == (kept, len(pieces))
    assert timeless(resumed) == timeless(whole)
    assert len(journal.read()) == len(pieces)


def test_outcomes_of_other_circumstances_are_not_taken_up(folder: Path, shop: Path, tmp_path: Path) -> None:
    pieces = gather([str(folder)], "sqlite").pieces
    review_pieces(pieces, Task(str(shop)), journal=Journal(tmp_path / "journal", "one database"))
    progress: list[int] = []
    other = Journal(tmp_path / "journal", "another database")
    review_pieces(pieces, Task(str(shop)), journal=other, progress=lambda done, total: progress.append(done))
    assert progress[0] == 0


@pytest.mark.parametrize("text", ["chapter one\nchapter two\n", "one line", '{"a": 1}\n'])
def test_a_file_that_is_no_journal_is_refused_and_kept(text: str, shop: Path, tmp_path: Path) -> None:
    file = tmp_path / "thesis.txt"
    file.write_text(text)
    with pytest.raises(MentorError, match="no journal"):
        review_pieces((Piece("a.sql", 1, "SELECT 1"),), Task(str(shop)), journal=Journal(file, ""))
    assert file.read_text() == text


def test_a_database_that_can_not_be_reached_ends_the_whole(tmp_path: Path) -> None:
    with pytest.raises(ConnectError):
        review_pieces((Piece("a.sql", 1, "SELECT 1"),), Task(str(tmp_path / "missing.db")))
