"""The review as a notebook's output: one bundle with every form, of which each reader takes the best it knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend_mentor.renderers import html, json, markdown, text
from backend_mentor.renderers.page import draw
from backend_mentor.renderers.view import View

if TYPE_CHECKING:
    from backend_mentor.domain.review import Review

REVIEW_TYPE = "application/vnd.backend-mentor.review+json"


def render(review: Review, view: View = View()) -> dict[str, object]:
    """Return the MIME bundle: the review's JSON with its drawing, HTML, Markdown and plain text."""
    return {
        REVIEW_TYPE: {**json.review_to_dict(review), "drawing": draw(review, view)},
        "text/html": html.render(review, view),
        "text/markdown": markdown.render(review, view),
        "text/plain": text.render(review, view),
    }
