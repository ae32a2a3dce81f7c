"""The small pieces of HTML that a review is made of; everything of the user's passes `escape`."""

from __future__ import annotations

from html import escape as escape_html
from typing import TYPE_CHECKING

from backend_mentor.renderers.diff import Sign
from backend_mentor.renderers.prose import make_visible, split_code
from backend_mentor.renderers.style import INLINE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from backend_mentor.renderers.diff import DiffLine
    from backend_mentor.renderers.offers import Bar, Exhibit, Gain
    from backend_mentor.renderers.tables import Grid
    from backend_mentor.renderers.trace import RunPicture

_SIGN_STYLES = {Sign.ADDED: "bm-added", Sign.REMOVED: "bm-removed", Sign.KEPT: "bm-kept", Sign.GAP: "bm-kept"}


def escape(text: str) -> str:
    """Return text in which nothing is HTML, quotes included, and nothing is invisible."""
    return escape_html(make_visible(text))


def element(tag: str, style: str, content: str, attributes: str = "") -> str:
    """Return an element of that class, with the class's inline style; `content` is HTML already."""
    space = " " if attributes else ""
    return f'<{tag} class="{style}" style="{INLINE[style]}"{space}{attributes}>{content}</{tag}>'


def prose(text: str, names: frozenset[str] = frozenset()) -> str:
    """Return a sentence, its code set as code."""
    pieces = split_code(text, names)
    return "".join(code(piece.text) if piece.is_code else escape(piece.text) for piece in pieces)


def code(text: str) -> str:
    """Return inline code."""
    return element("code", "bm-code", escape(text))


def verdict(mark: str, text: str) -> str:
    """Return a verdict behind its mark, both in the colour of the mark where the theme is known."""
    style = {"✓": "bm-ok", "✗": "bm-bad", "▼": "bm-bad"}.get(mark, "bm-open")
    return f"{element('span', style, escape(mark))} {element('span', f'{style}-text', escape(text))}"


def block(text: str) -> str:
    """Return a block of code."""
    return element("pre", "bm-pre", element("span", "bm-row", escape(text)))


def section(heading: str, content: str) -> str:
    """Return a part of the review under its heading."""
    return element("section", "bm-part", element("h4", "bm-h", escape(heading)) + content)


def fold(summary: str, content: str, *, is_open: bool = False, is_quiet: bool = True) -> str:
    """Return what is shown on demand; `summary` is HTML already, in a quiet colour where it only offers more."""
    head = element("summary", "bm-summary", summary)
    kind = ' class="bm-fold"' if is_quiet else ""
    return f"<details{kind}{' open' if is_open else ''}>{head}{content}</details>"


def labelled(lines: Iterable[tuple[str, str]], names: frozenset[str]) -> str:
    """Return labelled sentences as a list of definitions, or nothing where there are none."""
    entries = [
        element("dt", "bm-dt", escape(label)) + element("dd", "bm-dd", prose(text, names)) for label, text in lines
    ]
    return element("dl", "bm-dl", "".join(entries)) if entries else ""


def draw_diff(lines: Iterable[DiffLine]) -> str:
    """Return the changed lines, told apart by their signs as well as by colour."""
    # The line ends keep the lines apart where styles are lost, and in what is copied.
    rows = [element("span", _SIGN_STYLES[line.sign], escape(f"{line.sign.value} {line.text}\n")) for line in lines]
    return element("pre", "bm-pre", "".join(rows))


def draw_gain(gain: Gain) -> str:
    """Return two bars, before and after."""
    now = "bm-bar-now" if gain.better else "bm-bar-hot"
    rows = _gain_row(gain.before, "bm-bar") + _gain_row(gain.after, now)
    return element("div", "bm-gain", rows, f'role="img" aria-label="{escape(gain.sentence)}"')


def _gain_row(bar: Bar, style: str) -> str:
    cells = (
        element("span", "bm-gain-label", f"{escape(bar.label)} ")
        + element("span", "bm-gain-bar", filled(style, bar.share))
        + element("span", "bm-gain-figure", escape(bar.figure))
    )
    return element("div", "bm-gain-row", cells)


def filled(style: str, share: float) -> str:
    """Return a bar as wide as its share, from 0 to 1, of the room around it; what is not nothing can be seen."""
    percent = f"{min(max(share, 0.0), 1.0) * 100:.1f}%"
    return f'<span class="{style}" style="{INLINE[style]};width:{percent};min-width:{2 if share > 0 else 0}px"></span>'


def draw_exhibit(shown: Exhibit) -> str:
    """Return what refutes: a sentence, the tables and both answers."""
    origin = f" ({shown.origin})" if shown.origin else ""
    answers = [grid for grid in (shown.before, shown.after) if grid is not None]
    groups = [[shown.compact]] if shown.compact else [shown.tables, answers]
    drawn = "".join(f"<div>{''.join(draw_grid(grid) for grid in grids)}</div>" for grids in groups if grids)
    return element("p", "bm-p", prose(shown.sentence + origin)) + drawn


def draw_run(run: RunPicture, names: frozenset[str]) -> str:
    """Return each request with what it sent, and the counts by the size of the data."""
    items = []
    for line in run.lines:
        details = "".join(f"<li>{prose(detail, names)}</li>" for detail in line.details)
        head = element("div", "bm-title", f"{escape(line.mark)} {prose(line.head, names)}")
        items.append(element("div", "bm-item", head + (element("ul", "bm-list", details) if details else "")))
    grid = draw_grid(run.growth) if run.growth is not None else ""
    notes = "".join(element("p", "bm-p", prose(note, names)) for note in run.notes)
    return "".join(items) + grid + notes


def draw_grid(grid: Grid) -> str:
    """Return a table of values under its name."""
    remark = f": {escape(grid.remark)}" if grid.remark else ""
    # A caption would wrap to the width of a narrow table.
    caption = element("div", "bm-caption", code(grid.name) + remark)
    head = "".join(element("th", "bm-cell", escape(name), 'scope="col"') for name in grid.columns)
    rows = "".join(f"<tr>{''.join(element('td', 'bm-cell', escape(cell)) for cell in row)}</tr>" for row in grid.rows)
    body = f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody>"
    return element("div", "bm-scroll", caption + element("table", "bm-table", body))
