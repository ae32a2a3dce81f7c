"""The rule session-kept-in-cache."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import full_name, functions, last_name, own_nodes
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class SessionKeptInCache:
    """A cache keeps a database session.

    The first caller's session becomes that of all callers: one commits what another has begun.
    """

    name: ClassVar[str] = "session-kept-in-cache"
    severity: ClassVar[Severity] = Severity.CRITICAL
    responsibility: ClassVar[Responsibility] = Responsibility.LOGIC
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            "from functools import lru_cache\n@lru_cache\ndef get_session():\n    return SessionLocal()\n",
            says="get_session is cached and returns a session",
        ),
        FlagsCode(
            "from functools import cache\n@cache\ndef get_db() -> Session:\n    return make(engine)\n",
            says="get_db is cached and returns a session",
        ),
        PassesCode(
            "from functools import lru_cache\n@lru_cache\ndef get_engine():\n    return create_engine(URL)\n",
            because="an engine is made to be shared",
        ),
        PassesCode("def get_session():\n    return SessionLocal()\n", because="each call makes its own"),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each function under a cache of functools that returns a session."""
        for function in functions(source.tree):
            for decorator in function.decorator_list:
                called = decorator.func if isinstance(decorator, ast.Call) else decorator
                if full_name(source.tree, called) not in {"functools.lru_cache", "functools.cache"}:
                    continue
                made = {
                    last_name(each.value)
                    for each in own_nodes(function)
                    if isinstance(each, ast.Return) and isinstance(each.value, ast.Call)
                } | {last_name(function.returns)}
                if made & {"SessionLocal", "Session", "AsyncSession", "sessionmaker_instance"}:
                    yield report(
                        self,
                        source,
                        decorator,
                        what=f"{function.name} is cached and returns a session.",
                        why="All requests get the same one: it is made for one thread and one transaction.",
                        instead="Cache the engine or the session's maker, and open a session for each request.",
                    )
