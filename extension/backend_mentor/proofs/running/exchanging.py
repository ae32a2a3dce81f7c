"""One request under way, from its sending to the exchange that is kept of it."""

from __future__ import annotations

import gc
import time
from typing import TYPE_CHECKING, Any

from backend_mentor.domain.trace import Exchange
from backend_mentor.proofs.running.call import Reply

if TYPE_CHECKING:
    from backend_mentor.domain.trace import SentRequest, Stall
    from backend_mentor.proofs.running.call import Call

REQUEST_SECONDS = 10.0
_MOST_ANSWER_BYTES = 10_000_000


class Exchanging:
    """One request under way: what it sends is recorded, and what it raises is the app's own failure."""

    def __init__(self, call: Call, request: SentRequest) -> None:
        self.call, self.request = call, request
        self.status: int | None = None
        self.body = b""
        self.error: str | None = None
        self.error_line: int | None = None
        self.began = self.took = 0.0

    def __enter__(self) -> Exchanging:
        self.call.recorder.begin_exchange()
        self.call.raised.clear()
        self.began = time.perf_counter()
        return self

    def keep(self, response: Any) -> None:
        """Keep the status and the body."""
        self.status, self.body = response.status_code, bytes(response.content[:_MOST_ANSWER_BYTES])

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: Any) -> bool:
        self.took = (time.perf_counter() - self.began) * 1000
        if error is None or not isinstance(error, Exception):
            return False
        if isinstance(error, TimeoutError) and self.took >= REQUEST_SECONDS * 1000:
            self.error = f"no answer within {REQUEST_SECONDS:.0f} s"
            return True
        # A framework that lets an exception through leaves the server to answer, which says 500.
        self.status = 500
        self._tell(error)
        return True

    def _tell(self, error: BaseException) -> None:
        self.error, trace = _told(error), error.__traceback__
        while trace is not None:
            if trace.tb_frame.f_code.co_filename in self.call.recorder.files:
                self.error_line = trace.tb_lineno
            trace = trace.tb_next

    def finish(self, stalls: tuple[Stall, ...]) -> None:
        """Put the exchange together, once the request has let go of everything that it lets go of."""
        recorder = self.call.recorder
        if self.call.raised:
            self._tell(self.call.raised[-1])
        held = dict(recorder.held)
        if held:
            # What the exception's frames and a finished session's own circle hold is given back by this.
            self.call.raised.clear()
            gc.collect()
        still = [each.line for key, each in held.items() if key in recorder.held]
        collected = [each.line for key, each in held.items() if key not in recorder.held]
        exchange = Exchange(
            request=self.request,
            status=self.status,
            milliseconds=self.took,
            statements=recorder.grouped(),
            stalls=stalls,
            left_open=tuple(still),
            leaked=tuple(collected),
            error=self.error,
            error_line=self.error_line,
            answer_bytes=len(self.body),
        )
        self.call.replies.append(Reply(exchange, self.body))


def _told(error: BaseException) -> str:
    """Return an exception's type and first line; a database's message would repeat the values that were sent."""
    original = getattr(error, "orig", None) or error
    lines = str(original).strip().splitlines()
    return f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__
