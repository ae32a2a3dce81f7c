"""What a first review would wait for, got ready while the sidebar is only looked at: modules, no database."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_begun = threading.Event()


def warm(await_rest: Callable[[], None] = lambda: None) -> None:
    """Load, once and in a thread of its own, what reviews need; nothing is connected to and nothing is reviewed.

    What a review of SQL does not need is loaded piece by piece, each after `await_rest`, which returns once no review
    is running.
    """
    if not _begun.is_set() and sys.platform != "emscripten":  # a browser's kernel has one thread
        _begun.set()
        threading.Thread(target=_load, args=(await_rest,), daemon=True, name="mentor-warming").start()


def _load(await_rest: Callable[[], None]) -> None:
    from importlib import import_module

    for name in _FOR_SQL:
        import_module(name)
    _read_one()
    for name in _FOR_CODE:
        # Beside a review of SQL this would take half of the interpreter's time, and the review twice as long.
        await_rest()
        import_module(name)


# In the order in which a review comes to them.
_FOR_SQL = (
    "sqlite3",
    "backend_mentor.databases.registry",
    "backend_mentor.databases.sqlite.connection",
    "backend_mentor.pipeline",
    "backend_mentor.renderers.delivery",
)
# In pieces: a review that begins meanwhile waits for one of them at most.
_FOR_CODE = (
    "backend_mentor.reading.endpoints",
    "backend_mentor.rules.endpoint",
    "backend_mentor.proposals.code",
    "backend_mentor.proofs.code",
    "backend_mentor.proofs.running.stage",
    "backend_mentor.stages.code",
)


def _read_one() -> None:
    """Read a query: the dialects' tables are made on first use."""
    from backend_mentor.reading.classify import read_cell
    from backend_mentor.reading.statements import read_statements

    read_statements(read_cell("SELECT 1 AS one", dialect="sqlite"), "sqlite")
