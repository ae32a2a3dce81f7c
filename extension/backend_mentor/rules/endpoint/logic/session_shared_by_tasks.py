"""The rule session-shared-by-tasks."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import calls, dotted, full_name, names_in
from backend_mentor.rules.endpoint.databases import names_session
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report
from backend_mentor.rules.endpoint.words import words_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class SessionSharedByTasks:
    """Tasks that run at the same time share one database session.

    A session is one conversation: the statements of the tasks get between each other and it raises.
    """

    name: ClassVar[str] = "session-shared-by-tasks"
    severity: ClassVar[Severity] = Severity.CRITICAL
    responsibility: ClassVar[Responsibility] = Responsibility.LOGIC
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            "async def load(session):\n    return await asyncio.gather(users(session), orders(session))\n",
            says="Two tasks of `asyncio.gather` use session at the same time",
        ),
        PassesCode(
            "async def load(maker):\n    return await asyncio.gather(users(maker), orders(maker))\n",
            because="each makes its own",
        ),
        PassesCode(
            "async def load(http_session):\n    await asyncio.gather(get(http_session), put(http_session))\n",
            because="an HTTP client is made for that",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each `gather` with two calls that are given the same session."""
        for call in calls(source.tree):
            if full_name(source.tree, call.func) not in {"asyncio.gather", "gather"}:
                continue
            used = [
                name for each in call.args if isinstance(each, ast.Call) for name in names_in(each) if _is_session(name)
            ]
            twice = next((name for name in used if used.count(name) > 1), None)
            if twice:
                yield report(
                    self,
                    source,
                    call,
                    what=f"Two tasks of `{dotted(call.func)}` use {twice} at the same time.",
                    why="A session is one conversation with the database, in one transaction: SQLAlchemy raises when a "
                    "second task asks while the first one waits, and what fails in one undoes the other's.",
                    instead="Open a session in each task, or await one after the other.",
                )


def _is_session(name: str) -> bool:
    words = words_of(name)
    return words[-1:] in {("session",), ("db",)} and names_session(name)
