"""A review as the front end gets it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend_mentor.domain.level import Level

if TYPE_CHECKING:
    from backend_mentor.domain.review import Review
    from backend_mentor.surfaces.sidebar.messages import Json


def delivery_of(review: Review, level: str, number: int, *, hint: bool = False) -> Json:
    """Return the delivery of a review; an unknown level is a senior's."""
    from backend_mentor.renderers.delivery import deliver
    from backend_mentor.renderers.view import View

    view = View(level=Level(level) if level in list(Level) else Level.SENIOR, hint=hint)
    return deliver(review, view, number)
