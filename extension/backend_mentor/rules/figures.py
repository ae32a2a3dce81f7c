"""What a plan says of a node beyond its own fields: its place in the tree, its share, the rows that pass through it.

Every rule over plans reads its figures here, so that all of them treat a missing figure, a node that never ran and a
node that a LIMIT stopped in the same way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

from backend_mentor.domain.finding import Evidence
from backend_mentor.domain.plan import Operation, PlanNode
from backend_mentor.rules.wording import count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.subject import Subject

# Below a tenth of the work no advice pays; pev2 colours nodes from the same tenth on.
SHARE_FLOOR = 0.1

# Reading this many rows from end to end takes about a millisecond on either engine, as long as an index saves nothing.
SCAN_FLOOR_ROWS = 5_000

_BLOCKING = frozenset(
    [
        Operation.SORT,
        Operation.TOP_SORT,
        Operation.AGGREGATE,
        Operation.GROUP,
        Operation.DISTINCT,
        Operation.HASH,
        Operation.MATERIALIZE,
        Operation.CTE,
        Operation.BITMAP_INDEX,
    ]
)
READS_TABLE = frozenset([Operation.SCAN, Operation.INDEX_SCAN, Operation.SEARCH, Operation.BITMAP_SCAN])


@dataclass(frozen=True, slots=True)
class Amount:
    """A number of rows over all loops, and where it was read."""

    rows: float
    counted: bool
    """True where the rows were counted in a run or in the table, False where the planner guessed."""
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class PlanFigures:
    """One plan, its nodes' parents and shares looked up once."""

    subject: Subject
    nodes: tuple[PlanNode, ...]
    parents: tuple[PlanNode | None, ...]
    shares: tuple[float | None, ...]
    share_unit: str | None

    def running(self, *operations: Operation) -> Iterator[PlanNode]:
        """Yield the nodes of these operations that took part: one with 0 loops is left out."""
        for node in self.nodes:
            if (not operations or node.operation in operations) and node.loops != 0:
                yield node

    def weighs(self, node: PlanNode) -> bool:
        """Return whether a node's own work is worth advice; True where shares are not known."""
        share = self.shares[node.number]
        return share is None or share >= SHARE_FLOOR

    def weighs_with_children(self, node: PlanNode) -> bool:
        """Return whether a node and all below it are worth advice; True where shares are not known."""
        shares = [self.shares[each.number] for each in node.walk()]
        known = [share for share in shares if share is not None]
        return not known or sum(known) >= SHARE_FLOOR

    def above(self, node: PlanNode) -> Iterator[PlanNode]:
        """Yield the nodes above, nearest first."""
        parent = self.parents[node.number]
        while parent is not None:
            yield parent
            parent = self.parents[parent.number]

    def limit_that_stops(self, node: PlanNode) -> PlanNode | None:
        """Return the LIMIT that can end this node before its last row, or None where something needs all its rows."""
        below = node
        for parent in self.above(node):
            if parent.operation is Operation.LIMIT:
                return parent
            if parent.operation in _BLOCKING:
                return None
            # The hashed side of a hash join, and any but the first side of another join, runs to its end each time.
            if parent.operation in (Operation.HASH_JOIN, Operation.NESTED_LOOP) and below is not parent.children[0]:
                return None
            below = parent
        return None

    def is_limited(self, node: PlanNode) -> bool:
        """Return whether a LIMIT can end this node early; SQLite shows none in its plans, there the text tells."""
        if any(each.operation is Operation.LIMIT for each in self.nodes):
            return self.limit_that_stops(node) is not None
        limited = self.subject.statement.tree.find(exp.Limit) is not None
        return limited and not any(each.operation in _BLOCKING for each in self.above(node))

    def may_stop_early(self, node: PlanNode) -> bool:
        """Return whether a LIMIT, a merge join or an EXISTS above takes only as many rows as it needs."""
        partial = any(
            parent.operation is Operation.MERGE_JOIN or (parent.join_type or "").lower() in ("semi", "anti")
            for parent in self.above(node)
        )
        return partial or self.is_limited(node)

    def rows_read(self, node: PlanNode) -> Amount | None:
        """Return the rows that a node looked at over all its loops; None where nothing tells."""
        name = node.relation or node.alias or node.label
        visited = node.visited_rows
        if visited is None and node.actual_rows is not None and node.removed_rows is not None:
            visited = node.actual_rows + node.removed_rows
        if visited is not None and node.loops is not None:
            total = visited * node.loops
            return Amount(total, True, Evidence(f"{name}: {count(total)} read in {count(node.loops, 'pass')}", "run"))
        table = self.subject.schema.table(node.relation) if node.relation else None
        if table is not None and table.rows is not None and node.operation in (Operation.SCAN, Operation.INDEX_SCAN):
            return Amount(table.rows, True, Evidence(f"{name} has {count(table.rows)}", "statistics"))
        if node.operation is Operation.SCAN and not node.filter:
            return self.rows_returned(node)
        return None

    def rows_returned(self, node: PlanNode) -> Amount | None:
        """Return the rows that a node handed on over all its loops; None where nothing tells."""
        name = node.relation or node.alias or node.label
        total = node.total_actual_rows
        if total is not None:
            return Amount(total, True, Evidence(f"{name}: {count(total)} returned", "run"))
        if node.estimated_rows is not None:
            return Amount(
                node.estimated_rows, False, Evidence(f"{name}: {count(node.estimated_rows)} expected", "plan")
            )
        return None

    def source(self, node: PlanNode) -> str:
        """Return `run` where the node's figures were counted, `plan` where they are estimates."""
        return "run" if node.actual_rows is not None else "plan"


def plan_figures(subject: Subject) -> PlanFigures | None:
    """Return the figures of a subject's plan, or None where it has no plan."""
    plan = subject.plan
    if plan is None:
        return None
    nodes = plan.nodes()
    parents: list[PlanNode | None] = [None] * len(nodes)
    for node in nodes:
        for child in node.children:
            parents[child.number] = node
    return PlanFigures(subject, nodes, tuple(parents), plan.shares(), plan.share_unit)
