"""The statements that code sends to a database: SQL in strings, and calls that make an ORM send one."""

from __future__ import annotations

import ast
import re

from backend_mentor.domain.work import Building, Query
from backend_mentor.reading.endpoints.syntax import Reader, argument, called, dotted, text_of
from backend_mentor.reading.endpoints.trees import walk

_SENDERS = frozenset(
    {
        "execute", "executemany", "executescript", "exec_driver_sql", "exec", "scalar", "scalars", "stream",
        "stream_scalars", "fetch", "fetchrow", "fetchval", "fetch_all", "fetch_one", "fetch_val", "iterate",
        "read_sql", "read_sql_query", "raw",
    }
)  # fmt: skip
_SESSION_WRITES = frozenset({"add", "add_all", "delete", "merge", "bulk_save_objects", "bulk_insert_mappings"})
_MANAGER_WRITES = frozenset(
    {"create", "get_or_create", "update_or_create", "bulk_create", "bulk_update", "update", "delete"}
)
_STATEMENTS = frozenset({"select", "insert", "update", "delete", "union", "union_all"})
_SHORTCUTS = frozenset({"get_object_or_404", "get_list_or_404", "aget_object_or_404"})
_SESSION_NAME = re.compile(
    r"(?:^|[._])(?:db|session|sess|cursor|cur|conn|connection|database|engine|tx|transaction|pool)\d?$", re.IGNORECASE
)
_OTHER_SESSIONS = re.compile(r"http|client|requests|aiohttp", re.IGNORECASE)
_SQL = re.compile(
    r"\s*(?:(?:--[^\n]*\n|/\*.*?\*/|\()\s*)*(?P<verb>SELECT|INSERT|UPDATE|DELETE|WITH|CREATE|DROP|ALTER|TRUNCATE|MERGE"
    r"|REPLACE|VALUES|PRAGMA|EXPLAIN|BEGIN|COMMIT|ROLLBACK|SET|LOCK|COPY|VACUUM|ANALYZE|CALL)\b",
    re.IGNORECASE | re.DOTALL,
)
_CHANGES = re.compile(r"\b(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM|MERGE\s+INTO)\b", re.IGNORECASE)
_READS = frozenset({"SELECT", "VALUES", "EXPLAIN"})
_NO_QUERIES = frozenset({"PRAGMA", "BEGIN", "COMMIT", "ROLLBACK", "SET"})


def names_session(name: str | None) -> bool:
    """Return whether a variable of this name is a database session, connection or cursor."""
    return bool(name and _SESSION_NAME.search(name) and not _OTHER_SESSIONS.search(name))


def read_queries(reader: Reader) -> tuple[Query, ...]:
    """Return the cell's queries in order of appearance."""
    calls = [node for node in walk(reader.tree) if isinstance(node, ast.Call)]
    found = [query for call in calls if (query := _query(reader, call))]
    return tuple(sorted(found, key=lambda query: (query.span.start, query.span.end)))


def _query(reader: Reader, call: ast.Call) -> Query | None:
    full = reader.full(call.func).rpartition(".")[2]
    if full in _SHORTCUTS and call.args:
        return _orm(reader, call, None, full, writes=False)
    if not isinstance(call.func, ast.Attribute):
        return _sent(reader, call, None, full) if full in {"read_sql", "read_sql_query"} else None
    receiver, method = reader.code(call.func.value), call.func.attr
    if method in _SENDERS and (query := _sent(reader, call, receiver, method)):
        return query
    return _by_receiver(reader, call, call.func.value, method)


def _by_receiver(reader: Reader, call: ast.Call, owner: ast.expr, method: str) -> Query | None:
    session = dotted(owner)
    if names_session(session):
        if method == "get" and call.args and _class_names(call.args[0]):
            return _orm(reader, call, session, method, writes=False)
        if method in _SESSION_WRITES and call.args and not _is_key(call.args[0]):
            return _orm(reader, call, session, method, writes=True)
        if method == "refresh":
            return _orm(reader, call, session, method, writes=False)
    if _goes_on(reader, call):
        return None
    root = _root(call)
    if isinstance(root, ast.Attribute) and root.attr in {"objects", "query"} and _class_names(root.value):
        return _orm(reader, call, reader.code(root), method, writes=method.removeprefix("a") in _MANAGER_WRITES)
    if isinstance(root, ast.Call) and (called(root) or "").endswith(".query"):
        maker = (called(root) or "").removesuffix(".query")
        told = names_session(maker) or any(_class_names(each) for each in root.args)
        return _orm(reader, call, maker, method, writes=method in {"delete", "update"}) if told else None
    if method in {"save", "asave"} and (reader.source.framework or "").startswith("Django") and session:
        return _orm(reader, call, session, method, writes=True)
    return None


def _goes_on(reader: Reader, call: ast.Call) -> bool:
    above = reader.parents.get(call)
    return isinstance(above, ast.Attribute) and isinstance(reader.parents.get(above), ast.Call)


def _root(call: ast.Call) -> ast.expr:
    """Return what a chain of calls starts from: `User.objects`, `session.query(User)`."""
    node: ast.expr = call
    while True:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr == "query" and node.args:
                return node
            node = node.func.value
        elif isinstance(node, ast.Attribute) and node.attr not in {"objects", "query"}:
            node = node.value
        else:
            return node


def _is_key(node: ast.expr) -> bool:
    # `cache_db.delete("key")` is not an ORM's.
    return isinstance(node, ast.Constant | ast.JoinedStr)


