"""The statements that no rewrite touches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from backend_mentor.domain.schema import TableKind
from backend_mentor.domain.statement import StatementKind
from backend_mentor.proposals.preconditions.determinism import volatile_function
from backend_mentor.reading.latest import keep_latest
from backend_mentor.reading.scanner import words

if TYPE_CHECKING:
    from backend_mentor.domain.subject import Subject

_SYSTEM_COLUMNS = {"postgres": frozenset(["ctid", "xmin", "xmax", "cmin", "cmax", "tableoid"])}
_SET_RETURNING = (exp.Explode, exp.Unnest, exp.ExplodingGenerateSeries, exp.GenerateSeries)
_SET_RETURNING_NAMES = words(
    "JSON_EACH JSON_TREE JSON_ARRAY_ELEMENTS JSONB_ARRAY_ELEMENTS JSONB_EACH JSON_OBJECT_KEYS JSONB_OBJECT_KEYS "
    "REGEXP_MATCHES REGEXP_SPLIT_TO_TABLE STRING_TO_TABLE GENERATE_SUBSCRIPTS"
)


@keep_latest
def refusal(subject: Subject) -> str | None:
    """Return why no rewrite is offered for this statement at all; None where rewrites are free to look at it."""
    tree = subject.statement.tree
    if subject.statement.kind is not StatementKind.QUERY:
        return "only a query is rewritten"
    if tree.find(exp.Lock):
        return "it locks the rows that it reads"
    if tree.find(exp.TableSample):
        return "it reads a random sample"
    if any(clause.recursive for clause in tree.find_all(exp.With)):
        return "it has a recursive common table expression"
    if tree.find(exp.Operator):
        return "it uses an operator of its own"
    volatile = volatile_function(tree)
    if volatile is not None:
        return f"{volatile} can answer differently each time"
    return _refused_name(subject, tree)


def _refused_name(subject: Subject, tree: exp.Expr) -> str | None:
    for column in tree.find_all(exp.Column):
        if column.name.lower() in _SYSTEM_COLUMNS.get(subject.engine.name, ()):
            return f"{column.name} is a system column"
    for select in tree.find_all(exp.Select):
        for projection in select.expressions:
            if any(_returns_a_set(node) for node in projection.walk()):
                return "a function in its SELECT list returns several rows"
    for node in tree.find_all(exp.Table):
        table = subject.schema.table(node.name, node.db or None)
        if table is not None and table.row_security:
            return f"{table.name} has row security, so a rewrite could be seen by a policy"
        if table is not None and table.kind in (TableKind.VIRTUAL, TableKind.FOREIGN):
            return f"{table.name} is a {table.kind}, whose own rules are not known"
    return None


def _returns_a_set(node: exp.Expr) -> bool:
    if isinstance(node, _SET_RETURNING):
        return True
    return isinstance(node, exp.Anonymous) and node.name.upper() in _SET_RETURNING_NAMES
