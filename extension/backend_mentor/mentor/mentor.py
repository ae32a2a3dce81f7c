"""The mentor of one session: whom it speaks as, for which connections it may speak to Claude, and what it has cost."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from backend_mentor.domain.errors import MentorError
from backend_mentor.domain.narrative import Narrative
from backend_mentor.mentor.budget import Budget
from backend_mentor.mentor.case import Case
from backend_mentor.mentor.client import Claude
from backend_mentor.mentor.conversation import Answer, Conversation
from backend_mentor.mentor.credentials import find_address, require_key
from backend_mentor.mentor.models import check_effort, full_name
from backend_mentor.mentor.persona import DEFAULT_PERSONA, Persona, find_persona
from backend_mentor.mentor.prices import Usage
from backend_mentor.mentor.prose import finished_part, gate

if TYPE_CHECKING:
    from backend_mentor.databases.base import Database, Stop
    from backend_mentor.domain.review import Review
    from backend_mentor.mentor.speech import Body, Speaker

FIRST_QUESTION = "Review this cell: what matters most, what would you change, and what must I tell you first?"


def _speak_to_claude() -> Speaker:
    return Claude(require_key().text, find_address())


@dataclass
class Mentor:
    """Offline until it is turned on, and on only for the connections for which it was."""

    persona_name: str = DEFAULT_PERSONA
    model: str | None = None
    """None for the persona's."""
    effort: str | None = None
    budget: Budget = field(default_factory=Budget)
    open_speaker: Callable[[], Speaker] = _speak_to_claude
    usage: Usage = field(default_factory=Usage)
    usd: float = 0.0
    has_unpriced: bool = False
    """True once a model spoke that has no price here, so that `usd` is not all."""
    _on: set[str] = field(default_factory=set)
    _conversations: dict[str, Conversation] = field(default_factory=dict)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def turn_on(self, database: Database, *, model: str | None = None, effort: str | None = None) -> Speaker:
        """Let Claude speak about this connection and return who will; raises MentorError without key or address."""
        self.choose(model, effort)
        speaker = self.open_speaker()
        with self._lock:
            self._on.add(database.identity)
        return speaker

    def choose(self, model: str | None, effort: str | None) -> None:
        """Take another model or effort from now on, where one is given; raises MentorError for one there is not."""
        with self._lock:
            self.model = full_name(model) if model else self.model
            self.effort = check_effort(effort) or self.effort

    def turn_off(self, database: Database | None = None) -> None:
        """Go offline for this connection, or for every one where none is given; its conversations are forgotten."""
        with self._lock:
            for name in self._on | self._conversations.keys() if database is None else {database.identity}:
                self._on.discard(name)
                self._conversations.pop(name, None)

    def forget(self) -> None:
        """Begin the next question with no history."""
        with self._lock:
            self._conversations.clear()

    def speaks_for(self, database: Database) -> bool:
        """Return whether Claude was turned on for this connection."""
        return database.identity in self._on

    def persona(self) -> Persona:
        """Return the persona; raises MentorError where its file is gone."""
        return find_persona(self.persona_name)

    def take_persona(self, name: str) -> Persona:
        """Speak as another persona from now on, in a new conversation."""
        persona = find_persona(name)
        full_name(persona.model)
        self.persona_name = name
        self.forget()
        return persona

    def model_name(self) -> str:
        """Return the model's full name: the one chosen, else the persona's."""
        return full_name(self.model or self.persona().model)

    def preview(self, review: Review, database: Database, question: str, *, rows: bool = False) -> Body:
        """Return the request that a question would send first; nothing is sent and nothing is kept."""
        _require_same(review, database)
        with self._lock:
            kept = self._conversations.get(database.identity)
            if kept is not None and kept.case.review is review:
                return kept.first_body(question, rows=rows)
            case = Case.open(review, database)
            if kept is None:
                return self._begin(case).first_body(question, rows=rows)
            trial = Conversation(kept.case, kept.persona, kept.model, kept.effort, kept.budget, list(kept.messages))
            trial.turn_to(case)
            return trial.first_body(question, rows=rows)

    def judge_so_far(self, database: Database, text: str) -> Narrative:
        """Return the whole sentences of an answer that is still coming in, judged by what is known by now."""
        kept = self._conversations[database.identity]
        passages = gate(finished_part(text), kept.case.evidence, is_code_cell=kept.case.is_code)
        return Narrative(passages, kept.persona.name)

    def last_sent(self, database: Database) -> tuple[Body, ...]:
        """Return the requests of the last question about this connection."""
        kept = self._conversations.get(database.identity)
        return tuple(kept.sent) if kept else ()

    def ask(
        self,
        question: str,
        review: Review,
        database: Database,
        *,
        rows: bool = False,
        use_cache: bool = True,
        hear: Callable[[str], None] = lambda _: None,
        progress: Callable[[str], None] = lambda _: None,
        stop: Stop | None = None,
    ) -> Answer:
        """Return the answer to a question on a review; raises MentorError where Claude was not turned on for it.

        `stop` ends this answer alone, one that was requested before it began too; else the connection's own does.
        """
        if not self.speaks_for(database):
            raise MentorError(
                f"The mentor is offline for {database.name}: nothing of it leaves this machine.",
                "Turn it on with %backend mentor claude; see first what would go out with %backend send.",
            )
        _require_same(review, database)
        conversation = self._conversation(review, database)
        conversation.case.progress = progress
        database.stop.clear()
        answer = conversation.ask(
            question,
            self.open_speaker(),
            hear=hear,
            stop=stop or database.stop,
            rows=rows,
            session_usd=self.usd,
            use_cache=use_cache,
        )
        with self._lock:
            self.usage += answer.usage
            self.usd += answer.usd or 0.0
            self.has_unpriced = self.has_unpriced or (answer.usd is None and answer.usage.total > 0)
        return answer

    def _conversation(self, review: Review, database: Database) -> Conversation:
        with self._lock:
            kept = self._conversations.get(database.identity)
            if kept is None or kept.model != self.model_name() or kept.effort != self.effort:
                # A model's thinking is bound to the conversation that it was had in: another model begins anew.
                kept = self._begin(Case.open(review, database))
                self._conversations[database.identity] = kept
            elif kept.case.review is not review:
                kept.turn_to(Case.open(review, database))
            kept.budget = self.budget
            return kept

    def _begin(self, case: Case) -> Conversation:
        return Conversation(case, self.persona(), self.model_name(), self.effort, self.budget)


def _require_same(review: Review, database: Database) -> None:
    """Raise MentorError for a review of another database: a yes for one connection is none for what another holds."""
    about = review.provenance.database
    if about is not None and about != database.name:
        raise MentorError(
            f"The review is about {about}, and {database.name} is connected.",
            f"Connect to {about} again, or review the cell anew on {database.name}.",
        )
