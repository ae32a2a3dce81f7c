"""A transaction is committed once after the loop."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.proposals.code.fix import Change, Declines, Edit, Fixes
from backend_mentor.proposals.code.places import indent_of, lines_of, node_of, statement_of
from backend_mentor.reading.endpoints.trees import enclosing, last_name, within

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class CommitAfterLoop:
    """Commit after the loop instead of in it.

    Valid where the commit is the last statement of the loop's body, and nothing leaves the function from inside the
    loop: all that was added is committed as before, together.
    """

    name: ClassVar[str] = "commit-after-loop"
    answers: ClassVar[tuple[str, ...]] = ("commit-in-loop",)
    examples: ClassVar[tuple[Fixes | Declines, ...]] = (
        Fixes(
            "def close(session, orders):\n    for order in orders:\n        order.closed = 'é'\n"
            "        session.commit()  # é\n    return len(orders)\n",
            "def close(session, orders):\n    for order in orders:\n        order.closed = 'é'\n"
            "    session.commit()  # é\n    return len(orders)\n",
        ),
        Fixes(
            "class Shop:\n    async def close(self, orders):\n        for order in orders:\n"
            "            order.closed = True\n            await self.session.commit()",
            "class Shop:\n    async def close(self, orders):\n        for order in orders:\n"
            "            order.closed = True\n        await self.session.commit()\n",
        ),
        Declines(
            "def close(session, orders):\n    for order in orders:\n        if order.closed:\n            return\n"
            "        order.closed = True\n        session.commit()\n",
            because="the return would leave before the commit",
        ),
        Declines(
            "def close(session, orders):\n    for order in orders:\n        order.closed = True\n"
            "        if order.late:\n"
            "            break\n        session.commit()\n",
            because="what the last turn has changed is not to be committed",
        ),
        Declines(
            "def close(session, orders):\n    for order in orders:\n        order.closed = True\n"
            "        session.commit()\n        tell(order.id)\n",
            because="others are told of the order that is committed",
        ),
    )

    def change(self, source: Source, finding: Finding) -> Change | None:
        """Move the line."""
        call = node_of(source, finding, ast.Call)
        statement = statement_of(source, call) if call is not None else None
        loop = next(iter(enclosing(source.tree, statement)), None) if statement is not None else None
        if not isinstance(loop, ast.For | ast.AsyncFor) or not isinstance(statement, ast.Expr) or loop.orelse:
            return None
        if loop.body[-1] is not statement or len(loop.body) < 2 or _leaves(loop):
            return None
        lines, indent = lines_of(source, statement), indent_of(source, loop)
        if lines is None or indent is None:
            return None
        moved = indent + source.text[lines[0] : lines[1]].strip() + "\n"
        return Change(
            title="Commit once after the loop",
            reason="All rows are committed together: one wait for the disk, and no half of the work stays behind.",
            edits=(Edit(lines[0], lines[1], moved),),
            tradeoffs=Tradeoffs(
                "locks are held until the loop has done, and an error undoes all of it",
                "the loop is so long that a part of it has to stay when a later part fails",
            ),
            conditions=(
                Condition(
                    "nothing follows the commit in the loop, or leaves the function from it",
                    f"lines {loop.lineno} to {loop.end_lineno}",
                ),
            ),
        )


def _leaves(loop: ast.For | ast.AsyncFor) -> bool:
    inside = [each for part in loop.body for each in within(part)]
    sends = {"delay", "apply_async", "publish", "send", "rollback", "begin_nested", "sleep", "post", "expire_all"}
    return any(
        isinstance(each, ast.Return | ast.Yield | ast.Try | ast.Break | ast.Continue)
        or (isinstance(each, ast.Call) and last_name(each) in sends)
        for each in inside
    )
