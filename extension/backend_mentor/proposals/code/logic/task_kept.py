"""A task is kept until it has done."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.proposals.code.fix import Change, Declines, Edit, Fixes
from backend_mentor.proposals.code.places import end_of_imports, indent_of, lines_of, names_bound, node_of, statement_of
from backend_mentor.reading.endpoints.trees import enclosing_function

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class TaskKept:
    """Keep a task in a set until it has done.

    Valid for a task that a function starts in a statement of its own, where the two names mean nothing else yet.
    """

    name: ClassVar[str] = "task-kept"
    answers: ClassVar[tuple[str, ...]] = ("lost-task",)
    examples: ClassVar[tuple[Fixes | Declines, ...]] = (
        Fixes(
            "import asyncio\n\n\nasync def place(order):\n    asyncio.create_task(mail(order))  # é\n"
            "    return order\n",
            "import asyncio\n\nbackground_tasks = set()\n\n\nasync def place(order):\n"
            "    task = asyncio.create_task(mail(order))  # é\n    background_tasks.add(task)\n"
            "    task.add_done_callback(background_tasks.discard)\n    return order\n",
        ),
        Fixes(
            "import asyncio\n\n\nclass Shop:\n    async def place(self, order):\n        if order:\n"
            "            asyncio.ensure_future(\n                mail(order)\n            )\n",
            "import asyncio\n\nbackground_tasks = set()\n\n\nclass Shop:\n    async def place(self, order):\n"
            "        if order:\n            task = asyncio.ensure_future(\n                mail(order)\n            )\n"
            "            background_tasks.add(task)\n            task.add_done_callback(background_tasks.discard)\n",
        ),
        Declines(
            "import asyncio\n\n\nasync def place(task):\n    asyncio.create_task(task.run())\n",
            because="task is the name of another thing here",
        ),
        Declines(
            "import asyncio\n\n\nasync def place(order):\n    if order: asyncio.create_task(mail(order))\n",
            because="the statement shares its line",
        ),
    )

    def change(self, source: Source, finding: Finding) -> Change | None:
        """Name the task, and add it to a set of the module."""
        call = node_of(source, finding, ast.Call)
        statement = statement_of(source, call) if call is not None else None
        function = enclosing_function(source.tree, call) if call is not None else None
        if call is None or function is None or not isinstance(statement, ast.Expr) or statement.value is not call:
            return None
        lines, indent, place = lines_of(source, statement), indent_of(source, statement), end_of_imports(source)
        if lines is None or indent is None or place is None or "task" in names_bound(source.tree):
            return None
        if "background_tasks" in names_bound(source.tree):
            return None
        start = source.span_of(statement).start
        after = f"{indent}background_tasks.add(task)\n{indent}task.add_done_callback(background_tasks.discard)"
        after = f"{after}\n" if source.text[lines[0] : lines[1]].endswith("\n") else f"\n{after}"
        return Change(
            title="Keep the task until it has done",
            reason="The event loop holds tasks by weak references; the set holds this one until it has done.",
            edits=(
                Edit(place, place, "\nbackground_tasks = set()\n"),
                Edit(start, start, "task = "),
                Edit(lines[1], lines[1], after),
            ),
            tradeoffs=Tradeoffs("its exception is still seen by nobody but the loop's log", "a TaskGroup can hold it"),
            conditions=(Condition("task and background_tasks mean nothing else", "the cell's names"),),
        )
