"""Reviews of 250, 500 and 1,000 statements with one and two processes: `python -m tests.benchmarks.batch`."""

from __future__ import annotations

import sys
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from multiprocessing import get_context

from backend_mentor.batch.run import Task, review_pieces
from backend_mentor.demo.database import sqlite_path
from backend_mentor.domain.batch import Piece

SIZES = (250, 500, 1000)
SHAPES = (
    "SELECT id, status FROM orders WHERE account_id = {n} ORDER BY placed_at",
    "SELECT a.name, count(*) FROM accounts a JOIN orders o ON o.account_id = a.id WHERE a.id > {n} GROUP BY a.name",
    "SELECT id FROM trades WHERE order_id IN (SELECT id FROM orders WHERE account_id = {n})",
    "UPDATE orders SET status = 'closed' WHERE id = {n}",
)


def main() -> int:
    """Print seconds and milliseconds a statement for each size, and what two processes save."""
    task = Task(str(sqlite_path()))
    review_pieces(pieces(5), task)
    for count in SIZES:
        seconds = [measure(count, task, jobs) for jobs in (1, 2)]
        each = seconds[0] / count * 1000
        print(
            f"{count:>5,} statements  {seconds[0]:6.1f} s alone, {each:5.1f} ms each  {seconds[1]:6.1f} s with two "
            f"processes, {seconds[0] / seconds[1]:.2f} times as fast"
        )
    return 0


def measure(count: int, task: Task, jobs: int) -> float:
    """Return the seconds that reviews of `count` statements take, the start of the processes included."""
    pool = ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) if jobs > 1 else nullcontext()
    began = time.perf_counter()
    with pool as executor:
        outcomes = review_pieces(pieces(count), task, executor)
    failed = [outcome.failures for outcome in outcomes if outcome.failures]
    if failed:
        raise SystemExit(f"{len(failed)} were not reviewed: {failed[0][0]}")
    return time.perf_counter() - began


def pieces(count: int) -> tuple[Piece, ...]:
    """Return statements that no two of are alike."""
    return tuple(Piece("many.sql", n, SHAPES[n % len(SHAPES)].format(n=n)) for n in range(1, count + 1))


if __name__ == "__main__":
    sys.exit(main())
