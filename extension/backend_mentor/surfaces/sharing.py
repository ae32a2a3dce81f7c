"""`share`: show what a folder would hold, and write it on a yes."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from backend_mentor.domain.errors import MentorError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

    from backend_mentor.session import Session
    from backend_mentor.sharing.folder import Parcel, Terms

NOTHING, NOT_DONE = 0, 2


def share_from_terminal(options: argparse.Namespace, session: Session) -> int:
    """Show what would be written, ask, and write; return 0 where it was written and 2 where it was not."""
    from backend_mentor.sharing.folder import Terms

    addresses = tuple(filter(None, (options.database, os.environ.get("DATABASE_URL"))))
    terms = Terms(options.hide_rows, options.sample, addresses, secrets_among({}))
    folder = folder_for(options.path, options.to)
    parcel = show(Path(options.path), folder, session, terms)
    if not options.yes:
        if not sys.stdin.isatty():
            print("Nothing is written yet. Add --yes to write it.", file=sys.stderr)
            return NOT_DONE
        if input(f"Write it to {folder}? [y/N] ").strip().lower() not in ("y", "yes"):
            print("Nothing is written.", file=sys.stderr)
            return NOT_DONE
    put(parcel, folder)
    return NOTHING


def folder_for(path: str, to: str | None) -> Path:
    """Return where the folder goes: as named, else beside the notebook."""
    source = Path(path)
    return Path(to).expanduser() if to else source.with_name(f"{source.stem}-shared")


def show(path: Path, folder: Path, session: Session, terms: Terms) -> Parcel:
    """Print what the folder would hold and return it; raises MentorError where it could not be written."""
    from backend_mentor.sharing.folder import check_target, prepare
    from backend_mentor.sharing.telling import tell

    check_target(folder)
    with session.borrow() as database:
        parcel = prepare(path, database, terms)
    print(f"{folder} would hold:\n\n{tell(parcel)}\n")
    return parcel


def put(parcel: Parcel, folder: Path) -> None:
    """Write the folder and say so."""
    from backend_mentor.sharing.folder import write
    from backend_mentor.sharing.telling import render_readme

    write(parcel, folder, render_readme(parcel))
    print(f"Written to {folder}. Read {folder / parcel.notebook} once more before you publish it.")


def rows_to_sample(text: str) -> int:
    """Return how many rows of each table are to be shared; raises MentorError for what is no such number."""
    if not text.isdigit() or int(text) == 0:
        raise MentorError(f"{text} is no number of rows.", "Write --sample 50, for 50 rows of each table.")
    return int(text)


def secrets_among(variables: Mapping[str, object]) -> tuple[str, ...]:
    """Return what a notebook's variables and the environment keep under a secret's name."""
    from backend_mentor.sharing.secrets import is_sensitive

    named = (*variables.items(), *os.environ.items())
    return tuple(value for name, value in named if isinstance(value, str) and is_sensitive(name))
