"""A CTE that is used once is no longer kept apart."""

from __future__ import annotations

from typing import ClassVar

from sqlglot import exp

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.domain.subject import Gate
from backend_mentor.proposals.draft import Draft
from backend_mentor.proposals.idea import Becomes, Refuses
from backend_mentor.proposals.rewriting import Rewrite, Step
from backend_mentor.proposals.sample import POSTGRES, SQLITE


class MaterializedCteInlined(Rewrite):
    """Drop MATERIALIZED from a common table expression that is read once.

    Always valid for a query that changes nothing and calls no volatile function: the word only forbids the planner to
    look through the CTE, so that no condition reaches the tables inside.
    """

    name: ClassVar[str] = "materialized-cte-inlined"
    gate: ClassVar[Gate] = Gate()
    answers: ClassVar[tuple[str, ...]] = ("needless-materialized",)
    reason: ClassVar[str] = (
        "Without the word, the conditions of the query around it reach the tables inside and their indexes; "
        "with it, all rows are computed and kept first."
    )
    tradeoffs: ClassVar[Tradeoffs] = Tradeoffs(
        "none", "the word was put there on purpose, to keep the planner from a worse plan"
    )
    examples: ClassVar[tuple[Becomes | Refuses, ...]] = (
        Becomes(
            "WITH recent AS MATERIALIZED (SELECT id, total FROM orders) SELECT id FROM recent WHERE total > 1",
            "WITH recent AS (SELECT id, total FROM orders) SELECT id FROM recent WHERE total > 1",
            SQLITE,
        ),
        Becomes(
            "WITH recent AS MATERIALIZED (SELECT id, total FROM orders) SELECT id FROM recent WHERE total > 1",
            "WITH recent AS (SELECT id, total FROM orders) SELECT id FROM recent WHERE total > 1",
            POSTGRES,
            "postgres",
        ),
        Refuses(
            "WITH recent AS MATERIALIZED (SELECT id, total FROM orders)"
            " SELECT a.id FROM recent a JOIN recent b ON b.total = a.id",
            because="it is read twice, and keeping it saves computing it twice",
            schema=SQLITE,
        ),
        Refuses(
            "WITH recent AS MATERIALIZED (SELECT random() AS r FROM orders) SELECT r FROM recent WHERE r > 1",
            because="a volatile function gives another number each time it is computed",
            schema=SQLITE,
        ),
    )

    def take_step(self, draft: Draft) -> Step | None:
        """Release one CTE."""
        for cte in draft.tree.find_all(exp.CTE):
            reads = [table for table in draft.tree.find_all(exp.Table) if table.name == cte.alias and not table.db]
            if cte.args.get("materialized") and len(reads) == 1:
                cte.set("materialized", None)
                ground = Condition(f"{cte.alias} is read once", "read in the statement")
                return Step(f"Let the planner look into {cte.alias}", (ground,))
        return None
