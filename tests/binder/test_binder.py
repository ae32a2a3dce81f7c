"""What opens on Binder: its files, and the start of the database that stands beside the Jupyter server."""

from __future__ import annotations

import os
import re
import select
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

import psycopg
import pytest

from backend_mentor.databases.postgres.watchdog import started_at
from backend_mentor.demo.connect import RUNNING_SERVER
from backend_mentor.demo.database import sqlite_path
from backend_mentor.domain.errors import ConnectError
from backend_mentor.session import Session
from tests import servers

ROOT = Path(__file__).resolve().parent.parent.parent
BINDER = ROOT / "binder"
_POSTMASTER = "SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1)::int"
_SESSIONS_HERE = """
SELECT count(*) FROM pg_stat_activity WHERE application_name = 'backend_mentor' AND datname = current_database()
"""
# What stands behind `start`: it tells the address and lasts until its own standard input ends, as a server would.
_LASTING = f"import os, sys; print(os.environ.get({RUNNING_SERVER!r}, 'none'), flush=True); sys.stdin.read()"


@dataclass
class Started:
    """A command that runs behind `start`."""

    url: str
    process: subprocess.Popen[str]


def begin(script: str, cache: Path, *command: str) -> subprocess.Popen[str]:
    """Run a script of binder/ as the image does, with this environment's Python in the place of the image's."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.Popen(
        [BINDER / script, *command],
        env={**os.environ, "PATH": path, "BACKEND_MENTOR_CACHE": str(cache)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def start(cache: Path) -> Started:
    """Run `start` with a command that lasts."""
    process = begin("start", cache, sys.executable, "-c", _LASTING)
    assert process.stdout is not None
    return Started(process.stdout.readline().strip(), process)


def end(started: Started) -> None:
    """End the command and wait until the process that holds the database's server is gone."""
    folder = Path(unquote(started.url.partition("?host=")[2]))
    [(postmaster,)] = servers.rows(started.url, _POSTMASTER)
    assert isinstance(postmaster, int)
    handle = os.pidfd_open(postmaster)
    started.process.communicate()
    assert started.process.returncode == 0
    assert select.select([handle], [], [], 30)[0], "PostgreSQL still runs"
    os.close(handle)
    wait_until_gone(folder)


def wait_until_gone(folder: Path) -> None:
    """Wait until a folder is removed; whoever removes it is no child of ours."""
    wait_until(lambda: not folder.exists(), f"{folder} is still there")


def wait_until_left(url: str) -> None:
    """Wait until the product has no session in this database; a server's process outlives its client for a moment."""
    wait_until(lambda: servers.rows(url, _SESSIONS_HERE) == [(0,)], "a session of the product's is still open")


def wait_until(holds: Callable[[], bool], otherwise: str) -> None:
    """Ask again and again, for half a minute and what the asking takes."""
    for _ in range(3_000):
        if holds():
            return
        select.select([], [], [], 0.01)
    pytest.fail(otherwise)


@pytest.fixture(scope="module")
def cache() -> Path:
    """A cache in which postBuild has made PostgreSQL's cluster; SQLite's file was there before."""
    made = servers.reachable_directory()
    shutil.copy(sqlite_path(), made)
    process = begin("postBuild", made)
    _, errors = process.communicate()
    assert process.returncode == 0, errors
    return made


@pytest.fixture
def running(cache: Path) -> Started:
    started = start(cache)
    yield started
    end(started)


def test_the_image_is_built_of_our_own_extras_and_a_python_that_we_support():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    ours, *others = (BINDER / "requirements.txt").read_text().splitlines()
    extras = re.fullmatch(r"\.\[([\w,-]+)\]", ours)
    assert extras is not None
    assert set(extras[1].split(",")) <= set(project["optional-dependencies"])
    assert set(others) <= set(project["optional-dependencies"]["test"])
    runtime = (BINDER / "runtime.txt").read_text().strip()
    assert project["requires-python"] == f">={runtime.removeprefix('python-')}"


def test_the_scripts_can_be_executed():
    assert all(os.access(BINDER / name, os.X_OK) for name in ("postBuild", "start"))


def test_the_database_answers_the_command_behind_start(running):
    assert servers.rows(running.url, "SELECT count(*) FROM orders") == [(200_000,)]


def test_the_databases_of_the_image_are_not_made_again(cache):
    first = start(cache)
    servers.execute(first.url, "DELETE FROM watchlists; CREATE TABLE own AS SELECT 7 AS seven")
    end(first)
    again = start(cache)
    try:
        rows = "SELECT seven, (SELECT count(*) FROM watchlists), (SELECT count(*) FROM instruments) FROM own"
        assert servers.rows(again.url, rows) == [(7, 0, 500)]
    finally:
        end(again)


def test_no_process_and_no_socket_is_left_when_the_command_is_killed(cache):
    started = start(cache)
    [(postmaster,)] = servers.rows(started.url, _POSTMASTER)
    handle = os.pidfd_open(postmaster)
    with started.process as process:
        process.kill()
    assert select.select([handle], [], [], 30)[0], "PostgreSQL still runs"
    os.close(handle)
    wait_until_gone(Path(unquote(started.url.partition("?host=")[2])))
    assert started_at(postmaster) is None


def test_the_command_runs_all_the_same_where_no_database_starts(cache):
    """Two rooms can not have one cluster: the second goes without."""
    first = start(cache)
    try:
        second = begin("start", cache, sys.executable, "-c", _LASTING)
        output, errors = second.communicate()
        assert (output, second.returncode) == ("none\n", 0)
        assert "There is no PostgreSQL beside this" in errors
        assert "in use by process" in errors
    finally:
        end(first)


def test_the_command_s_own_exit_status_is_the_status_of_start(cache):
    process = begin("start", cache, sys.executable, "-c", "raise SystemExit(7)")
    process.communicate()
    assert process.returncode == 7


def test_a_kernel_takes_the_server_that_runs_and_leaves_it_running(running, monkeypatch):
    monkeypatch.setenv(RUNNING_SERVER, running.url)
    told = []
    session = Session(announce=told.append)
    database = session.start_postgres()
    review = session.review("SELECT id FROM accounts WHERE id = 7")
    assert (database.name, review.failure, told) == ("demo", None, [])
    assert review.plan is not None
    assert review.plan.analyzed
    session.close()
    assert servers.rows(running.url, "SELECT 1") == [(1,)]


def test_a_server_with_other_tables_is_not_taken_for_the_demo(monkeypatch, postgres18, new_database):
    url = new_database(postgres18, "CREATE TABLE accounts (id int)")
    monkeypatch.setenv(RUNNING_SERVER, url)
    with pytest.raises(ConnectError, match="is not the demo: it has no table instruments"):
        Session().start_postgres()
    wait_until_left(url)


def test_a_server_that_is_gone_is_said_to_be(monkeypatch):
    monkeypatch.setenv(RUNNING_SERVER, "postgresql://postgres@/postgres?host=%2Ftmp%2Fno-such-folder")
    with pytest.raises((ConnectError, psycopg.OperationalError)) as caught:
        Session().start_postgres()
    assert "no-such-folder" in str(caught.value)
