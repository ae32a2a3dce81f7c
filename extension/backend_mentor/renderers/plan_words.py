"""What a step of a plan is called, what it does, and the question that leads a learner to its cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend_mentor.domain.plan import Operation
from backend_mentor.renderers.tables import shorten

if TYPE_CHECKING:
    from backend_mentor.domain.plan import PlanNode

_JOINS = {Operation.NESTED_LOOP, Operation.HASH_JOIN, Operation.MERGE_JOIN}
_READS = {
    Operation.SCAN: "SCAN",
    Operation.INDEX_SCAN: "SCAN",
    Operation.SEARCH: "SEARCH",
    Operation.BITMAP_SCAN: "SEARCH",
    Operation.MODIFY: "CHANGE",
}
_SHOWN_CONDITION = 160


def title_of(node: PlanNode) -> str:
    """Return the step in words that hold for every engine, with the user's own names: `SEARCH orders by its key`."""
    if node.operation in _READS and node.relation is not None:
        title = _title_of_read(node)
    elif node.operation in _JOINS:
        kind = f"{node.join_type.lower()} " if node.join_type and node.join_type.lower() != "inner" else ""
        title = f"{kind}{node.operation.value}"
    elif node.operation is Operation.OTHER:
        title = node.label
    else:
        subject = node.relation or node.alias or node.index
        by = f" by {', '.join(node.keys)}" if node.keys else ""
        title = f"{node.operation.value}{f' {subject}' if subject else ''}{by}"
    return f"{title} ({node.role})" if node.role else title


def _title_of_read(node: PlanNode) -> str:
    named = f" {node.alias}" if node.alias and node.alias.lower() != (node.relation or "").lower() else ""
    title = f"{_READS[node.operation]} {node.relation}{named}"
    if node.automatic:
        return f"{title} by an index made for this query"
    if node.index is not None:
        return f"{title} by {node.index}{' alone' if node.covering else ''}"
    return f"{title} by primary key" if node.operation is Operation.SEARCH else title


def describe_conditions(node: PlanNode) -> tuple[tuple[str, str], ...]:
    """Return what the step looks up by, joins on and keeps: a word and the condition, cut to a line's length."""
    named = (("looks up", node.index_condition), ("joins on", node.join_condition), ("keeps where", node.filter))
    return tuple((word, shorten(text, _SHOWN_CONDITION)) for word, text in named if text)


def meaning_of(operation: Operation) -> str | None:
    """Return in a sentence what such a step does, or None for one that needs no words."""
    return _MEANINGS.get(operation)


def ask_about(node: PlanNode) -> str:
    """Return the question that leads to why this step costs what it costs."""
    table = node.relation or "the table"
    questions = {
        Operation.SCAN: f"Which rows of {table} does the answer need, and what keeps the database from going "
        "straight to them?",
        Operation.INDEX_SCAN: f"The whole index of {table} is walked: which part of it does the answer need?",
        Operation.SEARCH: f"How many rows of {table} does each look-up bring, and how many of them are kept?",
        Operation.SORT: "Is there a way to the rows that has them in this order already?",
        Operation.TOP_SORT: "Is there a way to the rows that has the first ones first?",
        Operation.NESTED_LOOP: "How often does the inner step run, and what decides that number?",
        Operation.AGGREGATE: "Could fewer rows reach the grouping, or could they reach it in order?",
    }
    return questions.get(node.operation, "What decides how many rows reach this step, and could it be fewer?")


_MEANINGS = {
    Operation.SCAN: "reads the whole table, row by row",
    Operation.INDEX_SCAN: "reads a whole index, for its order or since it holds all that is asked",
    Operation.SEARCH: "goes straight to the rows by an index or key",
    Operation.BITMAP_SCAN: "collects the places of the rows first, then reads each page once",
    Operation.BITMAP_INDEX: "finds the places of the rows in an index",
    Operation.NESTED_LOOP: "runs its second part once for each row of its first",
    Operation.HASH_JOIN: "puts one side into a hash table and looks each row of the other up in it",
    Operation.MERGE_JOIN: "walks two sorted sides in step",
    Operation.HASH: "builds the hash table",
    Operation.SORT: "collects all rows and sorts them before the first is returned",
    Operation.TOP_SORT: "keeps only the first few while it sorts",
    Operation.INCREMENTAL_SORT: "sorts small groups of rows that come in order already",
    Operation.AGGREGATE: "makes one row of many: counts, sums, groups",
    Operation.GROUP: "puts rows of the same key together",
    Operation.DISTINCT: "drops repeated rows",
    Operation.WINDOW: "computes over neighbouring rows without merging them",
    Operation.LIMIT: "stops after the first rows",
    Operation.CTE: "computes the WITH query",
    Operation.CTE_SCAN: "reads the rows of a WITH query",
    Operation.MATERIALIZE: "keeps rows to read them again",
    Operation.MEMOIZE: "remembers look-ups to spare repeated ones",
    Operation.GATHER: "collects the rows of parallel workers",
    Operation.BLOOM_FILTER: "a quick test that skips rows which can not match",
    Operation.SUBQUERY: "runs a query within the query",
    Operation.APPEND: "returns one part's rows after the other's",
    Operation.MODIFY: "changes the rows that reach it",
}
