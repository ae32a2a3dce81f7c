"""A statement ends: at its limit, on a stop, on Ctrl-C; even where no interrupt reaches it."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from backend_mentor.databases.base import Limits, Stop
from backend_mentor.databases.sqlite.connection import SQLiteDatabase
from backend_mentor.domain.errors import DatabaseError, NotSupportedError, StoppedError, TimeLimitError
from backend_mentor.domain.statement import Statement
from backend_mentor.domain.subject import Fact

Read = Callable[[str], Statement]

ENDLESS = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
CROSS_JOIN = "SELECT count(*) FROM sales a, sales b, sales c WHERE a.amount + b.amount < c.amount"
# A single step, of some seconds: no interrupt reaches into it.
ONE_STEP = "SELECT length(printf('%.*c', 2000000000, 'x'))"


@pytest.mark.parametrize("sql", [ENDLESS, CROSS_JOIN, ONE_STEP], ids=["endless", "cross join", "one step"])
def test_a_statement_without_an_end_is_stopped_at_its_limit(shop_file: Path, read: Read, sql: str) -> None:
    database = SQLiteDatabase.connect(shop_file, limits=Limits(milliseconds=300))
    with pytest.raises(TimeLimitError, match="300 ms"):
        database.run(read(sql))


@pytest.mark.parametrize("sql", [ENDLESS, CROSS_JOIN, ONE_STEP], ids=["endless", "cross join", "one step"])
def test_a_stop_from_another_thread_ends_it(shop_file: Path, read: Read, sql: str) -> None:
    stop = Stop()
    database = SQLiteDatabase.connect(shop_file, stop=stop)
    timer = threading.Timer(0.2, stop.request)
    timer.start()
    with pytest.raises(StoppedError):
        database.run(read(sql))
    timer.join()


def test_after_a_stop_is_cleared_the_next_statement_runs(shop_file: Path, read: Read) -> None:
    stop = Stop()
    database = SQLiteDatabase.connect(shop_file, stop=stop)
    stop.request()
    with pytest.raises(StoppedError):
        database.run(read("SELECT 1"))
    stop.clear()
    assert database.run(read("SELECT 1")).rows == 1


_INTERRUPTED = """
import sys, time
from backend_mentor.databases.sqlite.connection import SQLiteDatabase
from backend_mentor.reading.sql import read_statement
database = SQLiteDatabase.connect(sys.argv[1])
statement = read_statement(sys.argv[2], "sqlite")
print("running", flush=True)
try:
    database.run(statement)
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""


@pytest.mark.parametrize("sql", [ENDLESS, CROSS_JOIN, ONE_STEP], ids=["endless", "cross join", "one step"])
def test_ctrl_c_reaches_the_caller_within_a_second(shop_file: Path, sql: str) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", _INTERRUPTED, str(shop_file), sql], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "running\n"
    # The limit is 30 seconds, so what ends sooner was ended by the signal.
    try:
        process.wait(timeout=0.4)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGINT)
    began = time.monotonic()
    output, _ = process.communicate(timeout=20)
    assert output == "interrupted\n"
    assert time.monotonic() - began < 2.5


def test_ctrl_c_during_trials_reaches_the_caller(shop_file: Path) -> None:
    program = _INTERRUPTED.replace(
        "database.run(statement)",
        "bench = database.bench(database.schema()); bench.__enter__().run((), [statement] * 50)",
    )
    process = subprocess.Popen([sys.executable, "-c", program, str(shop_file), ENDLESS], stdout=-1, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "running\n"
    try:
        process.wait(timeout=0.4)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=20)[0] == "interrupted\n"


@pytest.mark.parametrize(
    "sql",
    ["SELECT randomblob(900000000)", "SELECT hex(zeroblob(400000000))"],
)
def test_a_huge_value_is_refused_in_a_process_of_its_own(shop: SQLiteDatabase, read: Read, sql: str) -> None:
    with pytest.raises(DatabaseError, match="too big"):
        shop.fetch(read(sql))


def test_the_child_process_answers_like_the_file_itself(shop: SQLiteDatabase, read: Read) -> None:
    found = shop.fetch(read("SELECT id, name, zeroblob(id * 0 + 2), NULL, 0.5 FROM clients WHERE id < 3 ORDER BY id"))
    assert found.rows == ((1, "client 1", b"\0\0", None, 0.5), (2, "client 2", b"\0\0", None, 0.5))
    assert shop.run(read("SELECT zeroblob(id) FROM clients")).rows == 60


def test_an_ordinary_call_of_such_a_function_stays_in_this_process(shop: SQLiteDatabase, read: Read) -> None:
    assert shop.run(read("SELECT printf('%05d', id), hex(randomblob(4)) FROM clients")).count is not None
    assert shop.run(read("SELECT zeroblob(id) FROM clients")).count is None


def test_what_can_run_away_is_neither_tried_nor_compared(shop: SQLiteDatabase, read: Read) -> None:
    statement = read("SELECT zeroblob(id) FROM clients")
    with shop.bench(shop.schema()) as bench, pytest.raises(NotSupportedError, match="zeroblob"):
        bench.supports(statement)
    with pytest.raises(NotSupportedError, match="zeroblob"):
        shop.compare(statement, statement, ordered=False)


def test_a_fact_that_takes_too_long_is_unknown(shop_file: Path) -> None:
    database = SQLiteDatabase.connect(shop_file, limits=replace(Limits(), fact_milliseconds=100))
    slow = f"amount >= 0 AND ({CROSS_JOIN}) >= 0"
    assert database.holds(Fact("sales", slow, "…")) is None
