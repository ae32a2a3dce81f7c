"""DISTINCT over whole-partition windows becomes GROUP BY."""

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
from backend_mentor.proposals.shapes import AGGREGATES

_ALLOWED = frozenset(["expressions", "from_", "joins", "where", "distinct", "order", "kind", "operation_modifiers"])


class DistinctWindowToGroupBy(Rewrite):
    """Group instead of computing a window for each row and removing the repeats.

    Valid where the SELECT list holds exactly the columns of PARTITION BY and aggregates over whole partitions: every
    row of a partition is then the same, and DISTINCT keeps one of it, as GROUP BY does. NULLs form one group in both.
    """

    name: ClassVar[str] = "distinct-window-to-group-by"
    gate: ClassVar[Gate] = Gate()
    answers: ClassVar[tuple[str, ...]] = ("rows-sorted-in-temporary-tree",)
    reason: ClassVar[str] = "GROUP BY makes one row of each group at once, without keeping all the rows in between."
    tradeoffs: ClassVar[Tradeoffs] = Tradeoffs("none", "a column that is not grouped is wanted too")
    examples: ClassVar[tuple[Becomes | Refuses, ...]] = (
        Becomes(
            "SELECT DISTINCT account_id, sum(total) OVER (PARTITION BY account_id) AS spent FROM orders WHERE id > 0",
            "SELECT account_id, sum(total) AS spent FROM orders WHERE id > 0 GROUP BY account_id",
            SQLITE,
        ),
        Becomes(
            "SELECT DISTINCT coupon_id, count(*) OVER (PARTITION BY coupon_id) AS uses FROM orders ORDER BY coupon_id",
            "SELECT coupon_id, count(*) AS uses FROM orders GROUP BY coupon_id ORDER BY coupon_id",
            POSTGRES,
            "postgres",
        ),
        Refuses(
            "SELECT DISTINCT account_id, sum(total) OVER (PARTITION BY account_id ORDER BY id) AS so_far FROM orders",
            because="a running total differs from row to row",
            schema=SQLITE,
        ),
        Refuses(
            "SELECT DISTINCT account_id, status, sum(total) OVER (PARTITION BY account_id) AS spent FROM orders",
            because="status is not part of the partition",
            schema=SQLITE,
        ),
        Refuses(
            "SELECT DISTINCT sum(total) OVER (PARTITION BY account_id) AS spent FROM orders",
            because="without account_id two accounts of one sum are one row",
            schema=SQLITE,
        ),
    )

    def take_step(self, draft: Draft) -> Step | None:
        """Replace one query's windows."""
        for select in draft.selects():
            distinct = select.args.get("distinct")
            given = {name for name, value in select.args.items() if value}
            if distinct is None or distinct.args.get("on") or not given <= _ALLOWED:
                continue
            keys = _keys(draft, select)
            if keys is None:
                continue
            for window in [each.unalias() for each in select.expressions]:
                if isinstance(window, exp.Window):
                    window.replace(window.this.copy())
            select.set("distinct", None)
            select.set("group", exp.Group(expressions=[key.copy() for key in keys]))
            ground = Condition("all rows of a partition are alike in the SELECT list", "only PARTITION BY's columns")
            return Step("Group instead of repeating each group's figure", (ground,))
        return None


def _keys(draft: Draft, select: exp.Select) -> list[exp.Expr] | None:
    """Return the grouping columns where the SELECT list is them and windows over them, and nothing else."""
    bare: list[exp.Expr] = [projection.unalias() for projection in select.expressions]
    windows = [each for each in bare if isinstance(each, exp.Window)]
    keys = [each for each in bare if not isinstance(each, exp.Window)]
    order = select.args.get("order")
    if not windows or not keys or any(draft.columns.of(key) is None for key in keys):
        return None
    if order is not None and not all(each.this in keys for each in order.expressions):
        return None
    for window in windows:
        framed = window.args.get("order") or window.args.get("spec") or window.args.get("alias")
        parts = window.args.get("partition_by") or []
        if framed or not isinstance(window.this, AGGREGATES) or isinstance(window.this.this, exp.Distinct):
            return None
        if set(parts) != set(keys):
            return None
    return keys
