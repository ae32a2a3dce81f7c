"""What a CREATE or ALTER statement defines: its columns, keys and references, whichever way they are written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from sqlglot import exp

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.schema import Schema

_Kind: TypeAlias = type[exp.Expr]

# Below this, a rewrite or a build under lock is over before anybody waits.
LOCK_FLOOR_ROWS = 10_000


@dataclass(frozen=True, slots=True, eq=False)
class DefinedColumn:
    """A column as a CREATE TABLE or ALTER TABLE … ADD COLUMN defines it."""

    node: exp.ColumnDef
    table: str

    @property
    def name(self) -> str:
        """Its name."""
        return self.node.name

    @property
    def type(self) -> exp.DataType | None:
        """Its type; None where SQLite was given none."""
        kind = self.node.args.get("kind")
        return kind if isinstance(kind, exp.DataType) else None

    def constraint(self, *kinds: _Kind) -> exp.Expr | None:
        """Return the first of its own constraints of one of these kinds."""
        for constraint in self.node.args.get("constraints") or ():
            if isinstance(constraint.kind, kinds):
                found: exp.Expr = constraint.kind
                return found
        return None

    @property
    def required(self) -> bool:
        """Whether it says NOT NULL."""
        constraint = self.constraint(exp.NotNullColumnConstraint)
        return constraint is not None and not constraint.args.get("allow_null")


@dataclass(frozen=True, slots=True, eq=False)
class DefinedReference:
    """A foreign key, written with its column or on its own."""

    node: exp.Expr
    table: str
    columns: tuple[str, ...]
    referenced_table: str


@dataclass(frozen=True, slots=True, eq=False)
class NewTable:
    """A CREATE TABLE with its columns."""

    name: str
    node: exp.Table
    columns: tuple[DefinedColumn, ...]
    primary_key: tuple[str, ...]
    unique: tuple[tuple[str, ...], ...]
    references: tuple[DefinedReference, ...]
    temporary: bool


def new_table(tree: exp.Expr) -> NewTable | None:
    """Return the table that a CREATE TABLE with a list of columns makes; None for any other statement."""
    body = tree.this
    if not isinstance(tree, exp.Create) or tree.kind != "TABLE" or not isinstance(body, exp.Schema):
        return None
    name = body.this.name
    columns = tuple(DefinedColumn(node, name) for node in body.expressions if isinstance(node, exp.ColumnDef))
    primary: tuple[str, ...] = tuple(each.name for each in columns if each.constraint(exp.PrimaryKeyColumnConstraint))
    unique = [(each.name,) for each in columns if each.constraint(exp.UniqueColumnConstraint)]
    for part in _table_constraints(body):
        if isinstance(part, exp.PrimaryKey):
            primary = tuple(each.name for each in part.expressions)
        elif isinstance(part, exp.UniqueColumnConstraint) and isinstance(part.this, exp.Schema):
            unique.append(tuple(each.name for each in part.this.expressions))
    references = (*_column_references(columns), *_table_references(body, name))
    temporary = bool(tree.find(exp.TemporaryProperty))
    return NewTable(name, body.this, columns, primary, tuple(unique), references, temporary)


def defined_columns(tree: exp.Expr) -> Iterator[DefinedColumn]:
    """Yield the columns that the statement brings into being, by CREATE TABLE or ALTER TABLE."""
    table = new_table(tree)
    yield from table.columns if table is not None else added_columns(tree)


def added_columns(tree: exp.Expr) -> Iterator[DefinedColumn]:
    """Yield the columns of ALTER TABLE … ADD COLUMN."""
    for action in alterations(tree, exp.ColumnDef):
        if isinstance(action, exp.ColumnDef):
            yield DefinedColumn(action, tree.this.name)


def defined_references(tree: exp.Expr) -> Iterator[DefinedReference]:
    """Yield the foreign keys that the statement brings into being."""
    table = new_table(tree)
    if table is not None:
        yield from table.references
        return
    yield from _column_references(tuple(added_columns(tree)))
    for action in alterations(tree, exp.AddConstraint):
        yield from _table_references(action, tree.this.name)


def alterations(tree: exp.Expr, *kinds: _Kind) -> tuple[exp.Expr, ...]:
    """Return the actions of these kinds of an ALTER TABLE; none for any other statement."""
    if not isinstance(tree, exp.Alter) or tree.args.get("kind") != "TABLE":
        return ()
    return tuple(action for action in tree.args.get("actions") or () if isinstance(action, kinds))


def known_rows(schema: Schema, name: str) -> int | None:
    """Return how many rows the table has; None where it is not there or not counted."""
    table = schema.table(name)
    return table.rows if table is not None else None


def is_worth_a_lock(schema: Schema, name: str) -> bool:
    """Return whether a table is there and may be large enough for a lock on it to be felt."""
    table = schema.table(name)
    return table is not None and (table.rows is None or table.rows >= LOCK_FLOOR_ROWS)


def _table_constraints(body: exp.Expr) -> Iterator[exp.Expr]:
    for part in body.expressions:
        yield from part.expressions if isinstance(part, exp.Constraint) else (part,)


def _column_references(columns: tuple[DefinedColumn, ...]) -> Iterator[DefinedReference]:
    for column in columns:
        reference = column.constraint(exp.Reference)
        if reference is not None:
            yield DefinedReference(column.node, column.table, (column.name,), _referenced(reference))


def _table_references(body: exp.Expr, table: str) -> Iterator[DefinedReference]:
    for part in _table_constraints(body):
        if isinstance(part, exp.ForeignKey):
            columns = tuple(each.name for each in part.expressions)
            yield DefinedReference(part, table, columns, _referenced(part.args.get("reference")))


def _referenced(reference: exp.Expr | None) -> str:
    found = reference.find(exp.Table) if reference is not None else None
    return found.name if found is not None else ""
