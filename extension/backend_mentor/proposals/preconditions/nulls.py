"""Whether a column can be NULL at the point of the query where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from backend_mentor.domain.proof import Condition
from backend_mentor.proposals.preconditions.position import filters, in_join_condition, where_conjuncts

if TYPE_CHECKING:
    from backend_mentor.proposals.draft import Draft
    from backend_mentor.reading.resolve import ResolvedColumn

_REJECTING = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE)


def never_null(draft: Draft, node: exp.Expr) -> Condition | None:
    """Return the condition that a column holds no NULL where it stands, with its grounds; None where it can.

    A declared NOT NULL counts only where no outer join fills the column; a WHERE of the same query that drops the
    NULLs counts everywhere but in an ON clause, which is decided before WHERE.
    """
    resolved = draft.columns.of(node)
    if resolved is None:
        return None
    declared = declared_not_null(resolved)
    if declared is not None:
        return declared
    if _filtered(draft, resolved):
        return Condition(
            f"{resolved.table.name}.{resolved.column.name} is not NULL here",
            "the query's own filter drops rows in which it is",
        )
    return None


def declared_not_null(column: ResolvedColumn) -> Condition | None:
    """Return the condition that the table itself keeps NULL out of the column, whatever the query filters."""
    if column.column.nullable or column.source.optional:
        return None
    key = column.column.name in column.table.primary_key
    grounds = "primary key" if key else "declared NOT NULL"
    return Condition(f"{column.table.name}.{column.column.name} can not be NULL", grounds)


def rejects_null(draft: Draft, condition: exp.Expr, column: ResolvedColumn) -> bool:
    """Return whether the condition is never TRUE where the column is NULL."""
    if isinstance(condition, (exp.Not, exp.Is)):
        test = condition.this.unnest() if isinstance(condition, exp.Not) else condition
        # sqlglot reads IS NOT NULL as one node for Postgres and as NOT … IS NULL for SQLite.
        negated = isinstance(condition, exp.Not) != bool(test.args.get("negate"))
        null = isinstance(test, exp.Is) and isinstance(test.expression, exp.Null)
        return null and negated and _is(draft, test.this, column)
    if isinstance(condition, _REJECTING) and not isinstance(condition.expression, exp.All):
        # NULL > ALL of an empty list is true.
        return _is(draft, condition.left, column) or _is(draft, condition.right, column)
    if isinstance(condition, (exp.Between, exp.Like)):
        return _is(draft, condition.this, column)
    if isinstance(condition, exp.In) and condition.args.get("query") is None:
        return _is(draft, condition.this, column)
    return False


def _filtered(draft: Draft, column: ResolvedColumn) -> bool:
    select = column.source.node.find_ancestor(exp.Select)
    if select is None:
        return False
    if in_join_condition(column.node, select):
        return False
    # A filter that the column's own expression is part of decides nothing about itself, unless it is a plain
    # comparison, and those are told by their form.
    conditions = filters(select) if not column.source.optional else where_conjuncts(select)
    return any(rejects_null(draft, condition, column) for condition in conditions)


def _is(draft: Draft, node: exp.Expr, column: ResolvedColumn) -> bool:
    resolved = draft.columns.of(node.unnest())
    return resolved is not None and resolved.source is column.source and resolved.column is column.column
