"""What the database holds: tables, columns, keys, indexes, and what its statistics say of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Engine:
    """A database engine and its version, as in `Engine("postgres", (18, 6))`."""

    name: str
    """`sqlite` or `postgres`, which is also its sqlglot dialect."""
    version: tuple[int, ...]

    @property
    def title(self) -> str:
        """The engine as people write it: `PostgreSQL 18.6`."""
        names = {"sqlite": "SQLite", "postgres": "PostgreSQL"}
        return f"{names.get(self.name, self.name)} {'.'.join(map(str, self.version))}"


@dataclass(frozen=True, slots=True)
class ColumnStatistics:
    """What the engine knows of a column's values; `None` where it does not know."""

    distinct: float | None = None
    """The number of distinct values that are not NULL."""
    null_fraction: float | None = None
    common: tuple[tuple[object, float], ...] = ()
    """The most common values, each with the fraction of the rows that hold it."""
    low: object = None
    high: object = None
    width: float | None = None
    """Mean width in bytes."""
    correlation: float | None = None
    """Of the value with the row's place on disk, from -1 to 1."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table."""

    name: str
    type: str
    """As declared: `INTEGER`, `character varying(20)`; empty where SQLite has none."""
    nullable: bool = True
    """False only where the engine guarantees it. On SQLite a primary key of an ordinary table may hold NULL."""
    default: str | None = None
    generated: bool = False
    collation: str | None = None
    """None for the engine's default."""
    statistics: ColumnStatistics | None = None


@dataclass(frozen=True, slots=True)
class IndexColumn:
    """One key of an index: a column's name, or an expression."""

    name: str
    expression: bool = False
    descending: bool = False
    nulls_first: bool | None = None
    collation: str | None = None
    operator_class: str | None = None


@dataclass(frozen=True, slots=True)
class Index:
    """An index that exists, or one that is proposed."""

    name: str
    table: str
    columns: tuple[IndexColumn, ...]
    unique: bool = False
    where: str | None = None
    include: tuple[str, ...] = ()
    method: str = "btree"
    primary: bool = False
    valid: bool = True
    immediate: bool = True
    """False for a deferrable constraint, which proves nothing in mid-transaction."""
    nulls_distinct: bool = True
    size_bytes: int | None = None
    scans: int | None = None
    """How often it was used since the statistics were reset; Postgres only."""
    constraint: bool = False
    """True where it backs a PRIMARY KEY or UNIQUE constraint, so it can not simply be dropped."""

    @property
    def column_names(self) -> tuple[str, ...]:
        """The key columns in order; an expression stands as its text."""
        return tuple(column.name for column in self.columns)

    def create_sql(self) -> str:
        """Return the CREATE INDEX statement, names quoted where they need it."""
        method = "" if self.method == "btree" else f" USING {self.method}"
        keys = ", ".join(_key_sql(column) for column in self.columns)
        include = f" INCLUDE ({', '.join(map(quote, self.include))})" if self.include else ""
        where = f" WHERE {self.where}" if self.where else ""
        unique = "UNIQUE " if self.unique else ""
        return f"CREATE {unique}INDEX {quote(self.name)} ON {quote(self.table)}{method} ({keys}){include}{where}"


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """A reference to another table."""

    columns: tuple[str, ...]
    referenced_table: str
    referenced_columns: tuple[str, ...]
    name: str | None = None
    on_delete: str | None = None
    holds: bool = False
    """True where every row is known to obey it: a validated, enforced, immediate constraint on Postgres; on SQLite,
    whose foreign keys are off by default, only after a clean `PRAGMA foreign_key_check`."""


@dataclass(frozen=True, slots=True)
class Check:
    """A CHECK constraint; it passes where its expression is NULL."""

    expression: str
    name: str | None = None
    holds: bool = True


class TableKind(StrEnum):
    """What a relation is."""

    TABLE = "table"
    VIEW = "view"
    MATERIALIZED_VIEW = "materialized view"
    VIRTUAL = "virtual table"
    FOREIGN = "foreign table"
    PARTITIONED = "partitioned table"


