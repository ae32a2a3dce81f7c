"""count(DISTINCT key) becomes count(*)."""

from __future__ import annotations

from typing import ClassVar

from sqlglot import exp

from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.domain.subject import Gate
from backend_mentor.proposals.draft import Draft
from backend_mentor.proposals.idea import Becomes, Refuses
from backend_mentor.proposals.preconditions import no_fan_out, unique_key
from backend_mentor.proposals.rewriting import Rewrite, Step
from backend_mentor.proposals.sample import POSTGRES, SQLITE


class CountDistinctKeyToCount(Rewrite):
    """Write count(*) instead of count(DISTINCT key).

    Valid where the key is NOT NULL and tells the rows of its table apart, no outer join fills it, and every other
    table is joined on a key of its own: then each row has a key of its own.
    """

    name: ClassVar[str] = "count-distinct-key-to-count"
    gate: ClassVar[Gate] = Gate()
    answers: ClassVar[tuple[str, ...]] = ("redundant-distinct",)
    reason: ClassVar[str] = "Each row has its own key, so there is nothing to remove before counting."
    tradeoffs: ClassVar[Tradeoffs] = Tradeoffs("none", "a join that multiplies rows is to be added")
    examples: ClassVar[tuple[Becomes | Refuses, ...]] = (
        Becomes(
            "SELECT count(DISTINCT id) AS n FROM orders WHERE total > 1",
            "SELECT count(*) AS n FROM orders WHERE total > 1",
            SQLITE,
        ),
        Becomes(
            "SELECT a.country, count(DISTINCT o.id) FROM orders o JOIN accounts a ON a.id = o.account_id"
            " GROUP BY a.country",
            "SELECT a.country, count(*) FROM orders o JOIN accounts a ON a.id = o.account_id GROUP BY a.country",
            POSTGRES,
            "postgres",
        ),
        Refuses(
            "SELECT count(DISTINCT a.id) FROM accounts a JOIN orders o ON o.account_id = a.id",
            because="an account with two orders stands in two rows",
            schema=SQLITE,
        ),
        Refuses(
            "SELECT count(DISTINCT a.id) FROM coupons c LEFT JOIN accounts a ON a.id = c.percent",
            because="the outer join fills the key with NULL, which count(DISTINCT) leaves out",
            schema=SQLITE,
        ),
        Refuses("SELECT count(DISTINCT status) FROM orders", because="a status is no key", schema=SQLITE),
    )

    def take_step(self, draft: Draft) -> Step | None:
        """Replace one count."""
        for count in draft.tree.find_all(exp.Count):
            select, distinct = count.find_ancestor(exp.Select), count.this
            if select is None or not isinstance(distinct, exp.Distinct) or len(distinct.expressions) != 1:
                continue
            resolved = draft.columns.of(distinct.expressions[0])
            if resolved is None or resolved.correlated or resolved.source.optional:
                continue
            key = unique_key(resolved.table, [resolved.column.name])
            fan_out = no_fan_out(draft, select, (resolved.source,))
            if key is not None and fan_out is not None:
                count.set("this", exp.Star())
                return Step(f"Count the rows: each has its own {resolved.column.name}", (key, *fan_out))
        return None
