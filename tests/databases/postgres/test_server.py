from __future__ import annotations

import os
import select
import signal
import stat
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote

import psycopg
import pytest

from backend_mentor.databases.postgres.server import Server, start_server
from backend_mentor.databases.postgres.watchdog import started_at
from backend_mentor.domain.errors import ConnectError
from tests import servers

HOLDER = """
import sys
from backend_mentor.databases.postgres.server import start_server
server = start_server()
print(server.url, server.watchdog_process, server.directory, sep="\\n", flush=True)
sys.stdin.read()
"""


def wait_for_end(process: int) -> None:
    """Wait until a process that is not our child is gone."""
    handle = os.pidfd_open(process)
    try:
        assert select.select([handle], [], [], 30)[0], f"process {process} still runs"
    finally:
        os.close(handle)


@pytest.fixture
def throw_away() -> Server:
    with servers.start_18() as server:
        yield server


def test_a_server_answers_over_its_socket_and_has_no_tcp(throw_away):
    [(version, addresses)] = servers.rows(
        throw_away.url, "SELECT current_setting('server_version_num')::int, current_setting('listen_addresses')"
    )
    assert version >= 180000
    assert addresses == ""


def test_a_closed_server_leaves_no_process_and_no_directory():
    with servers.start_18() as server:
        [(postmaster,)] = servers.rows(server.url, "SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1)::int")
        assert started_at(postmaster)
    server.close()
    assert started_at(postmaster) is None
    assert not server.directory.exists()


@pytest.mark.parametrize("signal_number", [signal.SIGKILL, signal.SIGTERM])
def test_a_killed_owner_leaves_no_server_behind(signal_number):
    holder = subprocess.Popen([sys.executable, "-c", HOLDER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    with holder:
        url, watchdog, directory = (holder.stdout.readline().strip() for _ in range(3))
        with psycopg.connect(url) as connection:
            [postmaster] = connection.execute(
                "SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1)::int"
            ).fetchone()
        handle = os.pidfd_open(int(watchdog))
        holder.send_signal(signal_number)
        holder.wait()
        assert select.select([handle], [], [], 30)[0], "the watchdog still runs"
        os.close(handle)
    assert started_at(postmaster) is None
    assert not Path(directory).exists()


def test_a_kept_directory_keeps_its_tables_and_outlives_a_killed_watchdog(tmp_path_factory):
    base = servers.reachable_directory()
    with start_server(base) as server:
        servers.execute(server.url, "CREATE TABLE kept AS SELECT 7 AS seven")
        os.kill(server.watchdog_process, signal.SIGKILL)
        wait_for_reaped(server)
    left = socket_directory(server)
    assert left.exists()
    with start_server(base) as again:
        assert servers.rows(again.url, "SELECT seven FROM kept") == [(7,)]
        assert not left.exists()
    assert not socket_directory(again).exists()


def socket_directory(server: Server) -> Path:
    return Path(unquote(server.url.partition("?host=")[2]))


def wait_for_reaped(server: Server) -> None:
    server._process.wait(30)


def test_a_directory_in_use_is_refused_with_the_process_that_holds_it():
    base = servers.reachable_directory()
    with (
        start_server(base) as server,
        pytest.raises(ConnectError, match=f"in use by process {server.watchdog_process}"),
    ):
        start_server(base)


def test_a_refused_start_leaves_the_directory_to_the_process_that_holds_it():
    base = servers.reachable_directory()
    with start_server(base):
        for _ in range(2):
            with pytest.raises(ConnectError, match="in use by process"):
                start_server(base)


def test_no_directory_above_the_server_changes_its_mode():
    with servers.start_18() as server:
        parent = server.directory.parent
        before = stat.S_IMODE(parent.stat().st_mode)
    with servers.start_18():
        assert stat.S_IMODE(parent.stat().st_mode) == before


def test_a_long_directory_gets_a_short_socket():
    base = servers.reachable_directory() / ("d" * 120)
    with start_server(base) as server:
        assert servers.rows(server.url, "SELECT 1") == [(1,)]
    assert (base / "data" / "PG_VERSION").exists()
