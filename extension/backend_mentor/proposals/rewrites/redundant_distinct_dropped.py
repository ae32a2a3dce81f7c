"""Postgres: DISTINCT over rows that can not repeat is dropped."""

from __future__ import annotations

from typing import ClassVar

from sqlglot import exp

from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.domain.subject import Gate
from backend_mentor.proposals.draft import Draft
from backend_mentor.proposals.idea import Becomes, Refuses
from backend_mentor.proposals.preconditions import key_in_output
from backend_mentor.proposals.rewriting import Rewrite, Step
from backend_mentor.proposals.sample import POSTGRES


class RedundantDistinctDropped(Rewrite):
    """Drop DISTINCT where no two rows can be alike.

    Valid where the SELECT list holds a NOT NULL key of one table and every other table is joined on a key of its own,
    so that no row is multiplied. A unique column that admits NULL is no such key: several rows may hold NULL.
    SQLite sees this itself for a single table.
    """

    name: ClassVar[str] = "redundant-distinct-dropped"
    gate: ClassVar[Gate] = Gate(engines=("postgres",))
    answers: ClassVar[tuple[str, ...]] = ("redundant-distinct",)
    reason: ClassVar[str] = "The key already tells the rows apart, so sorting or hashing them to find twins finds none."
    tradeoffs: ClassVar[Tradeoffs] = Tradeoffs("none", "the key is ever to leave the SELECT list")
    examples: ClassVar[tuple[Becomes | Refuses, ...]] = (
        Becomes("SELECT DISTINCT id, status FROM orders", "SELECT id, status FROM orders", POSTGRES, "postgres"),
        Becomes(
            "SELECT DISTINCT o.id, a.country FROM orders o JOIN accounts a ON a.id = o.account_id ORDER BY o.id",
            "SELECT o.id, a.country FROM orders o JOIN accounts a ON a.id = o.account_id ORDER BY o.id",
            POSTGRES,
            "postgres",
        ),
        Refuses(
            "SELECT DISTINCT a.id, a.country FROM accounts a JOIN orders o ON o.account_id = a.id",
            because="an account with two orders comes twice",
            schema=POSTGRES,
            engine="postgres",
        ),
        Refuses(
            "SELECT DISTINCT status, total FROM orders",
            because="two orders may have the same status and total",
            schema=POSTGRES,
            engine="postgres",
        ),
        Refuses(
            "SELECT DISTINCT a.id FROM visits v LEFT JOIN accounts a ON a.id = v.account_id",
            because="the outer join gives several rows without an account",
            schema=POSTGRES,
            engine="postgres",
        ),
    )

    def take_step(self, draft: Draft) -> Step | None:
        """Drop one DISTINCT."""
        for select in draft.selects():
            distinct = select.args.get("distinct")
            if distinct is None or distinct.args.get("on") or select.args.get("group"):
                continue
            if any(projection.find(exp.AggFunc) for projection in select.expressions):
                continue
            grounds = key_in_output(draft, select)
            if grounds:
                select.set("distinct", None)
                return Step("Drop DISTINCT: no two rows can be alike", grounds)
        return None
