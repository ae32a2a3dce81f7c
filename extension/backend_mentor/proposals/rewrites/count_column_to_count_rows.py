"""SQLite: the count of a column that is never NULL becomes count(*)."""

from __future__ import annotations

from typing import ClassVar

from sqlglot import exp

from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.domain.subject import Gate
from backend_mentor.proposals.draft import Draft
from backend_mentor.proposals.idea import Becomes, Refuses
from backend_mentor.proposals.preconditions import never_null
from backend_mentor.proposals.rewriting import Rewrite, Step
from backend_mentor.proposals.sample import SQLITE


class CountColumnToCountRows(Rewrite):
    """Write count(*) instead of count(column).

    Valid where the column can not be NULL at that point: declared NOT NULL and not filled by an outer join, or
    filtered. SQLite counts a whole table by its smallest index for count(*) alone.
    """

    name: ClassVar[str] = "count-column-to-count-rows"
    gate: ClassVar[Gate] = Gate(engines=("sqlite",))
    answers: ClassVar[tuple[str, ...]] = ()
    reason: ClassVar[str] = (
        "Without NULLs every row counts; for count(*) SQLite adds up index pages and looks at no row's columns."
    )
    tradeoffs: ClassVar[Tradeoffs] = Tradeoffs("none", "the column is ever to admit NULL")
    examples: ClassVar[tuple[Becomes | Refuses, ...]] = (
        Becomes("SELECT count(status) AS n FROM orders", "SELECT count(*) AS n FROM orders", SQLITE),
        Becomes(
            "SELECT account_id, count(coupon_id) FROM orders WHERE coupon_id > 0 GROUP BY account_id",
            "SELECT account_id, count(*) FROM orders WHERE coupon_id > 0 GROUP BY account_id",
            SQLITE,
        ),
        Refuses("SELECT count(coupon_id) FROM orders", because="coupon_id may be NULL", schema=SQLITE),
        Refuses(
            "SELECT a.id, count(o.status) FROM accounts a LEFT JOIN orders o ON o.account_id = a.id GROUP BY a.id",
            because="the outer join fills status with NULL for accounts without orders",
            schema=SQLITE,
        ),
    )

    def take_step(self, draft: Draft) -> Step | None:
        """Replace one count."""
        for count in draft.tree.find_all(exp.Count):
            resolved = draft.columns.of(count.this)
            ground = never_null(draft, count.this) if resolved and not resolved.correlated else None
            if resolved is not None and ground is not None and not count.expressions:
                count.set("this", exp.Star())
                return Step(f"Count rows instead of values of {resolved.column.name}", (ground,))
        return None
