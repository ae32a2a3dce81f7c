"""How a subquery hangs on the query around it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

from backend_mentor.domain.proof import Condition
from backend_mentor.proposals.preconditions import Family, family, same_type, where_conjuncts
from backend_mentor.proposals.shapes import AGGREGATES, is_constant, joins_plainly

if TYPE_CHECKING:
    from backend_mentor.proposals.draft import Draft
    from backend_mentor.reading.resolve import ResolvedColumn


@dataclass(frozen=True, slots=True, eq=False)
class Correlation:
    """A subquery's WHERE, told apart: what ties it to the query around it by `=`, and what is its own affair."""

    pairs: tuple[tuple[ResolvedColumn, ResolvedColumn], ...]
    """Inner and outer column of each tie."""
    own: tuple[exp.Expr, ...]
    """The conditions that name the subquery's own columns alone."""
    foreign: tuple[exp.Expr, ...]
    """Conditions that name outer columns in another way than a tie does."""
    conditions: tuple[Condition, ...]


def read_correlation(draft: Draft, select: exp.Select) -> Correlation | None:
    """Return how a subquery is tied to what is around it; None where its joins are, or a column's owner is unknown."""
    sources = draft.sources(select)
    if not joins_plainly(select) or not sources:
        return None
    for join in select.args.get("joins") or []:
        if draft.owned_by(join, sources) is not True:
            return None
    pairs: list[tuple[ResolvedColumn, ResolvedColumn]] = []
    own: list[exp.Expr] = []
    foreign: list[exp.Expr] = []
    conditions: list[Condition] = []
    for condition in where_conjuncts(select):
        belongs = draft.owned_by(condition, sources)
        if belongs is None:
            return None
        tie = _tie(draft, condition, select) if not belongs else None
        if tie is not None:
            pairs.append((tie[0], tie[1]))
            conditions.append(tie[2])
        else:
            (own if belongs else foreign).append(condition)
    return Correlation(tuple(pairs), tuple(own), tuple(foreign), tuple(conditions))


def _tie(
    draft: Draft, condition: exp.Expr, select: exp.Select
) -> tuple[ResolvedColumn, ResolvedColumn, Condition] | None:
    if not isinstance(condition, exp.EQ):
        return None
    sources = draft.sources(select)
    for one, other in ((condition.left, condition.right), (condition.right, condition.left)):
        inner, outer = draft.columns.of(one), draft.columns.of(other)
        if inner is None or outer is None or any(outer.source is each for each in sources):
            continue
        alike = same_type(draft, inner, outer)
        if alike is not None and any(inner.source is each for each in sources):
            return inner, outer, alike
    return None


def can_not_fail(draft: Draft, node: exp.Expr) -> bool:
    """Return whether computing the expression for rows that were not asked about can raise no error.

    Columns, literals and what COALESCE makes of them; sums and products of fractional numbers, which do not overflow.
    """
    if isinstance(node, (exp.Star, exp.Column)) or is_constant(node):
        return True
    if isinstance(node, exp.Coalesce):
        return all(can_not_fail(draft, each) for each in (node.this, *node.expressions))
    if isinstance(node, exp.Paren):
        return can_not_fail(draft, node.this)
    if isinstance(node, (exp.Add, exp.Sub, exp.Mul)):
        columns = [draft.columns.of(column) for column in node.find_all(exp.Column)]
        wide = all(column is not None and family(draft, column.column) is Family.NUMBER for column in columns)
        return wide and can_not_fail(draft, node.left) and can_not_fail(draft, node.right)
    return False


def single_aggregate(draft: Draft, select: exp.Select) -> exp.AggFunc | None:
    """Return the one aggregate in a subquery's SELECT list, where it can be computed for every group without error."""
    found = list(select.expressions[0].find_all(exp.AggFunc)) if len(select.expressions) == 1 else []
    if len(found) != 1 or not isinstance(found[0], AGGREGATES) or found[0].expressions:
        return None
    aggregate = found[0]
    argument = aggregate.this
    if isinstance(argument, exp.Distinct):
        argument = argument.expressions[0] if len(argument.expressions) == 1 else None
    if argument is None or not can_not_fail(draft, argument):
        return None
    return aggregate if draft.owned_by(select.expressions[0], draft.sources(select)) else None
