"""Commands on what is connected."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from backend_mentor.demo.connect import RUNNING_SERVER
from backend_mentor.domain.errors import MentorError
from backend_mentor.surfaces.commands.command import Command
from backend_mentor.surfaces.commands.mentor import state_of

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from backend_mentor.session import Session
    from backend_mentor.surfaces.commands.options import Options


def _connect(session: Session, shell: InteractiveShell, options: Options) -> None:
    if len(options.arguments) != 1:
        raise MentorError("connect wants one target.", "Write %backend connect PATH, URL, alias or variable.")
    (target,) = options.arguments
    # A variable of the notebook goes before a file of the same name; an alias goes before both.
    value = target if target in session.connections else shell.user_ns.get(target, target)
    database = session.connect(value, options.alias)
    print(f"Connected to {database.name} · {database.engine.title}, read-only")
    for note in database.notes:
        print(f"  {note}")


def _connections(session: Session, shell: InteractiveShell, options: Options) -> None:
    if not session.connections:
        print("Nothing is connected; the first review uses DATABASE_URL, else the demo database.")
    for alias, database in session.connections.items():
        mark = "*" if alias == session.current else " "
        print(f"{mark} {alias} · {database.name} · {database.engine.title}")


def _status(session: Session, shell: InteractiveShell, options: Options) -> None:
    _connections(session, shell, options)
    print(f"Reviews so far: {len(session.reviews)}.")
    print(state_of(session))


def _postgres(session: Session, shell: InteractiveShell, options: Options) -> None:
    database = session.start_postgres()
    if os.environ.get(RUNNING_SERVER):
        print(f"Connected to {database.name} · {database.engine.title}, which runs here with the demo data.")
        return
    print(f"Connected to {database.name} · {database.engine.title}, started here with the demo data.")
    print("  It ends with the kernel.")


CONNECTION_COMMANDS: dict[str, Command] = {
    "connect": Command(
        "connect to a path, URL, alias, SQLAlchemy engine or DBAPI connection, read-only",
        "%backend connect sqlite:///shop.db --alias shop",
        _connect,
    ),
    "connections": Command("list what is connected", "%backend connections", _connections),
    "status": Command("say what is connected and what is on", "%backend status", _status),
    "postgres": Command("start a PostgreSQL with the demo data for this kernel", "%backend postgres", _postgres),
}
