"""A value from a row that the user's own database holds, so that a request asks for something that is there."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from backend_mentor.domain.schema import quote
from backend_mentor.proofs.running.apps import Interface
from backend_mentor.proofs.running.models import apart
from backend_mentor.proofs.running.pools import belongs_to_loop

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine


def own_value(engines: list[Engine], interface: Interface, table: str, column: str) -> object | None:
    """Return the least value of a column in the first database that has the table; None where none has a row."""
    sql = f"SELECT min({quote(column)}) FROM {quote(table)}"
    if interface is Interface.DJANGO:
        return _of_django(sql)
    for engine in engines:
        if belongs_to_loop(engine):
            continue
        value: object = None
        # A database without the table, or out of reach: the next one is asked.
        with suppress(Exception):
            value = _of_async(engine, sql) if engine.dialect.is_async else _of_engine(engine, sql)
        if value is not None:
            return value
    return None


def _of_engine(engine: Engine, sql: str) -> Any:
    with engine.connect() as connection:
        return connection.exec_driver_sql(sql).scalar()


def _of_async(engine: Engine, sql: str) -> Any:
    from sqlalchemy.util import greenlet_spawn

    found: list[Any] = []
    apart(lambda: found.append(asyncio.run(greenlet_spawn(_of_engine, engine, sql))))
    return found[0]


def _of_django(sql: str) -> object | None:
    from django.db import connections
    from django.db.utils import DatabaseError

    from backend_mentor.proofs.running.django_app import lent_connections

    found: list[Any] = []

    def ask() -> None:
        for alias in list(connections):
            connection = lent.get(alias) or connections[alias]
            try:
                with connection.cursor() as cursor:
                    cursor.execute(sql)
                    found.append(cursor.fetchone()[0])
            except DatabaseError:
                continue
            finally:
                if alias not in lent:
                    connection.close()

    with lent_connections() as lent:
        apart(ask)
    return next((each for each in found if each is not None), None)
