"""The rule heartbeat-switched-off."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import calls, full_name, keyword, last_name
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class HeartbeatSwitchedOff:
    """The pings of WebSockets are switched off.

    A client whose network has gone is never noticed, and its socket stays for ever.
    """

    name: ClassVar[str] = "heartbeat-switched-off"
    severity: ClassVar[Severity] = Severity.ADVICE
    responsibility: ClassVar[Responsibility] = Responsibility.ERRORS
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode("uvicorn.run(app, ws_ping_interval=None)\n", says="ws_ping_interval is None"),
        FlagsCode("server = await websockets.serve(answer, host, ping_interval=None)\n", says="ping_interval is None"),
        PassesCode("uvicorn.run(app, ws_ping_interval=30)\n", because="a ping goes out twice a minute"),
        PassesCode("uvicorn.run(app)\n", because="every 20 seconds is what it does by itself"),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield the argument at None for uvicorn, and for a server of websockets."""
        for call in calls(source.tree):
            name = full_name(source.tree, call.func)
            known = "ws_ping_interval" if last_name(call) in {"run", "Config"} else "ping_interval"
            if known == "ping_interval" and not name.endswith("websockets.serve"):
                continue
            given = keyword(call, known)
            if isinstance(given, ast.Constant) and given.value is None:
                yield report(
                    self,
                    source,
                    call,
                    what=f"{known} is None.",
                    why="A client whose network has gone never closes: its socket, its memory and its tasks stay.",
                    instead="Leave it at its 20 seconds.",
                )
