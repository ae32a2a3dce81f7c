"""What the notebook's models say of their tables: the tables themselves, and the values that code looks for in them."""

from __future__ import annotations

import ast
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from backend_mentor.databases.sqlite.filling import copy_tables
from backend_mentor.domain.errors import NotSupportedError
from backend_mentor.proofs.running.apps import Interface, values_of
from backend_mentor.proofs.running.pools import OUR_OWN, engines_alive

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from sqlalchemy import MetaData
    from sqlalchemy.engine import Engine

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.schema import Schema

SCRATCH_DIALECTS = frozenset({"sqlite"})
"""Of SQLAlchemy: the engines whose connections can lead to a scratch file instead."""


def create_scratch_tables(path: Path, namespace: Mapping[str, object], interface: Interface) -> list[Engine]:
    """Create the app's tables in a new file; return the engines that can be led to it.

    Raises NotSupportedError where the notebook shows no tables, or where they need another engine."""
    if interface is Interface.DJANGO:
        from backend_mentor.proofs.running.django_app import create_tables

        apart(lambda: create_tables(path))
        return []
    engines = engines_alive()
    others = sorted({each.dialect.name for each in engines} - SCRATCH_DIALECTS)
    led = [each for each in engines if each.dialect.name in SCRATCH_DIALECTS]
    if not led:
        reason = f"it is on {' and '.join(others)}" if others else "no engine of SQLAlchemy is in use"
        raise NotSupportedError(
            f"The app's data can not be grown in a scratch file of SQLite: {reason}.",
            "Run the cell with an engine on sqlite:// to see how its statements grow.",
        )
    found = list(_metadata(namespace))
    if found:
        _create(path, found)
    else:
        copy_tables(path, [text for engine in led for text in _definitions(engine)])
    return led


def apart(work: Callable[[], object]) -> None:
    """Do it on a thread of its own, where no event loop runs: Django refuses its database on a loop's thread."""
    failure: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001  it is raised again in the thread that waits
            failure.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join()
    if failure:
        raise failure[0]


def allowed_values(
    source: Source, schema: Schema, namespace: Mapping[str, object], interface: Interface
) -> dict[tuple[str, str], tuple[object, ...]]:
    """Return what code and models name for a column, by table and column in lower case, the best first.

    What a handler filters by goes before a default: rows that it leaves out would show nothing."""
    defaults = {} if interface is Interface.DJANGO else dict(_defaults(namespace))
    listed = choices(namespace, interface)
    found: dict[tuple[str, str], tuple[object, ...]] = {**listed, **defaults}
    for name, value in _looked_for(source.tree):
        for table in schema.tables:
            if table.column(name) is not None:
                key = (table.name.lower(), name.lower())
                if key not in listed or value in listed[key]:
                    found[key] = (value, *found.get(key, ()))
    return found


def _create(path: Path, found: list[MetaData]) -> None:
    from sqlalchemy import create_engine
    from sqlalchemy.exc import SQLAlchemyError
    from sqlalchemy.pool import NullPool

    engine = create_engine(f"sqlite:///{path}", poolclass=NullPool, logging_name=OUR_OWN)
    try:
        for metadata in found:
            metadata.create_all(engine)
    except SQLAlchemyError as error:
        told = str(error).strip().splitlines()[0]
        raise NotSupportedError(f"The models' tables can not be made in SQLite: {told}.", "") from error


def _definitions(engine: Engine) -> list[str]:
    """Return the CREATE TABLE statements of a database of SQLite that no model maps."""
    from sqlalchemy.exc import SQLAlchemyError

    if engine.dialect.is_async:
        return []
    with suppress(SQLAlchemyError), engine.connect() as connection:
        rows = connection.exec_driver_sql(
            "SELECT sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY rowid"
        )
        return [str(row[0]) for row in rows]
    return []


def _metadata(namespace: Mapping[str, object]) -> Iterator[MetaData]:
    if "sqlalchemy" not in sys.modules:
        return
    from sqlalchemy import MetaData

    seen: set[int] = set()
    for _, value in values_of(namespace):
        metadata = getattr(value, "metadata", None) if isinstance(value, type) else value
        if isinstance(metadata, MetaData) and metadata.tables and id(metadata) not in seen:
            seen.add(id(metadata))
            yield metadata


def choices(namespace: Mapping[str, object], interface: Interface) -> dict[tuple[str, str], tuple[object, ...]]:
    """Return the values of the columns whose model lists all that they can hold."""
    if interface is Interface.DJANGO:
        from backend_mentor.proofs.running.django_app import choices_of_columns

        return choices_of_columns()
    return {
        (table.name.lower(), column.name.lower()): tuple(column.type.enums)
        for table, column in _columns(namespace)
        if getattr(column.type, "enums", None)
    }


def _defaults(namespace: Mapping[str, object]) -> Iterator[tuple[tuple[str, str], tuple[object, ...]]]:
    for table, column in _columns(namespace):
        default = column.default
        # By type: a member of an enumeration is a string as well, and is kept under its name.
        if default is not None and default.is_scalar and type(default.arg) in (bool, int, float, str):
            yield (table.name.lower(), column.name.lower()), (default.arg,)


def _columns(namespace: Mapping[str, object]) -> Iterator[tuple[Any, Any]]:
    for metadata in _metadata(namespace):
        for table in metadata.tables.values():
            yield from ((table, column) for column in table.columns)


def _looked_for(tree: ast.Module) -> Iterator[tuple[str, object]]:
    """Yield the attributes that code compares with a literal, each with a value that passes."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) and len(node.ops) == 1 and isinstance(node.left, ast.Attribute):
            value = _passing(node.ops[0], node.comparators[0])
            if value is not None:
                yield node.left.attr, value
        elif isinstance(node, ast.Call) and _name_of(node.func) in _FILTERS:
            yield from _keywords(node)


_FILTERS = frozenset({"filter_by", "filter", "get", "get_object_or_404"})


def _name_of(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _keywords(node: ast.Call) -> Iterator[tuple[str, object]]:
    for keyword in node.keywords:
        value = _passing(ast.Eq(), keyword.value)
        if keyword.arg is not None and value is not None:
            yield keyword.arg, value


def _passing(operator: ast.cmpop, literal: ast.expr) -> object | None:
    if not isinstance(literal, ast.Constant) or not isinstance(literal.value, bool | int | float | str):
        return None
    if isinstance(operator, ast.Eq | ast.Is | ast.GtE | ast.LtE):
        return literal.value
    if isinstance(literal.value, int) and not isinstance(literal.value, bool):
        return {ast.Gt: literal.value + 1, ast.Lt: literal.value - 1}.get(type(operator))
    return None
