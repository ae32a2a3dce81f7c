"""A comparison with an aggregate of the row's own group becomes a join with the groups."""

from __future__ import annotations

from typing import ClassVar

from sqlglot import exp

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.domain.subject import Gate
from backend_mentor.proposals.correlation import single_aggregate
from backend_mentor.proposals.draft import Draft
from backend_mentor.proposals.grouping import admits_join, group_by_key, join_to, readable
from backend_mentor.proposals.idea import Becomes, Refuses
from backend_mentor.proposals.moves import identifier
from backend_mentor.proposals.preconditions import where_conjuncts
from backend_mentor.proposals.rewriting import Rewrite, Step
from backend_mentor.proposals.sample import POSTGRES, SQLITE
from backend_mentor.proposals.shapes import COMPARISONS, is_constant, sides, subselect


class ComparisonWithGroupAggregate(Rewrite):
    """Join the groups' aggregates once instead of computing one in WHERE for each row.

    Covers the latest row of each group, `ts = (SELECT max(ts) … same group)`, ties included. Valid where the
    comparison is a condition that every row has to meet and the tie is by `=` on columns that compare alike: a row
    without a group compares with NULL, and an inner join drops it as WHERE did. Not for count, whose nothing is 0.
    """

    name: ClassVar[str] = "comparison-with-group-aggregate"
    gate: ClassVar[Gate] = Gate()
    answers: ClassVar[tuple[str, ...]] = ("correlated-subquery-runs-often",)
    reason: ClassVar[str] = (
        "Each group's aggregate is the same for all of its rows, so it is computed once and joined; "
        "the inner table is read once instead of once for each row."
    )
    tradeoffs: ClassVar[Tradeoffs] = Tradeoffs(
        "the groups of all keys are computed, those that the other conditions leave out too",
        "the other conditions leave a few rows only and an index serves the look-up",
    )
    examples: ClassVar[tuple[Becomes | Refuses, ...]] = (
        Becomes(
            "SELECT o.id FROM orders o WHERE o.placed_at ="
            " (SELECT max(x.placed_at) FROM orders x WHERE x.account_id = o.account_id) AND o.total > 0",
            "SELECT o.id FROM orders o JOIN (SELECT x.account_id, max(x.placed_at) AS value FROM orders x"
            " GROUP BY x.account_id) AS orders_by_account_id ON orders_by_account_id.account_id = o.account_id"
            " WHERE o.placed_at = orders_by_account_id.value AND o.total > 0",
            SQLITE,
        ),
        Becomes(
            "SELECT count(*) FROM visits WHERE seconds <"
            " (SELECT 2 * avg(v.seconds) FROM visits v WHERE v.account_id = visits.account_id)",
            "SELECT count(*) FROM visits JOIN (SELECT v.account_id, 2 * avg(v.seconds) AS value FROM visits v"
            " GROUP BY v.account_id) AS visits_by_account_id ON visits_by_account_id.account_id = visits.account_id"
            " WHERE seconds < visits_by_account_id.value",
            POSTGRES,
            "postgres",
        ),
        Refuses(
            "SELECT o.id FROM orders o WHERE o.total >= (SELECT count(*) FROM visits v WHERE v.account_id ="
            " o.account_id)",
            because="an account without visits compares with 0, and its group does not exist",
            schema=SQLITE,
        ),
        Refuses(
            "SELECT o.id FROM orders o WHERE o.total > 3 OR o.total ="
            " (SELECT max(x.total) FROM orders x WHERE x.account_id = o.account_id)",
            because="under OR a row without a group may still be wanted",
            schema=SQLITE,
        ),
        Refuses(
            "SELECT o.id FROM orders o WHERE o.total >"
            " (SELECT coalesce(max(v.seconds), 0) FROM visits v WHERE v.account_id = o.account_id)",
            because="coalesce answers 0 for an account without visits, whose group does not exist",
            schema=SQLITE,
        ),
    )

    def take_step(self, draft: Draft) -> Step | None:
        """Replace one comparison."""
        for select in draft.selects():
            for condition in where_conjuncts(select):
                for _, _, other in sides(condition) if isinstance(condition, COMPARISONS) else ():
                    step = _join(draft, select, other)
                    if step is not None:
                        return step
        return None


def _join(draft: Draft, select: exp.Select, subquery: exp.Expr) -> Step | None:
    inner = subselect(subquery) if isinstance(subquery, exp.Subquery) else None
    aggregate = single_aggregate(draft, inner) if inner is not None and len(inner.expressions) == 1 else None
    if inner is None or aggregate is None or isinstance(aggregate, exp.Count):
        return None
    projection = inner.expressions[0].unalias()
    correlation = readable(draft, select, inner) if _is_strict(projection, aggregate) else None
    if correlation is None:
        return None
    value = identifier("value")
    grouped = group_by_key(draft, inner, correlation, [(value, projection)])
    if len(set(grouped.columns)) < len(grouped.columns) or not admits_join(draft, select, grouped.columns):
        return None
    subquery.replace(grouped.value(value))
    join_to(draft, select, grouped, "")
    table = correlation.pairs[0][0].table.name
    one_group = Condition(f"{grouped.name} has one row per key", "GROUP BY on the columns of the join")
    strict = Condition("a row without a group is dropped either way", "every row has to meet the comparison")
    return Step(
        f"Read {table} once, in groups, instead of once for each row", (one_group, strict, *correlation.conditions)
    )


def _is_strict(node: exp.Expr, aggregate: exp.Expr) -> bool:
    """Return whether the expression is NULL where the aggregate is, and can not fail."""
    if node is aggregate:
        return True
    if isinstance(node, exp.Paren):
        return _is_strict(node.this, aggregate)
    if isinstance(node, (exp.Mul, exp.Add, exp.Sub)):
        one, other = (node.left, node.right) if is_constant(node.right) else (node.right, node.left)
        return is_constant(other) and _is_strict(one, aggregate)
    return False
