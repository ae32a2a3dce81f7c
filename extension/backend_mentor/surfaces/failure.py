"""How a cell fails: its status is `error`, and it shows the one message instead of a traceback."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend_mentor.domain.errors import MentorError

if TYPE_CHECKING:
    from backend_mentor.domain.review import Review


class ReviewFailed(Exception):  # noqa: N818  it is read by people, above the message
    """The review could not be done; the message says why and what to do."""

    def __init__(self, error: MentorError) -> None:
        super().__init__(str(error))
        self.error = error

    def _render_traceback_(self) -> list[str]:
        # IPython asks an exception for its own traceback by this name.
        return [str(self.error)]


def failure_of(review: Review, raised: str | None = None) -> MentorError | None:
    """Return why a part of the cell was not reviewed, or what the executed cell itself raised; None for neither."""
    failure = next((each.failure for each in (review, *review.further) if each.failure), None)
    if failure is not None:
        what, _, remedy = failure.rpartition("\n")
        return MentorError(what, remedy)
    if raised is None:
        return None
    return MentorError(
        f"The cell raised {raised}.", "Its code was reviewed all the same, but no request was sent to it."
    )
