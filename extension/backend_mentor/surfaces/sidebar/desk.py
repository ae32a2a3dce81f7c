"""What the sidebar asks is answered here: at once where it can be, else by a thread that tells how it goes."""

from __future__ import annotations

import contextvars
import threading
import time
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import TYPE_CHECKING

from backend_mentor.databases.base import Stop
from backend_mentor.domain.errors import MentorError, StoppedError
from backend_mentor.domain.review import Level

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from backend_mentor.domain.review import Review
    from backend_mentor.renderers.view import View
    from backend_mentor.session import Session

Message = dict[str, object]


@dataclass
class Job:
    """One review or connection that takes its time."""

    ask: str
    began: float = field(default_factory=time.monotonic)
    stop: Stop = field(default_factory=Stop)


class Desk:
    """Answers messages for one kernel; its reviews run one after the other, beside whatever cell is running."""

    def __init__(
        self, session: Session, push: Callable[[Message], None], variables: Callable[[], Mapping[str, object]]
    ) -> None:
        self._session = session
        self._push = push
        self._variables = variables
        self._turn = threading.Lock()
        self._jobs: dict[str, Job] = {}
        self._guard = threading.Lock()

    def answer(self, message: Mapping[str, object]) -> Message:
        """Return the reply to a message; whatever goes wrong is a reply too, for nobody sees an exception here."""
        ask = str(message.get("ask", ""))
        try:
            handle = _ANSWERS.get(str(message.get("kind")))
            if handle is None:
                raise MentorError(
                    f"The kernel knows no {message.get('kind')}.",
                    "Update backend-mentor in the kernel's environment and restart the kernel.",
                )
            return {"ask": ask, **handle(self, ask, message)}
        except MentorError as error:
            return {"ask": ask, "failed": _told(error)}
        except Exception as error:  # noqa: BLE001  the panel would wait for ever
            return {"ask": ask, "failed": {"what": f"{type(error).__name__} in the kernel.", "remedy": _REPORT}}

    def _hello(self, ask: str, message: Mapping[str, object]) -> Message:
        return {"version": version("backend-mentor"), **self._state()}

    def _state(self) -> Message:
        session = self._session
        connections = [
            {
                "alias": alias,
                "name": database.name,
                "engine": database.engine.title,
                "current": alias == session.current,
            }
            for alias, database in list(session.connections.items())
        ]
        return {"connections": connections, "reviews": len(session.reviews)}

    def _review(self, ask: str, message: Mapping[str, object]) -> Message:
        wished = message.get("analyze")
        analyze = wished if isinstance(wished, bool) else None

        def work(job: Job) -> Message:
            if analyze or (analyze is None and self._session.database().analyze_by_default):
                # Runs of a slow query take their time: what is known without them is shown first.
                first = self._judge(job, message, analyze=False, remember=False)
                self._push({"ask": ask, "event": "preview", "delivery": self._delivered(first, message, 0)})
            review = self._judge(job, message, analyze=analyze, remember=True)
            return {"delivery": self._delivered(review, message, len(self._session.reviews)), **self._state()}

        return self._start(ask, work)

    def _judge(self, job: Job, message: Mapping[str, object], *, analyze: bool | None, remember: bool) -> Review:
        return self._session.review(
            str(message.get("text", "")),
            name=str(message.get("name") or "cell"),
            analyze=analyze,
            variables=self._variables(),
            progress=lambda stage: self._tell(job, stage),
            stop=job.stop,
            remember=remember,
        )

    def _delivered(self, review: Review, message: Mapping[str, object], number: int) -> Message:
        from backend_mentor.renderers.delivery import deliver

        return deliver(review, _view(message), number)

    def _connect(self, ask: str, message: Mapping[str, object]) -> Message:
        target, alias = str(message.get("target", "")), str(message.get("alias") or "") or None

        def work(job: Job) -> Message:
            self._tell(job, "connecting")
            variables = self._variables()
            value = target if target in self._session.connections else variables.get(target, target)
            database = self._session.connect(value, alias)
            return {"connected": database.name, "notes": list(database.notes), **self._state()}

        return self._start(ask, work)

    def _try_connection(self, ask: str, message: Mapping[str, object]) -> Message:
        target = str(message.get("target", ""))

        def work(job: Job) -> Message:
            from backend_mentor.databases.registry import connect

            self._tell(job, "connecting")
            database = connect(self._variables().get(target, target))
            try:
                tables = len(database.schema().tables)
                return {"works": f"{database.name} · {database.engine.title}, {tables} tables, read-only"}
            finally:
                database.close()

        return self._start(ask, work)

    def _stop(self, ask: str, message: Mapping[str, object]) -> Message:
        with self._guard:
            job = self._jobs.get(str(message.get("of")))
        if job is None:
            return {"stopping": False}
        job.stop.request()
        return {"stopping": True}

    def _history(self, ask: str, message: Mapping[str, object]) -> Message:
        reviews = list(enumerate(self._session.reviews, start=1))[-50:]
        entries = [
            {"number": number, "name": each.cell.name, "conclusion": each.conclusion or each.failure or ""}
            for number, each in reversed(reviews)
        ]
        return {"history": entries}

    def _show(self, ask: str, message: Mapping[str, object]) -> Message:
        number = message.get("number")
        if not isinstance(number, int) or not 1 <= number <= len(self._session.reviews):
            raise MentorError(f"There is no review {number} in this kernel.", "Review the cell again.")
        return {"delivery": self._delivered(self._session.reviews[number - 1], message, number)}

    def _start(self, ask: str, work: Callable[[Job], Message]) -> Message:
        job = Job(ask)
        with self._guard:
            self._jobs[ask] = job
        # The copied context keeps the request as the parent of what the thread sends.
        context = contextvars.copy_context()
        threading.Thread(target=context.run, args=(self._carry_out, job, work), daemon=True, name="mentor").start()
        return {"started": True}

    def _carry_out(self, job: Job, work: Callable[[Job], Message]) -> None:
        try:
            with self._turn:
                job.stop.check()
                ended: Message = {"event": "done", **work(job)}
        except StoppedError:
            ended = {"event": "stopped"}
        except MentorError as error:
            ended = {"event": "failed", "failed": _told(error)}
        except Exception as error:  # noqa: BLE001  the panel would wait for ever
            ended = {"event": "failed", "failed": {"what": f"{type(error).__name__} in the kernel.", "remedy": _REPORT}}
        finally:
            with self._guard:
                self._jobs.pop(job.ask, None)
        if job.stop.requested and ended["event"] == "failed":
            ended = {"event": "stopped"}
        self._push({"ask": job.ask, "seconds": time.monotonic() - job.began, **ended})

    def _tell(self, job: Job, stage: str) -> None:
        job.stop.check()
        self._push({"ask": job.ask, "event": "progress", "stage": stage, "seconds": time.monotonic() - job.began})


_REPORT = "Review the cell with %%backend to see the whole of it, and report it."


def _told(error: MentorError) -> Message:
    return {"what": error.what, "remedy": error.remedy}


def _view(message: Mapping[str, object]) -> View:
    from backend_mentor.renderers.view import View

    level = str(message.get("level") or Level.SENIOR.value)
    return View(level=Level(level) if level in list(Level) else Level.SENIOR, hint=message.get("hint") is True)


_ANSWERS = {
    "hello": Desk._hello,
    "review": Desk._review,
    "connect": Desk._connect,
    "test": Desk._try_connection,
    "stop": Desk._stop,
    "history": Desk._history,
    "show": Desk._show,
}
