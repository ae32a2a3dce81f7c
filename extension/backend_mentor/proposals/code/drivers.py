"""Which library sends a statement, and how it marks the place of a value."""

from __future__ import annotations

import ast
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

from backend_mentor.reading.endpoints.trees import (
    Function,
    enclosing_function,
    full_name,
    last_name,
    names_in,
    origins,
    own_nodes,
    parameters,
    targets,
)
from backend_mentor.reading.endpoints.words import words_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source


class Marker(StrEnum):
    """How a place for a value is written in a statement."""

    QUESTION = "?"
    PERCENT = "%s"
    COLON = ":name"
    DOLLAR = "$1"


_MARKERS = MappingProxyType(
    {
        "sqlite3": Marker.QUESTION,
        "aiosqlite": Marker.QUESTION,
        "psycopg": Marker.PERCENT,
        "psycopg2": Marker.PERCENT,
        "pymysql": Marker.PERCENT,
        "MySQLdb": Marker.PERCENT,
        "django": Marker.PERCENT,
        "asyncpg": Marker.DOLLAR,
    }
)
_OTHERS = frozenset(
    {"sqlalchemy", "sqlmodel", "databases", "mysql", "oracledb", "pyodbc", "duckdb", "aiopg", "aiomysql", "tortoise",
     "peewee", "flask_sqlalchemy", "pandas", "cx_Oracle", "snowflake", "trino", "clickhouse_driver"}
)  # fmt: skip
_SENDERS = frozenset({"cursor", "cur", "conn", "connection", "db", "database"})


def marker_of(source: Source, receiver: ast.expr) -> Marker | None:
    """Return how values are marked for what sends a statement, None where that is not known for sure."""
    driver = _driver(source, receiver, receiver, 4)
    return _MARKERS.get(driver) if driver is not None else None


def _driver(source: Source, node: ast.expr, at: ast.AST, depth: int) -> str | None:
    if isinstance(node, ast.Await):
        node = node.value
    name = full_name(source.tree, node.func if isinstance(node, ast.Call) else node)
    first = name.partition(".")[0]
    if name.startswith("django.db.connection"):
        return "django"
    if isinstance(node, ast.Call) and first in _MARKERS and name.count(".") and first != "django":
        return first
    if isinstance(node, ast.Call) and last_name(node) in {"cursor", "acquire", "connection", "execute"} and depth:
        inner = node.func
        return _driver(source, inner.value, at, depth - 1) if isinstance(inner, ast.Attribute) else None
    if isinstance(node, ast.Name) and depth:
        found = {_driver(source, each, at, depth - 1) for each in _values(source, node.id, at)}
        annotated = _annotated(source, node.id, at)
        if found - {None} or annotated is not None:
            known = found | ({annotated} if annotated else set())
            return known.pop() if len(known) == 1 else None
        if found:
            return None  # it is given something here that the cell does not explain
    return _imported(source) if _SENDERS & set(words_of(last_name(node))[-1:]) else None


def _values(source: Source, name: str, at: ast.AST) -> Iterator[ast.expr]:
    """Yield what a variable is given, in the function around a node or else at the top level."""
    function = enclosing_function(source.tree, at)
    for scope in (*([function] if function else []), source.tree):
        found = [value for each in own_nodes(scope) if (value := _value(each, name)) is not None]
        if found or (isinstance(scope, Function) and name in {each.arg for each in parameters(scope)}):
            yield from found
            return


def _value(node: ast.AST, name: str) -> ast.expr | None:
    if isinstance(node, ast.Assign | ast.AnnAssign) and name in targets(node):
        return node.value
    if isinstance(node, ast.withitem) and name in targets(node):
        return node.context_expr
    return None


def _annotated(source: Source, name: str, at: ast.AST) -> str | None:
    function = enclosing_function(source.tree, at)
    for each in parameters(function) if function else ():
        if each.arg == name and each.annotation is not None:
            full = full_name(source.tree, each.annotation).partition(".")
            return full[0] if full[0] in _MARKERS and full[1] else None
    return None


def _imported(source: Source) -> str | None:
    """Return the one library for databases that a cell imports."""
    found = {name.partition(".")[0] for name in origins(source.tree).values()}
    known = found & (_MARKERS.keys() | _OTHERS) - {"django"}
    used = {"django"} if any(name.startswith("django.db") for name in origins(source.tree).values()) else set()
    only = known | used
    return only.pop() if len(only) == 1 else None


def is_text_of_sqlalchemy(source: Source, call: ast.Call) -> bool:
    """Return whether a call is SQLAlchemy's `text`, imported here or in a cell before this one."""
    name = full_name(source.tree, call.func)
    if name.startswith(("sqlalchemy.", "sqlmodel.")) and name.endswith(".text"):
        return True
    defined = any(isinstance(each, Function) and each.name == "text" for each in ast.walk(source.tree))
    return name == "text" and not defined and names_in(call.func) == {"text"}
