"""Sessions that can only read: a fresh connection, a read-only snapshot, the extended protocol, limits, a stop."""

from __future__ import annotations

import selectors
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from backend_mentor.databases.postgres.failures import Complaint, lost, over_time, translate
from backend_mentor.databases.postgres.values import encode_parameters, reader_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import psycopg
    from psycopg.pq.abc import PGconn, PGresult

    from backend_mentor.databases.base import Limits, Stop

_LOOK_SECONDS = 0.05
_CANCEL_SECONDS = 1.0
_CONNECT_SECONDS = 10
_GRACE_MILLISECONDS = 500
"""How much later the server's own limit falls than ours, so that ours is the one that is told."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where the database is and who we are there; the parameters hold the password, the name does not."""

    parameters: Mapping[str, object] = field(repr=False)
    name: str

    def with_database(self, database: str) -> Address:
        """Return the address of another database on the same server."""
        return Address({**self.parameters, "dbname": database}, database)


@dataclass(frozen=True, slots=True)
class Answer:
    """A result: the columns' names and types, and the rows as Python values."""

    columns: tuple[str, ...]
    types: tuple[int, ...]
    rows: tuple[tuple[object, ...], ...]


class Reader:
    """One session on the server, in the thread that opened it."""

    def __init__(self, connection: psycopg.Connection, address: Address, limits: Limits, stop: Stop) -> None:
        self._connection = connection
        self._address = address
        self._stop = stop
        self._milliseconds = limits.milliseconds
        self._selector = selectors.DefaultSelector()
        self._selector.register(connection.pgconn.socket, selectors.EVENT_READ)
        self.role = connection.info.user

    @property
    def wire(self) -> PGconn:
        """The connection of libpq."""
        return self._connection.pgconn

    def command(self, script: str) -> None:
        """Run statements of our own, several at once, whose rows are of no interest."""
        self._ask(lambda: self.wire.send_query(script.encode()))

    def query(self, sql: str, values: Sequence[object] = ()) -> Answer:
        """Run exactly one statement by the extended protocol, which refuses a second, and return its rows."""
        self._stop.check()
        results = self._ask(lambda: self.wire.send_query_params(sql.encode(), encode_parameters(values)))
        return read_result(results[-1])

    def close(self) -> None:
        """End the session: what it held on the server goes with it."""
        self._selector.close()
        self._connection.close()

    def prepare(self, name: str, sql: str) -> None:
        """Have the server parse and keep one statement under a name."""
        self._ask(lambda: self.wire.send_prepare(name.encode(), sql.encode()))

    def column_types(self, sql: str) -> Answer:
        """Return a statement's columns without running it."""
        self.prepare("", sql)
        return read_result(self._ask(lambda: self.wire.send_describe_prepared(b""))[-1])

    def pipeline(self, runs: Sequence[tuple[str, Sequence[bytes | None]]]) -> tuple[Answer | Complaint, ...]:
        """Run prepared statements in one round trip, each in a transaction of its own.

        `runs` holds names and encoded parameters. A statement that failed gives its complaint.
        """
        import psycopg

        self._stop.check()
        wire = self.wire
        wire.enter_pipeline_mode()
        try:
            for name, parameters in runs:
                wire.send_query_prepared(name.encode(), parameters)
                wire.pipeline_sync()
            outcomes = tuple(self._piped() for _ in runs)
        except psycopg.OperationalError as error:
            raise lost(self._address.name, str(error)) from error
        except BaseException:
            self._cancel()
            raise
        wire.exit_pipeline_mode()
        return outcomes

    def _piped(self) -> Answer | Complaint:
        from psycopg.pq import ExecStatus

        outcome: Answer | Complaint | None = None
        deadline = self._deadline()
        while True:
            result = self._next_result(deadline)
            if result is None:
                continue
            status = ExecStatus(result.status)
            if status == ExecStatus.PIPELINE_SYNC:
                return outcome or Complaint("XX000", "the server did not answer")
            outcome = complaint_of(result) if status == ExecStatus.FATAL_ERROR else read_result(result)
            if isinstance(outcome, Complaint) and outcome.state.startswith("57"):
                raise translate(outcome, self._address.name, self.role)

    def _deadline(self) -> float:
        return time.monotonic() + self._milliseconds / 1000

    def _ask(self, send: Callable[[], None]) -> list[PGresult]:
        """Return the results of what is sent; a stop, a limit or Ctrl-C cancels it on the server."""
        import psycopg

        deadline = self._deadline()
        try:
            send()
            results: list[PGresult] = []
            while (result := self._next_result(deadline)) is not None:
                results.append(result)
        except psycopg.OperationalError as error:
            raise lost(self._address.name, str(error)) from error
        except BaseException:
            self._cancel()
            raise
        for result in results:
            self._raise_failure(result)
        return results

    def _next_result(self, deadline: float) -> PGresult | None:
        wire = self.wire
        while wire.is_busy():
            if self._selector.select(_LOOK_SECONDS):
                self.wire.consume_input()
                continue
            self._stop.check()
            if time.monotonic() > deadline:
                raise over_time(self._milliseconds)
        return wire.get_result()

    def _cancel(self) -> None:
        # What went wrong is already on its way up; a cancel that fails too must not hide it.
        with suppress(Exception):
            self._connection.cancel_safe(timeout=_CANCEL_SECONDS)

    def _raise_failure(self, result: PGresult) -> None:
        from psycopg.pq import ExecStatus

        if result.status != ExecStatus.FATAL_ERROR:
            return
        complaint = complaint_of(result)
        if not complaint.state:
            # libpq's own words, not the server's: the connection broke.
            raise lost(self._address.name, complaint.message)
        raise translate(complaint, self._address.name, self.role)


