"""The review as HTML: static, self-contained, and readable where styles are stripped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend_mentor.renderers.html_plan import draw_plan
from backend_mentor.renderers.markup import (
    block,
    code,
    draw_diff,
    draw_exhibit,
    draw_gain,
    draw_run,
    element,
    escape,
    fold,
    labelled,
    prose,
    section,
    verdict,
)
from backend_mentor.renderers.narration import mark_of, notices_of, paragraphs_of, said_in
from backend_mentor.renderers.outline import NO_ESCALATION, arrange
from backend_mentor.renderers.style import INLINE, SHEET
from backend_mentor.renderers.trace import HEADING
from backend_mentor.renderers.view import View

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.narrative import Narrative
    from backend_mentor.domain.review import Review
    from backend_mentor.renderers.offers import Offer, Rejection
    from backend_mentor.renderers.outline import Notice, Outline


def render(review: Review, view: View = View()) -> str:
    """Return the review as one element; no script, no request, everything of the user's escaped."""
    page = arrange(review, view)
    where = f"<b>{escape(page.header[0])}</b> " + element(
        "span", "bm-quiet", escape("· " + " · ".join(page.header[1:]))
    )
    notes = "".join(element("div", "bm-small", escape(note)) for note in page.notes)
    parts = [element("header", "bm-head", where + notes)]
    for outline in page.outlines:
        if outline.heading is not None:
            parts.append(section(outline.heading, block(outline.statement)))
        parts += _sections(outline, view)
    parts.append(element("footer", "bm-foot", escape(" · ".join(page.footer))))
    return frame("".join(parts), "Backend Mentor review")


def frame(content: str, label: str) -> str:
    """Return the outermost element with the style sheet; `content` is HTML already."""
    # No name with dollar signs is a formula: both classes keep MathJax out, of JupyterLab and of exported pages.
    opening = f'<div class="bm mathjax_ignore tex2jax_ignore" style="{INLINE["bm"]}"'
    return f'{opening} role="region" aria-label="{escape(label)}">{SHEET}\n{content}</div>\n'


def _sections(outline: Outline, view: View) -> Iterator[str]:
    if outline.failure is not None:
        yield section("Not reviewed", _failure(outline.failure))
        return
    if not view.hint:
        yield from _answer(outline, view)
        return
    yield from _explanation(outline, view)
    hints = "".join(f"<li>{prose(hint, outline.names)}</li>" for hint in outline.hints)
    yield section("Hints", element("ul", "bm-list", hints))
    answer = "".join(part for part in _answer(outline, view, explained=True))
    yield element("section", "bm-part", fold("<b>Show the answer</b>", answer, is_quiet=False))


def _answer(outline: Outline, view: View, *, explained: bool = False) -> Iterator[str]:
    if outline.conclusion:
        yield section("In short", element("p", "bm-p", f"<b>{prose(outline.conclusion, outline.names)}</b>"))
    if outline.narrative:
        yield section("The mentor", "".join(_narration(outline.narrative, outline.names)))
    if not explained:
        yield from _explanation(outline, view)
    if outline.notices:
        yield section("Act on this", "".join(_notice(notice, outline.names) for notice in outline.notices))
    for offer in outline.offers:
        yield section("Part of it" if offer.is_part else offer.heading, _offer(offer, view, outline.names))
    if outline.tempting:
        shown = "".join(_tempting(rejection, outline.names) for rejection in outline.tempting)
        yield section("Tempting, but wrong", shown)
    if outline.useless:
        shown = "".join(_useless(rejection, outline.names) for rejection in outline.useless)
        yield section("Tried, and left", shown)
    if outline.run is not None:
        yield section(HEADING, draw_run(outline.run, outline.names))
    if outline.plan is not None:
        yield draw_plan(outline.plan, outline.names, explains=view.explains)
    yield from _closing(outline)


