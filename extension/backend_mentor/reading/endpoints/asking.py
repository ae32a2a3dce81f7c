"""Which calls in Python code ask a database."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from backend_mentor.reading.endpoints.trees import chain, last_name
from backend_mentor.reading.endpoints.words import words_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_RECEIVERS = frozenset({"db", "session", "cursor", "cur", "conn", "connection", "database"})
_SENDS = frozenset(
    {"execute", "executemany", "exec", "scalar", "scalars", "get", "fetch", "fetchrow", "fetchval", "query", "refresh"}
)
_QUERY_ENDS = frozenset({"all", "first", "one", "one_or_none", "scalar", "count", "get", "delete", "update"})
_MANAGER_ENDS = frozenset(
    {"get", "first", "last", "count", "exists", "create", "get_or_create", "update_or_create", "update", "delete"}
)
_WRITES = frozenset({"add", "add_all", "delete", "merge", "bulk_save_objects", "bulk_insert_mappings"})
_MANAGER_WRITES = frozenset(
    {"create", "get_or_create", "update_or_create", "bulk_create", "bulk_update", "update", "delete"}
)


def names_session(name: str) -> bool:
    """Return whether a variable of this name is a database session, connection or cursor."""
    words = words_of(name)
    # An HTTP client's session is called session too; what is asked of it tells them apart.
    return bool(words) and words[-1] in _RECEIVERS and not {"http", "client", "requests", "aiohttp"} & set(words)


def asks_database(call: ast.Call) -> bool:
    """Return whether the call sends a statement to a database."""
    names = chain(call)
    if "objects" in names[1:-1]:  # a variable of that name is a list
        return names[-1] in _MANAGER_ENDS
    if len(names) < 2 or not _on_session(names):
        return False
    if "query" in names[:-1]:
        return names[-1] in _QUERY_ENDS
    return _sends(call, names)


def writes(call: ast.Call) -> bool:
    """Return whether the call changes rows, by what is called and by the statement that it is given."""
    names = chain(call)
    if "objects" in names[1:-1]:  # a variable of that name is a list
        return names[-1] in _MANAGER_WRITES
    if len(names) < 2 or not _on_session(names):
        return False
    if names[-1] in _WRITES:
        return True
    if "query" in names[:-1]:
        return names[-1] in {"delete", "update"}
    return names[-1] in {"execute", "executemany", "exec"} and bool(call.args) and statement_writes(call.args[0])


def statement_writes(node: ast.AST) -> bool:
    """Return whether a statement given to `execute` is an INSERT, UPDATE or DELETE."""
    for each in ast.walk(node):
        if isinstance(each, ast.Constant) and isinstance(each.value, str):
            return each.value.lstrip().lower().startswith(("insert ", "update ", "delete "))
    return any(
        isinstance(each, ast.Call)
        and last_name(each) in {"insert", "update", "delete"}
        and isinstance(each.func, ast.Name)
        for each in ast.walk(node)
    )


def chained(root: ast.AST) -> Iterator[ast.Call]:
    """Yield the calls of a chain, from the last to the first."""
    node = root
    while isinstance(node, ast.Attribute | ast.Call | ast.Await):
        if isinstance(node, ast.Call):
            yield node
        node = node.func if isinstance(node, ast.Call) else node.value


def _on_session(names: tuple[str, ...]) -> bool:
    return names_session(names[0]) or (names[0] == "self" and names_session(names[1]))


def _sends(call: ast.Call, names: tuple[str, ...]) -> bool:
    if names[-1] not in _SENDS or not call.args:
        return False
    first = call.args[0]
    # `session.get("https://…")` is an HTTP client's; `session.get(User, key)` is a database's.
    if names[-1] == "get":
        return len(call.args) >= 2 and isinstance(first, ast.Name) and first.id[:1].isupper()
    return not (isinstance(first, ast.Constant) and not isinstance(first.value, str))
