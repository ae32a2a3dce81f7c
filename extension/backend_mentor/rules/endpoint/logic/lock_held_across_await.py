"""The rule lock-held-across-await."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import dotted, enclosing_function, full_name, targets, walk, within
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class LockHeldAcrossAwait:
    """A thread's lock is held while the event loop goes on.

    The next request that wants it stops the whole loop, also the one that would release it.
    """

    name: ClassVar[str] = "lock-held-across-await"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.LOGIC
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            "lock = threading.Lock()\nasync def add(item):\n    with lock:\n        await store(item)\n",
            says="lock is held while add awaits",
        ),
        PassesCode(
            "lock = asyncio.Lock()\nasync def add(item):\n    async with lock:\n        await store(item)\n",
            because="this one lets the loop go on",
        ),
        PassesCode(
            "lock = threading.Lock()\nasync def add(item):\n    with lock:\n        "
            "ITEMS.append(item)\n    await store(item)\n",
            because="it is released before the await",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each `with` on a lock of `threading` that holds an await."""
        locks = {
            name
            for node in walk(source.tree)
            if isinstance(node, ast.Assign)
            and isinstance(node.value, ast.Call)
            and full_name(source.tree, node.value.func) in {"threading.Lock", "threading.RLock"}
            for name in targets(node)
        }
        for node in walk(source.tree):
            if not isinstance(node, ast.With):
                continue
            held = next((name for each in node.items if (name := dotted(each.context_expr)) in locks), None)
            function = enclosing_function(source.tree, node)
            if (
                held
                and function is not None
                and any(isinstance(each, ast.Await) for part in node.body for each in within(part))
            ):
                yield report(
                    self,
                    source,
                    node.items[0].context_expr,
                    what=f"{held} is held while {function.name} awaits.",
                    why="The next request that wants it stops the thread of the event loop: nothing "
                    "can release it any more.",
                    instead="Use `asyncio.Lock` with `async with`, or release it before the await.",
                )
