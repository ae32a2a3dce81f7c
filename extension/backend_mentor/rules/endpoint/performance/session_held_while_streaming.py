"""The rule session-held-while-streaming."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.endpoint import ParameterKind
from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import constant, dotted, functions, last_name, own_calls, own_nodes, root_name
from backend_mentor.rules.endpoint.databases import names_session
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class SessionHeldWhileStreaming:
    """A stream without end keeps the session of its request.

    Each open tab holds a connection: the pool is empty after some ten of them.
    """

    name: ClassVar[str] = "session-held-while-streaming"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.PERFORMANCE
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            "import asyncio\nfrom fastapi import Depends, FastAPI\nfrom fastapi.responses import StreamingResponse\n"
            "app = FastAPI()\n@app.get('/feed')\nasync def feed(session: AsyncSession = Depends(get_session)):\n"
            "    user = await session.get(User, 1)\n    async def ticks():\n        while True:\n"
            "            yield 'tick'\n            await asyncio.sleep(1)\n    return StreamingResponse(ticks())\n",
            says="feed keeps session for as long as the stream of ticks lasts",
        ),
        PassesCode(
            "import asyncio\nfrom fastapi import Depends, FastAPI\nfrom fastapi.responses import StreamingResponse\n"
            "app = FastAPI()\n@app.get('/feed')\nasync def feed(session: AsyncSession = Depends(get_session)):\n"
            "    user = await session.get(User, 1)\n    await session.close()\n    async def ticks():\n"
            "        while True:\n            yield 'tick'\n            await asyncio.sleep(1)\n"
            "    return StreamingResponse(ticks())\n",
            because="its connection is given back before",
        ),
        PassesCode(
            "from fastapi import Depends, FastAPI\nfrom fastapi.responses import StreamingResponse\n"
            "app = FastAPI()\n@app.get('/report')\ndef report(session: Session = Depends(get_session)):\n"
            "    def lines():\n        for row in session.execute(ALL):\n            yield str(row)\n"
            "    return StreamingResponse(lines())\n",
            because="it comes to an end, and needs the session until then",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each route with a session from a dependency that answers with a generator that never ends."""
        endless = {
            each.name
            for each in functions(source.tree)
            if any(
                isinstance(loop, ast.While)
                and constant(loop.test) is True
                and any(isinstance(node, ast.Yield) for node in ast.walk(loop))
                and not any(isinstance(node, ast.Break | ast.Return) for node in ast.walk(loop))
                for loop in own_nodes(each)
            )
        }
        for handler in source.handlers:
            session = next(
                (
                    each.name
                    for each in handler.parameters
                    if each.kind is ParameterKind.DEPENDENCY and names_session(each.name)
                ),
                None,
            )
            if session is None or handler.node is None:
                continue
            used = [each for each in own_calls(handler.node) if root_name(each) == session]
            if not used or {"close", "commit", "rollback"} & {last_name(each) for each in used}:
                continue
            for call in own_calls(handler.node):
                stream = dotted(call.args[0].func) if call.args and isinstance(call.args[0], ast.Call) else ""
                if last_name(call) in {"StreamingResponse", "EventSourceResponse"} and stream in endless:
                    yield report(
                        self,
                        source,
                        call,
                        what=f"{handler.name} keeps {session} for as long as the stream of {stream} lasts.",
                        why="Its connection is missing in the pool until the caller hangs up.",
                        instead=f"Close it before the stream begins: `await {session}.close()`.",
                    )
