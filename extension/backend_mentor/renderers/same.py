"""Whether two statements mean the same: the verdict, what was tried, and the database that tells them apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend_mentor.domain.proof import Rung
from backend_mentor.renderers import markdown, markup, text
from backend_mentor.renderers.diff import compare_lines
from backend_mentor.renderers.html import frame
from backend_mentor.renderers.offers import exhibit
from backend_mentor.renderers.prose import make_visible
from backend_mentor.renderers.view import View
from backend_mentor.renderers.wording import RUNG_MEANINGS, tell_proof
from backend_mentor.renderers.wrapping import wrap

if TYPE_CHECKING:
    from backend_mentor.domain.proof import Proof

_VERDICTS = {
    Rung.BY_RULE: "The two are equivalent by rule.",
    Rung.EXHAUSTED: "The two agree on every small database tried.",
    Rung.REFUTED: "The two are not equivalent.",
    Rung.NOT_DETERMINISTIC: "The two can not be compared: the answer is not determined.",
    Rung.NOT_SUPPORTED: "Whether the two are the same could not be tried.",
    Rung.NOT_APPLICABLE: "Neither changes which rows are returned.",
}
_MARKS = {Rung.TESTED: "≈", Rung.REFUTED: "✗", Rung.NOT_DETERMINISTIC: "?", Rung.NOT_SUPPORTED: "?"}


def render_same(proof: Proof, before: str, after: str, view: View = View()) -> str:
    """Return the verdict on two statements as text."""
    width = view.width
    lines = [f"{_mark(proof)} {_verdict(proof)}"]
    lines += wrap(RUNG_MEANINGS[proof.rung], width, "  ")
    lines += ["", *text.draw_diff(compare_lines(before, after), width)]
    for shown in exhibit(proof):
        lines += ["", *text.draw_exhibit(shown, width, 2)]
    if tell_proof(proof):
        lines += ["", *wrap("tried    " + " · ".join(tell_proof(proof)), width, "  ", "           ")]
    return make_visible("\n".join(line.rstrip() for line in lines)) + "\n"


def render_same_markdown(proof: Proof, before: str, after: str) -> str:
    """Return the verdict on two statements as Markdown."""
    blocks = [f"{_mark(proof)} **{markdown.escape(_verdict(proof))}** {markdown.escape(RUNG_MEANINGS[proof.rung])}"]
    blocks.append(markdown.draw_diff(compare_lines(before, after)))
    blocks += [block for shown in exhibit(proof) for block in markdown.draw_exhibit(shown)]
    blocks += [f"*tried:* {markdown.escape(' · '.join(tell_proof(proof)))}"] if tell_proof(proof) else []
    return make_visible("\n\n".join(blocks)) + "\n"


def render_same_html(proof: Proof, before: str, after: str) -> str:
    """Return the verdict on two statements as HTML."""
    verdict = markup.element("div", "bm-p", markup.verdict(_mark(proof), _verdict(proof)))
    meaning = markup.element("p", "bm-p", markup.escape(RUNG_MEANINGS[proof.rung]))
    shown = "".join(markup.draw_exhibit(each) for each in exhibit(proof))
    tried = markup.labelled([("tried", clause) for clause in (" · ".join(tell_proof(proof)),) if clause], frozenset())
    changed = markup.draw_diff(compare_lines(before, after))
    content = markup.section("Do they mean the same?", verdict + meaning + changed + shown + tried)
    return frame(content, "Backend Mentor: do they mean the same?")


def same_bundle(proof: Proof, before: str, after: str, view: View = View()) -> dict[str, object]:
    """Return the verdict as a notebook's output."""
    return {
        "text/html": render_same_html(proof, before, after),
        "text/markdown": render_same_markdown(proof, before, after),
        "text/plain": render_same(proof, before, after, view),
    }


def _verdict(proof: Proof) -> str:
    if proof.rung is Rung.TESTED:
        number = proof.trials.databases if proof.trials else 0
        return f"The two agree on {number:,} trial databases."
    return _VERDICTS[proof.rung]


def _mark(proof: Proof) -> str:
    return _MARKS.get(proof.rung, "✓")
