"""Where the demo database lives: made on first use, kept in the user's cache directory."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from backend_mentor.demo.tables import TABLES
from backend_mentor.domain.errors import ConnectError


def sqlite_path() -> Path:
    """Return the path of the demo on SQLite, made anew where it is missing, outdated or damaged.

    Raises ConnectError where its directory can not be written to.
    """
    path = _path()
    if not is_whole(path):
        # Another process may be making the same file meanwhile: the later one wins, with equal rows.
        from backend_mentor.demo.data import make_sqlite

        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            make_sqlite(path)
        except (OSError, sqlite3.OperationalError) as error:
            raise ConnectError(
                f"The demo database can not be made in {path.parent}: {error}.",
                "Set BACKEND_MENTOR_CACHE to a directory with 60 MB of room that you may write to.",
            ) from error
    return path


def is_made() -> bool:
    """Return whether the demo on SQLite is there already, so that nobody has to wait for it."""
    return is_whole(_path())


def cache_directory() -> Path:
    """Return the directory for what can be made again: BACKEND_MENTOR_CACHE, else the platform's own place."""
    if chosen := os.environ.get("BACKEND_MENTOR_CACHE"):
        return Path(chosen).expanduser()
    home = Path.home()
    if sys.platform == "darwin":
        base = home / "Library" / "Caches"
    elif sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache")
    return base / "backend-mentor"


def generator_version() -> str:
    """Return a short hash of the generator's own text: another generator makes another file."""
    sources = [Path(__file__).with_name(name) for name in ("data.py", "rows.py", "tables.py")]
    return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()[:10]


def is_whole(path: Path) -> bool:
    """Tell a whole file from a damaged one: its length is what its header says, and every table has rows."""
    if not path.is_file():
        return False
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            page_count, page_bytes = (
                connection.execute(f"PRAGMA {figure}").fetchone()[0] for figure in ("page_count", "page_size")
            )
            filled = all(connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone() for table in TABLES)
    except sqlite3.Error:
        return False
    return filled and path.stat().st_size == page_count * page_bytes


def _path() -> Path:
    return cache_directory() / f"demo-{generator_version()}.db"