def _narration(narrative: Narrative, names: frozenset[str]) -> Iterator[str]:
    for paragraph in paragraphs_of(narrative):
        if paragraph[0].is_code:
            yield block(said_in(paragraph))
            continue
        sentences = []
        for passage in paragraph:
            mark = f" {element('span', 'bm-open', escape(mark_of(passage)))}" if passage.unverified else ""
            sentences.append(prose(passage.text, names) + mark)
        yield element("p", "bm-p", " ".join(sentences))
    for notice in notices_of(narrative):
        yield element("div", "bm-small", escape(notice))


def _explanation(outline: Outline, view: View) -> Iterator[str]:
    if not outline.summary:
        return
    content = element("p", "bm-p", prose(outline.summary, outline.names))
    if outline.steps:
        steps = "".join(f"<li>{code(clause)} {prose(text, outline.names)}</li>" for clause, text in outline.steps)
        title = "The design" if outline.is_request else "Step by step"
        content += fold(title, element("ol", "bm-list", steps), is_open=view.explains or outline.is_request)
    yield section(outline.opening, content)


def _notice(notice: Notice, names: frozenset[str]) -> str:
    mark = element("span", f"bm-{notice.severity.lower()}", notice.mark, 'aria-hidden="true"')
    title = element("div", "bm-title", f"{mark} {notice.severity}: {prose(notice.what, names)}")
    return element("div", "bm-item", title + labelled((*notice.lines, ("rule", f"`{notice.rule}`")), names))


def _offer(offer: Offer, view: View, names: frozenset[str]) -> str:
    title = element("div", "bm-title", f"{offer.number}. {prose(offer.title, names)}")
    changed = draw_diff(offer.diff) if offer.diff else _added(offer)
    changed = fold("Its lines", changed) if offer.is_part else changed
    gain = draw_gain(offer.gain) if offer.gain else ""
    whole = fold(offer.whole, block(offer.after)) if offer.diff and offer.whole else ""
    depth = fold("Why, and how sure is it?", labelled(offer.depth, names), is_open=view.explains)
    return (
        element("div", "bm-p", verdict(offer.mark, offer.verdict))
        + title
        + changed
        + gain
        + labelled(offer.lines, names)
        + depth
        + whole
    )


def _added(offer: Offer) -> str:
    whole = block(offer.after)
    return whole if offer.excerpt == offer.after else fold("The code", whole)


def _tempting(rejection: Rejection, names: frozenset[str]) -> str:
    mark = element("span", "bm-bad", "✗")
    reason = element("p", "bm-p", prose(rejection.reason, names)) if rejection.reason else ""
    shown = "".join(draw_exhibit(each) for each in rejection.exhibits)
    summary = f"{mark} <b>{prose(rejection.title, names)}</b>: {code(rejection.code)}"
    return fold(summary, reason + shown, is_open=True, is_quiet=False)


def _useless(rejection: Rejection, names: frozenset[str]) -> str:
    summary = f"{prose(rejection.title, names)}: {escape(rejection.verdict)}"
    clauses = " · ".join(rejection.clauses)
    return fold(summary, block(rejection.code) + element("p", "bm-small", prose(clauses, names)))


def _closing(outline: Outline) -> Iterator[str]:
    names = outline.names
    if outline.questions:
        yield section("A question for you", _sentences(outline.questions, names))
    yield section("Take it up", _sentences(outline.escalations or ((NO_ESCALATION, ""),), names))
    if outline.skipped:
        skipped = "".join(f"<li>{prose(text, names)}</li>" for text in outline.skipped)
        yield section("Not done", element("ul", "bm-list", skipped))


def _sentences(entries: tuple[tuple[str, str], ...], names: frozenset[str]) -> str:
    return "".join(
        element("p", "bm-p", prose(text, names) + (f" {element('span', 'bm-quiet', prose(why, names))}" if why else ""))
        for text, why in entries
    )


def _failure(text: str) -> str:
    what, *remedy = text.splitlines()
    first = element("p", "bm-p", f"{element('span', 'bm-bad', '✗')} <b>{prose(what)}</b>")
    return first + "".join(element("p", "bm-p", prose(line)) for line in remedy)
