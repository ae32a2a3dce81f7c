"""Postgres: what follows a key in ORDER BY is dropped."""

from __future__ import annotations

from typing import ClassVar

from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.domain.subject import Gate
from backend_mentor.proposals.draft import Draft
from backend_mentor.proposals.idea import Becomes, Refuses
from backend_mentor.proposals.preconditions import no_fan_out, unique_key
from backend_mentor.proposals.rewriting import Rewrite, Step
from backend_mentor.proposals.sample import POSTGRES


class OrderAfterKeyDropped(Rewrite):
    """Drop the sort keys that follow a key of the table: it has decided every row's place already.

    Valid where the key is NOT NULL and no join multiplies the rows of its table.
    """

    name: ClassVar[str] = "order-after-key-dropped"
    gate: ClassVar[Gate] = Gate(engines=("postgres",))
    answers: ClassVar[tuple[str, ...]] = ("sort-spills-to-disk",)
    reason: ClassVar[str] = (
        "No two rows tie on the key, so nothing behind it is ever compared; an index on the key alone gives the order."
    )
    tradeoffs: ClassVar[Tradeoffs] = Tradeoffs("none", "a join that multiplies rows is to be added")
    examples: ClassVar[tuple[Becomes | Refuses, ...]] = (
        Becomes(
            "SELECT id, status FROM orders ORDER BY id, status, total DESC",
            "SELECT id, status FROM orders ORDER BY id",
            POSTGRES,
            "postgres",
        ),
        Refuses(
            "SELECT a.id, o.total FROM accounts a JOIN orders o ON o.account_id = a.id ORDER BY a.id, o.total, o.id",
            because="an account with two orders ties with itself",
            schema=POSTGRES,
            engine="postgres",
        ),
        Refuses(
            "SELECT id FROM orders ORDER BY total, id",
            because="two orders may have the same total",
            schema=POSTGRES,
            engine="postgres",
        ),
    )

    def take_step(self, draft: Draft) -> Step | None:
        """Shorten one ORDER BY."""
        for select in draft.selects():
            order = select.args.get("order")
            if order is None or select.args.get("group") or select.args.get("distinct"):
                continue
            for position, ordered in enumerate(order.expressions[:-1]):
                column = draft.columns.of(ordered.this)
                if column is None or column.correlated or column.source.optional:
                    continue
                key, joins = unique_key(column.table, [column.column.name]), no_fan_out(draft, select, (column.source,))
                if key is not None and joins is not None:
                    order.set("expressions", order.expressions[: position + 1])
                    return Step(f"Order by {column.column.name} alone: no two rows tie on it", (key, *joins))
        return None
