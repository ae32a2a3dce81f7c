"""The rule request-session-in-background."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.endpoint import ParameterKind
from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import dotted, last_name, names_in, own_calls, own_nodes
from backend_mentor.rules.endpoint.databases import names_session
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class RequestSessionInBackground:
    """Work that goes on after the answer uses the session of the request.

    The session is closed, or held long after the answer: which of the two depends on the version of the framework.
    """

    name: ClassVar[str] = "request-session-in-background"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.DATABASE
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            "from fastapi import BackgroundTasks, Depends, FastAPI\napp = FastAPI()\n@app.post('/orders')\n"
            "def order(tasks: BackgroundTasks, session: Session = Depends(get_session)):\n"
            "    tasks.add_task(send_mail, session, 1)\n",
            says="send_mail goes on with the session of order",
        ),
        FlagsCode(
            "import asyncio\nfrom fastapi import Depends, FastAPI\napp = FastAPI()\n@app.post('/orders')\n"
            "async def order(db: AsyncSession = Depends(get_session)):\n"
            "    task = asyncio.create_task(send_mail(db, 1))\n    TASKS.add(task)\n",
            says="send_mail goes on with the session of order",
        ),
        PassesCode(
            "from fastapi import BackgroundTasks, Depends, FastAPI\napp = FastAPI()\n@app.post('/orders')\n"
            "def order(tasks: BackgroundTasks, session: Session = Depends(get_session)):\n"
            "    tasks.add_task(send_mail, 1)\n",
            because="it opens its own",
        ),
        PassesCode(
            "import asyncio\nfrom fastapi import Depends, FastAPI\napp = FastAPI()\n@app.post('/orders')\n"
            "async def order(db: AsyncSession = Depends(get_session)):\n"
            "    task = asyncio.create_task(load(db))\n    return await task\n",
            because="the request waits for it",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each task of a handler that is given a session from a dependency and is not waited for."""
        for handler in source.handlers:
            sessions = {
                each.name
                for each in handler.parameters
                if each.kind is ParameterKind.DEPENDENCY and names_session(each.name)
            }
            for call in own_calls(handler.node) if handler.node is not None and sessions else ():
                name, task = last_name(call), ""
                if name == "add_task" and call.args and sessions & names_in(call):
                    task = dotted(call.args[0])
                elif name in {"create_task", "ensure_future"} and call.args and isinstance(call.args[0], ast.Call):
                    waited = (
                        any(
                            isinstance(each, ast.Await) and not isinstance(each.value, ast.Call)
                            for each in own_nodes(handler.node)
                        )
                        if handler.node
                        else False
                    )
                    if sessions & names_in(call.args[0]) and not waited:
                        task = dotted(call.args[0].func)
                if task:
                    yield report(
                        self,
                        source,
                        call,
                        what=f"{task} goes on with the session of {handler.name}.",
                        why="When it runs, the session is closed already, or the request's connection is held until it "
                        "has done.",
                        instead="Hand over keys, and open a session in the task.",
                    )
