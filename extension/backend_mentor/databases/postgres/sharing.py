"""Scripts for a PostgreSQL of strangers' own: the public schema and its rows, tried on a server of our own first."""

from __future__ import annotations

import os
import re
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from backend_mentor.databases.postgres.own_trials import trial_server
from backend_mentor.databases.postgres.server import start_server
from backend_mentor.domain.errors import MentorError
from backend_mentor.domain.schema import TableKind, quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psycopg import Connection

    from backend_mentor.domain.schema import Column, ForeignKey, Schema, Table

_ADDRESS = re.compile(r"(?P<quote>['\"])postgres(?:ql)?(?P<driver>\+\w+)?://[^'\"\n]*(?P=quote)")
_MAGIC_ADDRESS = re.compile(r"(?m)^(?P<magic>\s*%.*?)postgres(?:ql)?(?:\+\w+)?://\S+")
_SETUP = """from backend_mentor.databases.postgres.sharing import start_shared

DATABASE_URL = start_shared()  # a PostgreSQL of this kernel's own, filled from schema.sql and seed.sql"""
# Types that every server has; one of the original's own is text here.
_BUILT_IN = re.compile(
    r"(small|big)?(int(eger)?|serial)\d?|int[248]|numeric|decimal|real|double|float|money|text|char|varchar|bpchar|"
    r"timestamp|time|date|interval|bool|uuid|json|bytea|inet|cidr|macaddr|tsvector|bit|oid|xml|point|\w+range"
)


@dataclass(slots=True)
class PostgresCopy:
    """See `databases.base.SharedCopy`."""

    schema: Schema
    connection: Connection[Any]  # rows are not read
    left_out: list[tuple[str, str]] = field(default_factory=list)
    extras: tuple[str, ...] = ("postgres",)
    setup: str = _SETUP
    statements: list[str] = field(default_factory=list)
    seed: list[str] = field(default_factory=list)

    def create(self) -> None:
        """Make tables, then the keys between them; what the server refuses is left out with its reason."""
        tables = [table for table in self.schema.tables if table.kind in (TableKind.TABLE, TableKind.PARTITIONED)]
        for space in sorted({table.namespace for table in tables if table.namespace}):
            self._make(space, f"CREATE SCHEMA {quote(space)}")
        for table in tables:
            self._make(table.name, _create_sql(table))
        for table in tables:
            for check in table.checks:
                self._make(check.name or table.name, f"ALTER TABLE {_name(table)} ADD CHECK ({check.expression})")
            for index in table.indexes:
                if not index.primary and index.valid:
                    target = index.create_sql().replace(f" ON {quote(table.name)}", f" ON {_name(table)}", 1)
                    self._make(index.name, target)
        for table in tables:
            for foreign in table.foreign_keys:
                self._make(foreign.name or table.name, self._key_sql(table, foreign))

    def insert(self, table: Table, columns: tuple[str, ...], row: tuple[object, ...]) -> bool:
        """Return whether the constraints took the row."""
        import psycopg
        from psycopg import sql

        values = ", ".join(sql.Literal(value).as_string(self.connection) for value in row)
        statement = f"INSERT INTO {_name(table)} ({', '.join(map(quote, columns))}) VALUES ({values})"
        try:
            self.connection.execute(statement.encode())
        except psycopg.Error:
            return False
        self.seed.append(statement)
        return True

    def finish(self) -> dict[str, bytes]:
        """Return the files by name."""
        for table in self.schema.tables:
            if table.kind is TableKind.VIEW:
                self._make(table.name, f"CREATE VIEW {_name(table)} AS {(table.definition or '').rstrip(' ;')}")
        return {
            "schema.sql": "".join(f"{statement};\n\n" for statement in self.statements).encode(),
            "seed.sql": "".join(f"{statement};\n" for statement in (*self.seed, "ANALYZE")).encode(),
        }

    def rewrite(self, source: str) -> str:
        """Return code that names a server's address with the shared one's in its place."""
        source = _MAGIC_ADDRESS.sub(lambda found: f"{found['magic']}$DATABASE_URL", source)
        return _ADDRESS.sub(
            lambda found: (
                f'DATABASE_URL.replace("postgresql", "postgresql{found["driver"]}", 1)'
                if found["driver"]
                else "DATABASE_URL"
            ),
            source,
        )

    def _make(self, name: str, sql: str) -> None:
        import psycopg

        try:
            self.connection.execute(sql.encode())
        except psycopg.Error as error:
            self.left_out.append((name, f"it can not be made again: {type(error).__name__}"))
        else:
            self.statements.append(sql)

    def _key_sql(self, table: Table, foreign: ForeignKey) -> str:
        parent = self.schema.table(foreign.referenced_table)
        columns, referenced = (", ".join(map(quote, each)) for each in (foreign.columns, foreign.referenced_columns))
        target = _name(parent) if parent else quote(foreign.referenced_table)
        action = f" ON DELETE {foreign.on_delete}" if foreign.on_delete else ""
        return f"ALTER TABLE {_name(table)} ADD FOREIGN KEY ({columns}) REFERENCES {target} ({referenced}){action}"


