"""Connections that can only read: no one switch of SQLite's is enough, so four of them hold together."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from backend_mentor.databases.sqlite.failures import translate
from backend_mentor.databases.sqlite.guard import REFUSED_FUNCTIONS
from backend_mentor.domain.errors import ConnectError, DatabaseError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from backend_mentor.databases.base import Limits

_WAL_VERSION = 2

# PRAGMAs that only read, whatever their argument.
_READING = frozenset(
    [
        "table_info",
        "table_xinfo",
        "table_list",
        "index_list",
        "index_info",
        "index_xinfo",
        "foreign_key_list",
        "foreign_key_check",
        "collation_list",
        "database_list",
        "function_list",
        "pragma_list",
        "module_list",
        "compile_options",
        "page_count",
        "freelist_count",
        "data_version",
    ]
)
_CATALOGUES = frozenset(["sqlite_master", "sqlite_schema"])

# PRAGMAs that read without an argument and write with one.
_READING_BARE = frozenset(
    [
        "page_size",
        "schema_version",
        "user_version",
        "encoding",
        "journal_mode",
        "foreign_keys",
        "application_id",
    ]
)


@dataclass(frozen=True, slots=True)
class _Print:
    """By which a file is known again: what a write to it would change."""

    modified_nanoseconds: int
    size_bytes: int

    @classmethod
    def of(cls, path: Path) -> _Print:
        status = path.stat()
        return cls(status.st_mtime_ns, status.st_size)


@contextmanager
def open_reader(path: Path, limits: Limits) -> Iterator[sqlite3.Connection]:
    """Open the file for this thread's next statements, read-only by mode, PRAGMA, authorizer and limits.

    Raises ConnectError where it is no database that can be read, DatabaseError where it changed meanwhile in a way
    that the read could not see.
    """
    unshared = _is_unshared_wal(path)
    before = _Print.of(path) if unshared else None
    # Opened with mode=ro alone, a closed WAL database would get a -wal and a -shm file beside it. Nobody has this one
    # open, so it is read as it lies there, and its print tells afterwards whether it still did.
    address = path.absolute().as_uri() + ("?mode=ro&immutable=1" if unshared else "?mode=ro")
    connection = connect_reader(address, limits)
    try:
        verify(connection, path)
        yield connection
    finally:
        connection.close()
    if before is not None and _Print.of(path) != before:
        raise DatabaseError(f"{path.name} was written to during the review.", "Run the cell again.")


def connect_reader(address: str, limits: Limits) -> sqlite3.Connection:
    """Return a connection to a SQLite URI with every guard set."""
    connection = sqlite3.connect(
        address,
        uri=True,
        timeout=limits.lock_milliseconds / 1000,
        isolation_level=None,
        # The statements of one connection run in a thread of their own, so that they can be stopped from here.
        check_same_thread=False,
        # A cached statement would show a plan from before an index was dropped.
        cached_statements=0,
    )
    guard(connection, limits)
    return connection


def guard(connection: sqlite3.Connection, limits: Limits) -> None:
    """Take from a connection the means to write, to reach other files, and to make huge values."""
    connection.text_factory = _decode
    connection.execute("PRAGMA query_only = 1")
    connection.execute("PRAGMA trusted_schema = 0")
    connection.set_authorizer(authorize)
    limit(connection, limits)


def limit(connection: sqlite3.Connection, limits: Limits) -> None:
    """Set SQLite's own ceilings: the longest value, no attached file, no helper threads."""
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, limits.value_bytes)
    connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    connection.setlimit(sqlite3.SQLITE_LIMIT_WORKER_THREADS, 0)


def authorize(action: int, first: str | None, second: str | None, database: str | None, source: str | None) -> int:
    """Allow what reads, by name; SQLite asks this while it compiles a statement."""
    if action in (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_RECURSIVE):
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_FUNCTION and (second or "").lower() not in REFUSED_FUNCTIONS:
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_UPDATE and first in _CATALOGUES:
        # A virtual table declares its columns this way, json_each too. SQLite itself lets no statement change the
        # catalogue unless PRAGMA writable_schema is on, which is not allowed here.
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_PRAGMA:
        name = (first or "").lower()
        if name in _READING or (name in _READING_BARE and second is None):
            return sqlite3.SQLITE_OK
    return sqlite3.SQLITE_DENY


def verify(connection: sqlite3.Connection, path: Path) -> None:
    """Raise ConnectError unless the connection reaches a readable SQLite database."""
    try:
        connection.execute("PRAGMA schema_version").fetchone()
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.Error as error:
        raise translate(error, path.name) from error


def require_file(path: Path) -> None:
    """Raise ConnectError unless the path is a file; SQLite would only say that it is unable to open it."""
    if path.is_dir():
        raise ConnectError(f"{path} is a directory.", "Name the database file in it.")
    if not path.exists():
        raise ConnectError(
            f"There is no file {path}.", "Check the path, from the folder that the notebook or command runs in."
        )
    if not path.is_file():
        raise ConnectError(f"{path} is not a regular file.", "Name a SQLite database file.")
    try:
        with path.open("rb"):
            pass
    except PermissionError as error:
        raise ConnectError(f"You have no permission to read {path}.", "Ask its owner for read permission.") from error


def _is_unshared_wal(path: Path) -> bool:
    require_file(path)
    with path.open("rb") as file:
        header = file.read(20)
    return len(header) == 20 and header[18] == _WAL_VERSION and not path.with_name(f"{path.name}-wal").exists()


def _decode(text: bytes) -> str:
    return text.decode("utf-8", "replace")
