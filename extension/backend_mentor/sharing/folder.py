"""The folder that is shared: all of it made in memory, looked through once more, written only then."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from backend_mentor.databases.registry import open_shared_copy
from backend_mentor.domain.errors import MentorError
from backend_mentor.domain.schema import quote
from backend_mentor.reading.sql import read_statement
from backend_mentor.sharing.distribution import SHARED_KINDS, make_public, names_of
from backend_mentor.sharing.literals import Literals
from backend_mentor.sharing.notebook import Cleaner, look_for_secrets, read_notebook
from backend_mentor.sharing.requirements import Requirements, requirements_of
from backend_mentor.sharing.sampling import Sampler
from backend_mentor.sharing.secrets import Secrets, is_sensitive
from backend_mentor.sharing.synthetic import Maker

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from nbformat import NotebookNode

    from backend_mentor.databases.base import Database, SharedCopy
    from backend_mentor.domain.schema import Schema
    from backend_mentor.sharing.secrets import Eraser

_CONSTANTS = (re.compile(r"'([^'\n]*)'"), re.compile(r'"([^"\n]*)"'), re.compile(r"(?<![\w.])(\d{5,})(?![\w.])"))
_COMPARED = re.compile(r"(\w+)[\"`]?\s*(?:=|==|<>|!=|\bIN\b\s*\()\s*((?:'[^'%\n]+'\s*,?\s*)+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Terms:
    """What the user allows and forbids."""

    hide_rows: bool = False
    """Leave out whatever a cell has put out."""
    sample: int | None = None
    """That many rows of each table go into the folder; None for made-up ones."""
    addresses: tuple[str, ...] = field(default=(), repr=False)
    """Of connections; the passwords in them are secrets."""
    secrets: tuple[str, ...] = field(default=(), repr=False)
    """What is known to be one: variables with a secret's name."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """What would be written, and what to say of it."""

    notebook: str
    files: tuple[tuple[str, bytes], ...] = field(repr=False)
    redacted: tuple[tuple[str, str, int], ...]
    """Place, kind and how many."""
    dropped: tuple[tuple[str, int], ...]
    pictures: int
    rows: tuple[tuple[str, int], ...]
    sampled: bool
    constants: int
    """Of the schema's definitions, replaced by made-up ones."""
    comments: int
    left_out: tuple[tuple[str, str], ...]
    requirements: Requirements


def prepare(path: Path, database: Database, terms: Terms) -> Parcel:
    """Return the folder's content; nothing is written, and the original and its database are only read.

    Raises MentorError where the notebook can not be read, and where what was made still holds a secret.
    """
    notebook = read_notebook(path)
    schema = database.schema()
    secrets = _secrets(notebook, database, terms)
    eraser = secrets.eraser()
    literals = _literals(notebook, schema, eraser, keeps_all=terms.sample is not None)
    public, left_out = make_public(schema, literals)
    with open_shared_copy(public, database.name if not eraser.holds_secret(database.name.encode()) else "") as copy:
        rows = _fill(copy, public, notebook, database, eraser, terms)
        cleaner = Cleaner(eraser, terms.hide_rows, copy.rewrite)
        made = cleaner.clean(notebook, copy.setup)
        files = {_file_name(path, eraser): _written(made), **copy.finish()}
        requirements = requirements_of((cell.source for cell in made.cells if cell.cell_type == "code"), copy.extras)
        left_out = (*left_out, *copy.left_out)
    parcel = Parcel(
        notebook=_file_name(path, eraser),
        files=tuple({**files, **_surroundings(requirements)}.items()),
        redacted=tuple((place, kind, count) for (place, kind), count in sorted(eraser.counts.items()) if count),
        dropped=tuple(sorted((kind, count) for kind, count in cleaner.dropped.items() if count)),
        pictures=cleaner.pictures,
        rows=tuple(rows.items()),
        sampled=terms.sample is not None,
        constants=len(literals.replaced),
        comments=literals.comments,
        left_out=left_out,
        requirements=requirements,
    )
    _check(parcel, eraser)
    return parcel


