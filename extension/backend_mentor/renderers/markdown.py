"""The review as Markdown: for GitHub, for notes, and for whoever reads a notebook's outputs as text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from backend_mentor.renderers.narration import notices_of, paragraphs_of, said_in
from backend_mentor.renderers.outline import ANSWER_KEPT_BACK, NO_ESCALATION, arrange
from backend_mentor.renderers.prose import make_visible, split_code
from backend_mentor.renderers.text_plan import draw_plan
from backend_mentor.renderers.trace import HEADING
from backend_mentor.renderers.view import View

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from backend_mentor.domain.narrative import Narrative
    from backend_mentor.domain.review import Review
    from backend_mentor.renderers.diff import DiffLine
    from backend_mentor.renderers.offers import Exhibit, Offer, Rejection
    from backend_mentor.renderers.outline import Outline
    from backend_mentor.renderers.tables import Grid
    from backend_mentor.renderers.trace import RunPicture

_PLAN_WIDTH = 100
# An address is kept from becoming a link: readers that make one take the backslash behind it for a part of it.
_SPECIAL = re.compile(r"[\\`*\[\]<|~$&]|(?<!\w)_|_(?!\w)|(?<=:)/(?=/)|(?<=www)\.")
_TAG = re.compile(r"<(?=[A-Za-z/!?])")
# MathJax reads what is left when the backslashes are gone, but for code.
_MATHEMATICS_IN_WORDS = re.compile(r"\\(?=[(\[]|begin\b)")
_MATHEMATICS = re.compile(rf"\$|{_MATHEMATICS_IN_WORDS.pattern}")
_LINE_START = re.compile(r"^(\s*\d*)((?<!\d)[-+=>#]|(?<=\d)[.)](?=\s|$))")


def render(review: Review, view: View = View()) -> str:
    """Return the review as Markdown, everything of the user's escaped or fenced."""
    page = arrange(review, view)
    blocks = [f"**{escape(page.header[0])}** · " + escape(" · ".join(page.header[1:]))]
    blocks += [f"> {escape(note)}" for note in page.notes]
    for outline in page.outlines:
        if outline.heading is not None:
            blocks += [f"## {outline.heading}", fence(outline.statement, "sql")]
        blocks += _sections(outline, view)
    blocks.append(f"<sub>{escape(' · '.join(page.footer))}</sub>")
    return make_visible("\n\n".join(blocks)) + "\n"


def escape(text: str) -> str:
    """Return text in which nothing is markup: neither Markdown's nor HTML's."""
    return _LINE_START.sub(r"\1\\\2", _escape_piece(" ".join(text.split())))


