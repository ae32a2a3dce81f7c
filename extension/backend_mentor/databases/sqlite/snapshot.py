"""What a connection holds in memory, as it was at one moment."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from backend_mentor.databases.sqlite.private import make_directory
from backend_mentor.domain.errors import ConnectError

if TYPE_CHECKING:
    import sqlite3


class Snapshot:
    """A private file with the content of the user's in-memory database, removed on `close` or at exit."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        if not hasattr(connection, "serialize"):
            raise ConnectError(
                "This library can not copy a database out of memory.", "Save it to a file and connect to that."
            )
        # A database in which nothing was made yet has no page, and SQLite refuses to copy it.
        content = connection.serialize() if connection.execute("PRAGMA page_count").fetchone()[0] else b""
        self._directory = make_directory()
        self._taken = time.monotonic()
        self.path = Path(self._directory.name) / "snapshot.db"
        self.path.write_bytes(content)

    def note(self) -> str:
        """Return what the user should know: that later changes are not seen, and how old it is."""
        seconds = int(time.monotonic() - self._taken)
        age = f"{seconds} s" if seconds < 120 else f"{seconds // 60} min"
        return f"A snapshot of your database in memory, {age} old: connect again to see later changes."

    def close(self) -> None:
        """Remove the file."""
        self._directory.cleanup()
