"""What came of an exercise, as a notebook's output: the verdict, the figures and the rows that show it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend_mentor.renderers import markdown, markup, text
from backend_mentor.renderers.html import frame
from backend_mentor.renderers.offers import exhibit
from backend_mentor.renderers.prose import make_visible
from backend_mentor.renderers.tables import grid_of
from backend_mentor.renderers.view import View
from backend_mentor.renderers.wrapping import wrap

if TYPE_CHECKING:
    from backend_mentor.domain.lesson import Outcome


def outcome_bundle(number: str, outcome: Outcome, then: str, view: View = View()) -> dict[str, object]:
    """Return the outcome of an attempt; `then` is what the reader can do next, in one sentence."""
    verdict = f"Exercise {number} is solved." if outcome.is_solved else f"Exercise {number}: not yet."
    return {
        "text/html": _html(verdict, outcome, then),
        "text/markdown": _markdown(verdict, outcome, then),
        "text/plain": _text(verdict, outcome, then, view),
    }


def _text(verdict: str, outcome: Outcome, then: str, view: View) -> str:
    lines = [f"{_mark(outcome)} {verdict}", *wrap(outcome.says, view.width, "  ")]
    for shown in exhibit(outcome.comparison.proof) if outcome.comparison else ():
        lines += ["", *text.draw_exhibit(shown, view.width, 2)]
    label = max((len(table.name) for table in outcome.tables), default=0) + 2
    for table in outcome.tables:
        lines += ["", *(f"  {line}" for line in text.draw_grid(grid_of(table), view.width - 2, label))]
    lines += ["", *wrap(then, view.width, "  ")] if then else []
    return make_visible("\n".join(line.rstrip() for line in lines)) + "\n"


def _markdown(verdict: str, outcome: Outcome, then: str) -> str:
    blocks = [f"{_mark(outcome)} **{markdown.escape(verdict)}** {markdown.escape(outcome.says)}"]
    for shown in exhibit(outcome.comparison.proof) if outcome.comparison else ():
        blocks += markdown.draw_exhibit(shown)
    blocks += [markdown.draw_grid(grid_of(table)) for table in outcome.tables]
    blocks += [markdown.escape(then)] if then else []
    return make_visible("\n\n".join(blocks)) + "\n"


def _html(verdict: str, outcome: Outcome, then: str) -> str:
    parts = [markup.element("div", "bm-p", markup.verdict(_mark(outcome), verdict)), _paragraph(outcome.says)]
    parts += [markup.draw_exhibit(shown) for shown in (exhibit(outcome.comparison.proof) if outcome.comparison else ())]
    parts += [markup.draw_grid(grid_of(table)) for table in outcome.tables]
    parts += [_paragraph(then)] if then else []
    return frame(markup.section("Your attempt", "".join(parts)), f"Backend Mentor: {verdict}")


def _paragraph(sentence: str) -> str:
    return markup.element("p", "bm-p", markup.prose(sentence))


def _mark(outcome: Outcome) -> str:
    return "✓" if outcome.is_solved else "✗"
