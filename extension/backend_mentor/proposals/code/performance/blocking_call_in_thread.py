"""A call that keeps the event loop waiting runs in a thread."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.proposals.code.fix import Change, Declines, Edit, Fixes
from backend_mentor.proposals.code.places import awaited, call_of, can_await
from backend_mentor.reading.endpoints.blocking import WAITING, blocking_calls, is_known_to_ruff
from backend_mentor.reading.endpoints.trees import (
    calls,
    dotted,
    enclosing,
    enclosing_function,
    full_name,
    functions,
    has_unpacked,
    keyword,
    origins,
)

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


_ANSWERS = (
    "blocking-call-in-async", "file-access-in-async", "blocking-library-in-async", "blocking-helper-in-async",
)  # fmt: skip
_DONE = frozenset(
    {
        "bcrypt.hashpw", "bcrypt.checkpw", "bcrypt.gensalt", "hashlib.scrypt", "hashlib.pbkdf2_hmac",
        "werkzeug.security.generate_password_hash", "werkzeug.security.check_password_hash",
        "django.contrib.auth.hashers.make_password", "django.contrib.auth.hashers.check_password",
        "shutil.copy", "shutil.copyfile", "shutil.copytree", "shutil.rmtree", "shutil.move", "shutil.make_archive",
        "pandas.read_csv", "pandas.read_excel", "pandas.read_parquet", "pandas.read_json", "socket.gethostbyname",
        "socket.getaddrinfo", "subprocess.run", "subprocess.call", "subprocess.check_call", "subprocess.check_output",
        "os.system",
    }
)  # fmt: skip
_VERBS = frozenset({"get", "post", "put", "patch", "delete", "head", "options", "request"})
_OF_OBJECTS = frozenset({"hash", "verify", "verify_and_update", "get", "set", "setex", "delete", "incr", "expire",
                         "exists", "hget", "hset", "publish", "get_object", "put_object", "upload_file", "invoke",
                         "download_file", "send_message", "head_object", "delete_object",
                         "list_objects_v2"})  # fmt: skip


class BlockingCallInThread:
    """Run a blocking call in a thread: `await asyncio.to_thread(f, …)`.

    Valid in the body of an `async def` on asyncio, for a call that has done its work when it returns. What opens a
    thing that is used later (a file, a connection) is left alone: its use would go on blocking.
    """

    name: ClassVar[str] = "blocking-call-in-thread"
    answers: ClassVar[tuple[str, ...]] = _ANSWERS
    examples: ClassVar[tuple[Fixes | Declines, ...]] = (
        Fixes(
            "import requests\n\n\nasync def rate(code):\n    # é\n"
            "    return requests.get(URL + code, timeout=3).json()['é']\n",
            "import asyncio\n\nimport requests\n\n\nasync def rate(code):\n    # é\n"
            "    return (await asyncio.to_thread(requests.get, URL + code, timeout=3)).json()['é']\n",
        ),
        Fixes(
            "import asyncio\nimport bcrypt\n\n\nasync def login(given, kept):\n    if not bcrypt.checkpw(\n"
            "        given,  # from the form\n        kept,\n    ):\n        raise ValueError('é')\n",
            "import asyncio\nimport bcrypt\n\n\nasync def login(given, kept):\n"
            "    if not await asyncio.to_thread(bcrypt.checkpw,\n"
            "        given,  # from the form\n        kept,\n    ):\n        raise ValueError('é')\n",
        ),
        Fixes(
            "import asyncio\nimport requests\n\n\ndef load():\n    return requests.get(URL, timeout=3).json()\n\n\n"
            "async def show():\n    return load()\n",
            "import asyncio\nimport requests\n\n\ndef load():\n    return requests.get(URL, timeout=3).json()\n\n\n"
            "async def show():\n    return await asyncio.to_thread(load)\n",
        ),
        Declines(
            "async def read(path):\n    with open(path) as file:\n        return file.read()\n",
            because="the file is read after it has been opened",
        ),
        Declines(
            "import sqlite3\n\n\nasync def count():\n    connection = sqlite3.connect('shop.db')\n"
            "    return connection.execute('SELECT count(*) FROM orders').fetchone()\n",
            because="this connection belongs to the thread that opens it",
        ),
        Declines(
            "import asyncio\nimport requests\n\n\ndef load():\n    loop = asyncio.get_running_loop()\n"
            "    return requests.get(URL, timeout=3).json()\n\n\nasync def show():\n    return load()\n",
            because="the function wants to be on the event loop",
        ),
    )

    def change(self, source: Source, finding: Finding) -> Change | None:
        """Hand the function and its arguments to a thread."""
        call = call_of(source, finding)
        if call is None or not can_await(source, call) or "trio" in origins(source.tree).values():
            return None
        is_helper = finding.rule == "blocking-helper-in-async"
        if not (_is_apart(source, call) if is_helper else _has_done(source, call)):
            return None
        edits = _into_thread(source, call)
        if edits is None:
            return None
        name = dotted(call.func)
        return Change(
            title=f"Run {name} in a thread",
            reason="It does the same with the same arguments, and the event loop serves other requests until it "
            "comes back.",
            edits=edits,
            imports=("asyncio",),
            tradeoffs=Tradeoffs(
                "a thread of the default pool for as long as it takes, and other tasks run in between",
                "an asynchronous client can be used instead: that needs no thread",
            ),
            conditions=(
                Condition("the call runs in the body of an `async def`", f"line {call.lineno}"),
                Condition(
                    f"{name} has done its work when it returns",
                    "its body, in this cell" if is_helper else "its library's documentation",
                ),
            ),
        )


def _has_done(source: Source, call: ast.Call) -> bool:
    """Return whether the call leaves nothing behind that would block later."""
    full = full_name(source.tree, call.func)
    module, _, verb = full.rpartition(".")
    if module in {"requests", "httpx"} and verb in _VERBS:
        return keyword(call, "stream") is None and not has_unpacked(call)
    if full in _DONE or module == "os.path":
        return True
    function = enclosing_function(source.tree, call)
    blocking = [each for each, _ in blocking_calls(source, function)] if function is not None else []
    known = function is not None and call in blocking and not is_known_to_ruff(source, function, call)
    return known and isinstance(call.func, ast.Attribute) and full not in WAITING and verb in _OF_OBJECTS


def _is_apart(source: Source, call: ast.Call) -> bool:
    """Return whether the function of the cell that is called needs neither the event loop nor its caller's thread."""
    helper = next((each for each in functions(source.tree) if each.name == dotted(call.func)), None)
    if helper is None or (source.framework or "").startswith("Django"):
        return False
    names = {each.id for each in ast.walk(helper) if isinstance(each, ast.Name)}
    shares = any(isinstance(each, ast.Global | ast.Nonlocal) for each in ast.walk(helper))
    opens = any(full_name(source.tree, each.func) == "sqlite3.connect" for each in calls(helper))
    return (
        not names & {"asyncio", "anyio", "contextvars"}
        and not shares
        and not (opens and isinstance(next(iter(enclosing(source.tree, call)), None), ast.Assign | ast.Return))
    )


def _into_thread(source: Source, call: ast.Call) -> tuple[Edit, ...] | None:
    """Return the edits that make the function the first argument of `asyncio.to_thread`."""
    if len(call.args) == 1 and isinstance(call.args[0], ast.GeneratorExp):
        return None
    end = source.span_of(call.func).end
    if source.text[end : end + 1] != "(" or not dotted(call.func):
        return None
    after = source.text[end + 1 : end + 2]
    comma = "" if not (call.args or call.keywords) else "," if after in "\r\n" else ", "
    before, *behind = awaited(source, call)
    return (Edit(before.start, before.end, f"{before.text}asyncio.to_thread("), Edit(end, end + 1, comma), *behind)
