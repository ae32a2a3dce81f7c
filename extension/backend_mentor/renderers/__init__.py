"""How a review looks. Each module has `render(review, view)`; they know the domain alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend_mentor.renderers import html, json, markdown, text

if TYPE_CHECKING:
    from collections.abc import Callable

    from backend_mentor.domain.review import Review
    from backend_mentor.renderers.view import View

RENDERERS: dict[str, Callable[[Review, View], str]] = {
    "text": text.render,
    "html": html.render,
    "json": json.render,
    "markdown": markdown.render,
}
"""By the name that `--format` takes."""