@dataclass(frozen=True, slots=True)
class Table:
    """A relation of the database."""

    name: str
    columns: tuple[Column, ...]
    kind: TableKind = TableKind.TABLE
    namespace: str | None = None
    """The Postgres schema where it is not the first of the search path; None otherwise."""
    primary_key: tuple[str, ...] = ()
    indexes: tuple[Index, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    checks: tuple[Check, ...] = ()
    rows: int | None = None
    """Exact on SQLite where counting is cheap, the planner's estimate on Postgres."""
    size_bytes: int | None = None
    definition: str | None = None
    """The CREATE statement on SQLite; a view's query on Postgres."""
    analyzed: bool | None = None
    """Whether the planner has statistics of it."""
    modified_since_analyze: int | None = None
    row_security: bool = False
    inherits: bool = False
    """True for a parent or child by inheritance, where keys do not hold across the tree."""
    rowid: bool = False
    """True for an ordinary SQLite table, whose INTEGER PRIMARY KEY is the rowid."""

    def column(self, name: str) -> Column | None:
        """Return the column of that very name, or else the first of that name with letter case ignored."""
        position = _position(name, (column.name for column in self.columns))
        return None if position is None else self.columns[position]

    def unique_keys(self) -> tuple[tuple[str, ...], ...]:
        """Return each set of columns on which no two rows can agree, provided that all of them are not NULL."""
        keys = [self.primary_key] if self.primary_key else []
        keys += [
            index.column_names
            for index in self.indexes
            if index.unique
            and index.valid
            and index.immediate
            and index.where is None
            and not any(column.expression for column in index.columns)
        ]
        return tuple(dict.fromkeys(keys))


@dataclass(frozen=True, slots=True)
class Schema:
    """The tables of one database."""

    engine: Engine
    tables: tuple[Table, ...] = ()
    settings: tuple[tuple[str, str], ...] = ()
    """What the planner was told: `work_mem`, `case_sensitive_like`; names as the engine has them."""

    def table(self, name: str, namespace: str | None = None) -> Table | None:
        """Return the table of that very name, or else the first of that name with letter case ignored.

        `namespace` None is the search path: a table on it goes before one of another schema.
        """
        on_path = tuple(table for table in self.tables if table.namespace is None)
        if namespace is None:
            places = (on_path, self.tables)
        else:
            within = tuple(table for table in self.tables if table.namespace == namespace)
            places = (within, on_path if namespace in ("main", "public") else ())
        for tables in places:
            position = _position(name, (table.name for table in tables))
            if position is not None:
                return tables[position]
        return None


def _position(name: str, names: Iterable[str]) -> int | None:
    """Return where that very name stands, or else the first that differs in letter case alone."""
    alike = [(each != name, position) for position, each in enumerate(names) if each.lower() == name.lower()]
    return min(alike)[1] if alike else None


def quote(name: str) -> str:
    """Return an identifier quoted where plain letters, digits and underscores would not do."""
    if name.isidentifier() and name.islower() and name.isascii() and name not in _RESERVED:
        return name
    return '"' + name.replace('"', '""') + '"'


def _key_sql(column: IndexColumn) -> str:
    key = f"({column.name})" if column.expression else quote(column.name)
    collation = f" COLLATE {_collation(column.collation)}" if column.collation else ""
    operator_class = f" {column.operator_class}" if column.operator_class else ""
    order = " DESC" if column.descending else ""
    nulls = {None: "", True: " NULLS FIRST", False: " NULLS LAST"}[column.nulls_first]
    return f"{key}{collation}{operator_class}{order}{nulls}"


# Words reserved by SQLite or PostgreSQL that people do use as column or table names.
_RESERVED = frozenset(
    """all and any as asc case cast check collate column constraint create default desc distinct else end except false
    for foreign from full grant group having in index inner intersect into is join left like limit natural not null
    offset on or order outer primary references right select set table then to transaction true union unique update
    user using values when where window with""".split()  # noqa: SIM905  a list of seventy strings reads worse
)


def _collation(name: str) -> str:
    # SQLite's collations are upper-case words that need no quotes; Postgres's "C" does need them.
    return name if name in {"NOCASE", "BINARY", "RTRIM"} else quote(name)
