"""What one request shows: its statements with their places, what it holds on to, and where the event loop stood."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from backend_mentor.domain.trace import Exchange, SentRequest
from backend_mentor.proofs.running.capture import is_write, without_values
from backend_mentor.proofs.running.run import Target, run
from tests.proofs.running.cells import ENGINE, FASTAPI, MODELS
from tests.proofs.running.conftest import Execute

APP = "from fastapi import FastAPI\n" + MODELS + ENGINE + "Local = sessionmaker(engine)\napp = FastAPI()\n"


def only_exchange(target: Target) -> Exchange:
    (exchange,) = run(target).trace.exchanges
    return exchange


def line_of(target: Target, text: str) -> int:
    return 1 + target.source.text[: target.source.text.index(text)].count("\n")


@pytest.mark.parametrize(
    ("sql", "text"),
    [
        ("SELECT a FROM t WHERE id = 7 AND name = 'o''clock'", "SELECT a FROM t WHERE id = ? AND name = ?"),
        ("SELECT a1, t2.b\n  FROM t2 WHERE id IN (1, 2,3)", "SELECT a1, t2.b FROM t2 WHERE id IN (…)"),
        ("SELECT a FROM t WHERE id = %(id_1)s LIMIT %(param_1)s", "SELECT a FROM t WHERE id = ? LIMIT ?"),
        ("INSERT INTO t (a, b) VALUES (?, ?), (?, ?)", "INSERT INTO t (a, b) VALUES (…)"),
        ("SELECT x::text, $1 -- the caller's\nFROM t", "SELECT x::text, ? FROM t"),
    ],
)
def test_repetitions_have_the_text_without_its_values_in_common(sql: str, text: str) -> None:
    assert without_values(sql) == text


@pytest.mark.parametrize(
    ("sql", "writes"),
    [
        ("SELECT * FROM updates", False),
        ("/* note */ insert into t values (1)", True),
        ("WITH gone AS (DELETE FROM t RETURNING id) SELECT * FROM gone", True),
        ("WITH t AS (SELECT 'delete') SELECT * FROM t", False),
        ("CREATE TABLE t (a)", True),
        ("COMMIT", False),
    ],
)
def test_a_write_is_known_by_its_words(sql: str, writes: bool) -> None:
    assert is_write(sql) is writes


def test_statements_stand_with_their_line_their_rows_and_the_attribute_that_sent_them(execute: Execute) -> None:
    target = execute(FASTAPI, SentRequest("GET", "/authors"))
    first, lazy = only_exchange(target).statements
    assert (first.times, first.rows, first.line) == (1, 3, line_of(target, 'return [{"name"'))
    assert (lazy.times, lazy.rows, lazy.lazy) == (3, 3, "Author.books")
    assert lazy.text.endswith("WHERE ? = books.author_id")
    assert lazy.milliseconds is not None


def test_no_value_of_a_parameter_is_kept(execute: Execute) -> None:
    outcome = run(execute(FASTAPI, SentRequest("GET", "/authors/8")))
    assert outcome.trace.exchanges[0].status == 200
    assert "own 1" not in repr(outcome.trace)


def test_a_route_with_a_key_is_asked_for_a_row_that_is_there(execute: Execute) -> None:
    exchanges = run(execute(FASTAPI)).trace.exchanges
    assert [(each.request.path, each.status) for each in exchanges] == [
        ("/authors", 200),
        ("/authors/7", 200),
        ("/out", 200),
    ]


def test_a_session_that_is_never_closed_is_a_leak_and_one_that_lives_on_an_open_transaction(execute: Execute) -> None:
    cell = APP + (
        "kept = Local()\n"
        "@app.get('/leaks')\n"
        "def leaks():\n"
        "    session = Local()\n"
        "    return session.scalars(select(Author.name)).all()\n"
        "@app.get('/keeps')\n"
        "def keeps():\n"
        "    return kept.scalars(select(Book.title)).all()\n"
        "@app.get('/closes')\n"
        "def closes():\n"
        "    with Local() as session:\n"
        "        return session.scalars(select(Author.name)).all()\n"
    )
    target = execute(cell)
    leaks, keeps, closes = run(target).trace.exchanges
    assert (leaks.leaked, leaks.left_open) == ((line_of(target, "    return session.scalars"),), ())
    assert (keeps.leaked, keeps.left_open) == ((), (line_of(target, "    return kept.scalars"),))
    assert (closes.leaked, closes.left_open) == ((), ())
    target.namespace["kept"].close()


def test_code_that_holds_up_the_event_loop_is_named_by_its_line_and_code_that_does_not_is_silent(
    execute: Execute,
) -> None:
    cell = (
        "import asyncio, threading\n"
        "from fastapi import FastAPI\n"
        "app = FastAPI()\n"
        "@app.get('/blocks')\n"
        "async def blocks():\n"
        "    threading.Event().wait(0.5)\n"
        "@app.get('/awaits')\n"
        "async def awaits():\n"
        "    await asyncio.sleep(0.5)\n"
        "@app.get('/in-a-thread')\n"
        "def in_a_thread():\n"
        "    threading.Event().wait(0.5)\n"
    )
    blocks, awaits, in_a_thread = run(execute(cell)).trace.exchanges
    (stall,) = blocks.stalls
    assert (stall.function, stall.line, stall.code) == ("blocks", 6, "threading.Event().wait(0.5)")
    assert awaits.stalls == in_a_thread.stalls == ()


@pytest.mark.parametrize("framework", ["fastapi", "flask"])
def test_what_the_app_raises_is_told_with_its_line(execute: Execute, framework: str) -> None:
    make = (
        "from fastapi import FastAPI\napp = FastAPI()\n"
        if framework == "fastapi"
        else ("from flask import Flask\napp = Flask('shop')\n")
    )
    exchange = only_exchange(execute(make + "@app.get('/total')\ndef total():\n    return {}['total']\n"))
    assert (exchange.status, exchange.error, exchange.error_line) == (500, "KeyError: 'total'", 5)


def test_statements_of_a_bare_sqlite_connection_are_counted_with_their_lines(execute: Execute, tmp_path: Path) -> None:
    path = tmp_path / "own.db"
    connection = sqlite3.connect(path)
    connection.executescript("CREATE TABLE t (a); INSERT INTO t VALUES (1), (2)")
    connection.close()
    cell = (
        "import sqlite3\n"
        "from contextlib import closing\n"
        "from flask import Flask, jsonify\n"
        "app = Flask('shop')\n"
        "@app.get('/rows')\n"
        "def rows():\n"
        f"    with closing(sqlite3.connect({str(path)!r})) as db:\n"
        "        found = db.execute('SELECT a FROM t').fetchall()\n"
        "        return jsonify([db.execute('SELECT a FROM t WHERE a = ?', row).fetchone() for row in found])\n"
    )
    all_rows, one_row = only_exchange(execute(cell)).statements
    assert (all_rows.text, all_rows.line, all_rows.times) == ("SELECT a FROM t", 8, 1)
    assert (one_row.text, one_row.line, one_row.times) == ("SELECT a FROM t WHERE a = ?", 9, 2)


def test_statements_of_psycopg_are_counted_with_their_lines(execute: Execute, postgres18: str) -> None:
    cell = (
        "import psycopg\n"
        "from flask import Flask, jsonify\n"
        "app = Flask('shop')\n"
        "@app.get('/rows')\n"
        "def rows():\n"
        f"    with psycopg.connect({postgres18!r}) as db:\n"
        "        found = db.execute('SELECT 1 AS a WHERE %s', (True,)).fetchall()\n"
        "        return jsonify(found)\n"
    )
    (sent,) = only_exchange(execute(cell)).statements
    assert (sent.text, sent.line, sent.rows) == ("SELECT ? AS a WHERE ?", 7, 1)
