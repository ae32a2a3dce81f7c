"""A plan as text: a tree with columns for rows and shares."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend_mentor.renderers.figures import write_share
from backend_mentor.renderers.wrapping import fit, wrap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.renderers.plan_tree import PlanLine, PlanPicture
    from backend_mentor.renderers.view import View

# Deeper levels are drawn at this one with their number, or a chain of joins would leave no room for its names.
_DEEPEST = 12
_LEAST_TITLE = 12
_WIDE = 80
_HERE = "   <- here"


def draw_plan(plan: PlanPicture, view: View, width: int) -> Iterator[str]:
    """Yield the plan's tree with its columns: rows expected and real, and each step's share."""
    titles = [_guide(line) + line.title for line in plan.lines]
    heading, *figures = _figures(plan)
    share = "" if plan.unit is None else f"share of {plan.unit}" if width >= _WIDE else "share"
    tail = max(len(share), len("100 %") + len(_HERE)) + 2 if share else 0
    column = max(map(len, (heading, *figures)))
    room = max(min(max(map(len, titles)), width - column - tail - 4), _LEAST_TITLE)
    yield _row("PLAN", heading, share, room + 2, column)
    for line, title, figure in zip(plan.lines, titles, figures, strict=True):
        part = "" if line.share is None else f"{write_share(line.share):>5}{_HERE if line.costly else ''}"
        yield _row(f"  {title}", figure, part, room + 2, column)
        if line.costly or view.explains:
            for word, condition in line.conditions:
                yield from wrap(f"{word} {condition}", width, f"  {_beside(line)}")
    yield from _remarks(plan, view, width)


def _row(title: str, figure: str, share: str, room: int, column: int) -> str:
    return f"{fit(title, room)}  {figure:>{column}}  {share}".rstrip()


def _figures(plan: PlanPicture) -> Iterator[str]:
    """Yield the heading of the column of rows, then what stands under it."""
    estimated = any(line.estimated for line in plan.lines)
    real = any(line.real for line in plan.lines)
    words = [word for word, is_known in (("est.", estimated), ("real", real)) if is_known]
    yield f"rows {' / '.join(words)}" if words else ""
    for line in plan.lines:
        pair = [figure or "?" for figure, is_known in ((line.estimated, estimated), (line.real, real)) if is_known]
        yield "" if all(figure == "?" for figure in pair) else " / ".join(pair)


def _remarks(plan: PlanPicture, view: View, width: int) -> Iterator[str]:
    for text in (plan.hidden, " · ".join(plan.totals), *plan.notes):
        if text:
            yield from wrap(text, width, "  ")
    if view.explains:
        for word, meaning in plan.vocabulary:
            yield from wrap(f"{word}: {meaning}", width, "    ", "      ")


def _guide(line: PlanLine) -> str:
    last = line.last[-_DEEPEST:]
    deeper = f"({line.level}) " if line.depth > _DEEPEST else ""
    if not last:
        return deeper
    trunk = "".join("  " if is_last else "│ " for is_last in last[:-1])
    skipped = "… " if line.skips else ""
    return f"{trunk}{'└' if last[-1] else '├'} {skipped}{deeper}"


def _beside(line: PlanLine) -> str:
    trunk = "".join("  " if is_last else "│ " for is_last in line.last[-_DEEPEST:])
    return f"{trunk}  "
