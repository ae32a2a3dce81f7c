"""A plan as the lines of a tree: names, figures, shares, and the step that costs most."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from backend_mentor.domain.plan import Operation
from backend_mentor.renderers.figures import count, write_factor, write_milliseconds, write_number, write_share
from backend_mentor.renderers.plan_words import describe_conditions, meaning_of, title_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.plan import Plan, PlanNode

# A plan of up to this many steps is shown whole; of a larger one, as many as fit a screen.
_WHOLE_NODES = 50
_SHOWN_NODES = 30
_SHOWN_SOURCE = 20_000
_NOTABLE_FACTOR = 3.0


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One step of a plan, ready to be drawn."""

    level: int
    """Its depth in the plan; the root's is 0."""
    depth: int
    """Its depth among the shown lines."""
    last: tuple[bool, ...]
    """For each level from 1 to `depth`, whether the line there is the last of its parent."""
    skips: int
    """Steps between this line and the one above it in the tree that are not shown."""
    title: str
    label: str
    """The engine's own words."""
    estimated: str | None
    real: str | None
    share: float | None
    costly: bool
    figures: tuple[str, ...]
    """The same as phrases: `200,000 rows read, 1,912 kept`, `20,000 expected (10× off)`."""
    conditions: tuple[tuple[str, str], ...]
    """What it looks up by, joins on and keeps: a word and the engine's expression."""


@dataclass(frozen=True, slots=True)
class PlanPicture:
    """A plan ready to be drawn, its steps limited to those that matter."""

    lines: tuple[PlanLine, ...]
    unit: str | None
    """What the shares are parts of."""
    totals: tuple[str, ...]
    hidden: str | None
    notes: tuple[str, ...]
    source: str
    vocabulary: tuple[tuple[str, str], ...]
    """The kinds of step on show, each with its meaning."""


def picture(plan: Plan, shown: int = _SHOWN_NODES) -> PlanPicture:
    """Return the plan's lines: of a large plan only `shown`, those with the largest shares and those near the root."""
    nodes, shares, costly, parents = plan.nodes(), plan.shares(), plan.costly, parents_of(plan)
    depths = _depths(parents)
    kept = _kept(shares, depths, shown)
    lines = tuple(
        _line(nodes[place], depths[place], shares[place], nodes[place] is costly, position)
        for place, position in _positions(kept, parents)
    )
    return PlanPicture(
        lines=lines,
        unit=plan.share_unit,
        totals=tuple(_totals(plan)),
        hidden=_tell_hidden(plan, shares, kept),
        notes=plan.notes,
        source=_cut(plan.source),
        vocabulary=_vocabulary(nodes[place] for place in sorted(kept)),
    )


@dataclass(frozen=True, slots=True)
class _Position:
    last: tuple[bool, ...]
    skips: int


def parents_of(plan: Plan) -> tuple[int, ...]:
    """Return the place of each node's parent in `Plan.nodes`; the root's is -1."""
    parents: list[int] = []
    pending = [(plan.root, -1)]
    while pending:
        node, parent = pending.pop()
        place = len(parents)
        parents.append(parent)
        pending.extend((child, place) for child in reversed(node.children))
    return tuple(parents)


def _depths(parents: tuple[int, ...]) -> tuple[int, ...]:
    depths: list[int] = []
    for parent in parents:
        depths.append(depths[parent] + 1 if parent >= 0 else 0)
    return tuple(depths)


