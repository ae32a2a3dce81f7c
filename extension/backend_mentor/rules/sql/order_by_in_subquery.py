"""The rule order-by-in-subquery."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from sqlglot import exp

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.domain.subject import Gate
from backend_mentor.rules.report import from_text, place_in_text, report
from backend_mentor.rules.rule import Flags, Passes
from backend_mentor.rules.wording import excerpt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.finding import Finding
    from backend_mentor.domain.subject import Subject


class OrderByInSubquery:
    """A subquery is ordered and the query around it does not keep the order.

    Only the outermost ORDER BY decides how rows come back. Without a LIMIT the inner one sorts for nothing.
    """

    name: ClassVar[str] = "order-by-in-subquery"
    severity: ClassVar[Severity] = Severity.INFO
    responsibility: ClassVar[Responsibility] = Responsibility.PERFORMANCE
    gate: ClassVar[Gate] = Gate()
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags(
            "SELECT o.id FROM (SELECT id FROM orders ORDER BY placed_at) o WHERE o.id > 5",
            says="the ORDER BY placed_at of o sorts for nothing",
        ),
        Flags(
            "SELECT id FROM accounts WHERE id IN (SELECT account_id FROM orders ORDER BY placed_at)",
            says="ORDER BY placed_at",
        ),
        Passes(
            "SELECT o.id FROM (SELECT id FROM orders ORDER BY placed_at LIMIT 10) o",
            because="the LIMIT needs the order",
        ),
        Passes(
            "SELECT group_concat(o.id) FROM (SELECT id FROM orders ORDER BY placed_at) o",
            because="an aggregate that takes the rows in turn depends on it",
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each ORDER BY of a derived table or IN list without a LIMIT."""
        for order in subject.statement.tree.find_all(exp.Order):
            query = order.parent
            if not isinstance(query, exp.Select) or query.args.get("limit") or query.args.get("offset"):
                continue
            around = query.parent
            distinct = query.args.get("distinct")
            if not isinstance(around, (exp.Subquery, exp.In)) or (distinct is not None and distinct.args.get("on")):
                continue
            outer = around.find_ancestor(exp.Select)
            # A scalar subquery takes its first row, and so its order counts.
            derived = isinstance(around, exp.In) or isinstance(around.parent, (exp.From, exp.Join, exp.In))
            if outer is None or not derived or outer.find(exp.AggFunc, exp.Window, exp.Limit):
                continue
            shown = excerpt(order, subject.statement.dialect).strip()
            name = f" of {around.alias}" if around.alias else ""
            yield report(
                self,
                place_in_text(subject, order),
                what=f"In this query the {shown}{name} sorts for nothing.",
                why="The query around it is free to return its rows in any order.",
                instead="Move the ORDER BY to the outermost query, or leave it out.",
                evidence=(from_text(shown),),
            )
