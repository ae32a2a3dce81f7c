"""Made-up tables as common table expressions that stand in front of the real ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp
from sqlglot.tokenizer_core import TokenType

from backend_mentor.databases.postgres.guard import tokens_of
from backend_mentor.databases.postgres.values import encode_array
from backend_mentor.domain.errors import NotSupportedError
from backend_mentor.domain.schema import TableKind, quote
from backend_mentor.reading.sql import read_statement

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from backend_mentor.domain.proof import Rows
    from backend_mentor.domain.schema import Column, Schema, Table
    from backend_mentor.domain.statement import Statement

_REMEDY = "Compare the two statements on a database of your own that both may read."


@dataclass(frozen=True, slots=True)
class Shadowed:
    """A statement made ready to run over made-up tables."""

    body: str
    """Its own text, namespaces taken off the names of tables."""
    tables: tuple[str, ...]
    """The tables that have to stand in front of it."""
    views: tuple[tuple[str, str], ...] = ()
    """The views that it uses, each with its query, those that others use first."""

    def sql(self, tables: Mapping[str, Table], own_parameters: int) -> str:
        """Return the text to prepare; each column of a table is one text[] parameter after the statement's own."""
        parts, number = [], own_parameters
        for name in self.tables:
            parts.append(shadow_of(tables[name], number + 1))
            number += len(tables[name].columns)
        parts += [f"{quote(name)} AS (\n{text}\n)" for name, text in self.views]
        # A statement with a WITH of its own can not take another before it, but can stand below one. There its own
        # expression of a table's name hides ours, as it would hide the table.
        return f"WITH {', '.join(parts)} SELECT * FROM (\n{self.body}\n) AS mentor" if parts else self.body


def shadow(statement: Statement, schema: Schema) -> Shadowed:
    """Return the statement made ready; raises NotSupportedError where a relation of it can not be shadowed."""
    tables: dict[str, None] = {}
    views: dict[str, str] = {}
    body = _prepare(statement, schema, tables, views, ())
    return Shadowed(body, tuple(tables), tuple(views.items()))


def shadow_of(table: Table, first_parameter: int) -> str:
    """Return the expression that stands for a table, its columns the text[] parameters from that number on.

    MATERIALIZED keeps the planner from computing on the values of a table of one row, where it would meet an error
    that the real query never meets.
    """
    numbers = range(first_parameter, first_parameter + len(table.columns))
    names = ", ".join(quote(column.name) for column in table.columns)
    selected = ", ".join(
        f"v.c{number}::{column.type}{_collation(column)}" for number, column in zip(numbers, table.columns, strict=True)
    )
    arrays = ", ".join(f"${number}::text[]" for number in numbers)
    taken = ", ".join(f"c{number}" for number in numbers)
    return f"{quote(table.name)}({names}) AS MATERIALIZED (SELECT {selected} FROM unnest({arrays}) AS v({taken}))"


def columns_of(table: Table, rows: Rows | None) -> list[bytes]:
    """Return the made-up rows column by column, as the parameters of the table's shadow."""
    if rows is None or not rows.rows:
        return [b"{}"] * len(table.columns)
    places = {name.lower(): place for place, name in enumerate(rows.columns)}
    arrays = []
    for column in table.columns:
        place = places.get(column.name.lower())
        if place is None and column.generated:
            raise NotSupportedError(
                f"{table.name}.{column.name} is computed by the server, and no value was made for it.", _REMEDY
            )
        arrays.append(encode_array([None if place is None else row[place] for row in rows.rows]))
    return arrays


def _collation(column: Column) -> str:
    return f" COLLATE {quote(column.collation)}" if column.collation else ""


def _prepare(
    statement: Statement, schema: Schema, tables: dict[str, None], views: dict[str, str], within: tuple[str, ...]
) -> str:
    own = {cte.alias.lower() for cte in statement.tree.find_all(exp.CTE)}
    qualified: dict[tuple[str, str], Table] = {}
    for node in _relations(statement):
        space = _space(node)
        table = schema.table(node.name, space)
        if table is None:
            if space or node.name.lower() not in own:
                raise NotSupportedError(f"{node.sql()} is not among the tables that can be made up.", _REMEDY)
            continue
        if space:
            qualified[space.lower(), node.name.lower()] = table
        _admit(table, schema, tables, views, within)
    _check_clashes([*tables, *views], schema, statement)
    return _unqualified(statement, qualified)


def _relations(statement: Statement) -> Iterable[exp.Table]:
    return (node for node in statement.tree.find_all(exp.Table) if isinstance(node.this, exp.Identifier))


def _space(node: exp.Table) -> str | None:
    """Return the schema that the author wrote before the table, small letters where it is not quoted."""
    space = node.args.get("db")
    if not isinstance(space, exp.Identifier):
        return None
    return space.name if space.quoted else space.name.lower()


def _admit(
    table: Table, schema: Schema, tables: dict[str, None], views: dict[str, str], within: tuple[str, ...]
) -> None:
    if table.kind is not TableKind.VIEW:
        tables.setdefault(table.name)
        return
    if table.definition is None or table.name in within:
        raise NotSupportedError(f"The text of view {table.name} can not be read.", _REMEDY)
    if table.name not in views:
        inner = read_statement(table.definition.strip().rstrip(";"), "postgres")
        text = _prepare(inner, schema, tables, views, (*within, table.name))
        views[table.name] = text


def _check_clashes(names: list[str], schema: Schema, statement: Statement) -> None:
    """Raise NotSupportedError where two tables of one name, in two namespaces, would need one shadow."""
    for name in names:
        spaces = {_space(node) for node in _relations(statement) if node.name.lower() == name.lower()}
        several = [table for table in schema.tables if table.name == name]
        if len(several) > 1 and len(spaces) > 1:
            raise NotSupportedError(f"Tables of the name {name} in two schemas are used together.", _REMEDY)


def _unqualified(statement: Statement, qualified: Mapping[tuple[str, str], Table]) -> str:
    """Return the author's text with the namespaces of these tables taken off, in FROM and before columns."""
    sql, tokens = statement.sql, tokens_of(statement.sql)
    aliases = {node.alias.lower() for node in statement.tree.find_all(exp.Table) if node.alias}
    for space, _ in qualified:
        if space in aliases:
            raise NotSupportedError(f"{space} is both a schema and an alias here.", _REMEDY)
    cuts = [
        (first.start, name.start)
        for first, dot, name in zip(tokens, tokens[1:], tokens[2:], strict=False)
        if dot.token_type is TokenType.DOT and (first.text.lower(), name.text.lower()) in qualified
    ]
    for start, end in reversed(cuts):
        sql = sql[:start] + sql[end:]
    return sql
