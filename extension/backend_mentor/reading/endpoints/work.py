"""What a function does beside its queries: sessions, transactions, work left for later, calls that it waits for."""

from __future__ import annotations

import ast
import re

from backend_mentor.domain.endpoint import Parameter
from backend_mentor.domain.work import Background, Call, Session, Transaction, TransactionStep
from backend_mentor.reading.endpoints.queries import names_session
from backend_mentor.reading.endpoints.syntax import Reader, argument, called, dotted

_SESSION_TYPE = re.compile(r"\b(?P<type>AsyncSession|AsyncConnection|Session|Connection|Cursor|scoped_session)\b")
_SESSION_MAKER = re.compile(
    r"(?:^|\.)(?:AsyncSession|Session|SessionLocal|AsyncSessionLocal|async_session|async_session_maker|session_factory"
    r"|session_maker|session_scope|get_session|get_db|cursor)$|(?:engine|pool|sqlite3|psycopg2?)\.(?:connect|begin|acquire)$"
)
_STEPS = {each.value: each for each in TransactionStep} | {"begin_nested": TransactionStep.BEGIN}
_STARTERS = frozenset({"add_task", "create_task", "ensure_future", "delay", "apply_async", "enqueue", "send_task"})
_WAITED_FOR = frozenset(
    {
        "requests", "httpx", "aiohttp", "urllib", "urllib3", "smtplib", "boto3", "redis", "pymongo", "subprocess",
        "stripe", "time", "socket", "ftplib", "paramiko",
    }
)  # fmt: skip


def sessions_of(reader: Reader, node: ast.AST, parameters: tuple[Parameter, ...], handler: str | None) -> list[Session]:
    """Return the sessions that one node of a function opens, or that are the parameters of the function itself."""
    if isinstance(node, ast.With | ast.AsyncWith):
        return [
            Session(name, isinstance(node, ast.AsyncWith), "with", handler, reader.span(item.context_expr))
            for item in node.items
            if (name := dotted(item.optional_vars)) and _SESSION_MAKER.search(called(item.context_expr) or "")
        ]
    if isinstance(node, ast.Assign) and _SESSION_MAKER.search(called(node.value) or ""):
        name = dotted(node.targets[0])
        return [Session(name, None, "assigned", handler, reader.span(node))] if name else []
    if not isinstance(node, ast.arguments):
        return []
    found = []
    for each in parameters:
        hit = _SESSION_TYPE.search(each.type or "")
        if hit or names_session(each.name):
            is_async = hit["type"].startswith("Async") if hit and hit["type"] != "Connection" else None
            found.append(Session(each.name, is_async, "parameter", handler, each.span))
    return found


def transaction_of(reader: Reader, call: ast.Call, handler: str | None) -> Transaction | None:
    """Return the step of a transaction that a call is: `db.commit()`, `session.begin()`, `transaction.atomic()`."""
    receiver, _, verb = (called(call) or "").rpartition(".")
    if verb == "atomic" and receiver.endswith("transaction"):
        return Transaction(TransactionStep.BEGIN, receiver, reader.is_in_loop(call), handler, reader.span(call))
    if verb in _STEPS and names_session(receiver):
        return Transaction(_STEPS[verb], receiver, reader.is_in_loop(call), handler, reader.span(call))
    return None


def background_of(reader: Reader, call: ast.Call, handler: str | None) -> Background | None:
    """Return the work that a call leaves for later: `tasks.add_task(send, …)`, `send.delay(…)`, `create_task(…)`."""
    name = called(call) or ""
    owner, _, verb = name.rpartition(".")
    if verb not in _STARTERS:
        return None
    given = argument(call, 0, "func", "coro")
    task = owner if verb in {"delay", "apply_async"} else called(given) or reader.code(given)
    return Background(task, name, handler, reader.span(call)) if task else None


def call_of(reader: Reader, call: ast.Call, handler: str | None) -> Call | None:
    """Return a call that a function waits for: an awaited one, or one of a package that goes over the network."""
    full = reader.full(call.func)
    awaited = isinstance(reader.parents.get(call), ast.Await)
    if not full or not (awaited or (full.partition(".")[0] in _WAITED_FOR and "." in full)):
        return None
    return Call(full, awaited, reader.is_in_loop(call), handler, reader.span(call), call)
