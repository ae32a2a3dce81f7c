"""The page of a review as JSON: what the sidebar, the live output and the widget draw without computing anything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from backend_mentor.domain.review import Level
from backend_mentor.renderers.narration import mark_of, notices_of, paragraphs_of
from backend_mentor.renderers.outline import ANSWER_KEPT_BACK, NO_ESCALATION, Page, arrange
from backend_mentor.renderers.prose import make_visible

if TYPE_CHECKING:
    from backend_mentor.domain.narrative import Narrative
    from backend_mentor.domain.review import Review
    from backend_mentor.renderers.view import View


@dataclass(frozen=True, slots=True)
class Spoken:
    """A sentence or a block of code of the narrative, and the mark behind it where nothing bears it out."""

    text: str
    mark: str
    is_code: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    """A page, and the words that every page needs."""

    page: Page
    spoken: tuple[tuple[tuple[Spoken, ...], ...], ...]
    """The narrative of each outline in paragraphs; empty where nobody spoke."""
    remarks: tuple[tuple[str, ...], ...]
    """What stands below each narrative: how far it was checked, and what became of the answer."""
    hint: bool
    """True where the answer is kept back."""
    explains: bool
    kept_back: str = ANSWER_KEPT_BACK
    no_escalation: str = NO_ESCALATION


def drawing_of(review: Review, view: View) -> Drawing:
    """Return the page with the narrative in paragraphs; under a hint, without what would give the answer away."""
    told = [None if view.hint else one.narrative for one in (review, *review.further)]
    spoken = tuple(spoken_of(one) if one else () for one in told)
    remarks = tuple(notices_of(one) if one else () for one in told)
    return Drawing(arrange(review, view), spoken, remarks, view.hint, view.level is Level.JUNIOR)


def spoken_of(narrative: Narrative) -> tuple[tuple[Spoken, ...], ...]:
    """Return a narrative in paragraphs, each sentence with its mark."""
    return tuple(
        tuple(Spoken(each.text, mark_of(each), each.is_code) for each in told) for told in paragraphs_of(narrative)
    )


def draw(review: Review, view: View) -> dict[str, object]:
    """Return the drawing of a review as JSON."""
    return shown(drawing_of(review, view))


def shown(drawing: Drawing) -> dict[str, object]:
    """Return a drawing as JSON; control characters that could disguise a text are made visible."""
    from msgspec import to_builtins

    made = _visible(to_builtins(drawing))
    if not isinstance(made, dict):
        raise TypeError("a drawing is a JSON object")
    return made


def _visible(value: object) -> object:
    if isinstance(value, str):
        return make_visible(value)
    if isinstance(value, list | tuple):
        return [_visible(item) for item in value]
    if isinstance(value, dict):
        # Keys are our own, but for the members of sets, which have no order of their own.
        return {key: sorted(item) if key == "names" else _visible(item) for key, item in value.items()}
    return value
