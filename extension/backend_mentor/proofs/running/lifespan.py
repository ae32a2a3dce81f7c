"""An ASGI app's startup code, run before the first request as a server does, and ended without its shutdown code."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from backend_mentor.domain.errors import NotSupportedError

if TYPE_CHECKING:
    from collections.abc import MutableMapping

_STARTUP_SECONDS = 20.0


class Lifespan:
    """The app between its startup and the end of the run.

    The shutdown code does not run: it would dispose of engines and drop tables that the notebook still uses.
    What the startup left in `state` is handed to each request, as the specification of ASGI says."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.state: dict[str, Any] = {}
        self._started = asyncio.Event()
        self._failure: str | None = None
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Lifespan:
        self._task = asyncio.get_running_loop().create_task(self._live())
        with suppress(TimeoutError):
            await asyncio.wait_for(self._started.wait(), _STARTUP_SECONDS)
        if self._failure is not None:
            raise NotSupportedError(
                f"The app's startup code failed: {self._failure}", "Put that right, and run the cell again."
            )
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._task is not None:
            self._task.cancel()
            with suppress(BaseException):
                await self._task

    async def answer(self, scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        """Be the app, with the startup's state in each request."""
        await self.app({**scope, "state": dict(self.state)}, receive, send)

    async def _live(self) -> None:
        asked = False

        async def receive() -> dict[str, Any]:
            nonlocal asked
            if not asked:
                asked = True
                return {"type": "lifespan.startup"}
            await asyncio.Event().wait()
            raise AssertionError("nothing sets that event")

        async def send(message: dict[str, Any]) -> None:
            if message["type"] == "lifespan.startup.failed":
                told = str(message.get("message", "")).strip().splitlines()
                self._failure = told[-1] if told else "it gave no reason"
            self._started.set()

        scope = {"type": "lifespan", "asgi": {"version": "3.0", "spec_version": "2.0"}, "state": self.state}
        try:
            # An app that knows no lifespan refuses it in any way it likes.
            with suppress(Exception):
                await self.app(scope, receive, send)
        finally:
            self._started.set()
