"""Calls that keep the thread that they run in until the disk, the network or the processor has done."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from backend_mentor.reading.endpoints.trees import (
    Function,
    dotted,
    enclosing,
    full_name,
    functions,
    last_name,
    own_calls,
    own_nodes,
    parameters,
    targets,
    walk,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source

_HASHING = frozenset(
    {
        "bcrypt.hashpw", "bcrypt.checkpw", "hashlib.scrypt", "hashlib.pbkdf2_hmac",
        "werkzeug.security.generate_password_hash", "werkzeug.security.check_password_hash",
        "django.contrib.auth.hashers.make_password", "django.contrib.auth.hashers.check_password",
    }
)  # fmt: skip
WAITING = frozenset(
    {
        "sqlite3.connect", "psycopg.connect", "psycopg2.connect", "pymysql.connect", "MySQLdb.connect",
        "pyodbc.connect", "smtplib.SMTP", "smtplib.SMTP_SSL",
        "shutil.copy", "shutil.copyfile", "shutil.copytree", "shutil.rmtree", "shutil.move", "shutil.make_archive",
        "pandas.read_csv", "pandas.read_excel", "pandas.read_sql", "pandas.read_sql_query", "pandas.read_parquet",
        "pandas.read_json", "socket.create_connection", "socket.gethostbyname", "socket.getaddrinfo",
    }
)  # fmt: skip
_KNOWN_TO_RUFF = frozenset(
    {
        "time.sleep", "urllib.request.urlopen", "os.system", "os.popen", "subprocess.run", "subprocess.call",
        "subprocess.check_call", "subprocess.check_output",
        *(f"{client}.{verb}" for client in ("requests", "httpx")
          for verb in ("get", "post", "put", "patch", "delete", "head", "options", "request")),
    }
)  # fmt: skip
# Objects of these classes: what is called on them waits. The methods that do no work are left out.
_OBJECTS = {
    "passlib.context.CryptContext": frozenset({"hash", "verify", "verify_and_update"}),
    "argon2.PasswordHasher": frozenset({"hash", "verify"}),
    "pwdlib.PasswordHash": frozenset({"hash", "verify", "verify_and_update"}),
    "pwdlib.PasswordHash.recommended": frozenset({"hash", "verify", "verify_and_update"}),
    "redis.Redis": frozenset({"get", "set", "setex", "delete", "incr", "expire", "exists", "hget", "hset", "publish"}),
    "redis.from_url": frozenset({"get", "set", "setex", "delete", "incr", "expire", "exists", "hget", "hset"}),
    "redis.StrictRedis": frozenset({"get", "set", "setex", "delete", "incr", "expire", "exists"}),
    "boto3.client": frozenset({"get_object", "put_object", "upload_file", "upload_fileobj", "download_file", "invoke",
                               "send_message", "publish", "list_objects_v2", "head_object", "delete_object"}),
    "requests.Session": frozenset({"get", "post", "put", "patch", "delete", "head", "request"}),
    "httpx.Client": frozenset({"get", "post", "put", "patch", "delete", "head", "request"}),
}  # fmt: skip


def blocking_calls(source: Source, function: Function) -> Iterator[tuple[ast.Call, bool]]:
    """Yield a function's own calls that block, and whether each is one that works the processor: a password's hash.

    Those that ruff names in an `async def` are among them: `is_known_to_ruff` tells them apart.
    """
    made = _objects(source, function)
    for call in own_calls(function):
        full = full_name(source.tree, call.func)
        if full in _HASHING or full in WAITING or full in _KNOWN_TO_RUFF:
            yield call, full in _HASHING
        elif isinstance(call.func, ast.Attribute):
            maker = made.get(dotted(call.func.value), "")
            if call.func.attr in _OBJECTS.get(maker, ()) and not _is_awaited(source, call):
                yield call, last_name(call) in {"hash", "verify", "verify_and_update"}


def is_known_to_ruff(source: Source, function: Function, call: ast.Call) -> bool:
    """Return whether ruff's own rules find this call of an `async def`."""
    owner = dotted(call.func.value) if isinstance(call.func, ast.Attribute) else ""
    return (
        full_name(source.tree, call.func) in _KNOWN_TO_RUFF or _objects(source, function).get(owner) == "httpx.Client"
    )


def blocking_helpers(source: Source) -> Iterator[tuple[ast.AsyncFunctionDef, ast.Call, Function, ast.Call]]:
    """Yield each call in an `async def` of a plain function of the cell that blocks, with the call that does."""
    plain = {
        each.name: each
        for each in functions(source.tree)
        if isinstance(each, ast.FunctionDef) and isinstance(next(iter(enclosing(source.tree, each)), None), ast.Module)
    }
    blocks = {
        name: found
        for name, each in plain.items()
        if (found := next((call for call, _ in blocking_calls(source, each)), None)) is not None
        and not any(isinstance(node, ast.Yield | ast.YieldFrom) for node in walk(each))
        and not each.decorator_list
    }
    for function in functions(source.tree):
        if not isinstance(function, ast.AsyncFunctionDef) or runs_at_start(function):
            continue
        for call in own_calls(function):
            if isinstance(call.func, ast.Name) and call.func.id in blocks:
                yield function, call, plain[call.func.id], blocks[call.func.id]


def runs_at_start(function: Function) -> bool:
    """Return whether a function opens or closes the application, when no request waits yet."""
    return "lifespan" in function.name and any("contextmanager" in dotted(each) for each in function.decorator_list)


def _objects(source: Source, function: Function) -> dict[str, str]:
    """Return the variables that hold an object whose methods block, with what made them: the module's and its own."""
    own = [each for each in own_nodes(function) if isinstance(each, ast.Assign | ast.withitem)]
    hidden = {each.arg for each in parameters(function)}.union(*(targets(each) for each in own))
    found: dict[str, str] = {}
    for node in (*source.tree.body, *own):
        value = node.value if isinstance(node, ast.Assign) else getattr(node, "context_expr", None)
        full = full_name(source.tree, value.func) if isinstance(value, ast.Call) else ""
        if full in _OBJECTS:
            found |= {name: full for name in targets(node) if node in own or name not in hidden}
    return found


def _is_awaited(source: Source, call: ast.Call) -> bool:
    return isinstance(next(iter(enclosing(source.tree, call)), None), ast.Await)
