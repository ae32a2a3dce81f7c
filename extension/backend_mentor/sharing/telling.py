"""What a shared folder holds, in words: shown before it is written, and kept in its README."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.sharing.folder import Parcel


def tell(parcel: Parcel) -> str:
    """Return the files, what was redacted and where, what was left out, and the tables with their rows."""
    return "\n".join(_lines(parcel))


def render_readme(parcel: Parcel) -> str:
    """Return the folder's README."""
    return f"""# {parcel.notebook.removesuffix(".ipynb")}

A notebook shared with Backend Mentor: without secrets, and with a database of its own.

Put this folder into a public repository and give its address to [Binder](https://mybinder.org), or run it here:

    python3 -m venv .venv
    .venv/bin/pip install -r requirements.txt notebook
    .venv/bin/jupyter notebook "{parcel.notebook}"

Binder installs `{parcel.requirements.pins[0]}` from the package index, so that version has to be there.

## What is in it

{tell(parcel)}
"""


def _lines(parcel: Parcel) -> Iterator[str]:
    yield "Files:"
    yield from (f"- {name}, {len(content):,} bytes" for name, content in parcel.files)
    yield "- README.md, which says this"
    yield "\nRedacted:" if parcel.redacted else "\nRedacted: nothing that looks like a secret was found."
    yield from (f"- {place}: {kind}, {count:,}" for place, kind, count in parcel.redacted)
    if parcel.dropped:
        yield "\nLeft out of the notebook:"
        yield from (f"- {kind}, {count:,}" for kind, count in parcel.dropped)
    if parcel.pictures:
        yield f"\nKept and not looked into: {parcel.pictures:,} PNG pictures. Look at them yourself."
    yield ""
    yield from _database_lines(parcel)
    if parcel.requirements.unknown:
        yield f"\nImported, and not installed where this was made: {', '.join(parcel.requirements.unknown)}."


def _database_lines(parcel: Parcel) -> Iterator[str]:
    origin = "taken from the original" if parcel.sampled else "made up"
    yield f"Database, its rows {origin}:"
    yield from (f"- {table}: {count:,} rows, {origin}" for table, count in parcel.rows)
    if parcel.constants or parcel.comments:
        yield f"- in the schema, {parcel.constants:,} constants are made up and {parcel.comments:,} comments left out"
    yield from (f"- without {name}: {reason}" for name, reason in parcel.left_out)
