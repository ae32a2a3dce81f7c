"""The rule blocking-library-in-async."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.reading.endpoints.blocking import blocking_calls, is_known_to_ruff, runs_at_start
from backend_mentor.rules.endpoint.code import dotted, functions
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class BlockingLibraryInAsync:
    """A library that waits for itself is called in an `async def`.

    While it waits for a database, a mail server or a password's hash, the event loop serves no other request.
    """

    name: ClassVar[str] = "blocking-library-in-async"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.PERFORMANCE
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            "import bcrypt\nasync def login(given: bytes, kept: bytes):\n    return bcrypt.checkpw(given, kept)\n",
            says="`bcrypt.checkpw` keeps the event loop of login busy",
        ),
        FlagsCode(
            "import sqlite3\nasync def count():\n    connection = sqlite3.connect('shop.db')\n",
            says="`sqlite3.connect` makes the event loop of count wait",
        ),
        FlagsCode(
            "from argon2 import PasswordHasher\nhasher = PasswordHasher()\n"
            "async def register(password: str):\n    return hasher.hash(password)\n",
            says="`hasher.hash` keeps the event loop of register busy",
        ),
        FlagsCode(
            "import redis\ncache = redis.Redis()\nasync def rate(key: str):\n    return cache.get(key)\n",
            says="`cache.get` makes the event loop of rate wait",
        ),
        PassesCode(
            "import redis.asyncio as redis\ncache = redis.Redis()\n"
            "async def rate(key: str):\n    return await cache.get(key)\n",
            because="this client is asynchronous",
        ),
        PassesCode(
            "import asyncio, bcrypt\nasync def login(given, kept):\n"
            "    return await asyncio.to_thread(bcrypt.checkpw, given, kept)\n",
            because="it runs in a thread",
        ),
        PassesCode(
            "import requests\ndef load():\n    session = requests.Session()\n    return session.get(URL)\n"
            "async def show(session):\n    async with session.get(URL) as answer:\n"
            "        return await answer.text()\n",
            because="this session is another one, and asynchronous",
        ),
        PassesCode(
            "import bcrypt\ndef login(given: bytes, kept: bytes):\n    return bcrypt.checkpw(given, kept)\n",
            because="a plain function runs in a thread",
        ),
        PassesCode(
            """
            import shutil
            from contextlib import asynccontextmanager
            @asynccontextmanager
            async def lifespan(app):
                yield
                shutil.rmtree(FILES)
            """,
            because="the process is ending, and serves nobody",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each blocking call of an `async def` that ruff's own rules do not name."""
        for function in functions(source.tree):
            for call, is_work in blocking_calls(source, function) if isinstance(function, ast.AsyncFunctionDef) else ():
                if is_known_to_ruff(source, function, call) or runs_at_start(function):
                    continue
                name = dotted(call.func)
                yield report(
                    self,
                    source,
                    call,
                    what=f"`{name}` keeps the event loop of {function.name} busy."
                    if is_work
                    else f"`{name}` makes the event loop of {function.name} wait.",
                    why="Each other request of this process stands still for as long.",
                    instead=f"Run it in a thread: `await asyncio.to_thread({name}, ...)`.",
                )
