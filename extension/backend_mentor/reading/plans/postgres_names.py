"""What PostgreSQL's nodes are called, in its own words and in ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend_mentor.domain.plan import Operation

if TYPE_CHECKING:
    from collections.abc import Mapping

_OPERATIONS = {
    "Seq Scan": Operation.SCAN,
    "Sample Scan": Operation.SCAN,
    "Foreign Scan": Operation.SCAN,
    "Tid Scan": Operation.SEARCH,
    "Tid Range Scan": Operation.SEARCH,
    "Bitmap Heap Scan": Operation.BITMAP_SCAN,
    "Bitmap Index Scan": Operation.BITMAP_INDEX,
    "BitmapAnd": Operation.BITMAP_AND,
    "BitmapOr": Operation.BITMAP_OR,
    "Nested Loop": Operation.NESTED_LOOP,
    "Hash Join": Operation.HASH_JOIN,
    "Merge Join": Operation.MERGE_JOIN,
    "Hash": Operation.HASH,
    "Incremental Sort": Operation.INCREMENTAL_SORT,
    "Group": Operation.GROUP,
    "Unique": Operation.DISTINCT,
    "WindowAgg": Operation.WINDOW,
    "Limit": Operation.LIMIT,
    "Append": Operation.APPEND,
    "Merge Append": Operation.MERGE_APPEND,
    "SetOp": Operation.SET_OPERATION,
    "Subquery Scan": Operation.SUBQUERY,
    "CTE Scan": Operation.CTE_SCAN,
    "WorkTable Scan": Operation.CTE_SCAN,
    "Named Tuplestore Scan": Operation.CTE_SCAN,
    "Recursive Union": Operation.RECURSION,
    "Materialize": Operation.MATERIALIZE,
    "Memoize": Operation.MEMOIZE,
    "Gather": Operation.GATHER,
    "Gather Merge": Operation.GATHER,
    "Function Scan": Operation.FUNCTION,
    "Table Function Scan": Operation.FUNCTION,
    "ProjectSet": Operation.FUNCTION,
    "Values Scan": Operation.VALUES,
    "ModifyTable": Operation.MODIFY,
    "Result": Operation.RESULT,
}

KINDS = frozenset([*_OPERATIONS, "Index Scan", "Index Only Scan", "Sort", "Aggregate", "LockRows", "Custom Scan"])
"""Every node type of versions 12 to 18."""

_AGGREGATES = {"Plain": "Aggregate", "Sorted": "GroupAggregate", "Hashed": "HashAggregate", "Mixed": "MixedAggregate"}


def operation_of(raw: Mapping[str, object], parent: Mapping[str, object] | None) -> Operation:
    """Return what a node of EXPLAIN (FORMAT JSON) does; `parent` tells a bounded sort from a whole one."""
    kind = str(raw["Node Type"])
    if kind in ("Index Scan", "Index Only Scan"):
        return Operation.SEARCH if "Index Cond" in raw else Operation.INDEX_SCAN
    if kind == "Sort":
        limited = parent is not None and parent["Node Type"] == "Limit"
        return Operation.TOP_SORT if limited or raw.get("Sort Method") == "top-N heapsort" else Operation.SORT
    if kind == "Aggregate":
        grouped = "Group Key" in raw or "Grouping Sets" in raw
        return Operation.GROUP if grouped else Operation.AGGREGATE
    return _OPERATIONS.get(kind, Operation.OTHER)


def label_of(raw: Mapping[str, object]) -> str:
    """Return the node's name as EXPLAIN's text format writes it: `Parallel Hash Left Join`, `Index Scan Backward`."""
    words = [_kind_words(raw, str(raw["Node Type"]))]
    if raw.get("Partial Mode") in ("Partial", "Finalize"):
        words.insert(0, str(raw["Partial Mode"]))
    if raw.get("Parallel Aware") is True:
        words.insert(0, "Parallel")
    if raw.get("Scan Direction") == "Backward":
        words.append("Backward")
    return " ".join(words)


def _kind_words(raw: Mapping[str, object], kind: str) -> str:
    join = str(raw.get("Join Type", "Inner"))
    if kind == "ModifyTable":
        return str(raw.get("Operation", kind))
    if kind == "Aggregate":
        return _AGGREGATES.get(str(raw.get("Strategy", "Plain")), kind)
    if kind == "SetOp":
        return f"{'HashSetOp' if raw.get('Strategy') == 'Hashed' else 'SetOp'} {raw.get('Command', '')}".strip()
    if kind == "Nested Loop" and join != "Inner":
        return f"Nested Loop {join} Join"
    if kind in ("Hash Join", "Merge Join") and join != "Inner":
        return f"{kind.split()[0]} {join} Join"
    return kind
