"""The conversation: the model speaks, its tools are carried out here, and what it says is judged before it is shown."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from backend_mentor.databases.base import Stop
from backend_mentor.domain.errors import MentorError, StoppedError
from backend_mentor.domain.narrative import Narrative
from backend_mentor.mentor.budget import Budget
from backend_mentor.mentor.cache import Recording, find_answer, keep_answer, key_of
from backend_mentor.mentor.prices import Usage, cost_usd
from backend_mentor.mentor.prompt import compose, introduce
from backend_mentor.mentor.prose import gate
from backend_mentor.mentor.speech import Body, InterruptedSpeech, Reply, Speaker
from backend_mentor.mentor.tools import carry_out, offered_tools

if TYPE_CHECKING:
    from backend_mentor.domain.review import Review
    from backend_mentor.mentor.case import Case
    from backend_mentor.mentor.persona import Persona

_ENDINGS = {
    "max_tokens": "The answer was cut at its longest length; ask to go on.",
    "refusal": "Claude declined to answer this.",
    "model_context_window_exceeded": "The conversation is too long; begin a new one with %backend mentor forget.",
}
_STOPPED = "You stopped the answer; what was said so far stands."
_LONGEST_RESULT = 30_000


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one question."""

    review: Review
    """The answer as a review: Claude's words, and what was accepted of its findings and proposals."""
    usage: Usage
    usd: float | None
    """None where the model has no price here."""
    model: str
    turns: int
    seconds: float
    is_whole: bool
    """False where it was cut short, by whom- or whatever; `notices` of the narrative say why."""
    failure: MentorError | None = None


@dataclass
class Conversation:
    """The history of one notebook on one database; it only grows: cache and thinking are bound to it."""

    case: Case
    persona: Persona
    model: str
    effort: str | None = None
    budget: Budget = field(default_factory=Budget)
    messages: list[dict[str, object]] = field(default_factory=list)
    sent: list[Body] = field(default_factory=list)
    """The requests of the last question, as they were made."""
    usd: float = 0.0
    usage: Usage = field(default_factory=Usage)
    clock: Callable[[], float] = time.monotonic
    _introduced: bool = False

    def turn_to(self, case: Case) -> None:
        """Take up the review of another cell; the history stays."""
        records = self.case.evidence.records
        case.evidence.records, case.evidence.statements = list(records), ()
        case.evidence.turn_to(case.review.cell.text, case.review)
        self.case, self._introduced = case, False

    def first_body(self, question: str, *, rows: bool = False) -> Body:
        """Return the request that this question would begin with; nothing is kept."""
        return self._body([*self.messages, self._question(question)], rows)

    def ask(
        self,
        question: str,
        speaker: Speaker,
        *,
        hear: Callable[[str], None] = lambda _: None,
        stop: Stop | None = None,
        rows: bool = False,
        session_usd: float = 0.0,
        use_cache: bool = True,
    ) -> Answer:
        """Return the answer to a question. `rows` lets the model read rows for this one question."""
        key = key_of(self.first_body(question, rows=rows))
        kept = find_answer(key) if use_cache and not rows else None
        self.messages.append(self._question(question))
        self._introduced = True
        turn = _Turn(self, kept or speaker, hear, stop or Stop(), rows, session_usd)
        turn.run()
        if turn.is_whole and kept is None and not rows and use_cache:
            keep_answer(key, turn.replies)
        return turn.answer()

    def _question(self, question: str) -> dict[str, object]:
        asked = {"type": "text", "text": self.case.redactor.redact(question)}
        return {"role": "user", "content": [asked] if self._introduced else [introduce(self.case), asked]}

    def _body(self, messages: list[dict[str, object]], rows: bool) -> Body:
        return compose(self.persona, offered_tools(rows=rows), messages, self.model, self.effort, self.budget)


