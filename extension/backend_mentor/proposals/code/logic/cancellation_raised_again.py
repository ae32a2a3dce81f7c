"""A cancelled task ends."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.proposals.code.fix import Change, Declines, Edit, Fixes
from backend_mentor.proposals.code.places import indent_of, lines_of, node_of, replaced
from backend_mentor.reading.endpoints.trees import last_name

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class CancellationRaisedAgain:
    """Raise CancelledError again at the end of the clause that catches it.

    Valid where the clause catches nothing else: whoever cancels the task waits for this.
    """

    name: ClassVar[str] = "cancellation-raised-again"
    answers: ClassVar[tuple[str, ...]] = ("cancellation-swallowed",)
    examples: ClassVar[tuple[Fixes | Declines, ...]] = (
        Fixes(
            "async def work():\n    while True:\n        try:\n            await step('é')\n"
            "        except asyncio.CancelledError:  # é\n            logger.info('stopped')  # é\n",
            "async def work():\n    while True:\n        try:\n            await step('é')\n"
            "        except asyncio.CancelledError:  # é\n            logger.info('stopped')  # é\n            raise\n",
        ),
        Fixes(
            "async def work():\n\twhile True:\n\t\ttry:\n\t\t\tawait step()\n\t\texcept asyncio.CancelledError:\n"
            "\t\t\tlogger.info('é')\n\t\t\tcontinue  # é\n\t\tawait rest()\n",
            "async def work():\n\twhile True:\n\t\ttry:\n\t\t\tawait step()\n\t\texcept asyncio.CancelledError:\n"
            "\t\t\tlogger.info('é')\n\t\t\traise  # é\n\t\tawait rest()\n",
        ),
        Declines(
            "async def work():\n    while True:\n        try:\n            await step()\n"
            "        except asyncio.CancelledError: logger.info('stopped')\n",
            because="the clause has no line of its own",
        ),
        Declines(
            "async def work():\n    while True:\n        try:\n            await step()\n"
            "        except asyncio.CancelledError:\n            pass\n",
            because="a clause that only raises again is none: the whole of it has to go",
        ),
        Declines(
            "async def work():\n    while True:\n        try:\n            await step()\n"
            "        except asyncio.CancelledError:\n            if done():\n                close()\n"
            "            else:\n"
            "                logger.info('again')\n",
            because="it ends in two ways, of which one can be meant to go on",
        ),
    )

    def change(self, source: Source, finding: Finding) -> Change | None:
        """Add `raise`, or put it where `pass` or `continue` stands."""
        clause = node_of(source, finding, ast.ExceptHandler)
        if clause is None or last_name(clause.type) != "CancelledError":
            return None
        last = clause.body[-1]
        indent, lines = indent_of(source, last), lines_of(source, last)
        if indent is None or lines is None or not isinstance(last, ast.Expr | ast.Assign | ast.Pass | ast.Continue):
            return None
        if len(clause.body) == 1 and isinstance(last, ast.Pass | ast.Continue):
            return None
        ends = isinstance(last, ast.Pass | ast.Continue)
        line = source.text[lines[0] : lines[1]]
        text = f"{indent}raise\n" if line.endswith("\n") else f"\n{indent}raise"
        return Change(
            title="Raise CancelledError again",
            reason="The clause does what it did, and then the task ends, as whoever cancelled it expects.",
            edits=(replaced(source, last, "raise"),) if ends else (Edit(lines[1], lines[1], text),),
            tradeoffs=Tradeoffs("none", "the task is never to end before the process does"),
            conditions=(Condition("the clause catches CancelledError alone", f"line {clause.lineno}"),),
        )
