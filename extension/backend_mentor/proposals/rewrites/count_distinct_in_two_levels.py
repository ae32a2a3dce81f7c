"""Postgres 18: count(DISTINCT x) per group counts in two levels."""

from __future__ import annotations

from typing import ClassVar

from sqlglot import exp

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.domain.subject import Gate
from backend_mentor.proposals.draft import Draft
from backend_mentor.proposals.idea import Becomes, Refuses
from backend_mentor.proposals.moves import fresh_name
from backend_mentor.proposals.rewriting import Rewrite, Step
from backend_mentor.proposals.sample import POSTGRES

_ALLOWED = frozenset(["expressions", "from_", "joins", "where", "group", "kind", "operation_modifiers"])


class CountDistinctInTwoLevels(Rewrite):
    """Remove the repeats in an inner SELECT DISTINCT, then count per group.

    Valid for one count(DISTINCT column) beside the grouping columns alone: the inner query keeps one row for each group
    and value, NULL among them, and count(column) leaves the NULL out again. From PostgreSQL 18 on it gains.
    """

    name: ClassVar[str] = "count-distinct-in-two-levels"
    gate: ClassVar[Gate] = Gate(engines=("postgres",), since=(18,))
    answers: ClassVar[tuple[str, ...]] = ("sort-spills-to-disk",)
    reason: ClassVar[str] = (
        "count(DISTINCT) sorts the rows of each group; the inner DISTINCT finds the same values by hashing, "
        "and can be done in parallel."
    )
    tradeoffs: ClassVar[Tradeoffs] = Tradeoffs(
        "one level of query more to read", "a second aggregate is wanted beside the count, or nearly all values differ"
    )
    examples: ClassVar[tuple[Becomes | Refuses, ...]] = (
        Becomes(
            "SELECT o.status, count(DISTINCT o.coupon_id) AS coupons FROM orders o WHERE o.total > 0 GROUP BY o.status",
            "SELECT pairs.status, count(pairs.coupon_id) AS coupons FROM (SELECT DISTINCT o.status, o.coupon_id"
            " FROM orders o WHERE o.total > 0) AS pairs GROUP BY pairs.status",
            POSTGRES,
            "postgres",
        ),
        Refuses(
            "SELECT status, count(DISTINCT coupon_id), sum(total) FROM orders GROUP BY status",
            because="the sum needs the repeats",
            schema=POSTGRES,
            engine="postgres",
        ),
        Refuses(
            "SELECT count(DISTINCT coupon_id) FROM orders",
            because="without a group there is little to gain",
            schema=POSTGRES,
            engine="postgres",
        ),
    )

    def take_step(self, draft: Draft) -> Step | None:
        """Take one grouped query apart."""
        for select in draft.selects():
            given = {name for name, value in select.args.items() if value}
            step = _split(draft, select) if given <= _ALLOWED and "group" in given else None
            if step is not None:
                return step
        return None


def _split(draft: Draft, select: exp.Select) -> Step | None:
    counts = [each.unalias() for each in select.expressions if not isinstance(each.unalias(), exp.Column)]
    counted = _counted(draft, counts[0]) if len(counts) == 1 else None
    keys = _keys(draft, select)
    if counted is None or keys is None or counted.name.lower() in {key.name.lower() for key in keys}:
        return None
    name = fresh_name(draft, "pairs")
    inner = select.copy()
    inner.set("group", None)
    inner.set("distinct", exp.Distinct())
    inner.set("expressions", [*(key.copy() for key in keys), counted.copy()])
    for projection in select.expressions:
        bare = projection.unalias()
        if bare is counts[0]:
            bare.set("this", exp.Column(this=counted.this.copy(), table=exp.to_identifier(name)))
        else:
            bare.replace(exp.Column(this=bare.this.copy(), table=exp.to_identifier(name)))
    grouped = [exp.Column(this=key.this.copy(), table=exp.to_identifier(name)) for key in keys]
    select.set("group", exp.Group(expressions=grouped))
    select.set("from_", exp.From(this=exp.Subquery(this=inner, alias=exp.TableAlias(this=exp.to_identifier(name)))))
    select.set("joins", None)
    select.set("where", None)
    ground = Condition("each group and value is kept once, and count() leaves NULL out", "no other aggregate")
    return Step(f"Remove the repeats of {counted.name} before counting them", (ground,))


def _keys(draft: Draft, select: exp.Select) -> list[exp.Column] | None:
    """Return the grouping columns where they are plain, of different names, and all that is shown beside the count."""
    group = select.args["group"]
    keys = [key for key in group.expressions if isinstance(key, exp.Column) and draft.columns.of(key) is not None]
    shown = [each.unalias() for each in select.expressions if isinstance(each.unalias(), exp.Column)]
    plain = not any(value for name, value in group.args.items() if name != "expressions")
    told_apart = len({key.name.lower() for key in keys}) == len(group.expressions)
    return keys if plain and told_apart and all(each in keys for each in shown) else None


def _counted(draft: Draft, count: exp.Expr) -> exp.Column | None:
    distinct = count.this if isinstance(count, exp.Count) else None
    if not isinstance(distinct, exp.Distinct) or len(distinct.expressions) != 1:
        return None
    node = distinct.expressions[0]
    resolved = draft.columns.of(node)
    return node if isinstance(node, exp.Column) and resolved is not None and not resolved.correlated else None
