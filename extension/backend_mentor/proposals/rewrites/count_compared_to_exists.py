"""A subquery that counts to see whether there is a row becomes EXISTS."""

from __future__ import annotations

from typing import ClassVar

from sqlglot import exp

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.domain.subject import Gate
from backend_mentor.proposals.draft import Draft
from backend_mentor.proposals.idea import Becomes, Refuses
from backend_mentor.proposals.preconditions import never_null
from backend_mentor.proposals.replacing import Replacement, replace_first
from backend_mentor.proposals.rewriting import Rewrite, Step
from backend_mentor.proposals.sample import POSTGRES, SQLITE
from backend_mentor.proposals.shapes import COMPARISONS, integer_of, sides, subselect

# What a comparison of a count with 0 or 1 says: is there a row?
SAYS: dict[tuple[type[exp.Expr], int], bool] = {
    (exp.GT, 0): True,
    (exp.GTE, 1): True,
    (exp.NEQ, 0): True,
    (exp.EQ, 0): False,
    (exp.LT, 1): False,
    (exp.LTE, 0): False,
}
_ALLOWED = frozenset(["expressions", "from_", "joins", "where", "kind", "operation_modifiers"])


class CountComparedToExists(Rewrite):
    """Write EXISTS instead of `(SELECT count(*) …) > 0`, and NOT EXISTS instead of `= 0`.

    Valid for count(*) and for the count of a column that can not be NULL, in a subquery without GROUP BY, which would
    make an empty answer NULL instead of 0. Neither form is ever NULL, so the place does not matter.
    """

    name: ClassVar[str] = "count-compared-to-exists"
    gate: ClassVar[Gate] = Gate()
    answers: ClassVar[tuple[str, ...]] = ("count-to-test-existence",)
    reason: ClassVar[str] = (
        "Whether there is a row is known at the first one; a count reads them all before it is compared."
    )
    tradeoffs: ClassVar[Tradeoffs] = Tradeoffs("none")
    examples: ClassVar[tuple[Becomes | Refuses, ...]] = (
        Becomes(
            "SELECT id FROM accounts a WHERE (SELECT count(*) FROM orders o WHERE o.account_id = a.id) > 0",
            "SELECT id FROM accounts a WHERE EXISTS (SELECT 1 FROM orders o WHERE o.account_id = a.id)",
            SQLITE,
        ),
        Becomes(
            "SELECT a.id, 0 = (SELECT count(o.total) FROM orders o WHERE o.account_id = a.id) AS idle FROM accounts a",
            "SELECT a.id, (NOT EXISTS (SELECT 1 FROM orders o WHERE o.account_id = a.id)) AS idle FROM accounts a",
            POSTGRES,
            "postgres",
        ),
        Refuses(
            "SELECT id FROM accounts a WHERE (SELECT count(o.coupon_id) FROM orders o WHERE o.account_id = a.id) > 0",
            because="count(coupon_id) leaves the NULLs out",
            schema=SQLITE,
        ),
        Refuses(
            "SELECT id FROM accounts a WHERE (SELECT count(*) FROM orders o WHERE o.account_id = a.id GROUP BY"
            " status) = 0",
            because="with GROUP BY an empty answer is NULL and not 0",
            schema=SQLITE,
        ),
        Refuses(
            "SELECT id FROM accounts a WHERE (SELECT count(*) FROM orders o WHERE o.account_id = a.id) > 1",
            because="more than one row is more than EXISTS can say",
            schema=SQLITE,
        ),
    )

    def take_step(self, draft: Draft) -> Step | None:
        """Replace one comparison."""
        return replace_first(draft, COMPARISONS, _replacement)


def _replacement(draft: Draft, node: exp.Expr) -> Replacement | None:
    for side, operator, other in sides(node):
        says = SAYS.get((operator, number)) if (number := integer_of(other)) is not None else None
        inner = subselect(side) if isinstance(side, exp.Subquery) else None
        if says is None or inner is None or not {name for name, value in inner.args.items() if value} <= _ALLOWED:
            continue
        ground = counts_rows(draft, inner.expressions[0]) if len(inner.expressions) == 1 else None
        if ground is None:
            continue
        query = inner.copy()
        query.set("expressions", [exp.Literal.number(1)])
        exists = exp.Exists(this=query)
        title = "Ask whether there is a row instead of counting them"
        return Replacement(exists if says else exp.Not(this=exists), title, (ground,))
    return None


def counts_rows(draft: Draft, projection: exp.Expr) -> Condition | None:
    """Return the condition that an expression is the number of rows."""
    count = projection.unalias()
    if not isinstance(count, exp.Count) or count.expressions:
        return None
    if isinstance(count.this, exp.Star):
        return Condition("the count is that of all rows", "count(*)")
    resolved = draft.columns.of(count.this)
    return never_null(draft, count.this) if resolved is not None and not resolved.correlated else None
