"""What each node of a PostgreSQL plan did itself: its figures with those of the nodes below taken off."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# In the order of domain.plan.Buffers.
_PAGES = (
    ("Shared Hit Blocks", "Local Hit Blocks"),
    ("Shared Read Blocks", "Local Read Blocks"),
    ("Shared Written Blocks", "Local Written Blocks"),
    ("Temp Read Blocks",),
    ("Temp Written Blocks",),
)
# How an expression names an InitPlan's result: `$0` up to version 16, `(InitPlan 1).col1` since.
_INITPLAN_USE = re.compile(r"\$\d+|InitPlan \d+")


@dataclass(frozen=True, slots=True)
class Step:
    """A node as the server wrote it, and where it hangs."""

    raw: Mapping[str, object]
    parent: int | None
    children: list[int]
    hashed: bool = False
    """Whether it is a subplan whose rows its parent keeps in a hash table, so that it runs once."""

    @property
    def relationship(self) -> str:
        """What it is to its parent: `Outer`, `Inner`, `InitPlan`, `SubPlan`, `Member`."""
        return str(self.raw.get("Parent Relationship", ""))

    @property
    def repeated_subplan(self) -> bool:
        """Whether it runs anew for each row of its parent."""
        return self.relationship == "SubPlan" and not self.hashed and self.raw["Node Type"] != "Materialize"


@dataclass(frozen=True, slots=True)
class Figures:
    """A node's totals over all its loops; None where the server did not say."""

    milliseconds: float | None
    exclusive_milliseconds: float | None
    exclusive_cost: float | None
    pages: tuple[int, int, int, int, int] | None


def figures_of(steps: Sequence[Step]) -> tuple[Figures, ...]:
    """Return the figures of each node, in the order of the nodes: parents first."""
    payers = _payers(steps)
    times = _wall_times(steps)
    own_times = _own(steps, times, payers) if times else None
    costs = _own_costs(steps)
    pages = _own_pages(steps, payers)
    return tuple(
        Figures(
            times[number] if times else None,
            own_times[number] if own_times else None,
            costs[number] if costs else None,
            pages[number] if pages else None,
        )
        for number in range(len(steps))
    )


def _wall_times(steps: Sequence[Step]) -> list[float] | None:
    """Return milliseconds over all loops, work done side by side by several processes divided by their number."""
    if not any("Actual Total Time" in step.raw for step in steps):
        return None
    processes: list[float] = []
    times: list[float] = []
    for step in steps:
        loops = _figure(step, "Actual Loops")
        inherited = 1.0 if step.parent is None else processes[step.parent]
        parent = None if step.parent is None else steps[step.parent]
        if parent is not None and str(parent.raw["Node Type"]).startswith("Gather") and step.relationship == "Outer":
            # The leader may or may not have taken part: the child's loops tell (parallel_leader_participation).
            inherited *= max(loops / max(_figure(parent, "Actual Loops"), 1.0), 1.0)
        # An InitPlan ran in the leader alone, whatever stands around it.
        processes.append(max(min(inherited, loops), 1.0))
        times.append(_figure(step, "Actual Total Time") * loops / processes[-1])
    return times


def _own(steps: Sequence[Step], amounts: Sequence[float], payers: Mapping[int, Sequence[int]]) -> list[float]:
    """Return each amount without those of its children.

    An InitPlan or common table expression hangs at one node and runs inside those that use it: they pay for it.
    """
    own = list(amounts)
    if not any(own):
        return own
    for number, step in enumerate(steps):
        for child in step.children:
            if child not in payers:
                own[number] -= amounts[child]
    for child, users in payers.items():
        due = amounts[child]
        for user in sorted(users, key=lambda each: -own[each]):
            paid = min(due, max(own[user], 0.0))
            own[user] -= paid
            due -= paid
    return [max(amount, 0.0) for amount in own]