def write(parcel: Parcel, folder: Path, readme: str) -> None:
    """Write the folder, whole or not at all; raises MentorError where it is there already or can not be made."""
    check_target(folder)
    try:
        if not folder.parent.exists():
            folder.parent.mkdir(parents=True)
        with TemporaryDirectory(dir=folder.parent, prefix=".share-") as beside:
            unfinished = Path(beside) / "whole"
            for name, content in (*parcel.files, ("README.md", readme.encode())):
                target = unfinished / name
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)
            unfinished.rename(folder)
    except OSError as error:
        raise MentorError(
            f"{folder} can not be written: {error.strerror}.", "Name another folder with --to, one that you may make."
        ) from error


def check_target(folder: Path) -> None:
    """Raise MentorError where the folder is there already: nothing is ever written over."""
    if folder.exists():
        raise MentorError(f"{folder} is there already, and is not written over.", "Name another folder with --to.")


def _secrets(notebook: NotebookNode, database: Database, terms: Terms) -> Secrets:
    secrets = Secrets()
    look_for_secrets(notebook, secrets)
    for address in terms.addresses:
        secrets.look(address)
    for value in terms.secrets:
        secrets.add(value, "value of a secret's name")
    for value in _sensitive_columns(database):
        secrets.add(value, "value of a secret's column")
    return secrets


def _sensitive_columns(database: Database) -> Iterator[str]:
    """Yield what the database keeps in columns with a secret's name, as far as the limits go."""
    for table in database.schema().tables:
        names = [column.name for column in table.columns if is_sensitive(column.name)]
        if names and table.kind in SHARED_KINDS:
            place = f"{quote(table.namespace)}.{quote(table.name)}" if table.namespace else quote(table.name)
            query = f"SELECT {', '.join(map(quote, names))} FROM {place} LIMIT {database.limits.rows}"
            rows = database.fetch(read_statement(query, database.engine.name)).rows
            yield from (value for row in rows for value in row if isinstance(value, str))


def _literals(notebook: NotebookNode, schema: Schema, eraser: Eraser, *, keeps_all: bool) -> Literals:
    sources = [eraser.erase(cell.source, "", is_code=True) for cell in notebook.cells if cell.cell_type == "code"]
    shown = {constant for source in sources for each in _CONSTANTS for constant in each.findall(source)}
    eraser.counts.clear()
    return Literals(schema.engine.name, frozenset(shown), names_of(schema), keeps=eraser if keeps_all else None)


def _fill(
    copy: SharedCopy, public: Schema, notebook: NotebookNode, database: Database, eraser: Eraser, terms: Terms
) -> dict[str, int]:
    if terms.sample is not None:
        return Sampler(database, public, eraser, terms.sample).fill(copy.insert)
    sources = [eraser.erase(cell.source, "", is_code=True) for cell in notebook.cells if cell.cell_type == "code"]
    eraser.counts.clear()
    return Maker(public, copy.insert, _compared(sources)).fill()


def _compared(sources: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return, by column, the words that the notebook compares it with: its queries are to find something."""
    found: dict[str, tuple[str, ...]] = {}
    for source in sources:
        for column, constants in _COMPARED.findall(source):
            words = tuple(re.findall(r"'([^']+)'", constants))
            found[column.lower()] = (*found.get(column.lower(), ()), *words)
    return found


def _file_name(path: Path, eraser: Eraser) -> str:
    name = eraser.erase(path.name, "name of the file")
    return name if name == path.name and re.fullmatch(r"[\w .()-]+", name) else "notebook.ipynb"


def _written(notebook: NotebookNode) -> bytes:
    import nbformat

    nbformat.validate(notebook)
    return str(nbformat.writes(notebook)).encode()


def _surroundings(requirements: Requirements) -> dict[str, bytes]:
    """Return what Binder and pip read."""
    pins = "".join(f"{pin}\n" for pin in requirements.pins)
    own = re.sub(r"(\[.*\])?==", "[lab]==", requirements.pins[0])
    # The image's own Notebook is older than the JupyterLab that the extra brings.
    binder = f"{pins}{own}\nnotebook>=7.6,<8\n"
    python = f"python-{sys.version_info.major}.{sys.version_info.minor}\n"
    return {
        "requirements.txt": pins.encode(),
        "binder/requirements.txt": binder.encode(),
        "binder/runtime.txt": python.encode(),
    }


def _check(parcel: Parcel, eraser: Eraser) -> None:
    for name, content in parcel.files:
        if eraser.holds_secret(content):
            raise MentorError(
                f"{name} would still hold a secret, so nothing is written.",
                "Take the value out of the notebook, or name its variable or column for what it is: password, token.",
            )
