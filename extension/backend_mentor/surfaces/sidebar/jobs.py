"""What takes its time: each job is a thread of its own, told about by events and stopped by its mark."""

from __future__ import annotations

import asyncio
import contextvars
import sys
import threading
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from backend_mentor.databases.base import Stop
from backend_mentor.domain.errors import MentorError, StoppedError
from backend_mentor.surfaces.sidebar.messages import Event, Failure, Told

if TYPE_CHECKING:
    from collections.abc import Callable

_REPORT = "Review the cell with %%backend to see the whole of it, and report it."


@dataclass
class Job:
    """One review, connection or answer that takes its time."""

    ask: str
    push: Callable[[Told], None]
    began: float = field(default_factory=time.monotonic)
    stop: Stop = field(default_factory=Stop)
    stops: list[Stop] = field(default_factory=list)
    """Further stops that are to be requested with the first: a connection's own, which the mentor's tools look at."""

    def tell(self, stage: str) -> None:
        """Say what is being done; raises StoppedError once a stop was asked for."""
        self.stop.check()
        self.say(Told(event=Event.PROGRESS, stage=stage))

    def say(self, told: Told) -> None:
        """Push an event of this job, with its mark and its time."""
        self.push(replace(told, ask=self.ask, seconds=time.monotonic() - self.began))


class Jobs:
    """The jobs of one kernel; they run one after the other, beside whatever cell is running."""

    def __init__(self, push: Callable[[Told], None]) -> None:
        self._push = push
        self._turn = threading.Lock()
        self._running: dict[str, Job] = {}
        self._guard = threading.Lock()
        self._rest = threading.Event()
        self._rest.set()

    def start(self, ask: str, work: Callable[[Job], Told]) -> Told:
        """Begin a job, whose end is pushed, and return that it was begun."""
        job = Job(ask, self._push)
        with self._guard:
            self._running[ask] = job
            self._rest.clear()
        # The copied context keeps the request as the parent of what the thread sends.
        context = contextvars.copy_context()
        if sys.platform == "emscripten":
            # A browser's kernel has one thread: the job begins once this answer is out.
            asyncio.get_running_loop().call_soon(context.run, self._carry_out, job, work)
        else:
            threading.Thread(target=context.run, args=(self._carry_out, job, work), daemon=True, name="mentor").start()
        return Told(started=True)

    def stop(self, ask: str) -> bool:
        """Ask a job to stop; return whether there is one."""
        with self._guard:
            job = self._running.get(ask)
        if job is None:
            return False
        for stop in (job.stop, *job.stops):
            stop.request()
        return True

    def await_rest(self) -> None:
        """Return once no job is running, at once where none is; not to be called from a job."""
        self._rest.wait()

    def _carry_out(self, job: Job, work: Callable[[Job], Told]) -> None:
        try:
            with self._turn:
                job.stop.check()
                ended = replace(work(job), event=Event.DONE)
        except StoppedError:
            ended = Told(event=Event.STOPPED)
        except Exception as error:  # noqa: BLE001  the panel would wait for ever
            ended = Told(event=Event.STOPPED if job.stop.requested else Event.FAILED, failed=failure_of(error))
        finally:
            with self._guard:
                self._running.pop(job.ask, None)
                if not self._running:
                    self._rest.set()
        job.say(replace(ended, failed=None) if ended.event is Event.STOPPED else ended)


def failure_of(error: Exception) -> Failure:
    """Return what is shown of an error; of one that is not ours no more than its type, for it may hold rows."""
    if isinstance(error, MentorError):
        return Failure(error.what, error.remedy)
    return Failure(f"{type(error).__name__} in the kernel.", _REPORT)
