"""SQLite's EXPLAIN QUERY PLAN to the common tree.

SQLite lists the loops of one SELECT side by side, outermost first, and what is done with their rows after them; here
the loops stand under a NESTED_LOOP and the sorts above it. The wording is no stable interface
(https://sqlite.org/eqp.html), so a line that is not known is kept as OTHER with its text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from backend_mentor.domain.errors import CellError
from backend_mentor.domain.plan import Operation, Plan, PlanNode

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from backend_mentor.domain.schema import Engine

Row = tuple[int, int, str]
"""id, parent and detail of a row of EXPLAIN QUERY PLAN."""


def read_plan(
    rows: Sequence[Row], engine: Engine, *, aliases: Mapping[str, str] | None = None, limited: bool = False
) -> Plan:
    """Return the plan of these rows; each node holds its row's id as the detail `id`.

    `aliases` gives the real table of each alias, lower-case, since SQLite shows aliases only. `limited` says that a
    LIMIT follows the outermost ORDER BY, whose sort then keeps only the first rows.
    """
    reader = _Reader(aliases or {}, frozenset(_produced(detail) for _, _, detail in rows))
    pending: dict[int, list[PlanNode]] = {}
    # Children come after their parents, so from the end each row's children are ready when it is reached.
    for identifier, parent, detail in reversed(rows):
        children = pending.pop(identifier, [])
        pending.setdefault(parent, []).insert(0, reader.read_node(identifier, detail, children))
    # A parent that was cut off leaves its children at the top.
    top = _arrange([node for nodes in reversed(pending.values()) for node in nodes])
    root = top[0] if len(top) == 1 else PlanNode(Operation.RESULT, "QUERY PLAN", 0, children=tuple(top))
    if limited and root.operation is Operation.SORT:
        root = replace(root, operation=Operation.TOP_SORT)
    return Plan(engine, _number(root), _draw(rows))


def read_plan_text(text: str, engine: Engine) -> Plan:
    """Return the plan of pasted text: the shell's drawing, `id|parent|0|detail` lines, or bare lines.

    Raises CellError where no line of it is one of SQLite's.
    """
    rows = _table_rows(text) or _drawn_rows(text)
    if not any(_KNOWN_LINE.match(detail) for _, _, detail in rows):
        raise CellError(
            "This is not the output of EXPLAIN QUERY PLAN.",
            "Paste the lines that SQLite prints after EXPLAIN QUERY PLAN, from SCAN or SEARCH on.",
        )
    return read_plan(rows, engine)


_KNOWN_LINE = re.compile(
    r"(SCAN|SEARCH|USE TEMP B-TREE|CO-ROUTINE|MATERIALIZE|COMPOUND|MERGE|MULTI-INDEX OR|(EXECUTE |CORRELATED )*"
    r"(SCALAR|LIST) SUBQUERY|REUSE|BLOOM FILTER|RIGHT-JOIN)\b"
)
_TABLE_ROW = re.compile(r"^\s*\|?\s*(\d+)\s*\|\s*(\d+)\s*\|\s*\d+\s*\|\s*(.*?)\s*\|?\s*$")
_PYTHON_ROW = re.compile(r"^\W*(\d+), (\d+), \d+, ['\"](.*?)['\"]\W*$")


def _table_rows(text: str) -> list[Row]:
    matches = [_TABLE_ROW.match(line) or _PYTHON_ROW.match(line) for line in text.splitlines()]
    return [(int(found[1]), int(found[2]), found[3]) for found in matches if found]


def _drawn_rows(text: str) -> list[Row]:
    rows: list[Row] = []
    open_rows: list[tuple[int, int]] = []
    for line in text.splitlines():
        detail = line.lstrip(" |`+-\t─│├└").rstrip()
        if not detail or detail.upper().startswith(("QUERY PLAN", "EXPLAIN QUERY PLAN")):
            continue
        depth = len(line.expandtabs()) - len(line.expandtabs().lstrip(" |`+-─│├└"))
        while open_rows and open_rows[-1][0] >= depth:
            open_rows.pop()
        rows.append((len(rows) + 1, open_rows[-1][1] if open_rows else 0, detail))
        open_rows.append((depth, len(rows)))
    return rows


_LOOP = re.compile(
    r"(?P<verb>SCAN|SEARCH) (?:TABLE |(?=SUBQUERY \d))?(?P<name>.+?)(?: AS (?P<alias>\S+))?(?P<exists> EXISTS)?"
    r"(?: USING (?P<using>.+?)| VIRTUAL TABLE INDEX (?P<virtual>.*?))?(?: \(~\d+ rows\))?(?P<left> LEFT-JOIN)?$"
)
_USING = re.compile(
    r"(?P<automatic>AUTOMATIC )?(?P<partial>PARTIAL )?(?P<covering>COVERING )?"
    r"(?P<kind>INDEX|INTEGER PRIMARY KEY|ROWID SEARCH|PRIMARY KEY)(?: (?P<name>(?!\().+?))?(?: \((?P<condition>.*)\))?$"
)
_CONSTANT = re.compile(r"SCAN (\d+ )?CONSTANT ROWS?$|SCAN \d+-ROW VALUES CLAUSE$")
_PRODUCER = re.compile(r"(CO-ROUTINE|MATERIALIZE) (.+)$")
_SUBQUERY = re.compile(r"(?:EXECUTE )?(REUSE )?(CORRELATED )?((?:SCALAR |LIST )?SUBQUERY \S+)$")
_TEMPORARY_TREE = re.compile(r"USE TEMP B-TREE FOR (.+)$")
_COMPOUND = re.compile(
    r"(COMPOUND (QUERY|SUBQUERIES .*)|MERGE \(.*\)|(UNION|INTERSECT|EXCEPT) USING TEMP B-TREE|UNION ALL)$"
)
_PART = re.compile(r"(LEFT-MOST SUBQUERY|LEFT|RIGHT|SETUP|INDEX \d+)$")


def _produced(detail: str) -> str | None:
    producer = _PRODUCER.match(detail)
    return producer[2].lower() if producer else None


@dataclass(frozen=True, slots=True)
class _Reader:
    aliases: Mapping[str, str]
    producers: frozenset[str | None]
    """Names of the subqueries and common table expressions that the plan fills."""

    def read_node(self, identifier: int, detail: str, children: list[PlanNode]) -> PlanNode:
        node = self._read_detail(detail)
        # The branches of these two stand side by side; they are no loops within each other.
        branches = node.operation in (Operation.BITMAP_OR, Operation.SET_OPERATION, Operation.MERGE_APPEND)
        arranged = tuple(children if branches else _arrange(children))
        if any(child.role == "recursive step" for child in arranged):
            node = replace(node, operation=Operation.RECURSION)
        return replace(node, details=(("id", identifier), *node.details), children=arranged)

    def _read_detail(self, detail: str) -> PlanNode:
        if _CONSTANT.match(detail):
            return PlanNode(Operation.VALUES, detail, 0)
        if found := _LOOP.match(detail):
            return self._read_loop(detail, found)
        if found := _PRODUCER.match(detail):
            operation = Operation.MATERIALIZE if found[1] == "MATERIALIZE" else Operation.SUBQUERY
            return PlanNode(operation, detail, 0, role=found[2])
        if found := _SUBQUERY.match(detail):
            role = ("reused " if found[1] else "correlated " if found[2] else "") + found[3].lower()
            return PlanNode(Operation.SUBQUERY, detail, 0, role=role, correlated=bool(found[2]))
        if found := _TEMPORARY_TREE.match(detail):
            return PlanNode(_tree_operation(found[1]), detail, 0)
        return _read_rest(detail)

    def _read_loop(self, detail: str, found: re.Match[str]) -> PlanNode:
        shown = found["alias"] or found["name"]
        real = found["name"] if found["alias"] else self.aliases.get(shown.lower(), shown)
        node = PlanNode(
            Operation.SCAN if found["verb"] == "SCAN" else Operation.SEARCH,
            detail,
            0,
            relation=real,
            alias=shown if shown.lower() != real.lower() else None,
            join_type="left" if found["left"] else "semi" if found["exists"] else None,
        )
        if found["using"]:
            node = _with_index(node, found["using"])
        if found["virtual"] is not None:
            # A virtual table answers in its own way: neither a full scan nor a search can be told from the text.
            return replace(node, operation=Operation.FUNCTION, details=(("virtual table index", found["virtual"]),))
        if self._is_produced(shown, real):
            operation = Operation.CTE_SCAN if node.operation is Operation.SCAN else node.operation
            return replace(node, operation=operation, relation=None, alias=shown, role=f"reads {real}")
        return node

    def _is_produced(self, shown: str, real: str) -> bool:
        names = {shown.lower(), real.lower()}
        return bool(names & self.producers) or real.startswith(("(subquery-", "SUBQUERY "))


def _with_index(node: PlanNode, using: str) -> PlanNode:
    found = _USING.match(using)
    if not found:
        return replace(node, details=(("using", using),))
    by_index = found["kind"] == "INDEX"
    return replace(
        node,
        operation=Operation.INDEX_SCAN if by_index and node.operation is Operation.SCAN else node.operation,
        index=found["name"] if by_index and not found["automatic"] else None,
        covering=bool(found["covering"]) if by_index else None,
        index_condition=found["condition"],
        automatic=bool(found["automatic"]),
        details=() if by_index else (("key", found["kind"]),),
    )


def _tree_operation(purpose: str) -> Operation:
    if re.match(r"(LAST|RIGHT PART)\b", purpose):
        return Operation.INCREMENTAL_SORT
    if purpose.endswith("(DISTINCT)") or purpose == "DISTINCT":
        return Operation.DISTINCT
    return Operation.GROUP if purpose == "GROUP BY" else Operation.SORT


def _read_rest(detail: str) -> PlanNode:
    if _COMPOUND.match(detail):
        operation = Operation.MERGE_APPEND if detail == "MERGE (UNION ALL)" else Operation.SET_OPERATION
        return PlanNode(Operation.APPEND if detail == "UNION ALL" else operation, detail, 0)
    if _PART.match(detail):
        return PlanNode(Operation.SUBQUERY, detail, 0, role=detail.lower())
    if detail == "RECURSIVE STEP":
        return PlanNode(Operation.RECURSION, detail, 0, role="recursive step")
    if detail == "MULTI-INDEX OR":
        return PlanNode(Operation.BITMAP_OR, detail, 0)
    if detail.startswith(("BLOOM FILTER ON ", "CREATE BLOOM FILTER")):
        return PlanNode(Operation.BLOOM_FILTER, detail, 0)
    if detail.startswith("RIGHT-JOIN "):
        role = f"rows of {detail.removeprefix('RIGHT-JOIN ')} without a partner"
        return PlanNode(Operation.NESTED_LOOP, detail, 0, role=role, join_type="right")
    return PlanNode(Operation.OTHER, detail, 0)


_LOOPS = frozenset(
    [
        Operation.SCAN,
        Operation.INDEX_SCAN,
        Operation.SEARCH,
        Operation.CTE_SCAN,
        Operation.FUNCTION,
        Operation.VALUES,
        Operation.BITMAP_OR,
        Operation.BLOOM_FILTER,
    ]
)
_SORTS = frozenset(
    [Operation.SORT, Operation.INCREMENTAL_SORT, Operation.GROUP, Operation.DISTINCT]
)  # what `USE TEMP B-TREE` stands for


def _arrange(siblings: list[PlanNode]) -> list[PlanNode]:
    """Return what one SELECT's lines stand for: the sorts above the loops, each subquery below the loop it is for."""
    loops = [node for node in siblings if node.operation in _LOOPS]
    sorts = [node for node in siblings if node.operation in _SORTS]
    if not loops:
        rest = [node for node in siblings if node.operation not in _SORTS]
        return [_stack(rest, sorts)] if sorts else siblings
    filled = _hang_subqueries(siblings, loops)
    if len(filled) > 1:
        filled = [PlanNode(Operation.NESTED_LOOP, "NESTED LOOP", 0, children=tuple(filled))]
    return [_stack(filled, sorts)] if sorts else filled


