"""What is bigger than a cell of code: what it does with two instances, and at ten times the traffic."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from backend_mentor.domain.endpoint import HandlerKind
from backend_mentor.domain.finding import Finding, Responsibility
from backend_mentor.domain.review import Escalation
from backend_mentor.rules.endpoint.code import (
    calls,
    constant,
    constant_text,
    full_name,
    keyword,
    last_name,
    own_calls,
    walk,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from backend_mentor.domain.endpoint import Source

# SQLAlchemy's QueuePool, and PostgreSQL's max_connections, where nobody says otherwise.
_POOL_SIZE, _POOL_OVERFLOW, _SERVER_CONNECTIONS = 5, 10, 100
# Starlette runs plain `def` handlers on AnyIO's threads, of which there are 40.
_THREADS = 40
_AT_MOST = 4
_OF_ONE_MACHINE = ("/tmp/", "/dev/")  # noqa: S108 - the code's paths, never opened
_SCHEDULERS = frozenset({"BackgroundScheduler", "AsyncIOScheduler", "BlockingScheduler", "repeat_every"})
_STORE = "storage_uri"
_LIMITERS = ("slowapi.", "flask_limiter.")


def escalate_code(source: Source, findings: Sequence[Finding]) -> tuple[Escalation, ...]:
    """Return at most four matters that the team has to settle before a second instance runs or the traffic grows."""
    found = [
        *_state(findings),
        *_connections(source),
        *_limits(source),
        *_jobs(source),
        *_files(source),
        *_pool(source),
    ]
    return tuple({each.text: each for each in found}.values())[:_AT_MOST]


def _state(findings: Sequence[Finding]) -> Iterator[Escalation]:
    lines = [each.place.span.line for each in findings if each.rule == "state-in-process" and each.place.span]
    if lines:
        yield Escalation(
            f"Decide where the state written on {_lines(lines)} lives before a second instance runs.",
            "Each process has its own copy: what one request writes, the next one does not see when it reaches another "
            "process, and a restart empties it. The database or Redis holds it once for all.",
            Responsibility.LOGIC,
        )


def _connections(source: Source) -> Iterator[Escalation]:
    sockets = [each for each in source.handlers if each.kind is HandlerKind.WEBSOCKET and each.node is not None]
    kept = {
        name.id
        for node in source.tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None and _is_collection(node.value)
        for name in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(name, ast.Name)
    }
    for handler in sockets:
        used = sorted(
            {each.id for each in walk(handler.node) if isinstance(each, ast.Name)} & kept if handler.node else ()
        )
        if used:
            yield Escalation(
                f"With two instances `{used[0]}` holds only the WebSocket callers of its own process.",
                "A message reaches half of them. Sticky sessions do not help here, since sender and receiver are two "
                "callers: publish through Redis or PostgreSQL's LISTEN and NOTIFY.",
                Responsibility.API,
            )
            return


def _is_collection(node: ast.expr) -> bool:
    # One that begins with members is a setting, and the same in every process.
    if isinstance(node, ast.Dict):
        return not node.keys
    if isinstance(node, ast.List):
        return not node.elts
    return isinstance(node, ast.Call) and last_name(node) in {"dict", "list", "set", "defaultdict"}


def _limits(source: Source) -> Iterator[Escalation]:
    for call in calls(source.tree):
        full = full_name(source.tree, call.func)
        if last_name(call) == "Limiter" and full.startswith(_LIMITERS) and keyword(call, _STORE) is None:
            if any(each.arg is None for each in call.keywords):
                continue
            yield Escalation(
                f"The rate limit on line {call.lineno} counts in its own process: two instances allow twice as much.",
                f"Without `{_STORE}` the counts are in memory. Four workers on two machines let a caller try "
                "a password eight times as often as the limit says, and a restart sets it back to zero.",
                Responsibility.SECURITY,
            )


def _jobs(source: Source) -> Iterator[Escalation]:
    for call in calls(source.tree):
        if last_name(call) in _SCHEDULERS and "." in full_name(source.tree, call.func):
            yield Escalation(
                f"With two instances every job of `{last_name(call)}` on line {call.lineno} runs twice.",
                "The scheduler lives in the web process. Run it in a process of its own, or let each job take a "
                "lock in the database first (`pg_try_advisory_lock`).",
                Responsibility.LOGIC,
            )
            return


def _files(source: Source) -> Iterator[Escalation]:
    for handler in source.handlers:
        for call in own_calls(handler.node) if handler.node is not None else ():
            if _writes_file(source, call):
                yield Escalation(
                    f"`{handler.name}` writes a file on line {call.lineno} that only this machine has.",
                    "A second instance does not find it, and a new container begins without it. Take an object store, "
                    "or a volume that all instances share.",
                    Responsibility.API,
                )
                return


def _writes_file(source: Source, call: ast.Call) -> bool:
    full = full_name(source.tree, call.func)
    mode = call.args[1] if len(call.args) > 1 else keyword(call, "mode")
    if full in {"open", "aiofiles.open"}:
        path = constant_text(call.args[0]) if call.args else None
        return (constant_text(mode) or "r")[:1] in {"w", "a", "x"} and not (path or "").startswith(_OF_ONE_MACHINE)
    return last_name(call) in {"write_bytes", "write_text"} and isinstance(call.func, ast.Attribute)


def _pool(source: Source) -> Iterator[Escalation]:
    for call in calls(source.tree):
        full = full_name(source.tree, call.func)
        if last_name(call) not in {"create_engine", "create_async_engine"} or not full.startswith("sqlalchemy."):
            continue
        address = constant_text(call.args[0]) if call.args else None
        if (address or "").startswith("sqlite") or any(each.arg in {None, "poolclass"} for each in call.keywords):
            continue
        size = _number(call, "pool_size", _POOL_SIZE)
        overflow = _number(call, "max_overflow", _POOL_OVERFLOW)
        if size is None or overflow is None or size <= 0 or overflow < 0:
            continue
        yield from _pool_of(source, call, size + overflow)
        return


def _pool_of(source: Source, call: ast.Call, most: int) -> Iterator[Escalation]:
    processes = _SERVER_CONNECTIONS // most + 1
    text = f"The engine on line {call.lineno} opens up to {most} connections in each process: "
    allowed = f"PostgreSQL allows {_SERVER_CONNECTIONS} unless told otherwise"
    why = f"{processes} processes of it want {processes * most}, and {allowed}"
    threads = (
        source.framework in {"FastAPI", "Starlette"}
        and last_name(call) == "create_engine"
        and most < _THREADS
        and any(not each.is_async and each.kind is HandlerKind.ROUTE for each in source.handlers)
    )
    waits = (
        f" In one process {_THREADS} threads serve requests, so from the {most + 1}th query on they wait."
        if threads
        else ""
    )
    yield Escalation(
        f"{text}agree on a number for all instances, or put a pooler in between.",
        f"{why}.{waits}",
        Responsibility.DATABASE,
    )


def _number(call: ast.Call, name: str, default: int) -> int | None:
    given = keyword(call, name)
    if given is None:
        return default
    value = constant(given)
    return value if isinstance(value, int) else None


def _lines(lines: Sequence[int]) -> str:
    distinct = [str(line) for line in sorted(set(lines))]
    if len(distinct) == 1:
        return f"line {distinct[0]}"
    return f"lines {', '.join(distinct[:-1])} and {distinct[-1]}"