@contextmanager
def open_copy(schema: Schema, name: str) -> Iterator[PostgresCopy]:
    """Open a new database on a server of our own, dropped on leaving; raises MentorError where none can be started."""
    import psycopg

    server = trial_server()
    made = f"shared_{uuid4().hex[:12]}"
    with psycopg.connect(server.url, autocommit=True) as outside:
        outside.execute(f"CREATE DATABASE {made}".encode())
        try:
            with psycopg.connect(server.database_url(made), autocommit=True) as connection:
                copy = PostgresCopy(schema, connection)
                copy.create()
                yield copy
        finally:
            outside.execute(f"DROP DATABASE IF EXISTS {made} WITH (FORCE)".encode())


def start_shared(folder: str | os.PathLike[str] = ".") -> str:
    """Start a server for this process, fill it from the folder's scripts, and return its address.

    The address is DATABASE_URL from then on. Raises MentorError where a script is missing or no server starts.
    """
    import psycopg

    scripts = [Path(folder) / name for name in ("schema.sql", "seed.sql")]
    for script in scripts:
        if not script.exists():
            raise MentorError(f"There is no {script}.", "Start the notebook in the folder that was shared.")
    server = start_server()
    try:
        with psycopg.connect(server.url) as connection:
            for script in scripts:
                connection.execute(script.read_bytes())
    except BaseException:
        server.close()
        raise
    os.environ["DATABASE_URL"] = server.url
    return server.url


def _name(table: Table) -> str:
    return f"{quote(table.namespace)}.{quote(table.name)}" if table.namespace else quote(table.name)


def _create_sql(table: Table) -> str:
    parts = [_column_sql(column) for column in table.columns]
    if table.primary_key:
        parts.append(f"PRIMARY KEY ({', '.join(map(quote, table.primary_key))})")
    body = ",\n  ".join(parts)
    return f"CREATE TABLE {_name(table)} (\n  {body}\n)"


def _column_sql(column: Column) -> str:
    is_built_in = _BUILT_IN.match(column.type.lower()) is not None
    declared = column.type if is_built_in else "text"
    default = ""
    # A DEFAULT of a type of the original's own casts to what is not here.
    if column.default and not column.generated and is_built_in:
        # A sequence of the original's becomes one of the column's own.
        is_sequence = column.default == "identity" or "nextval" in column.default
        default = " GENERATED BY DEFAULT AS IDENTITY" if is_sequence else f" DEFAULT {column.default}"
    elif column.default and column.generated:
        default = f" GENERATED ALWAYS AS ({column.default}) STORED"
    return f"{quote(column.name)} {declared}{default}{'' if column.nullable else ' NOT NULL'}"
