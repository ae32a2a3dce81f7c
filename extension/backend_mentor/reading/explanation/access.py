"""How each table is reached, as the plan has it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlglot import exp

from backend_mentor.domain.plan import Operation, Plan, PlanNode
from backend_mentor.domain.schema import Table
from backend_mentor.reading.explanation.names import Names
from backend_mentor.reading.explanation.queries import limit_of
from backend_mentor.reading.explanation.wording import count, small
from backend_mentor.reading.resolve import Source

_READS = (
    *(Operation.SCAN, Operation.INDEX_SCAN, Operation.SEARCH, Operation.BITMAP_SCAN),
    *(Operation.CTE_SCAN, Operation.SUBQUERY, Operation.FUNCTION),
)
_NEEDS_ALL = (
    *(Operation.SORT, Operation.TOP_SORT, Operation.AGGREGATE, Operation.GROUP),
    *(Operation.DISTINCT, Operation.WINDOW, Operation.SET_OPERATION),
)


@dataclass(frozen=True, slots=True)
class Access:
    """One source of a query with the plan's node that reads it."""

    source: Source
    node: PlanNode | None = None
    inside_loop: bool = False
    """True where it is read anew for each row that came before it."""

    @property
    def table(self) -> Table | None:
        """The real table; None for a derived table, a function or a CTE."""
        return self.source.table


def in_plan_order(sources: Sequence[Source], plan: Plan | None) -> tuple[Access, ...]:
    """Return the sources in the order in which the plan reads them; as written where that is not known for all."""
    nodes = [(node, loop) for node, loop in _reads(plan)] if plan else []
    found: list[tuple[int, Access]] = []
    for source in sources:
        matches = [entry for entry in enumerate(nodes) if _reads_source(entry[1][0], source, sources)]
        if len(matches) != 1:
            return tuple(Access(each) for each in sources)
        position, (node, loop) = matches[0]
        found.append((position, Access(source, node, loop)))
    return tuple(access for _, access in sorted(found, key=lambda entry: entry[0]))


def say_access(access: Access, names: Names, *, first: bool) -> str:
    """Return `reads orders (200,000 rows) from end to end`, `looks up each one's row in accounts by its key`."""
    node, table = access.node, access.table
    named = names.source(access.source) or "the inner query"
    if node is None or table is None:
        any_match = " (where any match)" if access.source.optional else ""
        return f"reads {named}{_size(table)}" if first else f"joins {named}{_size(table)}{any_match}"
    by = say_index(node, table)
    if node.operation is Operation.SEARCH and access.inside_loop and not first:
        many = "row" if _finds_one(node, table) else "rows"
        many += " (if any)" if access.source.optional else ""
        return f"looks up each one's {many} in {named}{_size(table)} {by}"
    if first and node.operation is Operation.SEARCH and node.index and not node.index_condition:
        return f"goes straight to one end of the index {node.index} of {named}{_size(table)}"
    if node.operation in (Operation.SEARCH, Operation.BITMAP_SCAN) and by:
        return f"finds rows of {named}{_size(table)} {by}"
    if node.operation is Operation.INDEX_SCAN and node.index:
        if node.covering:
            return f"reads the whole index {node.index} of {named}{_size(table)}, not the table"
        return f"reads {named}{_size(table)} in the order of the index {node.index}"
    again = " again for each of them" if access.inside_loop and not first else ""
    return f"reads {named}{_size(table)} from end to end{again}"


def say_index(node: PlanNode, table: Table) -> str:
    """Return `by its primary key`, `by the index orders_status_idx`, or nothing where no index is used."""
    if node.automatic:
        return "by an index that is built for this query alone"
    index = node.index or next((each.index for each in node.walk() if each.index), None)
    if index is None:
        return "by its primary key" if node.operation is Operation.SEARCH else ""
    primary = any(each.name == index and each.primary for each in table.indexes)
    if primary:
        return "by its primary key"
    return f"by the index {index}"


def stops_early(query: exp.Expr, plan: Plan | None) -> bool:
    """Return whether a LIMIT ends the reading before all rows were looked at: no step in between needs them all."""
    if plan is None or limit_of(query) is None:
        return False
    return not any(node.operation in _NEEDS_ALL for node in plan.nodes())


def say_kept(access: Access, *, cut_short: bool) -> tuple[str, bool]:
    """Return how many rows a source's node gave, as `1,912`, and whether they were counted; empty if not known."""
    node = access.node
    if node is None or cut_short:
        return "", False
    actual = node.total_actual_rows if not node.parallel else None
    if actual is not None:
        return small(round(actual)), True
    if node.estimated_rows is not None and not access.inside_loop:
        return f"{round(node.estimated_rows):,}", False
    return "", False


def _size(table: Table | None) -> str:
    return f" ({count(table.rows)})" if table is not None and table.rows is not None else ""


def _finds_one(node: PlanNode, table: Table) -> bool:
    if say_index(node, table) == "by its primary key" and len(table.primary_key) == 1:
        return True
    return any(each.name == node.index and each.unique and len(each.columns) == 1 for each in table.indexes)


def _reads(plan: Plan) -> list[tuple[PlanNode, bool]]:
    """Return the nodes that read a relation, in the plan's order, each with whether an outer loop repeats it."""
    found: list[tuple[PlanNode, bool]] = []
    pending: list[tuple[PlanNode, bool]] = [(plan.root, False)]
    while pending:
        node, loop = pending.pop()
        if node.operation in _READS and (node.relation or node.alias):
            found.append((node, loop))
            if node.relation:
                continue
        for position, child in reversed(list(enumerate(node.children))):
            inside = node.operation is Operation.NESTED_LOOP and position > 0
            pending.append((child, loop or inside))
    return found


def _reads_source(node: PlanNode, source: Source, sources: Sequence[Source]) -> bool:
    relation, alias = (node.relation or "").lower(), (node.alias or "").lower()
    name = source.name.lower()
    if source.table is None:
        return bool(name) and name in (alias, relation)
    if alias:
        return alias == name and relation in (source.table.name.lower(), name)
    twice = sum(each.table is source.table for each in sources) > 1
    return relation == name or (not twice and relation == source.table.name.lower())
