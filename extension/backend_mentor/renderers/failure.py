"""An error as one message: what went wrong, and what to do about it."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from backend_mentor.domain.errors import StatementSyntaxError
from backend_mentor.renderers.html import frame
from backend_mentor.renderers.markup import block, element, prose
from backend_mentor.renderers.prose import make_visible
from backend_mentor.renderers.view import View

if TYPE_CHECKING:
    from backend_mentor.domain.errors import MentorError


def render_error(error: MentorError, view: View = View()) -> str:
    """Return the error as text: what went wrong, the place where there is one, the remedy."""
    lines = [line for part in error.what.splitlines() for line in textwrap.wrap(part, view.width)]
    lines += [f"    {line}" for line in _excerpt(error).splitlines()]
    lines += [line for part in error.remedy.splitlines() for line in textwrap.wrap(part, view.width)]
    return make_visible("\n".join(lines)) + "\n"


def render_error_html(error: MentorError) -> str:
    """Return the error as HTML, the remedy under it."""
    what = element("p", "bm-p", f"{element('span', 'bm-bad', '✗')} <b>{prose(error.what)}</b>")
    excerpt = block(_excerpt(error)) if _excerpt(error) else ""
    remedy = element("p", "bm-p", prose(error.remedy))
    return frame(element("section", "bm-part", what + excerpt + remedy), "Backend Mentor: not reviewed")


def _excerpt(error: MentorError) -> str:
    return error.excerpt if isinstance(error, StatementSyntaxError) else ""
