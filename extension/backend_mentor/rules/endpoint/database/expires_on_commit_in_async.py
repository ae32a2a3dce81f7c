"""The rule expires-on-commit-in-async."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import (
    calls,
    dotted,
    functions,
    has_unpacked,
    keyword,
    last_name,
    own_calls,
    own_nodes,
)
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import excerpt, report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding
    from backend_mentor.rules.endpoint.code import Function


class ExpiresOnCommitInAsync:
    """An asynchronous session forgets its rows at each commit.

    The next read of one would have to load it again, which asynchronous code can not do: it raises MissingGreenlet.
    """

    name: ClassVar[str] = "expires-on-commit-in-async"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.DATABASE
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            "from sqlalchemy.ext.asyncio import async_sessionmaker\nmaker = async_sessionmaker(engine)\n"
            "async def add(order):\n    async with maker() as session:\n        session.add(order)\n"
            "        await session.commit()\n        return order.id\n",
            says="`async_sessionmaker(engine)` expires each row at the commit",
        ),
        FlagsCode(
            "from sqlalchemy.orm import sessionmaker\nmaker = sessionmaker(engine, class_=AsyncSession)\n"
            "async def add(order):\n    async with maker() as session:\n        session.add(order)\n"
            "        await session.commit()\n        return order.id\n",
            says="expires each row at the commit",
        ),
        PassesCode(
            "from sqlalchemy.ext.asyncio import async_sessionmaker\n"
            "maker = async_sessionmaker(engine, expire_on_commit=False)\n"
            "async def add(order):\n    async with maker() as session:\n        session.add(order)\n"
            "        await session.commit()\n        return order.id\n",
            because="the rows are kept",
        ),
        PassesCode(
            "from sqlalchemy.ext.asyncio import async_sessionmaker\nmaker = async_sessionmaker(engine)\n"
            "async def count():\n    async with maker() as session:\n"
            "        return await session.scalar(select(func.count()).select_from(Order))\n",
            because="nothing is committed here",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each maker of asynchronous sessions that expires rows, in a cell that reads a row after a commit."""
        if not any(_reads_after_commit(each) for each in functions(source.tree)):
            return
        for call in calls(source.tree):
            name = last_name(call)
            made_async = name == "async_sessionmaker" or (
                name == "sessionmaker" and last_name(keyword(call, "class_")) == "AsyncSession"
            )
            if made_async and keyword(call, "expire_on_commit") is None and not has_unpacked(call):
                yield report(
                    self,
                    source,
                    call,
                    what=f"`{excerpt(call)}` expires each row at the commit, and the cell reads rows after it.",
                    why="The read would have to load the row again without an await: it raises MissingGreenlet.",
                    instead="Add `expire_on_commit=False`.",
                )


def _reads_after_commit(function: Function) -> bool:
    """Return whether an attribute of a row that was added to the session is read after an awaited commit."""
    if not isinstance(function, ast.AsyncFunctionDef):
        return False
    added = {
        dotted(each.args[0])
        for each in own_calls(function)
        if last_name(each) == "add" and len(each.args) == 1 and isinstance(each.args[0], ast.Name)
    }
    commits = [
        each.value.lineno
        for each in own_nodes(function)
        if isinstance(each, ast.Await) and last_name(each.value) == "commit"
    ]
    refreshed = any(last_name(each) == "refresh" for each in own_calls(function))
    return not refreshed and any(
        isinstance(each, ast.Attribute)
        and isinstance(each.ctx, ast.Load)
        and dotted(each.value) in added
        and any(line < each.lineno for line in commits)
        for each in own_nodes(function)
    )
