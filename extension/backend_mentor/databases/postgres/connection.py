"""A connected PostgreSQL database: each question gets a fresh, read-only session that is rolled back and closed."""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from backend_mentor.databases.base import Limits, Stop
from backend_mentor.databases.postgres.addresses import address_of
from backend_mentor.databases.postgres.catalog import read_schema
from backend_mentor.databases.postgres.comparing import compare_results, fact_statement
from backend_mentor.databases.postgres.explain import explain_statement, time_statement
from backend_mentor.databases.postgres.guard import calls_of, check_calls, check_text
from backend_mentor.databases.postgres.opening import open_reader
from backend_mentor.databases.postgres.scratch import open_copy
from backend_mentor.databases.postgres.server import SCRATCH_SETTING
from backend_mentor.databases.postgres.whatif import try_index
from backend_mentor.domain.errors import ConnectError, TimeLimitError
from backend_mentor.domain.proof import Rows
from backend_mentor.domain.schema import Engine
from backend_mentor.domain.statement import StatementKind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from backend_mentor.databases.base import Scratch, TimedRun, TrialBench
    from backend_mentor.databases.postgres.opening import Address, Reader
    from backend_mentor.domain.plan import Plan
    from backend_mentor.domain.proof import Cost, OwnData
    from backend_mentor.domain.schema import Index, Schema
    from backend_mentor.domain.statement import Statement
    from backend_mentor.domain.subject import Fact

_OLDEST = (12,)
_FETCHED_AT_ONCE = 1_000

_WHO = """
SELECT current_setting('server_version'), rolsuper, current_setting($1, true) = 'on', current_user, pg_is_in_recovery()
FROM pg_catalog.pg_roles WHERE rolname = current_user
"""


@dataclass(slots=True)
class PostgresDatabase:
    """A database on a PostgreSQL server, version 12 or later."""

    name: str
    address: Address
    engine: Engine
    stop: Stop
    limits: Limits
    notes: tuple[str, ...] = ()
    count_unit: str = "pages"
    analyze_by_default: bool = False

    @property
    def identity(self) -> str:
        """Database, host and port, whatever it is called here."""
        return self.address.name

    @classmethod
    def connect(cls, target: object, limits: Limits | None = None, stop: Stop | None = None) -> PostgresDatabase:
        """Connect to an address, a SQLAlchemy engine or a DBAPI connection.

        A session of the user's own is never used: only its address is taken. Raises ConnectError where the server can
        not be reached or is older than version 12.
        """
        address, note = address_of(target)
        limits, stop = limits or Limits(), stop or Stop()
        with open_reader(address, limits, stop) as reader:
            version, is_superuser, is_scratch, role, is_replica = reader.query(_WHO, (SCRATCH_SETTING,)).rows[0]
        engine = Engine("postgres", _version(str(version)))
        if engine.version < _OLDEST:
            raise ConnectError(
                f"{address.name} is {engine.title}; version 12 is the oldest that is understood.",
                "Connect to a newer server.",
            )
        notes = [note] if note else []
        if is_superuser is True and is_scratch is not True:
            notes.append(
                f"You are connected as superuser {role}, whom no permission holds back: "
                "connect as a role that can only read."
            )
        if is_replica is True:
            notes.append("This server is a replica: its counts of index scans are its own, not the primary's.")
        return cls(address.name, address, engine, stop, limits, tuple(notes))

    def schema(self) -> Schema:
        """Return the catalogue as it is now."""
        with self._reader() as reader:
            return read_schema(reader, self.engine)

    def check(self, statement: Statement) -> None:
        """Raise RefusedError unless the statement is a single query that changes nothing."""
        with self._checked(statement):
            pass

    def explain(self, statement: Statement, *, analyze: bool = False) -> Plan:
        """Return the plan; a write is planned and never run."""
        if statement.kind is StatementKind.QUERY:
            with self._checked(statement) as reader:
                return explain_statement(reader, statement, self.engine, analyze=analyze)
        with self._reader() as reader:
            return explain_statement(reader, statement, self.engine, analyze=analyze)

    def run(self, statement: Statement, *, timed: bool = True) -> TimedRun:
        """Run a query to its end on the server and throw its rows away there."""
        del timed  # EXPLAIN ANALYZE gives the time at no further cost.
        with self._checked(statement) as reader:
            return time_statement(reader, statement, self.engine)

    def fetch(self, statement: Statement) -> Rows:
        """Run a query and return its first `limits.rows` rows, or as many as fit into `limits.value_bytes`."""
        with self._checked(statement) as reader:
            reader.query(f"DECLARE mentor_rows NO SCROLL CURSOR FOR {statement.sql}", statement.values)
            rows: list[tuple[object, ...]] = []
            room = self.limits.value_bytes
            while True:
                wanted = min(_FETCHED_AT_ONCE, self.limits.rows - len(rows))
                answer = reader.query(f"FETCH {wanted} FROM mentor_rows")
                rows.extend(answer.rows)
                room -= sum(len(str(value)) for row in answer.rows for value in row)
                if len(answer.rows) < wanted or len(rows) >= self.limits.rows or room <= 0:
                    return Rows("", answer.columns, tuple(rows))

    def holds(self, fact: Fact) -> bool | None:
        """Return whether every row of the table meets the fact; None where there was no time to see."""
        limits = replace(self.limits, milliseconds=self.limits.fact_milliseconds)
        try:
            with open_reader(self.address, limits, self.stop) as reader:
                statement = fact_statement(reader, fact)
                check_text(statement)
                check_calls(calls_of(statement, reader.query))
                return reader.query(statement.sql).rows[0][0] is True
        except TimeLimitError:
            return None

    def compare(self, before: Statement, after: Statement, *, ordered: bool) -> OwnData:
        """Run both queries on the user's rows, in one snapshot, and compare the results inside the database."""
        check_text(after)
        with self._checked(before) as reader:
            check_calls(calls_of(after, reader.query))
            return compare_results(reader, before, after, ordered=ordered)

    def bench(self, schema: Schema, facts: frozenset[Fact] = frozenset()) -> AbstractContextManager[TrialBench]:
        """Open a bench for trial databases on this server, in which no table is read or written."""
        from backend_mentor.databases.postgres.trials import open_bench

        return open_bench(self.address, schema, facts, self.limits, self.stop)

    def what_if(self, statement: Statement, index: Index) -> Cost:
        """Return the planner's word on an index that does not exist, where the server has HypoPG."""
        with self._checked(statement) as reader:
            return try_index(reader, statement, index, read_schema(reader, self.engine))

    def scratch(self) -> AbstractContextManager[Scratch]:
        """Open a copy to build indexes on, where the server is ours or the database is marked as scratch."""
        return open_copy(self.address, self.engine, self.limits, self.stop)

    def close(self) -> None:
        """Do nothing: no session outlives its question."""

    @contextmanager
    def _reader(self) -> Iterator[Reader]:
        self.stop.check()
        with open_reader(self.address, self.limits, self.stop) as reader:
            yield reader

    @contextmanager
    def _checked(self, statement: Statement) -> Iterator[Reader]:
        """Open a reader for a statement that passed the whole gate."""
        check_text(statement)
        with self._reader() as reader:
            check_calls(calls_of(statement, reader.query))
            yield reader


def _version(text: str) -> tuple[int, ...]:
    found = re.match(r"\d+(?:\.\d+)*", text)
    return tuple(int(part) for part in found.group().split(".")) if found else ()
