"""A counterexample as it is shown: the tables that matter, and a script that makes it anywhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING

from backend_mentor.domain.schema import quote

if TYPE_CHECKING:
    from backend_mentor.domain.proof import Rows
    from backend_mentor.domain.schema import Table
    from backend_mentor.domain.statement import Statement
    from backend_mentor.proofs.table_plans import TablePlan
    from backend_mentor.proofs.trial_data import TrialData


def shown_tables(tables: tuple[Rows, ...], data: TrialData) -> tuple[Rows, ...]:
    """Return the tables that the statements read, with the columns that they look at."""
    return tuple(_shown(table, plan, data) for table, plan in zip(tables, data.plans, strict=True) if not plan.ancestor)


def _shown(table: Rows, plan: TablePlan, data: TrialData) -> Rows:
    own = plan.name.lower()
    key = {name.lower() for name in plan.table.primary_key}
    positions = [
        position
        for position, column in enumerate(plan.columns)
        if (own, column.name.lower()) in data.mentions.columns
        or column.name.lower() in key
        or (data.mentions.stars and any(row[position] is not None for row in table.rows))
    ]
    return replace(
        table,
        columns=tuple(table.columns[position] for position in positions),
        rows=tuple(tuple(row[position] for position in positions) for row in table.rows),
    )


def script(tables: tuple[Rows, ...], data: TrialData, before: Statement, after: Statement) -> str:
    """Return SQL that makes the database and runs both statements on it."""
    parts = []
    for table, plan in zip(tables, data.plans, strict=True):
        parts.append(_definition(plan.table, before.dialect))
        parts += [_insert(table, row) for row in table.rows]
    for title, statement in (("before", before), ("after", after)):
        given = "".join(f"; {each.marker} is {literal(each.value)}" for each in statement.parameters)
        parts.append(f"-- {title}{given}\n{statement.sql.strip().rstrip(';')};")
    return "\n".join(parts) + "\n"


def literal(value: object) -> str:
    """Return a value as SQL writes it."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float | Decimal):
        return str(value)
    if isinstance(value, bytes):
        return f"x'{value.hex()}'"
    if isinstance(value, datetime):
        return f"'{value.isoformat(sep=' ')}'"
    if isinstance(value, date | time):
        return f"'{value.isoformat()}'"
    return "'" + str(value).replace("'", "''") + "'"


def _insert(table: Rows, row: tuple[object, ...]) -> str:
    columns = ", ".join(quote(name) for name in table.columns)
    return f"INSERT INTO {quote(table.name)} ({columns}) VALUES ({', '.join(map(literal, row))});"


def _definition(table: Table, dialect: str) -> str:
    if dialect == "sqlite" and table.definition:
        return table.definition.strip().rstrip(";") + ";"
    lines = [
        f"{quote(column.name)} {column.type}{'' if column.nullable else ' NOT NULL'}".strip()
        for column in table.columns
        if not column.generated
    ]
    if table.primary_key:
        lines.append(f"PRIMARY KEY ({', '.join(map(quote, table.primary_key))})")
    lines += [f"UNIQUE ({', '.join(map(quote, key))})" for key in table.unique_keys() if key != table.primary_key]
    lines += [f"CHECK ({check.expression})" for check in table.checks]
    return f"CREATE TABLE {quote(table.name)} ({', '.join(lines)});"
