"""Trial databases on a server of our own, for what a common table expression can not stand for."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING
from uuid import uuid4

from sqlglot import exp

from backend_mentor.databases.postgres.addresses import address_of
from backend_mentor.databases.postgres.failures import Complaint
from backend_mentor.databases.postgres.guard import calls_of, check_calls, check_text
from backend_mentor.databases.postgres.opening import open_session
from backend_mentor.databases.postgres.server import start_server
from backend_mentor.databases.postgres.shadows import columns_of
from backend_mentor.databases.postgres.values import encode_parameters
from backend_mentor.domain.errors import MentorError, NotSupportedError
from backend_mentor.domain.proof import Rows
from backend_mentor.domain.schema import TableKind, quote

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from backend_mentor.databases.base import Limits, Stop
    from backend_mentor.databases.postgres.opening import Answer, Reader
    from backend_mentor.databases.postgres.server import Server
    from backend_mentor.domain.schema import Schema, Table
    from backend_mentor.domain.statement import Statement

_REMEDY = "Compare the two statements on the real rows, by --analyze."
_STEPS = {"begin": "BEGIN", "save": "SAVEPOINT rows", "back": "ROLLBACK TO rows", "end": "ROLLBACK"}
_KINDS = (TableKind.TABLE, TableKind.PARTITIONED, TableKind.MATERIALIZED_VIEW, TableKind.FOREIGN)


@cache
def trial_server() -> Server:
    """Start the server for trials, once in a process; it stops when the process ends."""
    return start_server()


@dataclass(slots=True)
class OwnBench:
    """A bench with tables of the same columns, keys and checks; the rows are inserted and rolled back.

    Foreign keys are left out: the rows already obey them, in whatever order they come.
    """

    _reader: Reader
    _schema: Schema
    _made: dict[str, Table] = field(default_factory=dict)
    _ready: dict[str, str] = field(default_factory=dict)

    def run(self, tables: Sequence[Rows], statements: Sequence[Statement]) -> tuple[Rows, ...]:
        """Return each statement's result over these tables, all in one round trip."""
        names = [self.prepare(statement) for statement in statements]
        given = {rows.name.lower(): rows for rows in tables}
        fills: list[tuple[str, Sequence[bytes | None]]] = [
            (f"fill_{name}", columns_of(table, given.get(name.lower()))) for name, table in self._made.items()
        ]
        runs: list[tuple[str, Sequence[bytes | None]]] = [("begin", []), *fills]
        for name, statement in zip(names, statements, strict=True):
            runs += [("save", []), (name, encode_parameters(statement.values)), ("back", [])]
        outcomes = self._reader.pipeline([*runs, ("end", [])])
        if any(isinstance(outcome, Complaint) for outcome in outcomes[: 1 + len(fills)]):
            raise ValueError("the server does not accept these rows")
        answers = outcomes[2 + len(fills) : -1 : 3]
        return tuple(_rows(answer) for answer in answers)

    def prepare(self, statement: Statement) -> str:
        """Return the name under which the statement is kept; raises NotSupportedError where it can not be."""
        known = self._ready.get(statement.sql)
        if known is not None:
            return known
        try:
            check_text(statement)
            for node in statement.tree.find_all(exp.Table):
                self._make(node, statement)
            check_calls(calls_of(statement, self._reader.query))
            name = f"mentor_{len(self._ready)}"
            self._reader.prepare(name, statement.sql)
        except MentorError as error:
            raise NotSupportedError(error.what, error.remedy) from error
        self._ready[statement.sql] = name
        return name

    def _make(self, node: exp.Table, statement: Statement) -> None:
        """Make the table that the statement names, unless it is there or is an expression of the statement's own."""
        if not isinstance(node.this, exp.Identifier):
            return
        table = self._schema.table(node.name, node.db.lower() or None)
        own = {cte.alias.lower() for cte in statement.tree.find_all(exp.CTE)}
        if table is None and not node.db and node.name.lower() in own:
            return
        if table is None or table.kind not in _KINDS or self._made.get(table.name, table) is not table:
            raise NotSupportedError(f"{node.sql()} is not among the tables that can be made up.", _REMEDY)
        if table.name in self._made:
            return
        space = quote(table.namespace or "public")
        self._reader.command(f"CREATE SCHEMA IF NOT EXISTS {space}; {_create_sql(table, space)}")
        self._reader.prepare(f"fill_{table.name}", _fill_sql(table, space))
        self._made[table.name] = table


@contextmanager
def open_own_bench(schema: Schema, limits: Limits, stop: Stop) -> Iterator[OwnBench]:
    """Open a bench on the server for trials, in a database that is dropped on leaving.

    Raises NotSupportedError where no server of our own can be started.
    """
    address, _ = address_of(trial_server().url)
    name = f"trial_{uuid4().hex[:12]}"
    with open_session(address, limits, stop) as outside:
        outside.command("SET default_transaction_read_only = off")
        outside.query(f"CREATE DATABASE {name}")
        try:
            with open_session(address.with_database(name), limits, stop) as reader:
                reader.command("SET default_transaction_read_only = off; SET jit = off; SET plan_cache_mode = auto")
                for step, sql in _STEPS.items():
                    reader.prepare(step, sql)
                yield OwnBench(reader, schema)
        finally:
            # After a stop no question is sent any more; the server goes with the process anyway.
            with suppress(MentorError):
                outside.query(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _create_sql(table: Table, space: str) -> str:
    parts = []
    for column in table.columns:
        collation = f" COLLATE {quote(column.collation)}" if column.collation else ""
        parts.append(f"{quote(column.name)} {column.type}{collation}{'' if column.nullable else ' NOT NULL'}")
    if table.primary_key:
        parts.append(f"PRIMARY KEY ({', '.join(map(quote, table.primary_key))})")
    parts += [
        f"UNIQUE {'' if index.nulls_distinct else 'NULLS NOT DISTINCT '}({', '.join(map(quote, index.column_names))})"
        for index in table.indexes
        if index.unique and index.column_names in table.unique_keys() and index.column_names != table.primary_key
    ]
    parts += [f"CHECK ({check.expression})" for check in table.checks if check.holds]
    return f"CREATE TABLE {space}.{quote(table.name)} ({', '.join(parts)})"


def _fill_sql(table: Table, space: str) -> str:
    numbers = range(1, len(table.columns) + 1)
    cast = ", ".join(f"v.c{number}::{column.type}" for number, column in zip(numbers, table.columns, strict=True))
    arrays = ", ".join(f"${number}::text[]" for number in numbers)
    names = ", ".join(f"c{number}" for number in numbers)
    return f"INSERT INTO {space}.{quote(table.name)} SELECT {cast} FROM unnest({arrays}) AS v({names})"


def _rows(outcome: Answer | Complaint) -> Rows:
    if isinstance(outcome, Complaint):
        return Rows("", (), (), error=outcome.message)
    return Rows("", outcome.columns, outcome.rows)
