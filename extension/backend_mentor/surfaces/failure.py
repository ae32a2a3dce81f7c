"""How a cell fails: its status is `error`, and it shows the one message instead of a traceback."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backend_mentor.domain.errors import MentorError


class ReviewFailed(Exception):  # noqa: N818  it is read by people, above the message
    """The review could not be done; the message says why and what to do."""

    def __init__(self, error: MentorError) -> None:
        super().__init__(str(error))
        self.error = error

    def _render_traceback_(self) -> list[str]:
        # IPython asks an exception for its own traceback by this name.
        return [str(self.error)]
