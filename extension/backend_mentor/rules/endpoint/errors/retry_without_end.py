"""The rule retry-without-end."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import calls, full_name, functions, is_true, last_name, own_nodes
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding

_WAITS = frozenset({"sleep", "wait", "wait_for", "delay", "backoff", "join"})
# What hands out the next piece makes each turn another one.
_TAKES = frozenset(
    {"get", "pop", "popleft", "next", "anext", "recv", "receive", "receive_text", "readline", "input", "read",
     "accept", "get_message", "blpop", "brpop"}
)  # fmt: skip


class RetryWithoutEnd:
    """Something that failed is tried again at once, for ever.

    A service that is down gets as many requests as one process can send.
    """

    name: ClassVar[str] = "retry-without-end"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.ERRORS
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            def load():
                while True:
                    try:
                        return fetch()
                    except Exception:
                        continue
            """,
            says="load tries again at once, for ever",
        ),
        PassesCode(
            """
            def load():
                while True:
                    try:
                        return fetch()
                    except Exception:
                        time.sleep(delay)
            """,
            because="it waits",
        ),
        PassesCode(
            """
            def load():
                for attempt in range(3):
                    try:
                        return fetch()
                    except Exception:
                        continue
            """,
            because="it ends after three",
        ),
        PassesCode(
            """
            def work(queue):
                while True:
                    job = queue.get()
                    try:
                        run(job)
                    except Exception:
                        logger.exception("job %s", job)
            """,
            because="each turn is another job",
        ),
        PassesCode(
            """
            async def feed(stream):
                while True:
                    try:
                        return handle(await stream.next_message())
                    except Disconnected:
                        raise
                    except Exception:
                        continue
            """,
            because="it ends when the other side has gone",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each endless loop whose one statement tries the same call, and whose clauses only go on."""
        for function in functions(source.tree):
            for node in own_nodes(function):
                if not isinstance(node, ast.While) or not is_true(node.test) or len(node.body) != 1:
                    continue
                tried = node.body[0]
                if not isinstance(tried, ast.Try) or not any(
                    isinstance(each, ast.Return | ast.Break) for each in ast.walk(tried)
                ):
                    continue
                blind = [
                    clause
                    for clause in tried.handlers
                    if last_name(clause.type) in {"", "Exception", "BaseException"} and _goes_on(clause)
                ]
                takes = any(_takes(source, call) for part in tried.body for call in calls(part))
                waits = any(last_name(call) in _WAITS for call in calls(tried))
                # A clause that ends it, as for a peer who has gone, is an end.
                ends = any(not _goes_on(clause) for clause in tried.handlers)
                if blind and not takes and not waits and not ends:
                    yield report(
                        self,
                        source,
                        node,
                        what=f"{function.name} tries again at once, for ever, whatever failed.",
                        why="A service that is down is kept down by it, and the request never ends (OWASP API4:2023).",
                        instead="Try three times, wait twice as long each time with a random part, then let it fail.",
                    )


def _goes_on(clause: ast.ExceptHandler) -> bool:
    return not any(
        isinstance(each, ast.Raise | ast.Return | ast.Break) for part in clause.body for each in ast.walk(part)
    )


def _takes(source: Source, call: ast.Call) -> bool:
    return last_name(call) in _TAKES and not full_name(source.tree, call.func).startswith(("requests.", "httpx."))
