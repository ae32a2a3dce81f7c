"""SQLite: min and max of one table are looked up each by itself."""

from __future__ import annotations

from typing import ClassVar

from sqlglot import exp

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.domain.subject import Gate
from backend_mentor.proposals.draft import Draft
from backend_mentor.proposals.idea import Becomes, Refuses
from backend_mentor.proposals.preconditions.keys import leads_an_index
from backend_mentor.proposals.rewriting import Rewrite, Step
from backend_mentor.proposals.sample import SQLITE

_ALLOWED = frozenset(["expressions", "from_", "kind", "operation_modifiers"])


class ExtremesLookedUpApart(Rewrite):
    """Ask for min(x) and max(x) in a scalar subquery each.

    Always valid for a whole table without GROUP BY: each subquery returns the one value that the aggregate would.
    SQLite takes an extreme from an index only where it is the query's one and only aggregate.
    """

    name: ClassVar[str] = "extremes-looked-up-apart"
    gate: ClassVar[Gate] = Gate(engines=("sqlite",))
    answers: ClassVar[tuple[str, ...]] = ()
    reason: ClassVar[str] = "A lone min() or max() is one step from an index's end; two at once read the whole index."
    tradeoffs: ClassVar[Tradeoffs] = Tradeoffs("the table's name stands twice", "the index is to be dropped")
    examples: ClassVar[tuple[Becomes | Refuses, ...]] = (
        Becomes(
            "SELECT min(total) AS low, max(total) AS high FROM orders",
            "SELECT (SELECT min(total) FROM orders) AS low, (SELECT max(total) FROM orders) AS high",
            SQLITE,
        ),
        Refuses(
            "SELECT min(quantity) AS low, max(quantity) AS high FROM orders",
            because="no index leads with quantity, so each would read the whole table",
            schema=SQLITE,
        ),
        Refuses(
            "SELECT min(total) AS low, max(total) AS high FROM orders GROUP BY status",
            because="with GROUP BY there are many minima",
            schema=SQLITE,
        ),
        Refuses(
            "SELECT min(total, 3) AS low, max(total) AS high FROM orders",
            because="min of two arguments is no aggregate",
            schema=SQLITE,
        ),
    )

    def take_step(self, draft: Draft) -> Step | None:
        """Take one SELECT apart."""
        for select in draft.selects():
            sources, given = draft.sources(select), {name for name, value in select.args.items() if value}
            if not given <= _ALLOWED or len(sources) != 1 or sources[0].table is None or len(select.expressions) < 2:
                continue
            bare = [projection.unalias() for projection in select.expressions]
            if not all(_is_indexed_extreme(draft, each) for each in bare):
                continue
            for aggregate in bare:
                query = exp.Select(expressions=[aggregate.copy()], from_=select.args["from_"].copy())
                aggregate.replace(exp.Subquery(this=query))
            select.set("from_", None)
            ground = Condition("each subquery returns exactly one row", "an aggregate without GROUP BY")
            return Step(f"Take each extreme of {sources[0].table.name} from the end of its index", (ground,))
        return None


def _is_indexed_extreme(draft: Draft, node: exp.Expr) -> bool:
    if not isinstance(node, (exp.Min, exp.Max)) or node.expressions:
        return False
    resolved = draft.columns.of(node.this)
    return resolved is not None and not resolved.correlated and leads_an_index(resolved.table, resolved.column.name)
