"""Backend Mentor in a Jupyter AI chat: a persona that reviews what it is sent, and speaks with Claude where told to.

Only Jupyter AI imports this module, by its entry point."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_ai_persona_manager import BasePersona, PersonaDefaults

from backend_mentor.domain.errors import MentorError

if TYPE_CHECKING:
    from jupyterlab_chat.models import Message

    from backend_mentor.session import Session

_FENCED = re.compile(r"```[\w-]*\n(?P<code>.*?)```", re.DOTALL)
_MENTION = re.compile(r"^\s*@[\w-]+\s*")
_HELP = (
    "Send SQL, an EXPLAIN plan, endpoint code or a request, in a block of code or plain, and I review it. "
    "`connect TARGET` names another database, `mentor claude` lets Claude speak about it and `mentor offline` ends "
    "that; `ask QUESTION` is about the last review. Nothing leaves this machine before `mentor claude`."
)


class BackendMentorPersona(BasePersona):  # type: ignore[misc]  # the package ships no types
    """The mentor as one of the chat's personas; each chat has a session of its own."""

    _session: Session | None = None

    @property
    def defaults(self) -> PersonaDefaults:
        """The name and the picture."""
        return PersonaDefaults(
            name="Backend Mentor",
            description="Reviews SQL and endpoint code on your database, with proof.",
            avatar_path=str(Path(__file__).parent / "avatar.svg"),
            system_prompt="",
        )

    async def process_message(self, message: Message) -> None:
        """Answer a message: the work is done beside the event loop, so that the chat stays alive."""
        answer = await asyncio.to_thread(self._answer, str(message.body))
        self.send_message(answer)

    async def cancel_response(self) -> None:
        """Stop what runs."""
        if self._session is not None:
            self._session.stop()

    async def handle_uncaught_exception(self, exc: Exception) -> None:
        """Say that it failed, and no more: a traceback in a chat may hold anybody's rows and addresses."""
        self.send_message(f"That failed ({type(exc).__name__}). Send it again, or review it in a notebook.")

    async def shutdown(self) -> None:
        """Close the connections."""
        if self._session is not None:
            self._session.close()
        await super().shutdown()

    def _answer(self, body: str) -> str:
        from backend_mentor.renderers.markdown import escape
        from backend_mentor.session import Session

        self._session = self._session or Session()
        try:
            return answer(body, self._session)
        except MentorError as error:
            return escape(str(error))


def answer(body: str, session: Session) -> str:
    """Return the answer to a message as Markdown with everything of others escaped; raises MentorError."""
    from backend_mentor.renderers.markdown import escape, render

    text = _MENTION.sub("", body).strip()
    word, _, rest = text.partition(" ")
    if not text or text == "help":
        return _HELP
    if word == "connect":
        database = session.connect(rest.strip())
        return f"Connected to {escape(database.name)} · {database.engine.title}, read-only."
    if word == "mentor":
        return _turn(rest.strip(), session)
    if word == "ask":
        if not session.reviews:
            raise MentorError("There is no review to speak about yet.", "Send a query first.")
        return render(session.mentor.ask(rest.strip(), session.reviews[-1], session.database()).review)
    fenced = _FENCED.search(text)
    return render(session.review(fenced["code"] if fenced else text))


def _turn(word: str, session: Session) -> str:
    if word == "offline":
        session.mentor.turn_off()
        return "The mentor is offline: nothing leaves this machine."
    if word != "claude":
        raise MentorError(f"There is no mentor {word:.40}.", "Write mentor claude or mentor offline.")
    speaker, database = session.mentor.turn_on(session.database()), session.database()
    return (
        f"Claude speaks for {database.name}, with {session.mentor.model_name()}; what you ask goes to {speaker.host}."
    )
