"""The catalogue of a PostgreSQL database, as this role may read it."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from backend_mentor.databases.postgres import catalog_queries as queries
from backend_mentor.databases.postgres.statistics import column_statistics
from backend_mentor.domain.schema import (
    Check,
    Column,
    ForeignKey,
    Index,
    IndexColumn,
    Schema,
    Table,
    TableKind,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from backend_mentor.databases.postgres.opening import Reader
    from backend_mentor.domain.schema import ColumnStatistics, Engine

Row = tuple[object, ...]

_KINDS = {
    "r": TableKind.TABLE,
    "p": TableKind.PARTITIONED,
    "m": TableKind.MATERIALIZED_VIEW,
    "v": TableKind.VIEW,
    "f": TableKind.FOREIGN,
}
_ACTIONS = {"a": None, "r": "RESTRICT", "c": "CASCADE", "n": "SET NULL", "d": "SET DEFAULT"}
_DESCENDING, _NULLS_FIRST = 1, 2
"""The bits of pg_index.indoption (src/include/catalog/pg_index.h)."""


def read_schema(reader: Reader, engine: Engine) -> Schema:
    """Return every table, view and foreign table outside the system's namespaces, those of the search path first."""
    statistics = _statistics(reader)
    columns = _grouped(reader.query(queries.columns(engine.version)).rows)
    indexes = _grouped(reader.query(queries.indexes(engine.version)).rows)
    keys = _grouped(reader.query(queries.index_keys()).rows)
    foreign_keys = _grouped(reader.query(queries.foreign_keys(engine.version)).rows)
    checks = _grouped(reader.query(queries.checks(engine.version)).rows)
    tables = []
    for row in reader.query(queries.TABLES).rows:
        facts = _TableFacts(row)
        known = statistics.get(facts.number, {})
        tables.append(
            facts.table(
                tuple(facts.column(each, known) for each in columns[facts.number]),
                tuple(facts.index(each, keys) for each in indexes[facts.number]),
                tuple(facts.foreign_key(each) for each in foreign_keys[facts.number]),
                tuple(Check(str(text), str(name), holds is True) for _, name, text, holds in checks[facts.number]),
                bool(known),
            )
        )
    settings = tuple((str(name), str(value)) for name, value in reader.query(queries.SETTINGS).rows)
    return Schema(engine, tuple(tables), settings)


class _TableFacts:
    """One row of the list of tables, and what it means for all that hangs on the table."""

    def __init__(self, row: Row) -> None:
        (self.number, self.namespace, self.name, self.kind, self.visible, rows, self.size, self.definition,
         self.analyzed, self.modified, self.row_security, self.inherits, self.has_children) = row  # fmt: skip
        # -1 since version 14, 0 before: never counted.
        self.rows = int(rows) if isinstance(rows, float) and rows >= 0 else None

    def table(
        self,
        columns: tuple[Column, ...],
        indexes: tuple[Index, ...],
        foreign_keys: tuple[ForeignKey, ...],
        checks: tuple[Check, ...],
        has_statistics: bool,
    ) -> Table:
        primary = next((index for index in indexes if index.primary and index.immediate and index.valid), None)
        return Table(
            name=str(self.name),
            columns=columns,
            kind=_KINDS[str(self.kind)],
            namespace=None if self.visible else str(self.namespace),
            primary_key=primary.column_names if primary else (),
            indexes=indexes,
            foreign_keys=foreign_keys,
            checks=checks,
            rows=self.rows,
            size_bytes=_whole(self.size),
            definition=None if self.definition is None else str(self.definition),
            analyzed=has_statistics or self.analyzed is True,
            modified_since_analyze=_whole(self.modified),
            row_security=self.row_security is True,
            inherits=self.inherits is True,
        )

    def column(self, row: Row, known: Mapping[str, ColumnStatistics]) -> Column:
        _, name, kind, not_null, default, generated, collation = row
        return Column(
            name=str(name),
            type=str(kind),
            # A child by inheritance can hold NULL where its parent, read with it, says NOT NULL.
            nullable=not (not_null is True and not self.has_children),
            default=None if default is None else str(default),
            generated=generated is True,
            collation=None if collation is None else str(collation),
            statistics=known.get(str(name)),
        )

    def index(self, row: Row, keys: Mapping[object, Sequence[Row]]) -> Index:
        _, number, name, method, unique, primary, valid, immediate, distinct, where, size, scans, constraint = row
        columns = [each for each in keys[number] if each[2] is True]
        return Index(
            name=str(name),
            table=str(self.name),
            columns=tuple(map(_index_column, columns)),
            unique=unique is True,
            where=None if where is None else str(where),
            include=tuple(str(each[1]) for each in keys[number] if each[2] is not True),
            method=str(method),
            primary=primary is True,
            valid=valid is True,
            # A unique index says nothing of the rows of the children, which a read of the parent returns too.
            immediate=immediate is True and not (unique is True and self.has_children is True),
            nulls_distinct=distinct is not False,
            size_bytes=_whole(size),
            scans=_whole(scans),
            constraint=constraint is True,
        )

    def foreign_key(self, row: Row) -> ForeignKey:
        _, name, columns, table, referenced, action, holds = row
        return ForeignKey(
            columns=_words(columns),
            referenced_table=str(table),
            referenced_columns=_words(referenced),
            name=str(name),
            on_delete=_ACTIONS.get(str(action)),
            holds=holds is True and not self.has_children and not self.row_security,
        )


def _index_column(row: Row) -> IndexColumn:
    _, name, _, expression, option, collation, operator_class = row
    bits = option if isinstance(option, int) else 0
    descending, nulls_first = bool(bits & _DESCENDING), bool(bits & _NULLS_FIRST)
    return IndexColumn(
        name=str(name),
        expression=expression is True,
        descending=descending,
        # NULLs come first in descending order and last in ascending where nothing else was said.
        nulls_first=None if nulls_first == descending else nulls_first,
        collation=None if collation is None else str(collation),
        operator_class=None if operator_class is None else str(operator_class),
    )


def _statistics(reader: Reader) -> dict[object, dict[str, ColumnStatistics]]:
    found: dict[object, dict[str, ColumnStatistics]] = defaultdict(dict)
    for number, name, type_name, rows, *figures in reader.query(queries.STATISTICS).rows:
        found[number][str(name)] = column_statistics(str(type_name), rows, figures)
    return found


def _grouped(rows: Iterable[Row]) -> defaultdict[object, list[Row]]:
    groups: defaultdict[object, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row[0]].append(row)
    return groups


def _words(value: object) -> tuple[str, ...]:
    # The query joins names by a unit separator, which no name holds in practice and no comma can break.
    return tuple(str(value).split("\x1f"))


def _whole(value: object) -> int | None:
    return int(value) if isinstance(value, int | float) else None