def _payers(steps: Sequence[Step]) -> dict[int, list[int]]:
    """Return, for each InitPlan or common table expression, the nodes in which it was run."""
    scans: dict[str, list[int]] = {}
    uses: dict[str, list[int]] = {}
    deferred = [number for number, step in enumerate(steps) if step.relationship == "InitPlan"]
    if not deferred:
        return {}
    for number, step in enumerate(steps):
        if "CTE Name" in step.raw:
            scans.setdefault(str(step.raw["CTE Name"]), []).append(number)
        for value in step.raw.values():
            for name in _INITPLAN_USE.findall(_joined(value)):
                uses.setdefault(name, []).append(number)
    found: dict[int, list[int]] = {}
    for number in deferred:
        name = str(steps[number].raw.get("Subplan Name", ""))
        users = scans.get(name[4:], []) if name.startswith("CTE ") else _users(name, uses)
        parent = steps[number].parent
        users = [user for user in dict.fromkeys(users) if user != number]
        found[number] = users or ([] if parent is None else [parent])
    return found


def _users(name: str, uses: Mapping[str, list[int]]) -> list[int]:
    # `InitPlan 1 (returns $0)` up to version 16; the node itself carries its own name as Subplan Name.
    marks = _INITPLAN_USE.findall(name)
    return [user for mark in marks for user in uses.get(mark, [])]


def is_hashed(raw: Mapping[str, object], parent: Mapping[str, object]) -> bool:
    """Return whether the parent's expressions use this subplan as a hash table: `(hashed SubPlan 1)`."""
    if raw.get("Parent Relationship") != "SubPlan":
        return False
    mark = re.compile(rf"hashed {re.escape(str(raw.get('Subplan Name')))}\b")
    return any(mark.search(_joined(value)) for value in parent.values())


def _joined(value: object) -> str:
    if isinstance(value, str):
        return value
    return " ".join(str(each) for each in value if isinstance(each, str)) if isinstance(value, list) else ""


def _own_pages(
    steps: Sequence[Step], payers: Mapping[int, Sequence[int]]
) -> list[tuple[int, int, int, int, int]] | None:
    if not any("Shared Hit Blocks" in step.raw for step in steps):
        return None
    columns = [_own(steps, [sum(_figure(step, name) for name in names) for step in steps], payers) for names in _PAGES]
    return [
        (int(hit), int(read), int(written), int(temp_read), int(temp_written))
        for hit, read, written, temp_read, temp_written in zip(*columns, strict=True)
    ]


def _own_costs(steps: Sequence[Step]) -> list[float] | None:
    """Return each node's own part of the estimate, never more in all than the root's.

    A node's cost is that of one execution: below a nested loop it is multiplied by the outer rows, below a LIMIT it is
    cut to what the LIMIT pays for.
    """
    if "Total Cost" not in steps[0].raw:
        return None
    paid = [0.0] * len(steps)
    times = [1.0] * len(steps)
    paid[0] = _figure(steps[0], "Total Cost")
    own = [0.0] * len(steps)
    for number, step in enumerate(steps):
        left = paid[number]
        repeats = {child: _repeats(steps, number, child) for child in step.children}
        for child in sorted(step.children, key=lambda each: repeats[each]):
            times[child] = min(times[number] * repeats[child], 1e100)
            paid[child] = min(left, _figure(steps[child], "Total Cost") * times[child])
            left -= paid[child]
        own[number] = left
    return own


def _repeats(steps: Sequence[Step], number: int, child: int) -> float:
    """Return how often the planner expects the child to run for one run of its parent."""
    step = steps[child]
    if step.repeated_subplan:
        return max(_figure(steps[number], "Plan Rows"), 1.0)
    if steps[number].raw["Node Type"] != "Nested Loop" or step.relationship != "Inner":
        return 1.0
    if step.raw["Node Type"] == "Materialize":
        return 1.0
    outer = next((each for each in steps[number].children if steps[each].relationship == "Outer"), None)
    return 1.0 if outer is None else max(_figure(steps[outer], "Plan Rows"), 1.0)


def _figure(step: Step, name: str) -> float:
    value = step.raw.get(name)
    return float(value) if isinstance(value, int | float) else 0.0
