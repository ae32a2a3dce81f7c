"""The rule broadcast-ends-at-dead-client."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import calls, dotted, functions, last_name, own_nodes, targets
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import excerpt, report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding

_SENDS = frozenset({"send_text", "send_json", "send_bytes"})


class BroadcastEndsAtDeadClient:
    """A message to all is sent to one after the other, without a net.

    One client that has gone ends the loop, and one that is slow holds up all the others.
    """

    name: ClassVar[str] = "broadcast-ends-at-dead-client"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.ERRORS
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            async def tell_all(message):
                for client in clients:
                    await client.send_text(message)
            """,
            says="tell_all sends to clients one after the other",
        ),
        PassesCode(
            """
            async def tell_all(message):
                for client in list(clients):
                    try:
                        await client.send_text(message)
                    except RuntimeError:
                        clients.discard(client)
            """,
            because="a dead client is taken out",
        ),
        PassesCode(
            """
            async def send_rows(client, rows):
                for row in rows:
                    await client.send_json(row)
            """,
            because="there is one client",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each awaited sending to the variable of a `for` outside of any `try` of that loop."""
        for function in functions(source.tree):
            for node in own_nodes(function):
                if not isinstance(node, ast.For | ast.AsyncFor):
                    continue
                variables = targets(node)
                sends = next(
                    (
                        call
                        for part in node.body
                        for call in calls(part)
                        if last_name(call) in _SENDS and dotted(call.func).partition(".")[0] in variables
                    ),
                    None,
                )
                caught = any(isinstance(each, ast.Try | ast.With | ast.AsyncWith) for each in ast.walk(node))
                if sends is None or caught:
                    continue
                yield report(
                    self,
                    source,
                    sends,
                    what=f"{function.name} sends to {excerpt(node.iter)} one after the other.",
                    why="The first client that has gone raises and ends the loop; a slow one holds up all behind it.",
                    instead="Give each client a queue of limited length and a task that sends, or gather "
                    "with a timeout "
                    "and take out those that fail.",
                )
