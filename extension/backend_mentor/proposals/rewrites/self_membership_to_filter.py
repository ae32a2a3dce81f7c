"""Membership of a row in a part of its own table becomes the condition of that part."""

from __future__ import annotations

from typing import ClassVar

from sqlglot import exp

from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.domain.subject import Gate
from backend_mentor.proposals.draft import Draft
from backend_mentor.proposals.idea import Becomes, Refuses
from backend_mentor.proposals.moves import name_of, qualified
from backend_mentor.proposals.preconditions import in_positive_position, unique_key
from backend_mentor.proposals.preconditions.nulls import declared_not_null
from backend_mentor.proposals.replacing import Replacement, replace_first
from backend_mentor.proposals.rewriting import Rewrite, Step
from backend_mentor.proposals.sample import SQLITE
from backend_mentor.proposals.shapes import is_plain, subselect


class SelfMembershipToFilter(Rewrite):
    """Write the condition itself instead of `id IN (SELECT id FROM same_table WHERE condition)`.

    Valid where id is a NOT NULL key, so that the row found is the row itself, and only TRUE is asked for. PostgreSQL 18
    removes such a self-join by itself.
    """

    name: ClassVar[str] = "self-membership-to-filter"
    gate: ClassVar[Gate] = Gate(before=(18,))
    answers: ClassVar[tuple[str, ...]] = ()
    reason: ClassVar[str] = "The key finds the very row that is being looked at, so its own columns can be asked."
    tradeoffs: ClassVar[Tradeoffs] = Tradeoffs("none")
    examples: ClassVar[tuple[Becomes | Refuses, ...]] = (
        Becomes(
            "SELECT o.id FROM orders o WHERE o.total > 0"
            " AND o.id IN (SELECT x.id FROM orders x WHERE x.quantity > 1 OR x.total = 2)",
            "SELECT o.id FROM orders o WHERE o.total > 0 AND (o.quantity > 1 OR o.total = 2)",
            SQLITE,
        ),
        Refuses(
            "SELECT o.id FROM orders o WHERE o.account_id IN (SELECT x.account_id FROM orders x WHERE x.total > 1)",
            because="account_id is no key: another order of the account may meet the condition",
            schema=SQLITE,
        ),
        Refuses(
            "SELECT o.id FROM orders o WHERE o.id IN (SELECT x.id FROM orders x WHERE x.total > 1 LIMIT 2)",
            because="the LIMIT keeps some of the rows only",
            schema=SQLITE,
        ),
    )

    def take_step(self, draft: Draft) -> Step | None:
        """Replace one membership."""
        return replace_first(draft, (exp.In,), _replacement)


def _replacement(draft: Draft, node: exp.Expr) -> Replacement | None:
    inner, positive = subselect(node.args.get("query")), in_positive_position(node)
    if inner is None or positive is None or not is_plain(inner, but=("order",)) or len(inner.expressions) != 1:
        return None
    where, sources = inner.args.get("where"), draft.sources(inner)
    outer, value = draft.columns.of(node.this), draft.columns.of(inner.expressions[0].unalias())
    if outer is None or value is None or where is None or len(sources) != 1 or value.correlated:
        return None
    if outer.table is not value.table or outer.column is not value.column or not draft.owned_by(where, sources):
        return None
    key, declared = unique_key(outer.table, [outer.column.name]), declared_not_null(outer)
    condition = qualified(draft, where.this.unnest(), {id(sources[0]): name_of(outer.source)})
    if key is None or declared is None or condition is None:
        return None
    return Replacement(condition, f"Ask the row of {outer.table.name} itself", (key, declared, positive))
