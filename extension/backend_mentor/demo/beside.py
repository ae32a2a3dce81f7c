"""A PostgreSQL with the demo data beside a command: it outlives the command's kernels and ends with the command.

Run as `python -m backend_mentor.demo.beside COMMAND…`, or without a command to make and fill the cluster beforehand.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final, NoReturn

from backend_mentor.databases.postgres.server import Server, start_server
from backend_mentor.demo.connect import RUNNING_SERVER
from backend_mentor.demo.data import make_postgres
from backend_mentor.demo.database import cache_directory, generator_version
from backend_mentor.demo.tables import TABLES
from backend_mentor.domain.errors import MentorError

# Rooms of 2 GB are shared with a Jupyter server and its kernels, and the rows can be made again at any time.
_SETTINGS: Final = {
    "shared_buffers": "64MB",
    "max_connections": "40",
    "synchronous_commit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "min_wal_size": "32MB",
    "max_wal_size": "64MB",
}


def main(command: list[str]) -> int:
    """Start the server and become the command, without the server where it does not start; return 2 where it does not.

    Without a command the server is stopped again, its cluster kept.
    """
    server: Server | None = None
    try:
        server = start_filled_server(cache_directory() / f"postgres-{generator_version()}")
    except (MentorError, OSError) as error:
        print(f"There is no PostgreSQL beside this: {error}", file=sys.stderr)
    if command:
        _become(command, server)
    if server is None:
        return 2
    server.close()
    return 0


def start_filled_server(directory: Path) -> Server:
    """Start the cluster of this directory, made where there is none, and fill it where it has not been filled before.

    Raises MentorError where it does not start.
    """
    server = start_server(directory, settings=_SETTINGS)
    try:
        if not is_filled(server.url):
            make_postgres(server.url)
    except BaseException:
        server.close()
        raise
    return server


def is_filled(url: str) -> bool:
    """Return whether the demo's tables are in the database; they are made all or none."""
    import psycopg

    with psycopg.connect(url) as connection:
        there = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    return {name for (name,) in there} >= set(TABLES)


def _become(command: list[str], server: Server | None) -> NoReturn:
    if server is not None:
        server.hand_over()
        os.environ[RUNNING_SERVER] = server.url
    os.execvp(command[0], command)  # noqa: S606  the command is the caller's own


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
