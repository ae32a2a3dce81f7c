"""The rule cancellation-swallowed."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import Function, enclosing, functions, last_name, own_calls, own_nodes, within
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class CancellationSwallowed:
    """A task can not be cancelled any more.

    The exception that cancels it is caught and not raised again: shutdown and time limits wait for it in vain.
    """

    name: ClassVar[str] = "cancellation-swallowed"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.LOGIC
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            "async def work():\n    while True:\n        try:\n            await step()\n"
            "        except asyncio.CancelledError:\n"
            "            logger.info('stopped')\n",
            says="work catches CancelledError",
        ),
        PassesCode(
            "async def work():\n    try:\n        await step()\n    except asyncio.CancelledError:\n        close()\n",
            because="the task ends there in any case",
        ),
        PassesCode(
            "async def work():\n    try:\n        await step()\n    except asyncio.CancelledError:\n "
            "       close()\n        raise\n",
            because="it is raised again",
        ),
        PassesCode(
            "async def stop(task):\n    task.cancel()\n    try:\n        await task\n    except "
            "asyncio.CancelledError:\n        pass\n",
            because="it waits for the task that it has cancelled itself",
        ),
        PassesCode(
            "async def finish(task):\n    is_cancelled = False\n    while not task.done():\n        try:\n"
            "            await asyncio.shield(task)\n        except asyncio.CancelledError:\n"
            "            is_cancelled = True\n    if is_cancelled:\n        raise asyncio.CancelledError\n",
            because="it is raised once the work that must not be torn has come to its end",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each clause for CancelledError of an `async def` without a raise that has cancelled nothing itself."""
        for function in functions(source.tree):
            if (
                not isinstance(function, ast.AsyncFunctionDef)
                or any(last_name(each) == "cancel" for each in own_calls(function))
                or _raises_it_later(function)
            ):
                continue
            for node in own_nodes(function):
                if (
                    _goes_round(source, node)
                    and isinstance(node, ast.ExceptHandler)
                    and last_name(node.type) == "CancelledError"
                    and not any(isinstance(each, ast.Raise) for part in node.body for each in within(part))
                ):
                    yield report(
                        self,
                        source,
                        node,
                        what=f"{function.name} catches CancelledError and goes on.",
                        why="A shutdown or a time limit cancels the task and then waits for it in vain.",
                        instead="Clean up, then `raise`.",
                    )


def _raises_it_later(function: ast.AsyncFunctionDef) -> bool:
    """Return whether a function raises CancelledError itself, or keeps from it what must be done to its end."""
    return any(
        isinstance(each, ast.Raise) and each.exc is not None and "CancelledError" in ast.unparse(each.exc)
        for each in own_nodes(function)
    ) or any(last_name(each) == "shield" for each in own_calls(function))


def _goes_round(source: Source, node: ast.AST) -> bool:
    """Return whether the clause stands in a loop that it neither leaves nor ends."""
    if isinstance(node, ast.ExceptHandler) and any(
        isinstance(each, ast.Break | ast.Return) for part in node.body for each in within(part)
    ):
        return False
    for each in enclosing(source.tree, node):
        if isinstance(each, Function):
            return False
        if isinstance(each, ast.While):
            return True
    return False
