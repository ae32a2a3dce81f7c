"""A plan as a nested list with a bar for each step's share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend_mentor.renderers.figures import count, write_share
from backend_mentor.renderers.markup import block, code, element, escape, filled, fold, prose, section
from backend_mentor.renderers.style import INLINE
from backend_mentor.renderers.tables import shorten

if TYPE_CHECKING:
    from backend_mentor.renderers.plan_tree import PlanLine, PlanPicture

# Deeper steps stand at this level with their depth in words: browsers stop nesting at 512, a side panel far sooner.
_DEEPEST = 8
_SHOWN_LABEL = 200


def draw_plan(plan: PlanPicture, names: frozenset[str], *, explains: bool) -> str:
    """Return the section of the plan: tree, totals, notes, and on demand the vocabulary and the engine's words."""
    remarks = [text for text in (plan.hidden, " · ".join(plan.totals), *plan.notes) if text]
    parts = [_tree(plan, names)]
    parts += [element("p", "bm-small", prose(text, names)) for text in remarks]
    if plan.vocabulary:
        parts.append(fold("What the steps mean", _vocabulary(plan), is_open=explains))
    parts.append(fold("The engine's own words", block(plan.source)))
    return section("Plan", "".join(parts))


def _vocabulary(plan: PlanPicture) -> str:
    words = "".join(f"<li><b>{escape(word)}</b>: {escape(meaning)}</li>" for word, meaning in plan.vocabulary)
    return element("ul", "bm-list", words)


def _tree(plan: PlanPicture, names: frozenset[str]) -> str:
    parts: list[str] = []
    depth = -1
    for line in plan.lines:
        level = min(line.depth, _DEEPEST)
        if level > depth:
            parts.append(_opening(level))
        else:
            parts.append("</li>" + "</ul></li>" * (depth - level))
        parts.append(_node(line, plan.unit, names))
        depth = level
    return "".join(parts) + "</li></ul>" * (depth + 1)


def _opening(level: int) -> str:
    style, role = ("bm-tree", 'role="tree" aria-label="Plan"') if level == 0 else ("bm-branch", 'role="group"')
    return f'<ul class="{style}" style="{INLINE[style]}" {role}>'


def _node(line: PlanLine, unit: str | None, names: frozenset[str]) -> str:
    title = prose(_title(line), names)
    if line.costly:
        title = f"<b>{title} {element('span', 'bm-critical', '▲')}</b>"
    figures = list(line.figures)
    if line.share is not None and unit is not None:
        figures.append(f"{write_share(line.share)} of the {unit}")
    told = [escape(" · ".join(figures))] if figures else []
    told += [f"{word} {code(text)}" for word, text in line.conditions]
    # The spaces are for readers that drop styles, where each of these would stick to the one before.
    small = "".join(f" {element('small', 'bm-small', each)}" for each in told)
    own_words = escape(shorten(line.label, _SHOWN_LABEL))
    node = element("div", "bm-node", f"{_bar(line)}{title}{small}", f'title="{own_words}"')
    # The item is left open for the steps below it.
    focus = ' tabindex="0"' if line.depth == 0 else ""
    return f'<li role="treeitem"{focus} style="{INLINE["bm-item-node"]}">{node}'


def _title(line: PlanLine) -> str:
    skipped = f"… {count(line.skips, 'step')} between … " if line.skips else ""
    deeper = f"(level {line.level:,}) " if line.depth > _DEEPEST else ""
    return f"{deeper}{skipped}{line.title}"


def _bar(line: PlanLine) -> str:
    if line.share is None:
        return ""
    return element("span", "bm-share", filled("bm-bar-hot" if line.costly else "bm-bar", line.share))