@contextmanager
def open_reader(address: Address, limits: Limits, stop: Stop) -> Iterator[Reader]:
    """Open a session in a read-only snapshot; it is rolled back and closed on leaving.

    The first query is ours: after it `SET TRANSACTION READ WRITE` is refused by the server.
    """
    with open_session(address, limits, stop) as reader:
        reader.command("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT 1")
        yield reader


@contextmanager
def open_session(address: Address, limits: Limits, stop: Stop) -> Iterator[Reader]:
    """Open a session whose every transaction is read-only by default."""
    connection = _connect(address)
    # Sending blocks until all is sent; only waiting for the answer is watched.
    connection.pgconn.nonblocking = 0
    reader = Reader(connection, address, limits, stop)
    try:
        reader.command(
            f"SET statement_timeout = {limits.milliseconds + _GRACE_MILLISECONDS}; "
            f"SET lock_timeout = {limits.lock_milliseconds}; "
            f"SET idle_in_transaction_session_timeout = {limits.milliseconds + 60_000}; "
            "SET default_transaction_read_only = on; SET standard_conforming_strings = on; "
            "SET extra_float_digits = 1; SET bytea_output = 'hex'"
        )
        yield reader
    finally:
        with suppress(Exception):
            reader.close()


def _connect(address: Address) -> psycopg.Connection:
    import psycopg

    parameters = {"connect_timeout": _CONNECT_SECONDS, "application_name": "backend_mentor", **address.parameters}
    try:
        return psycopg.connect(
            **{**parameters, "client_encoding": "utf8"},  # type: ignore[arg-type]  # libpq's own names
            autocommit=True,
        )
    except psycopg.Error as error:
        raise lost(address.name, str(error)) from error


def read_result(result: PGresult) -> Answer:
    """Return a result's columns and rows as Python values."""
    columns = range(result.nfields)
    names = tuple((result.fname(column) or b"").decode() for column in columns)
    types = tuple(result.ftype(column) for column in columns)
    readers = [reader_of(number) for number in types]
    rows = []
    for row in range(result.ntuples):
        cells = [result.get_value(row, column) for column in columns]
        rows.append(
            tuple(
                None if cell is None else read(cell.decode(errors="backslashreplace"))
                for cell, read in zip(cells, readers, strict=True)
            )
        )
    return Answer(names, types, tuple(rows))


def complaint_of(result: PGresult) -> Complaint:
    """Return the error that a result carries."""
    from psycopg.pq import DiagnosticField

    def part(name: DiagnosticField) -> str:
        return (result.error_field(name) or b"").decode(errors="replace")

    message = part(DiagnosticField.MESSAGE_PRIMARY) or result.error_message.decode(errors="replace")
    return Complaint(part(DiagnosticField.SQLSTATE), message, part(DiagnosticField.MESSAGE_HINT))
