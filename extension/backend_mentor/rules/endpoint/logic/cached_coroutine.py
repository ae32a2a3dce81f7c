"""The rule cached-coroutine."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import full_name, functions
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class CachedCoroutine:
    """A cache keeps the coroutine of an `async def`, not its result.

    It can be awaited once. The second caller gets a RuntimeError.
    """

    name: ClassVar[str] = "cached-coroutine"
    severity: ClassVar[Severity] = Severity.CRITICAL
    responsibility: ClassVar[Responsibility] = Responsibility.LOGIC
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            "from functools import lru_cache\n@lru_cache\nasync def rates():\n    return await load()\n",
            says="rates is cached before it is awaited",
        ),
        PassesCode(
            "from functools import lru_cache\n@lru_cache\ndef rates():\n    return load()\n",
            because="its result is cached",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each `async def` under a cache of functools."""
        for function in functions(source.tree):
            for decorator in function.decorator_list if isinstance(function, ast.AsyncFunctionDef) else ():
                called = decorator.func if isinstance(decorator, ast.Call) else decorator
                if full_name(source.tree, called) in {"functools.lru_cache", "functools.cache", "lru_cache"}:
                    yield report(
                        self,
                        source,
                        decorator,
                        what=f"{function.name} is cached before it is awaited.",
                        why="The cache keeps a coroutine, which can be awaited once: the second call "
                        "raises a RuntimeError.",
                        instead="Keep the awaited value, with the time until which it holds, or use "
                        "a cache made for async.",
                    )
