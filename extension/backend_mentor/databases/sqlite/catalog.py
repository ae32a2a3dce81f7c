"""What a SQLite database holds, from its PRAGMAs and the text of its CREATE statements."""

from __future__ import annotations

import sqlite3
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from backend_mentor.databases.sqlite.definition import TableDefinition, read_index, read_table, spelled
from backend_mentor.databases.sqlite.statistics import Statistics
from backend_mentor.domain.schema import (
    Column,
    Engine,
    ForeignKey,
    Index,
    IndexColumn,
    Schema,
    Table,
    TableKind,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def read_schema(
    connection: sqlite3.Connection,
    *,
    milliseconds: int = 1_000,
    clock: Callable[[], float] = time.monotonic,
) -> Schema:
    """Return the tables and views of the main database.

    Row counts are exact until `milliseconds` have passed, then those of the last ANALYZE. A column's statistics are
    those of ANALYZE where it leads an index, else of a sample of 2,000 rows. Raises sqlite3.Error.
    """
    reader = _Reader(connection, Statistics(connection, milliseconds, clock))
    tables = tuple(reader.read_tables())
    options = [option for (option,) in connection.execute("PRAGMA compile_options")]
    settings = (
        ("encoding", str(connection.execute("PRAGMA encoding").fetchone()[0])),
        ("stat4", "on" if "ENABLE_STAT4" in options else "off"),
    )
    return Schema(engine(), tables, settings)


def engine() -> Engine:
    """Return SQLite with the version of the library that Python is linked to."""
    return Engine("sqlite", sqlite3.sqlite_version_info)


@dataclass(frozen=True, slots=True)
class _Reader:
    connection: sqlite3.Connection
    statistics: Statistics

    def read_tables(self) -> Iterator[Table]:
        hidden = self._shadow_tables()
        listing = self.connection.execute(
            "SELECT type, name, coalesce(sql, '') FROM main.sqlite_master "
            "WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY rowid"
        ).fetchall()
        for kind, name, sql in listing:
            if name in hidden:
                continue
            if kind == "view":
                yield Table(name, self._view_columns(name), TableKind.VIEW, definition=sql)
            elif sql[:30].upper().startswith("CREATE VIRTUAL"):
                yield Table(name, self._view_columns(name), TableKind.VIRTUAL, definition=sql)
            else:
                yield self._table(name, sql)

    def _shadow_tables(self) -> frozenset[str]:
        # PRAGMA table_list came with 3.37; before it the inner tables of FTS and R-Tree are shown as tables.
        rows = self.connection.execute("PRAGMA main.table_list").fetchall()
        return frozenset(row[1] for row in rows if row[2] == "shadow")

    def _table(self, name: str, sql: str) -> Table:
        definition = read_table(sql)
        indexes = tuple(self._indexes(name, definition))
        columns = self._columns(name, definition, indexes)
        key_rows = [row for row in self._column_rows(name) if row[5]]
        table = Table(
            name,
            columns,
            primary_key=tuple(row[1] for row in sorted(key_rows, key=lambda row: row[5])),
            indexes=indexes,
            foreign_keys=tuple(self._foreign_keys(name)),
            checks=definition.checks,
            definition=sql,
            rowid=not definition.without_rowid,
        )
        return self.statistics.describe(table)

    def _column_rows(self, name: str) -> list[tuple[int, str, str, int, str | None, int, int]]:
        # hidden: 1 is a virtual table's hidden column, 2 and 3 are generated ones.
        return self.connection.execute(f"PRAGMA main.table_xinfo({_literal(name)})").fetchall()

    def _columns(self, name: str, definition: TableDefinition, indexes: tuple[Index, ...]) -> tuple[Column, ...]:
        rows = [row for row in self._column_rows(name) if row[6] != 1]
        # An ordinary table's key admits NULL, by an old mistake that SQLite keeps (https://sqlite.org/quirks.html),
        # unless it is the rowid itself, which has no index.
        is_rowid_key = not definition.without_rowid and not any(index.primary for index in indexes)
        key_is_never_null = definition.without_rowid or definition.strict or is_rowid_key
        return tuple(
            Column(
                column,
                declared,
                nullable=not (not_null or (key and key_is_never_null)),
                default=default,
                generated=hidden in (2, 3),
                collation=definition.collations.get(column.lower()),
            )
            for _, column, declared, not_null, default, key, hidden in rows
        )

    def _view_columns(self, name: str) -> tuple[Column, ...]:
        try:
            return self._columns(name, TableDefinition({}, (), False, False), ())
        except sqlite3.DatabaseError:
            # A view over a table that is gone stays in the catalogue, as does a virtual table whose module is not here
            # (or wants to write: R-Tree does); their columns can not be known.
            return ()

    def _indexes(self, table: str, definition: TableDefinition) -> Iterator[Index]:
        rows = self.connection.execute(f"PRAGMA main.index_list({_literal(table)})").fetchall()
        for _, name, unique, origin, partial in rows:
            found = self.connection.execute(
                "SELECT sql FROM main.sqlite_master WHERE type = 'index' AND name = ?", (name,)
            ).fetchone()
            text = read_index(found[0]) if found and found[0] else None
            columns = []
            for place, cid, column, descending, collation, is_key in self.connection.execute(
                f"PRAGMA main.index_xinfo({_literal(name)})"
            ):
                if not is_key:
                    continue
                own = definition.collations.get((column or "").lower(), "BINARY")
                shown = column if cid >= 0 else "rowid" if cid == -1 else text.keys[place] if text else "?"
                different = None if collation.upper() == own.upper() else spelled(collation)
                columns.append(IndexColumn(shown, cid == -2, bool(descending), collation=different))
            yield Index(
                name,
                table,
                tuple(columns),
                unique=bool(unique),
                where=text.where if text and partial else None,
                primary=origin == "pk",
                constraint=origin in ("pk", "u"),
            )

    def _foreign_keys(self, table: str) -> Iterator[ForeignKey]:
        rows = self.connection.execute(f"PRAGMA main.foreign_key_list({_literal(table)})").fetchall()
        for identifier in dict.fromkeys(row[0] for row in rows):
            parts = sorted((row for row in rows if row[0] == identifier), key=lambda row: row[1])
            parent, on_delete = parts[0][2], parts[0][6]
            referenced = tuple(part[4] for part in parts)
            if referenced[0] is None:
                keys = [row for row in self._column_rows(parent) if row[5]]
                referenced = tuple(row[1] for row in sorted(keys, key=lambda row: row[5]))
            action = None if on_delete == "NO ACTION" else on_delete
            yield ForeignKey(tuple(part[3] for part in parts), parent, referenced, on_delete=action)


def with_index(schema: Schema, index: Index) -> Schema:
    """Return the schema with one index more."""
    tables = tuple(
        replace(table, indexes=(*table.indexes, index)) if table.name == index.table else table
        for table in schema.tables
    )
    return replace(schema, tables=tables)


def _literal(name: str) -> str:
    return "'" + name.replace("'", "''") + "'"