class _Turn:
    """One question on its way: the calls of the model until it has no more to say."""

    def __init__(
        self,
        conversation: Conversation,
        speaker: Speaker,
        hear: Callable[[str], None],
        stop: Stop,
        rows: bool,
        session_usd: float,
    ) -> None:
        self.conversation, self.speaker, self.hear, self.stop, self.rows = conversation, speaker, hear, stop, rows
        self.session_usd = session_usd
        self.began = conversation.clock()
        self.case = conversation.case
        self.before = self._counts()
        self.texts: list[str] = []
        self.replies: list[Reply] = []
        self.notices: list[str] = []
        self.usage, self.usd = Usage(), 0.0
        self.is_whole = False
        self.failure: MentorError | None = None
        if isinstance(speaker, Recording):
            self.notices.append(
                f"From the cache on this machine, answered on {speaker.date}; its trials ran again now."
            )

    def run(self) -> None:
        """Speak and carry out tools until the answer is whole or something ends it."""
        self.conversation.sent = []
        try:
            while self._next():
                pass
        except (KeyboardInterrupt, InterruptedSpeech, StoppedError) as error:
            if isinstance(error, InterruptedSpeech):
                self._count(error.reply)
            self._close(_STOPPED)
        except MentorError as error:
            self.failure = error
            self._close(str(error).replace("\n", " "))

    def _next(self) -> bool:
        """Make one call; return whether another is to follow."""
        conversation, budget = self.conversation, self.conversation.budget
        seconds = conversation.clock() - self.began
        spent = self.session_usd + self.usd
        if reason := budget.exhausted(len(self.replies), self.usage, self.usd, spent, seconds):
            self._close(f"The answer ends here: {reason}. Change it with %backend budget.")
            return False
        body = conversation._body(conversation.messages, self.rows)
        conversation.sent.append(body)
        said = "\n\n".join(self.texts)
        reply = self.speaker.speak(
            body, lambda text: self.hear(f"{said}\n\n{text}"), seconds=budget.seconds - seconds, stop=self.stop
        )
        self._count(reply)
        if reply.failure is not None:
            self.failure = reply.failure
            self._close(str(reply.failure).replace("\n", " "))
            return False
        if reply.stop_reason == "tool_use" and reply.calls:
            self._carry_out(reply)
            return True
        if reply.stop_reason == "pause_turn" and reply.content:
            conversation.messages.append({"role": "assistant", "content": list(reply.content)})
            return True
        self._end(reply)
        return False

    def _carry_out(self, reply: Reply) -> None:
        results = []
        for call in reply.calls:
            self.stop.check()
            result = carry_out(self.case, call.name, call.input, rows=self.rows)
            written = json.dumps(result.content, ensure_ascii=False, default=str)[:_LONGEST_RESULT]
            results.append(
                {"type": "tool_result", "tool_use_id": call.id, "content": written, "is_error": result.is_error}
            )
        # Both or neither: a call without its result would make every later request malformed.
        self.conversation.messages.append({"role": "assistant", "content": list(reply.content)})
        self.conversation.messages.append({"role": "user", "content": results})

    def _end(self, reply: Reply) -> None:
        if reply.is_whole:
            self.is_whole = True
            content: list[object] = list(reply.content) or [{"type": "text", "text": "(Nothing more to say.)"}]
            self.conversation.messages.append({"role": "assistant", "content": content})
            if not any(self.texts) and not self._has_news():
                self.notices.append("Claude had nothing to add.")
            return
        why = _ENDINGS.get(reply.stop_reason or "", f"The answer ended early ({reply.stop_reason}).")
        if reply.detail:
            why = f"{why} In its words: {self.case.redactor.redact(reply.detail)}"
        self._close(why)

    def _close(self, why: str) -> None:
        """Note why the answer is not whole, and leave a history that can go on."""
        self.notices.append(why)
        if self.conversation.messages and self.conversation.messages[-1]["role"] == "user":
            said = self.texts[-1].strip() if self.texts else ""
            # Of a turn that broke off only the text may go back: its thinking is not signed, its calls have no results.
            text = said or "(The answer was cut short.)"
            self.conversation.messages.append({"role": "assistant", "content": [{"type": "text", "text": text}]})

    def _count(self, reply: Reply) -> None:
        self.replies.append(reply)
        if reply.text.strip():
            self.texts.append(reply.text)
        self.usage += reply.usage
        cost = cost_usd(self.conversation.model, reply.usage)
        self.usd += cost or 0.0
        self.conversation.usage += reply.usage
        self.conversation.usd += cost or 0.0

    def answer(self) -> Answer:
        """Return what came of it: the words judged by all that is known now, and what was accepted on the way."""
        case, conversation = self.case, self.conversation
        passages = gate("\n\n".join(self.texts), case.evidence, is_code_cell=case.is_code)
        findings, proposals, rejected, questions, escalations = self.before
        has_price = cost_usd(conversation.model, Usage()) is not None
        usd = self.usd if has_price else None
        narrative = Narrative(passages, f"{conversation.persona.name} · {conversation.model}", tuple(self.notices))
        seconds = conversation.clock() - self.began
        spent = self.usage.total if self.usage.total or not isinstance(self.speaker, Recording) else None
        provenance = replace(
            case.review.provenance,
            milliseconds=seconds * 1000,
            timings=(),
            tokens=spent,
            cost_usd=usd if spent else None,
        )
        review = replace(
            case.review,
            provenance=provenance,
            explanation=None,
            plan=None,
            findings=tuple(case.findings[findings:]),
            proposals=tuple(case.proposals[proposals:]),
            rejected=tuple(case.rejected[rejected:]),
            questions=tuple(case.questions[questions:]),
            escalations=tuple(case.escalations[escalations:]),
            skipped=(),
            narrative=narrative,
            conclusion="",
            failure=None,
            further=(),
        )
        turns = len(self.replies)
        return Answer(review, self.usage, usd, conversation.model, turns, seconds, self.is_whole, self.failure)

    def _counts(self) -> tuple[int, int, int, int, int]:
        case = self.case
        held = (case.findings, case.proposals, case.rejected, case.questions, case.escalations)
        return (len(held[0]), len(held[1]), len(held[2]), len(held[3]), len(held[4]))

    def _has_news(self) -> bool:
        return self._counts() != self.before
