"""What kind of values a column holds, and whether two columns compare alike."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.schema import TableKind, quote
from backend_mentor.domain.subject import Fact

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlglot import exp

    from backend_mentor.domain.schema import Column, Table
    from backend_mentor.proposals.draft import Draft
    from backend_mentor.reading.resolve import ResolvedColumn


class Family(StrEnum):
    """Types that compare with each other by the same rules."""

    INTEGER = "integers"
    NUMBER = "numbers"
    FLOAT = "floating-point numbers"
    TEXT = "text"
    DATE = "dates"
    TIMESTAMP = "times without a zone"
    ZONED = "times with a zone"
    BOOLEAN = "booleans"
    UUID = "identifiers"
    OTHER = "values"


_POSTGRES = {
    "smallint": Family.INTEGER,
    "integer": Family.INTEGER,
    "bigint": Family.INTEGER,
    "numeric": Family.NUMBER,
    "decimal": Family.NUMBER,
    "real": Family.FLOAT,
    "double precision": Family.FLOAT,
    "text": Family.TEXT,
    "character varying": Family.TEXT,
    "date": Family.DATE,
    "timestamp without time zone": Family.TIMESTAMP,
    "timestamp with time zone": Family.ZONED,
    "boolean": Family.BOOLEAN,
    "uuid": Family.UUID,
}
_POSTGRES_SHORT = {
    "int": "integer",
    "int4": "integer",
    "int8": "bigint",
    "int2": "smallint",
    "varchar": "character varying",
    "timestamptz": "timestamp with time zone",
}
# Engines whose declared types are a preference: INTEGER lets text in.
_LETS_ANY_TYPE_IN = frozenset(["sqlite"])
# The column of a view compares by the collation of the column behind it, which SQLite's catalogue does not show.
_HIDES_COLLATIONS_OF_VIEWS = frozenset(["sqlite"])
_DETERMINISTIC_COLLATIONS = frozenset(["C", "POSIX", "default", "ucs_basic", "C.UTF-8", "BINARY"])


def family(draft: Draft, column: Column) -> Family:
    """Return how a column's values compare. On SQLite this is its affinity, which is a preference and no guarantee."""
    return _FAMILIES[draft.engine.name](column.type)


def _declared(type_name: str) -> Family:
    declared = type_name.lower()
    bare = declared.split("(")[0].strip()
    if bare == "timestamp":
        bare = "timestamp with time zone" if "with time zone" in declared else "timestamp without time zone"
    return _POSTGRES.get(_POSTGRES_SHORT.get(bare, bare), Family.OTHER)


def _affinity(declared: str) -> Family:
    # https://sqlite.org/datatype3.html#determination_of_column_affinity, in this order.
    upper = declared.upper()
    if "INT" in upper:
        return Family.INTEGER
    if any(word in upper for word in ("CHAR", "CLOB", "TEXT")):
        return Family.TEXT
    if not upper or "BLOB" in upper:
        return Family.OTHER
    if any(word in upper for word in ("REAL", "FLOA", "DOUB")):
        return Family.FLOAT
    return Family.NUMBER


_FAMILIES = {"sqlite": _affinity, "postgres": _declared}


def plain_collation(draft: Draft, column: ResolvedColumn) -> bool:
    """Return whether two equal values of the column are the same bytes, as far as the catalogue tells."""
    if _hides_collation(draft, column):
        return False
    return column.column.collation is None or column.column.collation in _DETERMINISTIC_COLLATIONS


def _hides_collation(draft: Draft, column: ResolvedColumn) -> bool:
    """Return whether the column may compare by a collation that the catalogue does not tell of."""
    hidden = column.table.kind is TableKind.VIEW and draft.engine.name in _HIDES_COLLATIONS_OF_VIEWS
    return hidden and family(draft, column.column) in (Family.TEXT, Family.OTHER)


def same_type(draft: Draft, left: ResolvedColumn, right: ResolvedColumn) -> Condition | None:
    """Return the condition that two columns compare by the same rules whichever of them stands first."""
    kinds = family(draft, left.column), family(draft, right.column)
    if kinds[0] is not kinds[1] or left.column.collation != right.column.collation:
        return None
    if _hides_collation(draft, left) or _hides_collation(draft, right):
        return None
    if kinds[0] is Family.OTHER and left.column.type.lower() != right.column.type.lower():
        return None
    names = f"{left.table.name}.{left.column.name} and {right.table.name}.{right.column.name}"
    return Condition(f"{names} compare alike", f"both hold {kinds[0]} under one collation")


def integer_fact(table: Table, column: Column) -> Fact:
    """Return what a SQLite column declared INTEGER has to be asked for: the declaration lets text in."""
    name = quote(column.name)
    return Fact(
        table.name,
        f"typeof({name}) IN ('integer', 'null')",
        f"{column.name} holds whole numbers in all rows of {table.name}",
    )


def holds_integers(draft: Draft, column: ResolvedColumn) -> Condition | None:
    """Return the condition that every value of a column is a whole number: by its type, or by a confirmed fact."""
    if family(draft, column.column) is not Family.INTEGER:
        return None
    written = f"{column.table.name}.{column.column.name} holds whole numbers only"
    if draft.engine.name not in _LETS_ANY_TYPE_IN:
        return Condition(written, f"declared {column.column.type}")
    if _is_rowid(column):
        return Condition(written, "INTEGER PRIMARY KEY")
    fact = integer_fact(column.table, column.column)
    return Condition(written, "true of all rows today") if fact in draft.facts else None


def _is_rowid(column: ResolvedColumn) -> bool:
    return (
        column.table.rowid
        and column.table.primary_key == (column.column.name,)
        and column.column.type.upper() == "INTEGER"
    )


def integer_facts(draft: Draft, columns: Iterable[exp.Column]) -> Iterator[Fact]:
    """Yield what the database has to be asked for before these columns count as whole numbers."""
    for node in columns:
        column = draft.columns.of(node)
        if column is None or family(draft, column.column) is not Family.INTEGER:
            continue
        if draft.engine.name in _LETS_ANY_TYPE_IN and not _is_rowid(column):
            yield integer_fact(column.table, column.column)
