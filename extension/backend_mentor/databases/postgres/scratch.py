"""A copy of the database, where an index is really built and the query really run."""

from __future__ import annotations

import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid4

from backend_mentor.databases.postgres.explain import explain_statement, time_statement
from backend_mentor.databases.postgres.guard import calls_of, check_calls, check_text
from backend_mentor.databases.postgres.opening import open_reader, open_session
from backend_mentor.databases.postgres.server import SCRATCH_SETTING
from backend_mentor.domain.errors import DatabaseError, NotSupportedError
from backend_mentor.domain.schema import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.databases.base import Limits, Stop, TimedRun
    from backend_mentor.databases.postgres.opening import Address, Reader
    from backend_mentor.domain.plan import Plan
    from backend_mentor.domain.schema import Engine, Index
    from backend_mentor.domain.statement import Statement


@dataclass(slots=True)
class TemplateCopy:
    """A database made by `CREATE DATABASE … TEMPLATE`, dropped on leaving."""

    address: Address
    engine: Engine
    limits: Limits
    stop: Stop
    place: str = "a scratch copy"

    def build(self, index: Index) -> tuple[int | None, float]:
        """Build the index and gather its table's statistics; return its size in bytes and the milliseconds."""
        with open_session(self.address, self.limits, self.stop) as session:
            session.command("SET default_transaction_read_only = off")
            began = time.perf_counter()
            session.query(index.create_sql())
            milliseconds = (time.perf_counter() - began) * 1000
            session.command(f"ANALYZE {quote(index.table)}")
            [(size,)] = session.query("SELECT pg_relation_size($1::text::regclass)", (quote(index.name),)).rows
        return (size if isinstance(size, int) else None), milliseconds

    def drop(self, index: Index) -> None:
        """Remove an index that was built here."""
        with open_session(self.address, self.limits, self.stop) as session:
            session.command("SET default_transaction_read_only = off")
            session.query(f"DROP INDEX {quote(index.name)}")

    def explain(self, statement: Statement) -> Plan:
        """Return the plan on the copy as it is now."""
        with open_reader(self.address, self.limits, self.stop) as reader:
            return explain_statement(reader, statement, self.engine)

    def run(self, statement: Statement) -> TimedRun:
        """Run a query on the copy under the same guard and limits as on the original."""
        check_text(statement)
        with open_reader(self.address, self.limits, self.stop) as reader:
            check_calls(calls_of(statement, reader.query))
            return time_statement(reader, statement, self.engine)


@contextmanager
def open_copy(address: Address, engine: Engine, limits: Limits, stop: Stop) -> Iterator[TemplateCopy]:
    """Copy the database on its own server; raises NotSupportedError where that is not ours to do, or too large."""
    with open_reader(address, limits, stop) as reader:
        source = _check_copyable(reader, limits)
    # The copy is made from another database: no session may be open on the one that is copied.
    elsewhere = address.with_database("postgres" if source != "postgres" else "template1")
    copy = f"mentor_scratch_{uuid4().hex[:12]}"
    with open_session(elsewhere, limits, stop) as session:
        session.command("SET default_transaction_read_only = off")
        _make_copy(session, copy, source)
        try:
            yield TemplateCopy(address.with_database(copy), engine, limits, stop)
        finally:
            _drop(elsewhere, copy, limits)


def _check_copyable(reader: Reader, limits: Limits) -> str:
    [(allowed, source, size)] = reader.query(
        "SELECT current_setting($1, true), current_database(), pg_database_size(current_database())", (SCRATCH_SETTING,)
    ).rows
    if allowed != "on":
        raise NotSupportedError(
            f"{source} is not marked as scratch, so nothing is built there or beside it.",
            f"Where a copy harms nobody, say: ALTER DATABASE {quote(str(source))} SET {SCRATCH_SETTING} = on",
        )
    if isinstance(size, int) and size > limits.scratch_bytes:
        raise NotSupportedError(
            f"{source} holds {size:,} bytes, more than the {limits.scratch_bytes:,} that are copied to try an index.",
            "Raise `scratch_bytes` in the limits, or connect to a smaller copy.",
        )
    return str(source)


def _make_copy(session: Reader, copy: str, source: str) -> None:
    # FILE_COPY is quicker than writing every page to the log; version 15 brought the choice.
    strategy = " STRATEGY file_copy" if session.wire.server_version >= 150000 else ""
    try:
        session.query(f"CREATE DATABASE {quote(copy)} TEMPLATE {quote(source)}{strategy}")
    except DatabaseError as error:
        raise NotSupportedError(
            f"{error.what.rstrip('.')}: a database in use can not be copied.",
            "Close the other sessions on it, then run the cell again.",
        ) from error


def _drop(elsewhere: Address, copy: str, limits: Limits) -> None:
    """Drop the copy whatever happened: on a connection of its own, whoever asked to stop."""
    from backend_mentor.databases.base import Stop

    with suppress(Exception), open_session(elsewhere, limits, Stop()) as session:
        session.command("SET default_transaction_read_only = off")
        session.query(f"DROP DATABASE IF EXISTS {quote(copy)} WITH (FORCE)")
