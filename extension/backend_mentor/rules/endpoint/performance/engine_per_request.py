"""The rule engine-per-request."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import last_name, own_calls
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class EnginePerRequest:
    """A pool of connections is made for each request.

    Each one opens connections of its own, and closes them when the garbage is collected.
    """

    name: ClassVar[str] = "engine-per-request"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.PERFORMANCE
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.get("/items")
            def items():
                engine = create_engine(URL)
                return engine.connect().execute(text("SELECT 1")).all()
            """,
            says="items makes a pool of connections on each request",
        ),
        PassesCode("engine = create_engine(URL)\n", because="it is made once"),
        PassesCode(
            "def make_engine(url):\n    return create_engine(url)\n", because="nothing says that a request calls it"
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each engine or HTTP client with a pool that a handler makes itself."""
        for handler in source.handlers:
            for call in own_calls(handler.node) if handler.node is not None else ():
                if last_name(call) in {"create_engine", "create_async_engine"}:
                    yield report(
                        self,
                        source,
                        call,
                        what=f"{handler.name} makes a pool of connections on each request.",
                        why="Each request connects anew and leaves connections open until the garbage is collected: "
                        "the database runs out of them.",
                        instead="Make the engine once at the top of the module and take a session from it.",
                    )
