"""Trial databases on the user's own server: queries over made-up tables, no table read, nothing written."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from backend_mentor.databases.postgres.failures import Complaint
from backend_mentor.databases.postgres.guard import calls_of, check_calls, check_text
from backend_mentor.databases.postgres.opening import open_session
from backend_mentor.databases.postgres.own_trials import open_own_bench
from backend_mentor.databases.postgres.shadows import columns_of, shadow, shadow_of
from backend_mentor.databases.postgres.values import encode_parameters
from backend_mentor.domain.errors import DatabaseError, NotSupportedError, RefusedError, StatementSyntaxError
from backend_mentor.domain.proof import Rows
from backend_mentor.domain.schema import quote

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from backend_mentor.databases.base import Limits, Stop
    from backend_mentor.databases.postgres.opening import Address, Answer, Reader
    from backend_mentor.databases.postgres.own_trials import OwnBench
    from backend_mentor.domain.schema import Schema, Table
    from backend_mentor.domain.statement import Statement
    from backend_mentor.domain.subject import Fact

_REMEDY = "Compare the two statements on the real rows, by --analyze."
_TRIAL_MILLISECONDS = 5_000
"""For one statement over tables of a few rows; a recursion without an end meets it."""

# PostgreSQL locks every relation that a statement names, views' tables too, before it plans or runs anything.
_LOCKED = """
SELECT DISTINCT coalesce(c.oid::regclass::text, l.relation::text) FROM pg_catalog.pg_locks l
LEFT JOIN pg_catalog.pg_class c ON c.oid = l.relation
WHERE l.pid = pg_backend_pid() AND l.locktype = 'relation'
"""


@dataclass(frozen=True, slots=True)
class _Ready:
    """A statement that the server has parsed and that reads nothing real."""

    name: str
    values: tuple[bytes | None, ...]
    tables: tuple[str, ...]


@dataclass(slots=True)
class ShadowBench:
    """A bench whose tables are common table expressions in front of the query.

    A statement is let through once the server itself has shown, by its locks, that it names no real relation.
    """

    _reader: Reader
    _schema: Schema
    _facts: frozenset[Fact]
    _ready: dict[str, _Ready] = field(default_factory=dict)
    _refused: dict[str, NotSupportedError] = field(default_factory=dict)
    _admissions: dict[tuple[str, ...], str] = field(default_factory=dict)

    def run(self, tables: Sequence[Rows], statements: Sequence[Statement]) -> tuple[Rows, ...]:
        """Return each statement's result over these tables; see `TrialBench.run`."""
        ready = [self._prepared(statement) for statement in statements]
        columns = self._columns(tables, {name for each in ready for name in each.tables})
        runs = [
            (each.name, [*each.values, *(array for name in each.tables for array in columns[name])]) for each in ready
        ]
        outcomes = self._reader.pipeline(runs)
        if any(isinstance(outcome, Complaint) for outcome in outcomes) and not self.admits(tables):
            raise ValueError("the server does not accept these rows")
        return tuple(map(_rows, outcomes))

    def admits(self, tables: Sequence[Rows]) -> bool:
        """Return whether every value fits its column's type, and every row the CHECKs and the facts."""
        given = [rows for rows in tables if self._schema.table(rows.name) is not None]
        if not given:
            return True
        names = tuple(self._table(rows.name).name for rows in given)
        if names not in self._admissions:
            self._admissions[names] = self._prepare_admission(names)
        columns = self._columns(given, set(names))
        parameters = [array for name in names for array in columns[name]]
        [outcome] = self._reader.pipeline([(self._admissions[names], parameters)])
        return not isinstance(outcome, Complaint) and outcome.rows[0][0] is True

    def supports(self, statement: Statement) -> None:
        """Raise NotSupportedError, with the reason, where the statement can not be tried here."""
        self._prepared(statement)

    def _prepared(self, statement: Statement) -> _Ready:
        key = f"{statement.sql}\n{statement.values!r}"
        if key in self._refused:
            raise self._refused[key]
        known = self._ready.get(key)
        if known is None:
            try:
                known = self._prepare(statement)
            except (RefusedError, StatementSyntaxError, NotSupportedError) as error:
                self._refused[key] = NotSupportedError(error.what, error.remedy)
                raise self._refused[key] from error
            self._ready[key] = known
        return known

    def _prepare(self, statement: Statement) -> _Ready:
        check_text(statement)
        calls = calls_of(statement, self._reader.query)
        check_calls(calls)
        for call in calls:
            if call.made_by_user and call.reads:
                raise NotSupportedError(
                    f"{call.name} is no IMMUTABLE function: it can read real tables from within.", _REMEDY
                )
        shadowed = shadow(statement, self._schema)
        known = {name: self._table(name) for name in shadowed.tables}
        values = tuple(encode_parameters(statement.values))
        sql = shadowed.sql(known, len(values))
        name = f"mentor_{len(self._ready)}"
        self._check_locks(name, sql)
        return _Ready(name, values, shadowed.tables)

    def _check_locks(self, name: str, sql: str) -> None:
        """Have the server parse the statement, and raise NotSupportedError where a real relation is in it."""
        reader = self._reader
        reader.command("BEGIN READ ONLY")
        try:
            before = {row[0] for row in reader.query(_LOCKED).rows}
            try:
                reader.prepare(name, sql)
            except DatabaseError as error:
                raise NotSupportedError(f"Over made-up tables the server says: {error.what}", _REMEDY) from error
            real = sorted({str(row[0]) for row in reader.query(_LOCKED).rows} - before)
        finally:
            reader.command("ROLLBACK")
        if real:
            reader.command(f"DEALLOCATE {name}")
            raise NotSupportedError(f"The statement would read the real {', '.join(real)}.", _REMEDY)

    def _prepare_admission(self, names: tuple[str, ...]) -> str:
        number, parts = 1, []
        for name in names:
            parts.append(shadow_of(self._table(name), number))
            number += len(self._table(name).columns)
        conditions = " AND ".join(self._condition(self._table(name)) for name in names)
        prepared = f"mentor_admission_{len(self._admissions)}"
        self._reader.prepare(prepared, f"WITH {', '.join(parts)} SELECT {conditions}")
        return prepared

    def _columns(self, tables: Sequence[Rows], names: set[str]) -> dict[str, list[bytes]]:
        given = {rows.name.lower(): rows for rows in tables}
        return {name: columns_of(self._table(name), given.get(name.lower())) for name in names}

    def _table(self, name: str) -> Table:
        table = self._schema.table(name)
        if table is None:
            raise NotSupportedError(f"{name} is not among the tables that can be made up.", _REMEDY)
        return table

    def _condition(self, table: Table) -> str:
        expressions = [check.expression for check in table.checks]
        expressions += [fact.holds for fact in self._facts if fact.table.lower() == table.name.lower()]
        tested = " AND ".join(f"({expression}) IS NOT FALSE" for expression in expressions) or "true"
        return f"(SELECT coalesce(bool_and({tested}), true) FROM {quote(table.name)})"


