"""Questions about a review, who answers them, and what of it would leave the machine."""

from __future__ import annotations

import contextvars
import threading
from dataclasses import replace
from typing import TYPE_CHECKING

from backend_mentor.domain.errors import MentorError
from backend_mentor.surfaces.sidebar.delivering import delivery_of
from backend_mentor.surfaces.sidebar.jobs import failure_of
from backend_mentor.surfaces.sidebar.messages import Answered, Consent, Event, Failure, Told

if TYPE_CHECKING:
    from backend_mentor.databases.base import Database
    from backend_mentor.domain.review import Review
    from backend_mentor.session import Session
    from backend_mentor.surfaces.sidebar.jobs import Job
    from backend_mentor.surfaces.sidebar.messages import AskWish, ConsentWish, Json, MentorWish

# The words come in faster than eyes or browsers follow, and each push judges what was said by then.
_PUSH_SECONDS = 0.15
_LONGEST_QUESTION = 4_000


def answer(session: Session, review: Review, wish: AskWish, job: Job) -> Told:
    """Return the answer to a question: Claude's where it speaks for the connection, else what the review says."""
    if not wish.question.strip():
        raise MentorError("There is no question.", "Write one, such as: why is the sort slow?")
    if len(wish.question) > _LONGEST_QUESTION:
        raise MentorError(
            f"The question has {len(wish.question):,} characters.", f"Ask in at most {_LONGEST_QUESTION:,}."
        )
    if session.current is None or not session.is_mentored:
        return Told(answered=_from_review(review, wish.question))
    return _from_claude(session, review, wish, job)


def preview_consent(session: Session, review: Review, wish: ConsentWish, job: Job) -> Told:
    """Return what the question would send first, to whom and at what price; nothing is sent."""
    from backend_mentor.mentor.client import Claude
    from backend_mentor.mentor.credentials import find_address
    from backend_mentor.mentor.mentor import FIRST_QUESTION
    from backend_mentor.surfaces.consent import price_of, written

    job.tell("writing what would be sent")
    mentor, database = session.mentor, session.database()
    client = Claude("", find_address())
    body = mentor.preview(review, database, _in_language(wish.question.strip() or FIRST_QUESTION, wish.language))
    model = mentor.model_name()
    consent = Consent(
        alias=session.current or "",
        database=database.name,
        host=client.host,
        speaker=f"{mentor.persona().name}, {model}",
        price=price_of(model),
        request=written(client, body),
        missing=_missing_key(),
    )
    return Told(consent=consent)


def switch(session: Session, wish: MentorWish) -> None:
    """Let Claude speak for the connection that was said yes for, or be silent for it; raises MentorError."""
    if wish.alias != session.current:
        raise MentorError(
            f"Another database than {wish.alias} is connected by now, so Claude was not turned on.",
            "Look at what would be sent for the one that is connected, and say yes to that.",
        )
    if wish.on:
        session.mentor.turn_on(session.database())
    else:
        session.mentor.turn_off(session.database())


def _from_review(review: Review, question: str) -> Answered:
    from backend_mentor.renderers.focus import answer_from

    drawing = answer_from(review, question)
    if drawing is None:
        return Answered(
            question,
            speaker="",
            delivery=None,
            unknown=Failure(
                "This review says nothing about that.",
                "Ask about a table, column or step of it, or about its plan, its findings or a better version; or let "
                "Claude answer.",
            ),
        )
    bare: Json = {
        "number": 0,
        "name": review.cell.name,
        "conclusion": "",
        "drawing": drawing,
        "marks": [],
        "changes": [],
    }
    return Answered(question, speaker="", delivery=bare, unknown=None)


def _from_claude(session: Session, review: Review, wish: AskWish, job: Job) -> Told:
    _refuse_keys(wish.question)
    mentor = session.mentor
    with session.borrow(job.stop):
        # The conversation keeps the connection itself, and its tools look at that one's stop.
        database = session.database()
        job.stops.append(database.stop)
        job.tell("asking Claude")
        speech = _Speech(session, database, job)
        try:
            found = mentor.ask(
                _in_language(wish.question.strip(), wish.language),
                review,
                database,
                hear=speech.hear,
                progress=job.tell,
                stop=job.stop,
            )
        finally:
            speech.end()
    if found.review.proposals:
        session.reviews.append(found.review)
    delivery = delivery_of(found.review, wish.level, len(session.reviews))
    answered = Answered(
        wish.question, speaker=f"{mentor.persona().name}, {found.model}", delivery=delivery, unknown=None
    )
    return Told(answered=answered, failed=failure_of(found.failure) if found.failure else None)


class _Speech:
    """What Claude says while it says it: whole sentences, judged, and not more often than anybody reads."""

    def __init__(self, session: Session, database: Database, job: Job) -> None:
        self._session, self._database, self._job = session, database, job
        self._guard = threading.Lock()
        self._text = ""
        self._waiting: threading.Timer | None = None

    def hear(self, text: str) -> None:
        """Take in the text so far; it is shown with whatever else comes in by then, and without that if none does."""
        with self._guard:
            self._text = text
            if self._waiting is None:
                context = contextvars.copy_context()
                self._waiting = threading.Timer(_PUSH_SECONDS, context.run, (self._show,))
                self._waiting.daemon = True
                self._waiting.start()

    def end(self) -> None:
        """Show nothing any more: the whole answer comes now."""
        with self._guard:
            if self._waiting is not None:
                self._waiting.cancel()

    def _show(self) -> None:
        from backend_mentor.renderers.page import spoken_of
        from backend_mentor.renderers.prose import make_visible

        with self._guard:
            text, self._waiting = self._text, None
        said = spoken_of(self._session.mentor.judge_so_far(self._database, text))
        if said:
            visible = tuple(tuple(replace(each, text=make_visible(each.text)) for each in told) for told in said)
            self._job.say(Told(event=Event.SPEECH, stage="Claude speaks", spoken=visible))


def _in_language(question: str, language: str) -> str:
    return f"{question}\nAnswer in {language.strip()[:40]}." if language.strip() else question


def _missing_key() -> Failure | None:
    from backend_mentor.mentor.credentials import require_key

    try:
        require_key()
    except MentorError as error:
        return failure_of(error)
    return None


def _refuse_keys(question: str) -> None:
    from backend_mentor.mentor.redaction import holds_key

    if holds_key(question):
        raise MentorError("A key stands in the question. It was not sent.", "Revoke it, and ask without it.")
