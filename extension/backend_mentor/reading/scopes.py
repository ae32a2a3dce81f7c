"""Which queries around a place in a statement it can see the sources of."""

from __future__ import annotations

from sqlglot import exp

HOLDERS = (exp.Select, exp.Update, exp.Delete, exp.Insert, exp.Merge, exp.SetOperation)
"""What has sources of its own, or stands for queries that have."""


class Scopes:
    """The queries whose sources each node can see, found once for all nodes under one parent."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[exp.Expr, ...]] = {}

    def around(self, node: exp.Expr) -> tuple[exp.Expr, ...]:
        """Return the queries whose sources a column can see, innermost first."""
        passed: list[tuple[exp.Expr, exp.Expr | None]] = []
        within: exp.Expr | None = node
        while within is not None and id(within) not in self._known:
            query, outward = self.step_out(within)
            passed.append((within, query))
            within = outward
        seen = self._known[id(within)] if within is not None else ()
        for inner, query in reversed(passed):
            seen = seen if query is None else (query, *seen)
            self._known[id(inner)] = seen
        return seen

    def step_out(self, within: exp.Expr) -> tuple[exp.Expr | None, exp.Expr | None]:
        """Return the query that is a node's parent, where it can see one, and from where to look on."""
        above = within.parent
        if isinstance(above, exp.CTE):
            return None, None
        if isinstance(within, exp.Subquery) and isinstance(above, (exp.From, exp.Join)):
            # A derived table does not see its neighbours, but it does see what is around the query that it stands in.
            return None, above.parent
        if isinstance(above, exp.SetOperation):
            # Its ORDER BY sees output names only.
            return None, above if isinstance(within, exp.Query) else None
        return (above if isinstance(above, HOLDERS) else None), above