@dataclass(slots=True)
class PostgresBench:
    """The user's own server wherever shadows carry; a server of our own for the statements that they do not carry."""

    _shadows: ShadowBench
    _open_own: Callable[[], OwnBench]
    _own: OwnBench | None = None

    def run(self, tables: Sequence[Rows], statements: Sequence[Statement]) -> tuple[Rows, ...]:
        """Return each statement's result over these tables; statements compared run on one and the same server."""
        if all(self._shadows_carry(statement) for statement in statements):
            return self._shadows.run(tables, statements)
        for statement in statements:
            self.supports(statement)
        return self._own_bench().run(tables, statements)

    def admits(self, tables: Sequence[Rows]) -> bool:
        """Return whether every value fits its column's type, and every row the CHECKs and the facts."""
        return self._shadows.admits(tables)

    def supports(self, statement: Statement) -> None:
        """Raise NotSupportedError, with the reason, where the statement can not be tried on either server."""
        try:
            self._shadows.supports(statement)
        except NotSupportedError as reason:
            try:
                self._own_bench().prepare(statement)
            except NotSupportedError:
                # Why the user's own server can not do it says more than what ours lacks.
                raise reason from None

    def _shadows_carry(self, statement: Statement) -> bool:
        try:
            self._shadows.supports(statement)
        except NotSupportedError:
            return False
        return True

    def _own_bench(self) -> OwnBench:
        if self._own is None:
            self._own = self._open_own()
        return self._own


@contextmanager
def open_bench(
    address: Address, schema: Schema, facts: frozenset[Fact], limits: Limits, stop: Stop
) -> Iterator[PostgresBench]:
    """Open a bench on one session of the server; a server of our own is started where the first statement needs it."""
    limits = replace(limits, milliseconds=min(limits.milliseconds, _TRIAL_MILLISECONDS))
    with open_session(address, limits, stop) as reader, ExitStack() as stack:
        # A trial is over before a compiler, a second process or a second plan would have begun.
        reader.command(
            "SET jit = off; SET max_parallel_workers_per_gather = 0; SET plan_cache_mode = force_generic_plan"
        )
        shadows = ShadowBench(reader, schema, facts)
        yield PostgresBench(shadows, lambda: stack.enter_context(open_own_bench(schema, limits, stop)))


def _rows(outcome: Answer | Complaint) -> Rows:
    if isinstance(outcome, Complaint):
        return Rows("", (), (), error=outcome.message)
    return Rows("", outcome.columns, outcome.rows)
