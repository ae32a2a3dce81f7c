"""The rule print-in-handler."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import dotted, keyword, own_calls
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class PrintInHandler:
    """A handler prints.

    What is printed has no level, no time and no request, and nobody finds it again.
    """

    name: ClassVar[str] = "print-in-handler"
    severity: ClassVar[Severity] = Severity.INFO
    responsibility: ClassVar[Responsibility] = Responsibility.ERRORS
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.get("/orders")
            def orders():
                print("orders", len(ORDERS))
                return ORDERS
            """,
            says="orders prints",
        ),
        PassesCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.get("/orders")
            def orders():
                logger.info("%s orders", len(ORDERS))
                return ORDERS
            """,
            because="it is logged",
        ),
        PassesCode('def main():\n    print("ready")\n', because="a program that a person starts may speak to him"),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield the first `print` in handlers of requests, with how many more there are."""
        found = [
            (handler, call)
            for handler in source.handlers
            if handler.node is not None
            for call in own_calls(handler.node)
            if dotted(call.func) in {"print", "pprint"} and keyword(call, "file") is None
        ]
        for handler, call in found[:1]:
            more = f", and {len(found) - 1} more" if len(found) > 1 else ""
            yield report(
                self,
                source,
                call,
                what=f"{handler.name} prints{more}.",
                why="It has no level, no time and no request's number, so nobody finds it when something fails.",
                instead='Write `logger = logging.getLogger(__name__)` once, and `logger.info("… %s", value)` here.',
            )