def _class_names(node: ast.expr) -> tuple[str, ...]:
    names = [each for each in ast.walk(node) if isinstance(each, ast.Name) and each.id[:1].isupper()]
    names.sort(key=lambda each: (each.lineno, each.col_offset))
    return tuple(dict.fromkeys(each.id for each in names if not each.id.isupper()))


def _orm(reader: Reader, call: ast.Call, receiver: str | None, method: str, *, writes: bool | None) -> Query:
    text, function = reader.code(call) or "", reader.qualified(reader.function_of(call))
    models = _class_names(call)
    return Query(
        text,
        Building.ORM,
        reader.span(call),
        reader.is_in_loop(call),
        function,
        False,
        receiver,
        method,
        writes,
        models,
        call,
    )


def _sent(reader: Reader, call: ast.Call, receiver: str | None, method: str) -> Query | None:
    given = argument(call, 0, "query", "sql", "statement", "operation")
    if given is None:
        return None
    statement = _assigned(reader, given, call) or given
    is_text = reader.full(statement.func).rpartition(".")[2] == "text" if isinstance(statement, ast.Call) else False
    inner = argument(statement, 0, "text") if is_text and isinstance(statement, ast.Call) else statement
    inner = (_assigned(reader, inner, call) or inner) if inner is not None else statement
    building, text = _built(reader, inner)
    function = reader.qualified(reader.function_of(call))
    if text is not None:
        verb = _SQL.match(text)
        if verb and verb["verb"].upper() not in _NO_QUERIES:
            return Query(
                text, building, reader.span(inner), reader.is_in_loop(call), function, is_text, receiver, method,
                _writes(verb["verb"].upper(), text), (), call,
            )  # fmt: skip
        return None
    if writes := _statement_kind(reader, inner):
        return _orm(reader, call, receiver, method, writes=writes != "select") if inner is given else Query(
            reader.code(inner) or "", Building.ORM, reader.span(inner), reader.is_in_loop(call), function, False,
            receiver, method, writes != "select", _class_names(inner), call,
        )  # fmt: skip
    if names_session(receiver) and isinstance(given, ast.Name | ast.Attribute | ast.Call):
        return Query(
            reader.code(given) or "", Building.VARIABLE, reader.span(given), reader.is_in_loop(call), function, is_text,
            receiver, method, None, (), call,
        )  # fmt: skip
    return None


def _statement_kind(reader: Reader, node: ast.expr) -> str | None:
    """Return `select`, `insert`, … of an expression that SQLAlchemy makes a statement of, or None."""
    while isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        if reader.full(node.func).startswith("sqlalchemy.") or dotted(node.func.value) in {"sa", "db"}:
            break
        # `users.insert()` of a table is told from a chain by what it starts with.
        if isinstance(node.func.value, ast.Name) and node.func.attr in _STATEMENTS:
            return node.func.attr
        node = node.func.value
    name = reader.full(node.func).rpartition(".")[2] if isinstance(node, ast.Call) else ""
    return name if name in _STATEMENTS else None


def _writes(verb: str, text: str) -> bool | None:
    if verb in _READS:
        return False
    return bool(_CHANGES.search(text)) if verb == "WITH" else True


def _assigned(reader: Reader, node: ast.expr, user: ast.AST) -> ast.expr | None:
    """Return what a name was assigned, where one assignment before its use in the function, or in the cell, is all."""
    if not isinstance(node, ast.Name):
        return None
    scope = reader.function_of(user)
    for place in (scope, None) if scope else (None,):
        hits = [
            each
            for each in ast.walk(place or reader.tree)
            if isinstance(each, ast.Assign | ast.AnnAssign | ast.AugAssign) and reader.function_of(each) is place
            and any(isinstance(name, ast.Name) and name.id == node.id for name in _targets(each))
        ]  # fmt: skip
        if hits:
            only = hits[0] if len(hits) == 1 else None
            return only.value if isinstance(only, ast.Assign | ast.AnnAssign) else None
        if place and any(each.arg == node.id for each in ast.walk(place.args) if isinstance(each, ast.arg)):
            return None
    return None


def _targets(node: ast.Assign | ast.AnnAssign | ast.AugAssign) -> list[ast.expr]:
    return node.targets if isinstance(node, ast.Assign) else [node.target]


def _built(reader: Reader, node: ast.expr) -> tuple[Building, str | None]:
    """Return how a text is built, and the text with its holes in braces; None where it is no text."""
    if (text := text_of(node)) is not None:
        return Building.LITERAL, text
    if isinstance(node, ast.JoinedStr):
        return Building.F_STRING, "".join(_piece(reader, each) for each in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
        return Building.PERCENT, _built(reader, node.left)[1]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = _built(reader, node.left), _built(reader, node.right)
        if left[1] is None:
            return Building.CONCATENATION, None
        both_fixed = left[0] is right[0] is Building.LITERAL
        text = left[1] + (right[1] if right[1] is not None else f"{{{reader.code(node.right)}}}")
        return (Building.LITERAL if both_fixed else Building.CONCATENATION), text
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
        return Building.FORMAT, _built(reader, node.func.value)[1]
    return Building.VARIABLE, None


def _piece(reader: Reader, node: ast.expr) -> str:
    if (text := text_of(node)) is not None:
        return text
    return f"{{{ast.unparse(node.value)}}}" if isinstance(node, ast.FormattedValue) else ""
