"""What the sidebar asks is answered here: at once where it can be, else by a job that tells how it goes."""

from __future__ import annotations

from dataclasses import replace
from importlib.metadata import version
from typing import TYPE_CHECKING, get_type_hints

from backend_mentor.domain.errors import MentorError
from backend_mentor.surfaces.sidebar import messages
from backend_mentor.surfaces.sidebar.delivering import delivery_of
from backend_mentor.surfaces.sidebar.jobs import Jobs, failure_of
from backend_mentor.surfaces.sidebar.mentoring import answer, preview_consent, switch
from backend_mentor.surfaces.sidebar.messages import Connection, Entry, Event, Json, Questions, Told
from backend_mentor.surfaces.sidebar.warming import warm

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from backend_mentor.domain.review import Review
    from backend_mentor.session import Session
    from backend_mentor.surfaces.sidebar.jobs import Job

_LISTED = 50


class Desk:
    """Answers messages for one kernel."""

    def __init__(
        self, session: Session, push: Callable[[Json], None], variables: Callable[[], Mapping[str, object]]
    ) -> None:
        self._session = session
        self._jobs = Jobs(lambda told: push(to_json(told)))
        self._variables = variables

    def get_ready(self) -> None:
        """Load what a first review would wait for, in a thread of its own; a job that begins meanwhile goes first."""
        warm(self._jobs.await_rest)

    def answer(self, message: Mapping[str, object]) -> Json:
        """Return the reply to a message; whatever goes wrong is a reply too, for nobody sees an exception here."""
        ask = str(message.get("ask", ""))
        try:
            told = self._answer(ask, _read(message))
        except Exception as error:  # noqa: BLE001  the panel would wait for ever
            told = Told(failed=failure_of(error))
        return to_json(replace(told, ask=ask))

    def _answer(self, ask: str, wish: object) -> Told:
        match wish:
            case messages.ReviewWish():
                return self._jobs.start(ask, lambda job: self._review(job, wish))
            case messages.ConnectWish():
                return self._jobs.start(ask, lambda job: self._connect(job, wish))
            case messages.TestWish():
                return self._jobs.start(ask, lambda job: self._try_connection(job, wish))
            case messages.StopWish():
                return Told(stopping=self._jobs.stop(wish.of))
            case messages.ShowWish():
                return Told(delivery=delivery_of(self._remembered(wish.number), wish.level, wish.number))
            case _:
                return self._answer_mentoring(ask, wish)

    def _answer_mentoring(self, ask: str, wish: object) -> Told:
        session = self._session
        match wish:
            case messages.AskWish():
                review = self._remembered(wish.number)
                return self._jobs.start(ask, lambda job: self._with_state(answer(session, review, wish, job)))
            case messages.ConsentWish():
                review = self._remembered(wish.number)
                return self._jobs.start(ask, lambda job: preview_consent(session, review, wish, job))
            case messages.MentorWish():
                switch(session, wish)
                return self._with_state(Told())
            case "history":
                return self._history()
            case "warm":
                self.get_ready()
                return Told()
            case _:
                return self._with_state(Told(version=version("backend-mentor")))

    def _with_state(self, told: Told) -> Told:
        session = self._session
        connections = tuple(
            Connection(
                alias=alias,
                name=database.name,
                engine=database.engine.title,
                current=alias == session.current,
                mentored=session.speaks_for(database),
            )
            for alias, database in list(session.connections.items())
        )
        return replace(told, connections=connections, reviews=len(session.reviews))

    def _review(self, job: Job, wish: messages.ReviewWish) -> Told:
        session = self._session
        if session.current is None and wish.alias:
            job.tell("connecting")
            session.connect(wish.alias)

        def show(look: Review) -> None:
            job.say(Told(event=Event.PREVIEW, delivery=delivery_of(look, wish.level, 0, hint=wish.hint)))

        early = None if wish.hint else show  # a hint is asked for the answer, which is not known yet
        if wish.analyze or (wish.analyze is None and session.database().analyze_by_default):
            # Runs of a slow query take their time: what is known without them is shown first.
            show(self._judge(job, wish, analyze=False, remember=False, show=early))
            review = self._judge(job, wish, analyze=wish.analyze)
        else:
            review = self._judge(job, wish, analyze=wish.analyze, show=early)
        # A review is found again by its number, whatever others were made meanwhile.
        number = next(place for place, each in enumerate(session.reviews, start=1) if each is review)
        return self._with_state(Told(delivery=delivery_of(review, wish.level, number, hint=wish.hint)))

    def _judge(
        self,
        job: Job,
        wish: messages.ReviewWish,
        *,
        analyze: bool | None,
        remember: bool = True,
        show: Callable[[Review], None] | None = None,
    ) -> Review:
        return self._session.review(
            wish.text,
            name=wish.name,
            analyze=analyze,
            variables=self._variables(),
            progress=job.tell,
            stop=job.stop,
            milliseconds=wish.milliseconds,
            remember=remember,
            show=show,
        )

    def _connect(self, job: Job, wish: messages.ConnectWish) -> Told:
        job.tell("connecting")
        value = wish.target if wish.target in self._session.connections else self._value_of(wish.target)
        database = self._session.connect(value, wish.alias or None)
        return self._with_state(Told(connected=database.name, notes=database.notes))

    def _try_connection(self, job: Job, wish: messages.TestWish) -> Told:
        from backend_mentor.databases.registry import connect

        job.tell("connecting")
        database = connect(self._value_of(wish.target))
        try:
            tables = len(database.schema().tables)
            return Told(works=f"{database.name} · {database.engine.title}, {tables} tables, read-only")
        finally:
            database.close()

    def _value_of(self, target: str) -> object:
        return self._variables().get(target, target)

    def _history(self) -> Told:
        reviews = list(enumerate(self._session.reviews, start=1))[-_LISTED:]
        return Told(
            history=tuple(
                Entry(number, each.cell.name, each.conclusion or each.failure or "an answer of Claude")
                for number, each in reversed(reviews)
            )
        )

    def _remembered(self, number: int) -> Review:
        if not 1 <= number <= len(self._session.reviews):
            raise MentorError(f"There is no review {number} in this kernel.", "Review the cell again.")
        return self._session.reviews[number - 1]


def to_json(told: Told) -> Json:
    """Return a message as it is sent: what is None is left out."""
    from msgspec import to_builtins

    return {name: value for name, value in to_builtins(told).items() if value is not None}


def _read(message: Mapping[str, object]) -> object:
    """Return the question as its dataclass, or its kind where that says all; raises MentorError."""
    from msgspec import ValidationError, convert

    kind = str(message.get("kind"))
    form = get_type_hints(Questions).get(kind)
    if form is None:
        raise MentorError(
            f"The kernel knows no {kind}.",
            "Update backend-mentor in the kernel's environment and restart the kernel.",
        )
    if form is messages.Nothing:
        return kind
    # In a browser's own Python a null of the page comes as an object of Pyodide's.
    given = {name: value for name, value in message.items() if type(value).__name__ != "JsNull"}
    try:
        return convert(given, form)
    except ValidationError as error:
        raise MentorError(
            f"The question {kind} came in another form: {error}.",
            "Let the server's and the kernel's environments have the same backend-mentor, and restart both.",
        ) from None
