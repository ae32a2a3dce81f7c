"""The bench for trial databases: an in-memory database made from the user's own CREATE statements."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from backend_mentor.databases.sqlite.definition import with_checks
from backend_mentor.databases.sqlite.guard import REFUSED_FUNCTIONS, check
from backend_mentor.databases.sqlite.opening import limit
from backend_mentor.databases.sqlite.runaway import runaway_call
from backend_mentor.databases.sqlite.running import InlineWatch, bindings
from backend_mentor.databases.sqlite.statistics import quoted
from backend_mentor.domain.errors import NotSupportedError, RefusedError
from backend_mentor.domain.proof import Rows
from backend_mentor.domain.schema import TableKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from backend_mentor.databases.base import Limits, Stop
    from backend_mentor.domain.schema import Schema
    from backend_mentor.domain.statement import Statement
    from backend_mentor.domain.subject import Fact

_ALLOWED = frozenset(
    [
        sqlite3.SQLITE_SELECT,
        sqlite3.SQLITE_READ,
        sqlite3.SQLITE_RECURSIVE,
        sqlite3.SQLITE_INSERT,
        sqlite3.SQLITE_UPDATE,
        sqlite3.SQLITE_TRANSACTION,
    ]
)
_TRIAL_MILLISECONDS = 1_000


@contextmanager
def open_bench(
    schema: Schema, facts: frozenset[Fact] = frozenset(), *, limits: Limits, stop: Stop | None = None
) -> Iterator[Bench]:
    """Open a bench with these tables and views; each fact is one CHECK more."""
    with closing(sqlite3.connect(":memory:", isolation_level=None, cached_statements=256)) as connection:
        limit(connection, limits)
        bench = Bench(connection, schema, facts, limits, stop)
        connection.set_authorizer(_authorize)
        yield bench


class Bench:
    """Runs statements over given rows, each time from empty tables; see `databases.base.TrialBench`."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        schema: Schema,
        facts: frozenset[Fact],
        limits: Limits,
        stop: Stop | None,
    ) -> None:
        self._connection = connection
        self._limits = limits
        self._stop = stop
        self._watch = InlineWatch(connection, min(_TRIAL_MILLISECONDS, limits.milliseconds), stop)
        self._inserts: dict[tuple[str, tuple[str, ...]], tuple[str, tuple[int, ...]]] = {}
        self._schema = schema
        self._missing: dict[str, str] = {}
        """Why a table of the schema is not here, by its name in lower case."""
        connection.text_factory = lambda text: text.decode("utf-8", "replace")
        self._create(facts)

    def run(self, tables: Sequence[Rows], statements: Sequence[Statement]) -> tuple[Rows, ...]:
        """Return each statement's result over these rows; raises ValueError where a constraint refuses them."""
        self._watch.begin()
        self._connection.execute("BEGIN")
        try:
            self._fill(tables)
            return tuple(self._answer(statement) for statement in statements)
        finally:
            self._connection.execute("ROLLBACK")

    def admits(self, tables: Sequence[Rows]) -> bool:
        """Return whether SQLite accepts these rows under the schema's constraints and the facts."""
        self._watch.begin()
        self._connection.execute("BEGIN")
        try:
            self._fill(tables)
        except ValueError:
            return False
        finally:
            self._connection.execute("ROLLBACK")
        return True

    def supports(self, statement: Statement) -> None:
        """Raise NotSupportedError where the statement's answer here would not tell of the real database."""
        from sqlglot import exp

        try:
            check(statement)
        except RefusedError as error:
            raise NotSupportedError(error.what, error.remedy) from error
        if name := runaway_call(statement):
            raise NotSupportedError(f"{name} can make values too large for trials.", "Try it with a small constant.")
        for table in statement.tree.find_all(exp.Table):
            if reason := self._missing.get(table.name.lower()):
                raise NotSupportedError(reason, "Test it on your own data with --analyze.")
            if table.name.lower().startswith(("sqlite_", "pragma_", "dbstat")):
                raise NotSupportedError(
                    f"{table.name} describes the database itself, which trial databases do not have.",
                    "Compare such queries by their text.",
                )
        self._compile(statement)

    def _compile(self, statement: Statement) -> None:
        self._watch.begin()
        try:
            self._connection.execute(f"EXPLAIN {statement.sql}", bindings(statement)).fetchall()
        except sqlite3.Error as error:
            raise NotSupportedError(
                f"A trial database can not run it: {error}.", "Test it on your own data with --analyze."
            ) from error

    def _create(self, facts: frozenset[Fact]) -> None:
        for table in self._schema.tables:
            if table.kind is TableKind.VIRTUAL:
                self._missing[table.name.lower()] = f"{table.name} is a virtual table, whose content is not its own."
                continue
            checks = sorted(fact.holds for fact in facts if fact.table.lower() == table.name.lower())
            definition = with_checks(table.definition or "", checks)
            indexes = [index.create_sql() for index in table.indexes if not index.constraint]
            try:
                for sql in (definition, *indexes):
                    self._connection.execute(sql)
            except sqlite3.Error as error:
                # A collation or a function of the user's own program: SQLite alone can not make this table.
                self._missing[table.name.lower()] = f"{table.name} can not be made anew: {error}."

    def _fill(self, tables: Sequence[Rows]) -> None:
        for table in tables:
            if not table.rows:
                continue
            sql, places = self._insert(table)
            rows = table.rows if len(places) == len(table.columns) else [[row[p] for p in places] for row in table.rows]
            try:
                self._connection.executemany(sql, rows)
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
                    raise self._watch.reason() from error
                raise ValueError(str(error)) from error
            except (sqlite3.Error, OverflowError) as error:
                raise ValueError(str(error)) from error

    def _insert(self, table: Rows) -> tuple[str, tuple[int, ...]]:
        """Return the INSERT and the places of the values that it takes: generated columns make their own."""
        key = (table.name, table.columns)
        if key not in self._inserts:
            found = self._schema.table(table.name)
            own = {column.name.lower() for column in found.columns if column.generated} if found else set()
            places = tuple(place for place, name in enumerate(table.columns) if name.lower() not in own)
            names = ", ".join(quoted(table.columns[place]) for place in places)
            marks = ", ".join("?" * len(places))
            self._inserts[key] = (f"INSERT INTO {quoted(table.name)} ({names}) VALUES ({marks})", places)
        return self._inserts[key]

    def _answer(self, statement: Statement) -> Rows:
        try:
            cursor = self._connection.execute(statement.sql, bindings(statement))
            rows = cursor.fetchmany(self._limits.rows + 1)
        except sqlite3.Error as error:
            if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT:
                raise self._watch.reason() from error
            return Rows("", (), (), error=str(error))
        if len(rows) > self._limits.rows:
            raise NotSupportedError(
                f"The query makes more than {self._limits.rows:,} rows of a few.", "Give a query that ends."
            )
        return Rows("", tuple(column[0] for column in cursor.description or ()), tuple(rows))


def _authorize(action: int, first: str | None, second: str | None, database: str | None, source: str | None) -> int:
    if action in _ALLOWED:
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_FUNCTION and (second or "").lower() not in REFUSED_FUNCTIONS:
        return sqlite3.SQLITE_OK
    return sqlite3.SQLITE_DENY
