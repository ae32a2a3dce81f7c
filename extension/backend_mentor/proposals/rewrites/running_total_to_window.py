"""A running total by correlated subquery becomes a window."""

from __future__ import annotations

from typing import ClassVar

from sqlglot import exp

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.domain.subject import Gate
from backend_mentor.proposals.correlation import read_correlation, single_aggregate
from backend_mentor.proposals.draft import Draft
from backend_mentor.proposals.idea import Becomes, Refuses
from backend_mentor.proposals.moves import column_of
from backend_mentor.proposals.preconditions import Family, family
from backend_mentor.proposals.preconditions.nulls import declared_not_null
from backend_mentor.proposals.rewriting import Rewrite, Step
from backend_mentor.proposals.sample import POSTGRES, SQLITE
from backend_mentor.proposals.shapes import is_plain, sides, subselect


class RunningTotalToWindow(Rewrite):
    """Compute a running total by a window instead of summing all earlier rows anew for each row.

    Valid where the subquery reads the very rows that the query reads: one table, no filter on either. The columns of
    partition and order may not be NULL, since `=` and `<=` leave NULLs out and a window does not. Rows that tie are
    counted in, as `<=` does: that is the window's RANGE frame. Whole numbers only: fractions add up in another order.
    """

    name: ClassVar[str] = "running-total-to-window"
    gate: ClassVar[Gate] = Gate()
    answers: ClassVar[tuple[str, ...]] = ("correlated-subquery-in-select", "correlated-subquery-runs-often")
    reason: ClassVar[str] = (
        "The window adds each row once to the total so far; the subquery adds all earlier rows again for each row."
    )
    tradeoffs: ClassVar[Tradeoffs] = Tradeoffs(
        "one sort of the table", "a filter is to be added: it would act before the window"
    )
    examples: ClassVar[tuple[Becomes | Refuses, ...]] = (
        Becomes(
            "SELECT o.id, (SELECT sum(x.total) FROM orders x WHERE x.account_id = o.account_id AND x.id <= o.id) AS"
            " so_far"
            " FROM orders o",
            "SELECT o.id, SUM(o.total) OVER (PARTITION BY o.account_id ORDER BY o.id) AS so_far FROM orders o",
            SQLITE,
        ),
        Becomes(
            "SELECT o.id, (SELECT count(*) FROM orders x WHERE x.total >= o.total) AS place FROM orders o",
            "SELECT o.id, COUNT(*) OVER (ORDER BY o.total DESC) AS place FROM orders o",
            POSTGRES,
            "postgres",
        ),
        Refuses(
            "SELECT v.page, (SELECT sum(x.seconds) FROM visits x WHERE x.seen_at <= v.seen_at) AS so_far FROM visits v",
            because="visits.seen_at may be NULL, and <= leaves such rows out",
            schema=SQLITE,
        ),
        Refuses(
            "SELECT o.id, (SELECT sum(x.total) FROM orders x WHERE x.id <= o.id) AS so_far FROM orders o WHERE"
            " o.total > 1",
            because="the window would add up the filtered rows only",
            schema=SQLITE,
        ),
        Refuses(
            "SELECT o.id, (SELECT sum(x.total) FROM orders x WHERE x.id <= o.account_id) AS so_far FROM orders o",
            because="two different columns are compared",
            schema=SQLITE,
        ),
    )

    def take_step(self, draft: Draft) -> Step | None:
        """Replace one subquery."""
        for select in draft.selects():
            if not is_plain(select, but=("order", "limit", "offset")) or select.args.get("where"):
                continue
            if len(draft.sources(select)) != 1 or draft.sources(select)[0].table is None:
                continue
            for projection in select.expressions:
                step = _replace(draft, select, projection.unalias())
                if step is not None:
                    return step
        return None


def _replace(draft: Draft, select: exp.Select, subquery: exp.Expr) -> Step | None:
    inner = subselect(subquery) if isinstance(subquery, exp.Subquery) else None
    outer = draft.sources(select)[0]
    sources = draft.sources(inner) if inner is not None else ()
    if inner is None or len(sources) != 1 or sources[0].table is not outer.table or _extra_clauses(inner):
        return None
    aggregate, correlation = single_aggregate(draft, inner), read_correlation(draft, inner)
    if aggregate is None or aggregate is not inner.expressions[0].unalias() or correlation is None or correlation.own:
        return None
    if not isinstance(aggregate.this, (exp.Column, exp.Star)) or len(correlation.foreign) != 1:
        return None
    order = _order(draft, correlation.foreign[0])
    pairs = correlation.pairs
    if order is None or not all(pair[0].column is pair[1].column and pair[1].source is outer for pair in pairs):
        return None
    compared = [draft.columns.of(order[0]), *(pair[0] for pair in pairs)]
    grounds = [declared_not_null(each) if each else None for each in compared]
    summed = draft.columns.of(aggregate.this)
    exact = isinstance(aggregate.this, exp.Star) or (summed and family(draft, summed.column) is Family.INTEGER)
    if not exact or any(ground is None for ground in grounds):
        return None
    running = aggregate.copy()
    if isinstance(running.this, exp.Column):
        running.set("this", column_of(outer, running.this.this))
    first = _NULLS_FIRST[draft.engine.name] != order[1]
    ordered = exp.Ordered(this=column_of(outer, order[0].this), desc=order[1] or None, nulls_first=first)
    window = exp.Window(
        this=running,
        partition_by=[column_of(outer, pair[0].node.this) for pair in pairs],
        order=exp.Order(expressions=[ordered]),
        over="OVER",
    )
    subquery.replace(window)
    same = Condition("the subquery reads the very rows of the query", f"both read {outer.name} whole")
    return Step("Keep a running total by a window", (same, *(ground for ground in grounds if ground)))


# Whether an ascending order begins with NULL by default, so that nothing is printed for it; the column holds none.
_NULLS_FIRST = {"sqlite": True, "postgres": False}


def _extra_clauses(select: exp.Select) -> bool:
    return bool({name for name, value in select.args.items() if value} - {"expressions", "from_", "where"})


def _order(draft: Draft, condition: exp.Expr) -> tuple[exp.Column, bool] | None:
    """Return the inner column of `inner <= outer` and whether the order descends."""
    for side, operator, other in sides(condition):
        inner, outer = draft.columns.of(side), draft.columns.of(other)
        if inner is None or outer is None or inner.correlated or not outer.correlated:
            continue
        if inner.column is outer.column and operator in (exp.LTE, exp.GTE) and isinstance(side, exp.Column):
            return side, operator is exp.GTE
    return None
