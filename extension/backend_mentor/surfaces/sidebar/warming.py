"""What a first review would wait for, got ready while the sidebar is only looked at: modules, no database."""

from __future__ import annotations

import sys
import threading

_begun = threading.Event()


def warm() -> None:
    """Load, once and in a thread of its own, what reviews need; nothing is connected to and nothing is reviewed."""
    if not _begun.is_set() and sys.platform != "emscripten":  # a browser's kernel has one thread
        _begun.set()
        threading.Thread(target=_load, daemon=True, name="mentor-warming").start()


def _load() -> None:
    from importlib import import_module

    for name in _FOR_SQL:
        import_module(name)
    _read_one()
    for name in _FOR_CODE:
        import_module(name)


# In the order in which a review comes to them.
_FOR_SQL = (
    "sqlite3",
    "backend_mentor.databases.registry",
    "backend_mentor.databases.sqlite.connection",
    "backend_mentor.pipeline",
    "backend_mentor.renderers.delivery",
)
_FOR_CODE = ("backend_mentor.stages.code",)


def _read_one() -> None:
    """Read a query: the dialects' tables are made on first use."""
    from backend_mentor.reading.classify import read_cell
    from backend_mentor.reading.statements import read_statements

    read_statements(read_cell("SELECT 1 AS one", dialect="sqlite"), "sqlite")
