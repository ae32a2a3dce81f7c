"""SQLite's errors in words that say what to do."""

from __future__ import annotations

import sqlite3

from backend_mentor.domain.errors import ConnectError, DatabaseError, MentorError, NotSupportedError, RefusedError

_PRIMARY = 0xFF


def translate(error: sqlite3.Error, name: str) -> MentorError:
    """Return the MentorError for an error that SQLite raised on the database of that name."""
    code = getattr(error, "sqlite_errorcode", None)
    text = str(error)
    if code is not None and code & _PRIMARY in _BY_CODE:
        kind, what, remedy = _BY_CODE[code & _PRIMARY]
        return kind(what.format(name=name, text=text), remedy.format(name=name))
    if code == sqlite3.SQLITE_AUTH or "not authorized" in text or "prohibited" in text:
        return RefusedError(
            f"SQLite was not let do this: {text}.",
            "Review a query that only reads; a connection of the mentor can do nothing else.",
            name=text,
        )
    if text.startswith("no such function"):
        return DatabaseError(
            f"{name}: {text}.",
            "Use a function that SQLite itself has: those that your program registers are not seen here.",
        )
    if text.startswith("no such collation"):
        return NotSupportedError(f"{name}: {text}.", "Review it in the program that registers this collation.")
    return DatabaseError(f"{name}: {text}.", "Correct the statement and run the cell again.")


_BY_CODE: dict[int, tuple[type[MentorError], str, str]] = {
    sqlite3.SQLITE_NOTADB: (
        ConnectError,
        "{name} is not a SQLite database, or it is encrypted.",
        "Name a database file that SQLite itself can read.",
    ),
    sqlite3.SQLITE_CORRUPT: (
        ConnectError,
        "{name} is damaged: {text}.",
        "Restore it from a backup, or save what can be read with `sqlite3 {name} .recover`.",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        ConnectError,
        "{name} can not be opened: {text}.",
        "Check that the file is there and that you may read it and its folder.",
    ),
    sqlite3.SQLITE_PERM: (
        ConnectError,
        "{name} can not be opened: {text}.",
        "Ask the file's owner for permission to read it.",
    ),
    sqlite3.SQLITE_BUSY: (
        DatabaseError,
        "{name} is locked by another program that writes to it.",
        "Let the other program end its transaction, then run the cell again.",
    ),
    sqlite3.SQLITE_LOCKED: (
        DatabaseError,
        "A table of {name} is locked by another connection.",
        "End the other connection's transaction, then run the cell again.",
    ),
    sqlite3.SQLITE_IOERR: (
        DatabaseError,
        "{name} could not be read: {text}.",
        "Check the disk or the network drive that it lies on.",
    ),
    sqlite3.SQLITE_NOMEM: (
        DatabaseError,
        "The statement wants more memory than there is.",
        "Limit the rows that it sorts or groups.",
    ),
    sqlite3.SQLITE_FULL: (
        DatabaseError,
        "The disk is full: {text}.",
        "Free space in the folder for temporary files.",
    ),
    sqlite3.SQLITE_TOOBIG: (
        DatabaseError,
        "A value of the statement is longer than the limit: {text}.",
        "Make shorter values, or raise `value_bytes` in the limits.",
    ),
}
