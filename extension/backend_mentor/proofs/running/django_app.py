"""Requests to Django views on one thread: its statements recorded, its writes undone, or its rows made up."""

from __future__ import annotations

import sys
import time
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

from backend_mentor.proofs.running.capture import SLOW_MILLISECONDS, is_write
from backend_mentor.proofs.running.sqlalchemy_capture import CountingCursor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from backend_mentor.domain.trace import SentRequest
    from backend_mentor.proofs.running.call import Call
    from backend_mentor.proofs.running.capture import Recorder


class DjangoSender:
    """Django's connections are each thread's own: on this one they can lead elsewhere, and nobody else sees it."""

    def __init__(self, call: Call) -> None:
        self.call = call
        self.stack = ExitStack()

    def __enter__(self) -> DjangoSender:
        from django.core.handlers.base import BaseHandler
        from django.core.signals import got_request_exception
        from django.db import connections, transaction

        got_request_exception.connect(self._keep)
        self.stack.callback(got_request_exception.disconnect, self._keep)

        self.handler = BaseHandler()
        self.handler.load_middleware()
        scratch = self.call.scratch
        for alias in list(connections):
            if scratch is not None:
                connections[alias] = scratch_connection(alias, scratch)
            elif alias in self.call.lent:
                connections[alias] = self.call.lent[alias]
            connection = connections[alias]
            if alias not in self.call.lent or scratch is not None:
                self.stack.callback(connection.close)
            self.stack.enter_context(connection.execute_wrapper(_Recording(self.call.recorder, connection)))
            if scratch is None:
                self.stack.enter_context(transaction.atomic(using=alias))
                self.stack.callback(transaction.set_rollback, True, alias)
        return self

    def __exit__(self, *_: object) -> None:
        self.stack.close()

    def _keep(self, **_: object) -> None:
        error = sys.exc_info()[1]
        if error is not None:
            self.call.raised.append(error)

    def send(self, request: SentRequest) -> Any:
        """Return Django's response, every middleware passed."""
        from django.test import RequestFactory

        headers = dict(self.call.headers)
        body = {"data": request.body, "content_type": "application/json"} if request.body is not None else {}
        asked = RequestFactory().generic(request.method, request.path, headers=headers, **body)
        asked._dont_enforce_csrf_checks = True  # what Django's own test client sets
        # A tuple, for Django looks its resolver up by the patterns.
        asked.urlconf = tuple(self.call.app.target)
        response = self.handler.get_response(asked)
        if getattr(response, "streaming", False):
            response.content = b"".join(response.streaming_content)
        return response


@contextmanager
def lent_connections() -> Iterator[dict[str, Any]]:
    """Yield the calling thread's connections to databases in memory, for another thread to use meanwhile."""
    from django.db import connections

    lent = {each.alias: each for each in connections.all(initialized_only=True) if _is_in_memory(each)}
    for connection in lent.values():
        connection.inc_thread_sharing()
    try:
        yield lent
    finally:
        for connection in lent.values():
            connection.dec_thread_sharing()


def _is_in_memory(connection: Any) -> bool:
    return bool(getattr(connection, "is_in_memory_db", bool)())


class _Recording:
    """What Django calls around each statement."""

    def __init__(self, recorder: Recorder, connection: Any) -> None:
        self.recorder, self.connection = recorder, connection

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith(("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO")):
            return execute(sql, params, many, context)
        sent = self.recorder.add(sql)
        began = time.perf_counter()
        result = execute(sql, params, many, context)
        sent.milliseconds = (time.perf_counter() - began) * 1000
        cursor = context["cursor"]
        if cursor.rowcount >= 0:
            sent.rows = cursor.rowcount
        elif not many and not sent.writes:
            # The wrapper around the driver's cursor is Django's own, made for this one statement.
            cursor.cursor = CountingCursor(cursor.cursor, sent)
        if sent.milliseconds >= SLOW_MILLISECONDS and not self.recorder.explained(sent.text):
            sent.plan = self._explain(sql, params)
        return result

    def _explain(self, sql: str, params: Any) -> tuple[str, ...]:
        keyword = {"sqlite": "EXPLAIN QUERY PLAN", "postgresql": "EXPLAIN"}.get(self.connection.vendor)
        if keyword is None or is_write(sql):
            return ()
        cursor = self.connection.create_cursor()
        try:
            cursor.execute(f"{keyword} {sql}", params)
            return tuple(str(row[-1]) for row in cursor.fetchall())
        finally:
            cursor.close()


def scratch_connection(alias: str, scratch: Path) -> Any:
    """Return Django's connection to a scratch file of SQLite, for the calling thread to use under this alias."""
    from django.db import connections
    from django.db.backends.sqlite3.base import DatabaseWrapper

    settings = {**connections.settings[alias], "ENGINE": "django.db.backends.sqlite3", "NAME": str(scratch)}
    return DatabaseWrapper(
        {**settings, "OPTIONS": {}, "ATOMIC_REQUESTS": settings.get("ATOMIC_REQUESTS", False)}, alias
    )


def create_tables(scratch: Path) -> None:
    """Create the tables of all managed models in a scratch file, on the calling thread."""
    from django.db import DEFAULT_DB_ALIAS, connections

    own = connections[DEFAULT_DB_ALIAS]
    connections[DEFAULT_DB_ALIAS] = connection = scratch_connection(DEFAULT_DB_ALIAS, scratch)
    try:
        with connection.schema_editor() as editor:
            for model in _models():
                if model._meta.managed and not model._meta.proxy and not model._meta.auto_created:
                    editor.create_model(model)
    finally:
        connection.close()
        connections[DEFAULT_DB_ALIAS] = own


def choices_of_columns() -> dict[tuple[str, str], tuple[object, ...]]:
    """Return the values that the models allow, by table and column in lower case."""
    return {
        (model._meta.db_table.lower(), field.column.lower()): tuple(value for value, _ in field.flatchoices)
        for model in _models()
        for field in model._meta.concrete_fields
        if field.flatchoices
    }


def _models() -> list[Any]:
    """Return every model there is: one that a notebook defines belongs to no installed app."""
    from django.apps import apps

    return [model for models in apps.all_models.values() for model in models.values()]
