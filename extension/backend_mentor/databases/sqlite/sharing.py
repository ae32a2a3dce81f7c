"""A new SQLite file for strangers: the public schema and the rows it is given, nothing of the original's pages."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from backend_mentor.databases.sqlite.private import make_directory
from backend_mentor.domain.schema import TableKind, quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.schema import Schema, Table

_PLAIN_NAME = re.compile(r"[\w-]+(\.[\w-]+)+")


@dataclass(slots=True)
class SQLiteCopy:
    """See `databases.base.SharedCopy`."""

    schema: Schema
    name: str
    connection: sqlite3.Connection
    path: Path
    left_out: list[tuple[str, str]] = field(default_factory=list)
    extras: tuple[str, ...] = ()
    statements: list[str] = field(default_factory=list)

    @property
    def setup(self) -> str:
        """The first cell of the notebook: what is connected where nothing is named."""
        return f'import os\n\nos.environ["DATABASE_URL"] = "sqlite:///{self.name}"  # the made-up database beside this'

    def create(self) -> None:
        """Make tables and indexes; what this library refuses is left out with its reason."""
        for table in self.schema.tables:
            if table.kind is TableKind.TABLE:
                self._make(table.name, table.definition or "")
                for index in table.indexes:
                    if not index.constraint and not index.primary:
                        self._make(index.name, index.create_sql())

    def insert(self, table: Table, columns: tuple[str, ...], row: tuple[object, ...]) -> bool:
        """Return whether the constraints took the row."""
        names, marks = ", ".join(map(quote, columns)), ", ".join("?" * len(columns))
        try:
            self.connection.execute(f"INSERT INTO {quote(table.name)} ({names}) VALUES ({marks})", row)
        except sqlite3.Error:
            return False
        return True

    def finish(self) -> dict[str, bytes]:
        """Return the files by name."""
        for table in self.schema.tables:
            if table.kind is TableKind.VIEW:
                self._make(table.name, table.definition or "")
        for sql in ("ANALYZE", "VACUUM"):
            # A function of the original's own in an index is not here.
            with suppress(sqlite3.OperationalError):
                self.connection.execute(sql)
        self.connection.close()
        script = "".join(f"{statement};\n\n" for statement in self.statements)
        return {self.name: self.path.read_bytes(), "schema.sql": script.encode()}

    def rewrite(self, source: str) -> str:
        """Return code that names the original's file with this one's in its place."""
        scheme = r"(?P<scheme>sqlite(?:\+\w+)?:///|file:(?://)?)?"
        pattern = rf"{scheme}(?<!\w)(?:[^\s'\"=(,;]*[/\\])?{re.escape(self.name)}(?!\w)"
        return re.sub(pattern, lambda found: (found["scheme"] or "") + self.name, source)

    def _make(self, name: str, sql: str) -> None:
        try:
            self.connection.execute(sql)
        except sqlite3.Error as error:
            self.left_out.append((name, f"it can not be made again: {type(error).__name__}"))
        else:
            self.statements.append(sql)


@contextmanager
def open_copy(schema: Schema, name: str) -> Iterator[SQLiteCopy]:
    """Open a new database; `name` is the original's, taken over where it is a plain file name."""
    with make_directory() as directory:
        path = Path(directory) / "shared.db"
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute("PRAGMA secure_delete = ON")
            copy = SQLiteCopy(schema, name if _PLAIN_NAME.fullmatch(name) else "database.db", connection, path)
            copy.create()
            yield copy