def _kept(shares: tuple[float | None, ...], depths: tuple[int, ...], shown: int) -> frozenset[int]:
    if len(shares) <= max(shown, _WHOLE_NODES):
        return frozenset(range(len(shares)))
    by_share = sorted(range(len(shares)), key=lambda place: (-(shares[place] or 0.0), depths[place], place))
    by_depth = sorted(range(len(shares)), key=lambda place: (depths[place], place))
    # The root is first by depth; as many as fit of both orders, the first half by share.
    wanted = dict.fromkeys([0, *by_share[: shown // 2], *by_depth])
    return frozenset(list(wanted)[:shown])


def _positions(kept: frozenset[int], parents: tuple[int, ...]) -> Iterator[tuple[int, _Position]]:
    """Yield the kept nodes in the order of the plan, each under the nearest kept node above it."""
    above: dict[int, int] = {}
    skips: dict[int, int] = {}
    nearest: list[int] = []
    distance: list[int] = []
    for place, parent in enumerate(parents):
        inside = parent >= 0 and parent not in kept
        nearest.append(nearest[parent] if inside else parent)
        distance.append(distance[parent] + 1 if inside else 0)
        if place in kept:
            above[place], skips[place] = nearest[place], distance[place]
    final = {parent: place for place, parent in above.items()}
    trails: dict[int, tuple[bool, ...]] = {}
    for place in sorted(kept):
        parent = above[place]
        trails[place] = () if parent < 0 else (*trails[parent], final[parent] == place)
        yield place, _Position(trails[place], skips[place])


def _line(node: PlanNode, level: int, share: float | None, costly: bool, position: _Position) -> PlanLine:
    return PlanLine(
        level=level,
        depth=len(position.last),
        last=position.last,
        skips=position.skips,
        title=title_of(node),
        label=node.label,
        estimated=None if node.estimated_rows is None else write_number(round(node.estimated_rows)),
        real=_real(node),
        share=share,
        costly=costly,
        figures=tuple(_figures(node)),
        conditions=describe_conditions(node),
    )


def _real(node: PlanNode) -> str | None:
    visited, returned = _visited(node), node.actual_rows
    if node.loops == 0:
        return "never run"
    if returned is None:
        figure = None if visited is None else f"{write_number(visited)} read"
    elif visited is None or round(visited, 1) == round(returned, 1):
        figure = write_number(returned)
    else:
        figure = f"{write_number(returned)} of {write_number(visited)}"
    return figure if figure is None or not _repeated(node) else f"{figure} ×{write_number(node.loops or 1)}"


def _visited(node: PlanNode) -> float | None:
    if node.visited_rows is not None or node.actual_rows is None or node.removed_rows is None:
        return node.visited_rows
    return node.actual_rows + node.removed_rows


def _repeated(node: PlanNode) -> bool:
    return node.loops is not None and node.loops > 1


def _figures(node: PlanNode) -> Iterator[str]:
    visited, returned = _visited(node), node.actual_rows
    if node.loops == 0:
        yield "never run"
    elif visited is not None and (returned is None or round(visited, 1) != round(returned, 1)):
        kept = "" if returned is None else f", {write_number(returned)} kept"
        yield f"{count(visited, 'row')} read{kept}"
    elif returned is not None:
        yield count(returned, "row")
    if _repeated(node):
        yield f"in each of {count(node.loops or 1, 'loop')}"
    if node.estimated_rows is not None and node.loops != 0:
        yield _expectation(node)
    if node.automatic:
        yield "an index built for this one query and thrown away"
    if node.correlated:
        yield "runs anew for each row around it"


def _expectation(node: PlanNode) -> str:
    expected = f"{write_number(round(node.estimated_rows or 0))} expected"
    factor = node.estimate_factor
    if node.actual_rows is None:
        return expected.replace("expected", "rows expected")
    return f"{expected} ({write_factor(factor)} off)" if factor and factor >= _NOTABLE_FACTOR else expected


def _totals(plan: Plan) -> Iterator[str]:
    if plan.milliseconds is not None:
        yield f"ran in {write_milliseconds(plan.milliseconds)}"
    if plan.planning_milliseconds is not None:
        yield f"planned in {write_milliseconds(plan.planning_milliseconds)}"
    if plan.steps is not None:
        yield count(plan.steps, "virtual machine step")
    if plan.root.buffers is not None:
        yield f"{count(sum(node.buffers.touched for node in plan.nodes() if node.buffers), 'page')} touched"
    if not plan.analyzed:
        yield "not run: rows are the planner's estimate" if plan.root.estimated_rows is not None else "not run"


def _tell_hidden(plan: Plan, shares: tuple[float | None, ...], kept: frozenset[int]) -> str | None:
    hidden = len(shares) - len(kept)
    if not hidden:
        return None
    text = f"{hidden:,} of {len(shares):,} steps are not shown"
    if plan.share_unit is None:
        return f"{text}."
    part = sum(share or 0.0 for place, share in enumerate(shares) if place not in kept)
    return f"{text}; together they have {write_share(part)} of the {plan.share_unit}."


def _cut(source: str) -> str:
    if len(source) <= _SHOWN_SOURCE:
        return source
    return f"{source[:_SHOWN_SOURCE]}\n… {len(source) - _SHOWN_SOURCE:,} characters more"


def _vocabulary(nodes: Iterator[PlanNode]) -> tuple[tuple[str, str], ...]:
    kinds: dict[Operation, str] = {}
    for node in nodes:
        meaning = meaning_of(node.operation)
        if meaning is not None:
            kinds.setdefault(node.operation, meaning)
    return tuple((operation.value, meaning) for operation, meaning in kinds.items())
