"""The rule process-exit-in-handler."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import dotted, full_name, own_calls
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class ProcessExitInHandler:
    """A handler ends the process.

    Each other request of this worker is cut off with it.
    """

    name: ClassVar[str] = "process-exit-in-handler"
    severity: ClassVar[Severity] = Severity.CRITICAL
    responsibility: ClassVar[Responsibility] = Responsibility.ERRORS
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.get("/items")
            def items():
                if not ready():
                    sys.exit(1)
            """,
            says="items ends the process with `sys.exit`",
        ),
        PassesCode("def main():\n    sys.exit(run())\n", because="a program ends like this"),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each exit in a function that the framework calls for a request."""
        for handler in source.handlers:
            for call in own_calls(handler.node) if handler.node is not None else ():
                name = full_name(source.tree, call.func)
                if name in {"sys.exit", "os._exit", "exit", "quit", "os.abort"}:
                    yield report(
                        self,
                        source,
                        call,
                        what=f"{handler.name} ends the process with `{dotted(call.func)}`.",
                        why="Each other request of this worker is cut off, and any caller can do it again.",
                        instead="Raise an HTTPException with status 503, and let a health check report the state.",
                    )
