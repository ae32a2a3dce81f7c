"""The review as plain text: for terminals, logs, and notebooks that show nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend_mentor.renderers.narration import notices_of, paragraphs_of, said_in
from backend_mentor.renderers.outline import ANSWER_KEPT_BACK, NO_ESCALATION, arrange
from backend_mentor.renderers.prose import make_visible
from backend_mentor.renderers.text_plan import draw_plan
from backend_mentor.renderers.trace import HEADING
from backend_mentor.renderers.view import View
from backend_mentor.renderers.wrapping import fit, indent_lines, set_label, wrap, wrap_code

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from backend_mentor.domain.narrative import Narrative
    from backend_mentor.domain.review import Review
    from backend_mentor.renderers.diff import DiffLine
    from backend_mentor.renderers.offers import Exhibit, Offer, Rejection
    from backend_mentor.renderers.outline import Outline
    from backend_mentor.renderers.tables import Grid
    from backend_mentor.renderers.trace import RunPicture

_LEAST_WIDTH = 40


def render(review: Review, view: View = View()) -> str:
    """Return the review as text, each line at most `view.width` wide where its words can be broken."""
    page = arrange(review, view)
    width = max(view.width, _LEAST_WIDTH)
    lines = [*wrap(" · ".join(page.header), width)]
    for note in page.notes:
        lines += wrap(note, width, "  ")
    for outline in page.outlines:
        if outline.heading is not None:
            lines += ["", outline.heading.upper(), *indent_lines(outline.statement, width)]
        for section in _sections(outline, view, width):
            lines += ["", *section]
    lines += ["", *wrap(" · ".join(page.footer), width)]
    return make_visible("\n".join(line.rstrip() for line in lines)) + "\n"


def _sections(outline: Outline, view: View, width: int) -> Iterator[list[str]]:
    if outline.failure is not None:
        yield ["NOT REVIEWED", *indent_lines(outline.failure, width)]
        return
    if view.hint:
        yield from _hint_sections(outline, width)
        return
    if outline.conclusion:
        yield ["IN SHORT", *wrap(outline.conclusion, width, "  ")]
    if outline.narrative:
        yield ["THE MENTOR", *_narration(outline.narrative, width)]
    yield from _explanation(outline, view, width)
    if outline.notices:
        yield ["ACT ON THIS", *_notices(outline, width)]
    for offer in outline.offers:
        yield list(_offer(offer, view, width))
    if outline.tempting:
        yield ["TEMPTING, BUT WRONG", *_rejections(outline.tempting, width)]
    if outline.useless:
        yield ["TRIED, AND LEFT", *_useless(outline.useless, width)]
    if outline.run is not None:
        yield [HEADING.upper(), *draw_run(outline.run, width)]
    if outline.plan is not None:
        yield list(draw_plan(outline.plan, view, width))
    yield from _closing(outline, width)


def _hint_sections(outline: Outline, width: int) -> Iterator[list[str]]:
    yield from _explanation(outline, View(), width)
    hints = [line for hint in outline.hints for line in wrap(hint, width, "  ? ", "    ")]
    yield ["HINTS", *hints]
    yield list(wrap(ANSWER_KEPT_BACK, width))


def _explanation(outline: Outline, view: View, width: int) -> Iterator[list[str]]:
    if not outline.summary:
        return
    steps: list[str] = []
    if outline.steps and (view.explains or outline.is_request):
        label = min(max(len(clause) for clause, _ in outline.steps), 16) + 2
        steps = [line for clause, text in outline.steps for line in set_label(clause, text, width, 4, label)]
    yield [outline.opening.upper(), *wrap(outline.summary, width, "  "), *steps]


def _notices(outline: Outline, width: int) -> Iterator[str]:
    for notice in outline.notices:
        head = f"{notice.mark} {notice.severity} · {notice.what}"
        yield from wrap(head, width, "  ", "    ")
        for label, text in notice.lines:
            yield from set_label(label, text, width, 4)
        yield from set_label("rule", notice.rule, width, 4)


def _offer(offer: Offer, view: View, width: int) -> Iterator[str]:
    head, verdict = "PART OF IT" if offer.is_part else offer.heading.upper(), f"{offer.mark} {offer.verdict}"
    gap = width - len(head) - len(verdict)
    if gap >= 2:
        yield head + " " * gap + verdict
    else:
        yield head
        yield from wrap(verdict, width, "  ", "    ")
    yield from wrap(f"{offer.number}  {offer.title}", width, "  ", "     ")
    if not offer.is_part:
        yield from draw_diff(offer.diff, width) if offer.diff else indent_lines(offer.excerpt, width, 5)
    for label, text in (*offer.lines, *(offer.depth if view.explains else ())):
        yield from set_label(label, text, width, 2)


def draw_diff(lines: Iterable[DiffLine], width: int) -> Iterator[str]:
    """Yield the changed lines with their signs; a long line goes on under itself."""
    for line in lines:
        first = f"     {line.sign.value} "
        yield from wrap_code(line.text, width, first, " " * (len(first) + 2))


def draw_run(run: RunPicture, width: int) -> Iterator[str]:
    """Yield each request with what it sent, and the counts by the size of the data."""
    for line in run.lines:
        yield from wrap(f"{line.mark} {line.head}", width, "  ", "    ")
        for detail in line.details:
            yield from wrap(detail, width, "      ", "        ")
    if run.growth is not None:
        yield "  Statements, on made-up data of"
        yield from draw_counts(run.growth, width)
    for note in run.notes:
        yield from wrap(note, width, "  ")


def draw_counts(grid: Grid, width: int) -> Iterator[str]:
    """Yield a table whose first column gives way where it must, and whose figures stand under each other."""
    rows = (grid.columns, *grid.rows)
    first, *others = ([row[place] for row in rows] for place in range(len(grid.columns)))
    sizes = [max(map(len, column)) for column in others]
    room = max(min(max(map(len, first)), width - 4 - sum(sizes) - 2 * len(sizes)), 8)
    for row in rows:
        figures = [f"{cell:>{size}}" for cell, size in zip(row[1:-1], sizes[:-1], strict=True)]
        yield "  ".join([f"    {fit(row[0], room)}", *figures, row[-1]]).rstrip()


def _rejections(rejections: Iterable[Rejection], width: int) -> Iterator[str]:
    for rejection in rejections:
        yield from wrap(f"✗ {rejection.title}", width, "  ", "    ")
        yield from wrap_code(rejection.code, width, "    ", "      ")
        if rejection.reason:
            yield from wrap(rejection.reason, width, "    ")
        for shown in rejection.exhibits:
            yield from draw_exhibit(shown, width, 4)


def draw_exhibit(shown: Exhibit, width: int, indent: int) -> Iterator[str]:
    """Yield what refutes: a sentence, the tables and both answers."""
    margin = " " * indent
    yield from wrap(shown.sentence, width, margin)
    grids = [shown.compact] if shown.compact else [*shown.tables, *filter(None, (shown.before, shown.after))]
    room = width - indent - 2
    label = min(max((len(grid.name) for grid in grids), default=0), room // 3) + 2
    for grid in grids:
        yield from (f"{margin}  {line}" for line in draw_grid(grid, room, label))
    if shown.origin:
        yield f"{margin}({shown.origin})"


def draw_grid(grid: Grid, width: int, label: int) -> Iterator[str]:
    """Yield a table: its name in the first `label` characters, heads and values beside it, cut to fit the width."""
    sizes = [max(map(len, column)) for column in zip(grid.columns, *grid.rows, strict=True)]
    most = max((width - label) // max(len(sizes), 1) - 2, 4)
    for number, row in enumerate((grid.columns, *grid.rows)):
        cells = [fit(cell, min(size, most)) for cell, size in zip(row, sizes, strict=True)]
        name = "" if number else fit(grid.name, label - 2)
        yield f"{name:<{label}}{'  '.join(cells)}".rstrip()
    if grid.remark:
        yield from wrap(grid.remark, width, " " * label)


def _useless(rejections: Iterable[Rejection], width: int) -> Iterator[str]:
    for rejection in rejections:
        yield from wrap(f"· {rejection.title}: {rejection.verdict}", width, "  ", "    ")
        yield from wrap(" · ".join(rejection.clauses), width, "    ")


def _closing(outline: Outline, width: int) -> Iterator[list[str]]:
    closing: list[str] = []
    for head, entries in (("A QUESTION", outline.questions), ("TAKE IT UP", outline.escalations)):
        for text, why in entries:
            closing += set_label(head, f"{text} {why}".strip(), width, 0, 14)
    if not outline.escalations:
        closing += set_label("TAKE IT UP", NO_ESCALATION, width, 0, 14)
    for text in outline.skipped:
        closing += set_label("NOT DONE", text, width, 0, 14)
    yield closing


def _narration(narrative: Narrative, width: int) -> Iterator[str]:
    for paragraph in paragraphs_of(narrative):
        if paragraph[0].is_code:
            yield from indent_lines(said_in(paragraph), width, 5)
        else:
            yield from wrap(said_in(paragraph), width, "  ")
    for notice in notices_of(narrative):
        yield from wrap(notice, width, "  ")
