"""The question waits-in-threads."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.endpoint import HandlerKind
from backend_mentor.domain.finding import Responsibility
from backend_mentor.domain.review import Question
from backend_mentor.rules.endpoint.code import full_name, own_calls
from backend_mentor.rules.endpoint.example import AsksCode, PassesCode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source

_WAITS = frozenset(
    {f"{library}.{verb}" for library in ("requests", "httpx") for verb in ("get", "post", "put", "patch", "delete")}
    | {"time.sleep", "urllib.request.urlopen", "subprocess.run", "subprocess.check_output", "subprocess.check_call"}
)
_FEW = 2
_THREADS = 40
"""https://anyio.readthedocs.io/en/stable/threads.html: the tokens of the default limiter, one for each thread."""


class WaitsInThreads:
    """How many requests will wait for others at the same time?

    Plain `def` handlers share 40 threads: when all of them wait, the next request waits too, whatever it asks for.
    """

    name: ClassVar[str] = "waits-in-threads"
    responsibility: ClassVar[Responsibility] = Responsibility.PERFORMANCE
    examples: ClassVar[tuple[AsksCode | PassesCode, ...]] = (
        AsksCode(
            """
            import requests
            from fastapi import FastAPI
            app = FastAPI()
            @app.get("/rates")
            def rates():
                return requests.get("https://rates.example", timeout=30).json()
            @app.get("/weather")
            def weather():
                return requests.get("https://weather.example", timeout=30).json()
            @app.get("/news")
            def news():
                return requests.get("https://news.example", timeout=30).json()
            """,
            says="How many requests of rates, weather and news will wait at the same time?",
        ),
        PassesCode(
            """
            import requests
            from fastapi import FastAPI
            app = FastAPI()
            @app.get("/rates")
            def rates():
                return requests.get("https://rates.example", timeout=30).json()
            @app.get("/items")
            def items():
                return []
            """,
            because="one of the handlers waits for another service",
        ),
        PassesCode(
            """
            import requests
            from flask import Flask
            app = Flask("shop")
            @app.get("/rates")
            def rates():
                return requests.get("https://rates.example", timeout=30).json()
            @app.get("/weather")
            def weather():
                return requests.get("https://weather.example", timeout=30).json()
            @app.get("/news")
            def news():
                return requests.get("https://news.example", timeout=30).json()
            """,
            because="the server's own workers are counted there, in its configuration",
        ),
    )

    def ask(self, source: Source) -> Iterator[Question]:
        """Ask once of a FastAPI application in which more than two plain handlers wait for something outside."""
        waiting = [
            handler.name
            for handler in source.handlers
            if handler.kind is HandlerKind.ROUTE
            and isinstance(handler.node, ast.FunctionDef)
            and any(full_name(source.tree, call.func) in _WAITS for call in own_calls(handler.node))
        ]
        if source.framework != "FastAPI" or len(waiting) <= _FEW or "total_tokens" in source.text:
            return
        yield Question(
            f"How many requests of {', '.join(waiting[:-1])} and {waiting[-1]} will wait at the same time?",
            f"Plain handlers run in {_THREADS} threads of the process: request {_THREADS + 1} waits although the "
            "processor is idle, also for the quick ones. Make those that wait `async def` with an "
            "`httpx.AsyncClient`, or set the limiter's `total_tokens` to what you expect.",
            self.responsibility,
        )