def code(text: str) -> str:
    """Return the text as inline code, whatever backticks it holds itself."""
    ticks = "`" * (max(map(len, re.findall("`+", text)), default=0) + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{ticks}{pad}{' '.join(text.split())}{pad}{ticks}"


def fence(text: str, language: str = "") -> str:
    """Return the text as a block of code, fenced by more backticks than it holds."""
    ticks = "`" * max(3, max(map(len, re.findall("`+", text)), default=0) + 1)
    return f"{ticks}{language}\n{text.rstrip()}\n{ticks}"


def draw_diff(lines: Iterable[DiffLine]) -> str:
    """Return the changed lines as a block that GitHub colours."""
    return fence("\n".join(f"{line.sign.value} {line.text}".rstrip() for line in lines), "diff")


def draw_exhibit(shown: Exhibit) -> list[str]:
    """Return what refutes as blocks: a sentence, the tables and both answers."""
    origin = f" ({shown.origin})" if shown.origin else ""
    grids = [shown.compact] if shown.compact else [*shown.tables, *filter(None, (shown.before, shown.after))]
    return [escape(f"{shown.sentence}{origin}"), *(draw_grid(grid) for grid in grids)]


def _prose(text: str, names: frozenset[str]) -> str:
    flat = " ".join(text.split())
    pieces = [code(part.text) if part.is_code else _escape_piece(part.text) for part in split_code(flat, names)]
    return _LINE_START.sub(r"\1\\\2", "".join(pieces))


def _escape_piece(text: str) -> str:
    begins_mathematics = _MATHEMATICS if text.count("$") > 1 else _MATHEMATICS_IN_WORDS
    pieces = begins_mathematics.split(text)
    marks = [*begins_mathematics.findall(text), ""]
    return "".join(
        _escape_words(piece) + (code(mark) if mark else "") for piece, mark in zip(pieces, marks, strict=True)
    )


def _escape_words(text: str) -> str:
    tagless = (_SPECIAL.sub(lambda match: f"\\{match.group()}", piece) for piece in _TAG.split(text))
    return "&lt;".join(tagless)


def _sections(outline: Outline, view: View) -> list[str]:
    names = outline.names
    if outline.failure is not None:
        return ["### Not reviewed", fence(outline.failure)]
    summary = [f"### {outline.opening}", _prose(outline.summary, names)] if outline.summary else []
    if view.hint:
        hints = "\n".join(f"- {_prose(hint, names)}" for hint in outline.hints)
        return [*summary, "### Hints", hints, f"*{escape(ANSWER_KEPT_BACK)}*"]
    blocks = [f"**In short:** {_prose(outline.conclusion, names)}"] if outline.conclusion else []
    if outline.narrative:
        blocks += ["### The mentor", *_narration(outline.narrative)]
    blocks += summary
    if outline.steps and (view.explains or outline.is_request):
        blocks.append("\n".join(f"1. {code(clause)} {_prose(text, names)}" for clause, text in outline.steps))
    if outline.notices:
        blocks += ["### Act on this", *_notices(outline)]
    for offer in outline.offers:
        blocks += _offer(offer, view, names)
    if outline.tempting:
        blocks += ["### Tempting, but wrong", *(block for each in outline.tempting for block in _rejection(each))]
    if outline.useless:
        useless = [f"- {_prose(each.title, names)}: {escape(each.verdict)}" for each in outline.useless]
        blocks += ["### Tried, and left", "\n".join(useless)]
    if outline.run is not None:
        blocks += [f"### {HEADING}", *_run(outline.run, names)]
    return blocks + list(_plan(outline, view)) + list(_closing(outline))


def _narration(narrative: Narrative) -> Iterator[str]:
    for paragraph in paragraphs_of(narrative):
        text = said_in(paragraph)
        yield fence(text) if paragraph[0].is_code else f"> {escape(text)}"
    for notice in notices_of(narrative):
        yield f"*{escape(notice)}*"


def _notices(outline: Outline) -> Iterator[str]:
    for notice in outline.notices:
        yield f"{notice.mark} **{notice.severity}:** {_prose(notice.what, outline.names)} ({code(notice.rule)})"
        yield _labelled(notice.lines, outline.names)


def _offer(offer: Offer, view: View, names: frozenset[str]) -> Iterator[str]:
    yield f"{'#### Part of it' if offer.is_part else f'### {offer.heading}'}: {escape(offer.verdict)}"
    yield f"{offer.mark} **{offer.number}.** {_prose(offer.title, names)}"
    if offer.diff and offer.is_part:
        yield f"<details><summary>Its lines</summary>\n\n{draw_diff(offer.diff)}\n\n</details>"
    elif offer.diff:
        yield draw_diff(offer.diff)
        if offer.whole:
            yield f"<details><summary>{offer.whole}</summary>\n\n{fence(offer.after, offer.language)}\n\n</details>"
    elif offer.excerpt == offer.after:
        yield fence(offer.after, offer.language)
    else:
        yield f"<details><summary>The code</summary>\n\n{fence(offer.after, offer.language)}\n\n</details>"
    yield _labelled((*offer.lines, *(offer.depth if view.explains else ())), names)


def _run(run: RunPicture, names: frozenset[str]) -> Iterator[str]:
    lines = []
    for line in run.lines:
        lines.append(f"- {_prose(line.head, names)}")
        lines += [f"  - {_prose(detail, names)}" for detail in line.details]
    yield "\n".join(lines)
    if run.growth is not None:
        yield draw_grid(run.growth)
    yield from (_prose(note, names) for note in run.notes)


def _rejection(rejection: Rejection) -> Iterator[str]:
    yield f"✗ **{escape(rejection.title)}:** {code(rejection.code)}"
    if rejection.reason:
        yield escape(rejection.reason)
    for shown in rejection.exhibits:
        yield from draw_exhibit(shown)


def draw_grid(grid: Grid) -> str:
    """Return a table of values; its name is left to the sentence above."""
    rows = [grid.columns, ("---",) * len(grid.columns), *grid.rows] if grid.columns else []
    table = "\n".join(f"| {' | '.join(_cell(cell) for cell in row)} |" for row in rows)
    remark = f"\n\n{escape(grid.remark)}" if grid.remark else ""
    return f"{code(grid.name)}\n\n{table}{remark}".rstrip()


def _cell(text: str) -> str:
    return text if text == "---" else escape(text)


def _plan(outline: Outline, view: View) -> Iterator[str]:
    if outline.plan is None:
        return
    head, *lines = draw_plan(outline.plan, view, _PLAN_WIDTH)
    yield "### Plan"
    yield fence("\n".join([head.replace("PLAN", "    ", 1).rstrip(), *lines]))
    yield f"<details><summary>The engine's own words</summary>\n\n{fence(outline.plan.source)}\n\n</details>"


def _closing(outline: Outline) -> Iterator[str]:
    for text, why in outline.questions:
        yield f"**A question:** {_prose(f'{text} {why}', outline.names)}"
    for text, why in outline.escalations or ((NO_ESCALATION, ""),):
        yield f"**Take it up:** {_prose(f'{text} {why}'.strip(), outline.names)}"
    if outline.skipped:
        yield "**Not done:**\n\n" + "\n".join(f"- {_prose(text, outline.names)}" for text in outline.skipped)


def _labelled(lines: Iterable[tuple[str, str]], names: frozenset[str]) -> str:
    return "\n".join(f"- *{label}:* {_prose(text, names)}" for label, text in lines)
