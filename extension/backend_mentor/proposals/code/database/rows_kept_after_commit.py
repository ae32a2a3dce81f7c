"""An asynchronous session keeps its rows after a commit."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.proposals.code.fix import Change, Declines, Fixes
from backend_mentor.proposals.code.places import argument_added, node_of
from backend_mentor.reading.endpoints.trees import calls, last_name

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


_MAKER = (
    "from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker\nfrom sqlalchemy.orm import sessionmaker\n\n"
)
_USE = (
    "\n\nasync def add(order):\n    async with maker() as session:\n        session.add(order)\n"
    "        await session.commit()\n        return order.id\n"
)


class RowsKeptAfterCommit:
    """Let asynchronous sessions keep their rows after a commit: `expire_on_commit=False`.

    Valid where the maker does not say it yet: a read after the commit shows what was written.
    """

    name: ClassVar[str] = "rows-kept-after-commit"
    answers: ClassVar[tuple[str, ...]] = ("expires-on-commit-in-async",)
    examples: ClassVar[tuple[Fixes | Declines, ...]] = (
        Fixes(
            _MAKER + "maker = async_sessionmaker(engine)  # é\n" + _USE,
            _MAKER + "maker = async_sessionmaker(engine, expire_on_commit=False)  # é\n" + _USE,
        ),
        Fixes(
            _MAKER + "maker = sessionmaker(\n    engine, class_=AsyncSession,  # é\n)\n" + _USE,
            _MAKER + "maker = sessionmaker(\n    engine, class_=AsyncSession, expire_on_commit=False,  # é\n)\n" + _USE,
        ),
        Declines(
            _MAKER + "maker = async_sessionmaker(engine)\n" + _USE + "\n\nmaker.configure(expire_on_commit=False)\n",
            because="it is set elsewhere",
        ),
        Declines(
            _MAKER + "maker = async_sessionmaker(engine)\nmaker.configure(**OPTIONS)\n" + _USE,
            because="what is set elsewhere is not known",
        ),
    )

    def change(self, source: Source, finding: Finding) -> Change | None:
        """Add the argument."""
        call = node_of(source, finding, ast.Call)
        if call is None or any(last_name(each) == "configure" for each in calls(source.tree)):
            return None
        return Change(
            title="Keep rows after the commit",
            reason="What was read or written stays readable after the commit, where loading it again is not possible.",
            edits=(argument_added(source, call, "expire_on_commit=False"),),
            tradeoffs=Tradeoffs(
                "a row that was read before the commit does not show what others have written since",
                "the session lives longer than one request",
            ),
            conditions=(Condition("the session is asynchronous", source.code_of(call.func)),),
        )