def _hang_subqueries(siblings: list[PlanNode], loops: list[PlanNode]) -> list[PlanNode]:
    """Return the loops, each with the subqueries that it reads and those that are written after it."""
    readers = {loop.role: place for place, loop in reversed(list(enumerate(loops))) if loop.role}
    below: list[list[PlanNode]] = [[] for _ in loops]
    passed = -1
    for node in siblings:
        if node.operation in _LOOPS:
            passed += 1
        elif node.operation not in _SORTS:
            below[readers.get(f"reads {node.role}", max(passed, 0))].append(node)
    return [replace(loop, children=(*loop.children, *more)) for loop, more in zip(loops, below, strict=True)]


def _stack(inner: list[PlanNode], sorts: list[PlanNode]) -> PlanNode:
    # SQLite lists them in the order in which the rows pass through them.
    first, *further = sorts
    node = replace(first, children=(*first.children, *inner))
    for each in further:
        node = replace(each, children=(*each.children, node))
    return node


def _number(root: PlanNode) -> PlanNode:
    """Return the tree with each node's number set to its place; without recursion, for plans of any depth."""
    nodes = list(root.walk())
    done: dict[int, PlanNode] = {}
    for number in range(len(nodes) - 1, -1, -1):
        node = nodes[number]
        done[id(node)] = replace(node, number=number, children=tuple(done[id(child)] for child in node.children))
    return done[id(root)]


def _draw(rows: Sequence[Row]) -> str:
    depths: dict[int, int] = {}
    lines = ["QUERY PLAN"]
    for identifier, parent, detail in rows:
        depths[identifier] = depths.get(parent, 0) + 1
        lines.append(f"{'   ' * (depths[identifier] - 1)}|--{detail}")
    return "\n".join(lines)
