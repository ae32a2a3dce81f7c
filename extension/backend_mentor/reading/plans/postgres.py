"""PostgreSQL's EXPLAIN, versions 12 to 18, as JSON or as text, to the common tree."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from backend_mentor.domain.errors import CellError
from backend_mentor.domain.plan import Buffers, Operation, Plan, PlanNode
from backend_mentor.reading.plans.postgres_figures import Figures, Step, figures_of, is_hashed
from backend_mentor.reading.plans.postgres_json import load_deep
from backend_mentor.reading.plans.postgres_names import label_of, operation_of
from backend_mentor.reading.plans.postgres_text import read_explanation, strip_frame

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from backend_mentor.domain.schema import Engine

_REMEDY = "Paste the whole output of EXPLAIN, or of EXPLAIN (FORMAT JSON)."

# What has a field of its own in PlanNode; everything else stays in `details` under the server's name.
_CONSUMED = frozenset(
    [
        "Plans", "Node Type", "Parallel Aware", "Relation Name", "Alias", "Index Name", "Index Cond", "Filter",
        "Join Type", "Sort Key", "Group Key", "Plan Rows", "Total Cost", "Actual Rows", "Actual Loops",
        "Actual Total Time", "Rows Removed by Filter", "Subplan Name",
        *(f"{kind} {what} Blocks" for kind in ("Shared", "Local") for what in ("Hit", "Read", "Written")),
        "Temp Read Blocks", "Temp Written Blocks",
    ]
)  # fmt: skip

# Version 17 split the input and output times by kind; these are what the older names stood for.
_RENAMED = {"I/O Read Time": "Shared I/O Read Time", "I/O Write Time": "Shared I/O Write Time"}

_SCANS = frozenset(
    [Operation.SCAN, Operation.INDEX_SCAN, Operation.SEARCH, Operation.BITMAP_SCAN, Operation.CTE_SCAN,
     Operation.FUNCTION, Operation.VALUES]
)  # fmt: skip


def read_plan(json_text: str, engine: Engine) -> Plan:
    """Return the plan that EXPLAIN (FORMAT JSON) wrote; raises CellError with the place where it can not be read.

    Times are those of the wall clock: what parallel workers did side by side is divided by their number. A common
    table expression's time and cost are charged once, to where it was computed.
    """
    try:
        document = json.loads(json_text)
    except RecursionError:
        document = load_deep(json_text)
    except json.JSONDecodeError as error:
        raise CellError(
            f"This is not the JSON of an EXPLAIN: line {error.lineno}, column {error.colno}: {error.msg}.", _REMEDY
        ) from error
    return _plan_of(document, engine, json_text)


def read_plan_text(text: str, engine: Engine) -> Plan:
    """Return the plan of a pasted EXPLAIN, as psql, a driver or a log prints it; JSON in such a frame is read too.

    Raises CellError with the place where it can not be read.
    """
    lines = strip_frame(text)
    bare = "\n".join(lines).strip()
    if bare.startswith(("[", "{")):
        return read_plan(bare, engine)
    return _plan_of(read_explanation(lines), engine, text)


def _plan_of(document: object, engine: Engine, source: str) -> Plan:
    entry = document[0] if isinstance(document, list) and document else document
    root = entry.get("Plan") if isinstance(entry, dict) else None
    if not isinstance(entry, dict) or not isinstance(root, dict):
        raise CellError('This JSON holds no plan: its first entry has no object named "Plan".', _REMEDY)
    steps = _flatten(root)
    figures = figures_of(steps)
    milliseconds, planning = _number(entry.get("Execution Time")), _number(entry.get("Planning Time"))
    return Plan(
        engine=engine,
        root=_build(steps, figures),
        source=source,
        analyzed="Actual Loops" in root,
        milliseconds=milliseconds,
        planning_milliseconds=planning,
        details=tuple(
            (key, _freeze(value))
            for key, value in entry.items()
            if key not in ("Plan", "Execution Time", "Planning Time")
        ),
    )


def _flatten(root: Mapping[str, object]) -> list[Step]:
    """Return the nodes, parents first, without recursion: a plan of 10,000 levels is rare and legal."""
    steps: list[Step] = []
    pending: list[tuple[object, int | None]] = [(root, None)]
    while pending:
        raw, parent = pending.pop()
        if not isinstance(raw, dict) or not isinstance(raw.get("Node Type"), str):
            where = "its root" if parent is None else f'a child of "{steps[parent].raw["Node Type"]}"'
            raise CellError(f'This plan is damaged: {where} has no "Node Type".', _REMEDY)
        number = len(steps)
        hashed = parent is not None and is_hashed(raw, steps[parent].raw)
        steps.append(Step(raw, parent, [], hashed))
        if parent is not None:
            steps[parent].children.append(number)
        below = raw.get("Plans") or []
        if not isinstance(below, list):
            raise CellError(f'This plan is damaged: the "Plans" of "{raw["Node Type"]}" are no list.', _REMEDY)
        pending.extend((child, number) for child in reversed(below))
    return steps


def _build(steps: Sequence[Step], figures: Sequence[Figures]) -> PlanNode:
    built: dict[int, PlanNode] = {}
    for number in range(len(steps) - 1, -1, -1):
        children = tuple(built.pop(child) for child in steps[number].children)
        built[number] = _node(number, steps, figures[number], children)
    return built[0]


def _node(number: int, steps: Sequence[Step], figures: Figures, children: tuple[PlanNode, ...]) -> PlanNode:
    raw, parent = steps[number].raw, steps[number].parent
    operation = operation_of(raw, None if parent is None else steps[parent].raw)
    actual, removed = _number(raw.get("Actual Rows")), _number(raw.get("Rows Removed by Filter"))
    return PlanNode(
        operation=operation,
        label=label_of(raw),
        number=number,
        relation=_first(raw, "Relation Name", "CTE Name", "Function Name"),
        alias=_text(raw.get("Alias")),
        index=_text(raw.get("Index Name")),
        covering=_covering(raw),
        index_condition=_first(raw, "Index Cond", "TID Cond"),
        filter=_text(raw.get("Filter")),
        join_condition=_first(raw, "Hash Cond", "Merge Cond", "Join Filter"),
        join_type=_text(raw.get("Join Type")),
        keys=_texts(raw.get("Sort Key") or raw.get("Group Key")),
        role=_text(raw.get("Subplan Name")),
        correlated=steps[number].repeated_subplan,
        estimated_rows=_number(raw.get("Plan Rows")),
        actual_rows=actual,
        visited_rows=_visited(raw, actual, removed) if operation in _SCANS else None,
        loops=_number(raw.get("Actual Loops")),
        removed_rows=removed,
        cost=_number(raw.get("Total Cost")),
        exclusive_cost=figures.exclusive_cost,
        milliseconds=figures.milliseconds,
        exclusive_milliseconds=figures.exclusive_milliseconds,
        buffers=None if figures.pages is None else Buffers(*figures.pages),
        parallel=raw.get("Parallel Aware") is True,
        details=tuple((_RENAMED.get(key, key), _freeze(value)) for key, value in raw.items() if key not in _CONSUMED),
        children=children,
    )


def _visited(raw: Mapping[str, object], actual: float | None, removed: float | None) -> float | None:
    if actual is None:
        return None
    return actual + (removed or 0.0) + (_number(raw.get("Rows Removed by Index Recheck")) or 0.0)


def _covering(raw: Mapping[str, object]) -> bool | None:
    return {"Index Only Scan": True, "Index Scan": False, "Bitmap Heap Scan": False}.get(str(raw["Node Type"]))


def _first(raw: Mapping[str, object], *names: str) -> str | None:
    return next((_text(raw[name]) for name in names if name in raw), None)


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _texts(value: object) -> tuple[str, ...]:
    return tuple(str(each) for each in value) if isinstance(value, list) else ()


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _freeze(value: object) -> object:
    """Return lists and objects as tuples, objects as tuples of pairs."""
    if isinstance(value, list):
        return tuple(_freeze(each) for each in value)
    if isinstance(value, dict):
        return tuple((key, _freeze(each)) for key, each in value.items())
    return value
