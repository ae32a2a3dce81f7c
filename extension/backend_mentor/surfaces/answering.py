"""An answer in a cell: the words as they come in, judged sentence by sentence, then the whole in the review's form."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from backend_mentor.renderers.prose import make_visible

if TYPE_CHECKING:
    from backend_mentor.domain.review import Review
    from backend_mentor.mentor.conversation import Answer
    from backend_mentor.renderers.view import View
    from backend_mentor.session import Session

# The page is redrawn at most this often; the words come in faster than eyes or browsers follow.
_REDRAW_SECONDS = 0.1


def show_review(session: Session, review: Review, view: View) -> None:
    """Show a review; where Claude was turned on for the connection it speaks about it below."""
    from IPython.display import display

    from backend_mentor.renderers.mime import render

    display(render(review, view), raw=True)
    if not view.hint and session.is_mentored:
        from backend_mentor.mentor.mentor import FIRST_QUESTION

        show_answer(session, FIRST_QUESTION, review)


def show_answer(
    session: Session, question: str, review: Review, *, rows: bool = False, use_cache: bool = True
) -> Answer:
    """Ask and show the answer where the cell's output is; what it accepted becomes the last review.

    Raises MentorError where the answer failed, after what was heard of it is shown; the review above stays as it is.
    """
    from IPython.display import display

    from backend_mentor.renderers.mime import render

    database = session.database()
    page = _Page(session)
    try:
        answer = session.mentor.ask(
            question, review, database, rows=rows, use_cache=use_cache, hear=page.hear, progress=page.progress
        )
    finally:
        page.clear()
    if answer.failure is None or _says_something(answer.review):
        display(render(answer.review), raw=True)
    if answer.review.proposals:
        session.reviews.append(answer.review)
    if answer.failure is not None:
        raise answer.failure
    return answer


def _says_something(review: Review) -> bool:
    said = review.narrative is not None and review.narrative.passages
    return bool(
        said or review.findings or review.proposals or review.rejected or review.questions or review.escalations
    )


class _Page:
    """The output while the answer comes in."""

    def __init__(self, session: Session) -> None:
        self.began, self.drawn = time.monotonic(), 0.0
        self.stage, self.text = "asking Claude", ""
        self.session = session
        self.handle: object = None

    def hear(self, text: str) -> None:
        """Take in the text so far."""
        self.stage, self.text = "Claude speaks", text
        if time.monotonic() - self.drawn >= _REDRAW_SECONDS:
            self.draw()

    def progress(self, stage: str) -> None:
        """Take in what is being tried."""
        self.stage = stage
        self.draw()

    def draw(self) -> None:
        """Show the sentences that are whole, judged, and the line of progress."""
        from IPython.display import display

        self.drawn = time.monotonic()
        seconds = f"{self.drawn - self.began:.0f} s · interrupt the kernel to stop"
        bundle = {"text/plain": f"{self._judged()}{self.stage} · {seconds}"}
        if self.handle is None:
            self.handle = display(bundle, raw=True, display_id=True)
        else:
            self.handle.update(bundle, raw=True)  # type: ignore[attr-defined]  # IPython's handle

    def clear(self) -> None:
        """Take the line away."""
        if self.handle is not None:
            self.handle.update({"text/plain": ""}, raw=True)  # type: ignore[attr-defined]  # IPython's handle

    def _judged(self) -> str:
        from backend_mentor.renderers.narration import paragraphs_of, said_in

        said = self.session.mentor.judge_so_far(self.session.database(), self.text)
        paragraphs = [said_in(paragraph) for paragraph in paragraphs_of(said)]
        return make_visible("".join(f"{paragraph}\n\n" for paragraph in paragraphs))
