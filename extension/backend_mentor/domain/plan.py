"""One tree for the plans of every engine."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.schema import Engine


class Operation(StrEnum):
    """What a node does, in words that hold for every engine."""

    SCAN = "scan"
    """Reads a whole table."""
    INDEX_SCAN = "index scan"
    """Reads a whole index, for its order or since it covers the query."""
    SEARCH = "search"
    """Looks rows up by an index or key."""
    BITMAP_SCAN = "bitmap scan"
    BITMAP_INDEX = "bitmap index"
    BITMAP_AND = "bitmap and"
    BITMAP_OR = "bitmap or"
    NESTED_LOOP = "nested loop"
    HASH_JOIN = "hash join"
    MERGE_JOIN = "merge join"
    HASH = "hash"
    SORT = "sort"
    TOP_SORT = "top-n sort"
    INCREMENTAL_SORT = "incremental sort"
    AGGREGATE = "aggregate"
    GROUP = "group"
    DISTINCT = "distinct"
    WINDOW = "window"
    LIMIT = "limit"
    APPEND = "append"
    MERGE_APPEND = "merge append"
    SET_OPERATION = "set operation"
    SUBQUERY = "subquery"
    CTE = "common table expression"
    CTE_SCAN = "scan of a common table expression"
    RECURSION = "recursion"
    MATERIALIZE = "materialize"
    MEMOIZE = "memoize"
    GATHER = "gather"
    BLOOM_FILTER = "bloom filter"
    FUNCTION = "function"
    VALUES = "values"
    MODIFY = "modify"
    RESULT = "result"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Buffers:
    """8 kB pages that a node touched itself, its children left out."""

    hit: int = 0
    read: int = 0
    written: int = 0
    temp_read: int = 0
    temp_written: int = 0

    @property
    def touched(self) -> int:
        """Pages found in memory or read: the noise-free measure of work on Postgres."""
        return self.hit + self.read


@dataclass(frozen=True, slots=True)
class PlanNode:
    """A step of a plan. Rows are per loop, as planners count them; times and pages are totals over all loops."""

    operation: Operation
    label: str
    """The engine's own words: `Seq Scan`, `SEARCH a USING INTEGER PRIMARY KEY (rowid=?)`."""
    number: int
    """Its place in the tree, counted from 0 in the order of `Plan.nodes`."""
    relation: str | None = None
    """The table's real name."""
    alias: str | None = None
    index: str | None = None
    covering: bool | None = None
    """True where the index alone answers, without a look at the table."""
    index_condition: str | None = None
    filter: str | None = None
    """What is checked row by row after reading."""
    join_condition: str | None = None
    join_type: str | None = None
    keys: tuple[str, ...] = ()
    """Sort or group keys."""
    role: str | None = None
    """How the parent uses it where that is not plain: `CTE totals`, `SubPlan 1`, `InitPlan 1`, `correlated`."""
    correlated: bool = False
    """True where it runs anew for each row of the query around it."""
    automatic: bool = False
    """True for an index that SQLite builds for this one query and throws away."""
    estimated_rows: float | None = None
    actual_rows: float | None = None
    """Rows that the node returned per loop."""
    visited_rows: float | None = None
    """Rows that the node looked at per loop, those it dropped included."""
    loops: float | None = None
    removed_rows: float | None = None
    """Rows read and dropped by `filter`, per loop."""
    cost: float | None = None
    """The planner's estimate for the node and all below it, in its own unit."""
    exclusive_cost: float | None = None
    milliseconds: float | None = None
    exclusive_milliseconds: float | None = None
    buffers: Buffers | None = None
    parallel: bool = False
    details: tuple[tuple[str, object], ...] = ()
    """What else the engine said of the node, under its own names: `("Sort Space Used", 1024)`."""
    children: tuple[PlanNode, ...] = ()

    @property
    def total_actual_rows(self) -> float | None:
        """Rows returned over all loops."""
        return None if self.actual_rows is None or self.loops is None else self.actual_rows * self.loops

    @property
    def total_visited_rows(self) -> float | None:
        """Rows looked at over all loops."""
        return None if self.visited_rows is None or self.loops is None else self.visited_rows * self.loops

    @property
    def estimate_factor(self) -> float | None:
        """How far the estimate is off, as a factor of 1 or more; None where either figure is unknown."""
        if self.estimated_rows is None or self.actual_rows is None or self.loops == 0:
            return None
        low, high = sorted((max(self.estimated_rows, 1.0), max(self.actual_rows, 1.0)))
        return high / low

    def detail(self, name: str) -> object:
        """Return what the engine said under that name, or None."""
        return next((value for key, value in self.details if key == name), None)

    def walk(self) -> Iterator[PlanNode]:
        """Yield this node and all below it, parents first."""
        pending = [self]
        while pending:
            node = pending.pop()
            yield node
            pending.extend(reversed(node.children))


@dataclass(frozen=True, slots=True)
class Plan:
    """How the engine carries a statement out."""

    engine: Engine
    root: PlanNode
    source: str
    """The engine's own output, to be shown on demand."""
    analyzed: bool = False
    """True where the statement was run and the actual figures are real."""
    milliseconds: float | None = None
    """Execution, where it was run."""
    planning_milliseconds: float | None = None
    steps: int | None = None
    """SQLite's virtual machine steps: its noise-free measure of work."""
    details: tuple[tuple[str, object], ...] = ()
    """Figures of the whole statement under the engine's names: `JIT`, `Triggers`, `Settings`, `fullscan_steps`."""
    notes: tuple[str, ...] = ()
    """What could not be known, and why, in whole sentences."""

    def nodes(self) -> tuple[PlanNode, ...]:
        """Return every node, parents first."""
        return tuple(self.root.walk())

    def detail(self, name: str) -> object:
        """Return the engine's figure of that name, or None."""
        return next((value for key, value in self.details if key == name), None)

    @property
    def share_unit(self) -> str | None:
        """What `shares` are parts of: `time`, `rows visited`, `cost`, or None where nothing is known."""
        for unit, attribute in _SHARE_MEASURES:
            if any(getattr(node, attribute) is not None for node in self.nodes()):
                return unit
        return None

    def shares(self) -> tuple[float | None, ...]:
        """Return each node's own part of the work, from 0 to 1, in the order of `nodes`."""
        unit = self.share_unit
        attribute = dict(_SHARE_MEASURES).get(unit or "")
        nodes = self.nodes()
        if attribute is None:
            return (None,) * len(nodes)
        amounts = [getattr(node, attribute) for node in nodes]
        total = sum(amount for amount in amounts if amount is not None)
        return tuple(None if amount is None else amount / total if total else 0.0 for amount in amounts)

    @property
    def costly(self) -> PlanNode | None:
        """The node with the largest part of the work, where it has a tenth of it or more."""
        shares = self.shares()
        known = [(share, -node.number, node) for share, node in zip(shares, self.nodes(), strict=True) if share]
        if not known:
            return None
        share, _, node = max(known, key=lambda entry: entry[:2])
        return node if share >= 0.1 else None


# The best measure comes first: what was measured, then what was counted, then what was estimated.
_SHARE_MEASURES = (
    ("time", "exclusive_milliseconds"),
    ("rows visited", "total_visited_rows"),
    ("cost", "exclusive_cost"),
)
