"""A query that only tells whether there is a row asks EXISTS."""

from __future__ import annotations

from typing import ClassVar

from sqlglot import exp

from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.domain.subject import Gate
from backend_mentor.proposals.draft import Draft
from backend_mentor.proposals.idea import Becomes, Refuses
from backend_mentor.proposals.rewrites.count_compared_to_exists import SAYS, counts_rows
from backend_mentor.proposals.rewriting import Rewrite, Step
from backend_mentor.proposals.sample import POSTGRES, SQLITE
from backend_mentor.proposals.shapes import integer_of, sides

_ALLOWED = frozenset(["expressions", "from_", "joins", "where", "kind", "operation_modifiers"])


class CountSelectToExists(Rewrite):
    """Write `SELECT EXISTS (SELECT 1 …)` instead of `SELECT count(*) > 0 …`.

    Valid for a query that does nothing but compare count(*), or the count of a column that can not be NULL, with zero:
    without GROUP BY it returns exactly one row, and so does SELECT EXISTS.
    """

    name: ClassVar[str] = "count-select-to-exists"
    gate: ClassVar[Gate] = Gate()
    answers: ClassVar[tuple[str, ...]] = ("count-to-test-existence",)
    reason: ClassVar[str] = (
        "Whether there is a row is known at the first one; the count reads every row to say the same."
    )
    tradeoffs: ClassVar[Tradeoffs] = Tradeoffs("none", "the number itself is wanted too")
    examples: ClassVar[tuple[Becomes | Refuses, ...]] = (
        Becomes(
            "SELECT count(*) > 0 AS any_order FROM orders WHERE total > 2",
            "SELECT EXISTS (SELECT 1 FROM orders WHERE total > 2) AS any_order",
            SQLITE,
        ),
        Becomes(
            "SELECT count(id) = 0 AS none FROM orders WHERE total > 2",
            "SELECT NOT EXISTS (SELECT 1 FROM orders WHERE total > 2) AS none",
            POSTGRES,
            "postgres",
        ),
        Refuses(
            "SELECT count(*) > 0 AS any_order FROM orders GROUP BY status",
            because="with GROUP BY there is one row for each status",
            schema=SQLITE,
        ),
        Refuses(
            "SELECT count(coupon_id) > 0 AS any_coupon FROM orders",
            because="count(coupon_id) leaves the NULLs out",
            schema=SQLITE,
        ),
        Refuses("SELECT count(*) > 5 AS many FROM orders", because="five rows are not one", schema=SQLITE),
    )

    def take_step(self, draft: Draft) -> Step | None:
        """Turn one SELECT into EXISTS."""
        for select in draft.selects():
            given = {name for name, value in select.args.items() if value}
            if not given <= _ALLOWED or len(select.expressions) != 1 or select.args.get("from_") is None:
                continue
            step = _turn(draft, select)
            if step is not None:
                return step
        return None


def _turn(draft: Draft, select: exp.Select) -> Step | None:
    projection = select.expressions[0]
    for side, operator, other in sides(projection.unalias()):
        number = integer_of(other)
        says = SAYS.get((operator, number)) if number is not None else None
        ground = counts_rows(draft, side) if says is not None else None
        if ground is None:
            continue
        query = select.copy()
        query.set("expressions", [exp.Literal.number(1)])
        exists: exp.Expr = exp.Exists(this=query) if says else exp.Not(this=exp.Exists(this=query))
        if isinstance(projection, exp.Alias):
            exists = exp.alias_(exists, projection.args["alias"].copy())
        for clause in ("from_", "joins", "where"):
            select.set(clause, None)
        select.set("expressions", [exists])
        return Step("Ask whether there is a row instead of counting them", (ground,))
    return None
