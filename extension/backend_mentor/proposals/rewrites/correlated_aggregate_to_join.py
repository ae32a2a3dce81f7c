"""Aggregates that are computed for each output row become one grouped table that is joined."""

from __future__ import annotations

from typing import ClassVar

from sqlglot import exp

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.domain.subject import Gate
from backend_mentor.proposals.correlation import Correlation, single_aggregate
from backend_mentor.proposals.draft import Draft
from backend_mentor.proposals.grouping import admits_join, group_by_key, join_to, readable
from backend_mentor.proposals.idea import Becomes, Refuses
from backend_mentor.proposals.moves import identifier, output_name
from backend_mentor.proposals.rewriting import Rewrite, Step
from backend_mentor.proposals.sample import POSTGRES, SQLITE
from backend_mentor.proposals.shapes import is_plain, subselect


class CorrelatedAggregateToJoin(Rewrite):
    """Compute the aggregates of all rows at once in a grouped subquery, and LEFT JOIN it.

    Valid where a subquery of the SELECT list is one aggregate, tied to the outer row by `=` on columns that compare
    alike. A row without partners has no group: the join gives NULL, as SUM, MIN, MAX and AVG of nothing are, and a
    count becomes coalesce(…, 0). Subqueries over the same rows share one grouped table.
    """

    name: ClassVar[str] = "correlated-aggregate-to-join"
    gate: ClassVar[Gate] = Gate()
    answers: ClassVar[tuple[str, ...]] = ("correlated-subquery-in-select", "correlated-subquery-runs-often")
    reason: ClassVar[str] = (
        "Each key has one group, so the join adds no row and takes none; "
        "the inner table is read once instead of once for each outer row."
    )
    tradeoffs: ClassVar[Tradeoffs] = Tradeoffs(
        "the groups of all keys are computed, those that the outer query leaves out too",
        "the outer query returns a few rows only and an index serves the look-up",
    )
    examples: ClassVar[tuple[Becomes | Refuses, ...]] = (
        Becomes(
            "SELECT a.id, (SELECT sum(o.total) FROM orders o WHERE o.account_id = a.id AND o.total > 1) AS spent FROM"
            " accounts a",
            "SELECT a.id, orders_by_account_id.spent AS spent FROM accounts a LEFT JOIN (SELECT o.account_id,"
            " sum(o.total) AS spent"
            " FROM orders o WHERE o.total > 1 GROUP BY o.account_id) AS orders_by_account_id"
            " ON orders_by_account_id.account_id = a.id",
            SQLITE,
        ),
        Becomes(
            "SELECT *, (SELECT count(*) FROM visits v WHERE v.account_id = accounts.id) AS visits_made,"
            " (SELECT max(seconds) FROM visits v WHERE v.account_id = accounts.id) AS longest FROM accounts ORDER BY"
            " id",
            "SELECT accounts.*, COALESCE(visits_by_account_id.visits_made, 0) AS visits_made,"
            " visits_by_account_id.longest AS longest FROM accounts"
            " LEFT JOIN (SELECT v.account_id, count(*) AS visits_made, max(seconds) AS longest FROM visits v"
            " GROUP BY v.account_id) AS visits_by_account_id ON visits_by_account_id.account_id = accounts.id ORDER"
            " BY id",
            POSTGRES,
            "postgres",
        ),
        Refuses(
            "SELECT a.id, (SELECT sum(o.total) FROM orders o WHERE o.account_id < a.id) AS spent FROM accounts a",
            because="the tie is no equality, so there is no key to group by",
            schema=SQLITE,
        ),
        Refuses(
            "SELECT a.id, (SELECT o.total FROM orders o WHERE o.account_id = a.id ORDER BY o.id LIMIT 1) AS first"
            " FROM accounts a",
            because="the subquery picks a row and aggregates nothing",
            schema=SQLITE,
        ),
        Refuses(
            "SELECT a.id, (SELECT sum(100 / o.quantity) FROM orders o WHERE o.account_id = a.id) AS share FROM"
            " accounts a",
            because="grouping computes the division for rows that were not asked about, and it can fail there",
            schema=POSTGRES,
            engine="postgres",
        ),
        Refuses(
            "SELECT a.id, (SELECT sum(o.total) FROM orders o WHERE o.account_id = a.email) AS spent FROM accounts a",
            because="the columns of the tie do not compare alike",
            schema=SQLITE,
        ),
    )

    def take_step(self, draft: Draft) -> Step | None:
        """Replace the subqueries over one set of rows."""
        for select in draft.selects():
            if not is_plain(select, but=("distinct", "order", "limit", "offset")):
                continue
            found = _find(draft, select)
            if found:
                return _join(draft, select, found)
        return None


_Found = tuple[exp.Subquery, exp.Select, Correlation]


def _find(draft: Draft, select: exp.Select) -> list[_Found]:
    """Return the aggregates of the SELECT list that read the same rows as the first one that qualifies."""
    found: list[_Found] = []
    for projection in select.expressions:
        for subquery in projection.find_all(exp.Subquery):
            inner = subselect(subquery)
            if inner is None or subquery.find_ancestor(exp.Select) is not select:
                continue
            aggregate = single_aggregate(draft, inner)
            correlation = readable(draft, select, inner) if aggregate is inner.expressions[0].unalias() else None
            if correlation is not None and (not found or _same_rows(found[0][1], inner)):
                found.append((subquery, inner, correlation))
    return found


def _same_rows(one: exp.Select, other: exp.Select) -> bool:
    return all(one.args.get(clause) == other.args.get(clause) for clause in ("from_", "joins", "where"))


def _join(draft: Draft, select: exp.Select, found: list[_Found]) -> Step | None:
    names: list[exp.Identifier] = []
    for subquery, inner, _ in found:
        names.append(_name(subquery, inner.expressions[0].unalias(), names))
    values = [(name, inner.expressions[0].unalias()) for name, (_, inner, _) in zip(names, found, strict=True)]
    _, inner, correlation = found[0]
    grouped = group_by_key(draft, inner, correlation, values)
    if len(set(grouped.columns)) < len(grouped.columns) or not admits_join(draft, select, grouped.columns):
        return None
    for (name, aggregate), (subquery, _, _) in zip(values, found, strict=True):
        value: exp.Expr = grouped.value(name)
        if isinstance(aggregate, exp.Count):
            value = exp.Coalesce(this=value, expressions=[exp.Literal.number(0)])
        if isinstance(subquery.parent, exp.Select):
            value = exp.Alias(this=value, alias=name.copy())
        subquery.replace(value)
    join_to(draft, select, grouped, "LEFT")
    table = correlation.pairs[0][0].table.name
    one_group = Condition(f"{grouped.name} has one row per key", "GROUP BY on the columns of the join")
    return Step(f"Read {table} once, in groups, instead of once for each row", (one_group, *correlation.conditions))


def _name(subquery: exp.Subquery, aggregate: exp.Expr, taken: list[exp.Identifier]) -> exp.Identifier:
    wanted = (output_name(subquery.parent) if subquery.parent else None) or identifier(aggregate.key)
    name, number = wanted.name, 1
    while name.lower() in {each.name.lower() for each in taken}:
        number += 1
        name = f"{wanted.name}_{number}"
    return exp.to_identifier(name, quoted=wanted.args.get("quoted"))
