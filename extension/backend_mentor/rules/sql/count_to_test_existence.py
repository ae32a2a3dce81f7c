"""The rule count-to-test-existence."""

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


class CountToTestExistence:
    """All rows are counted to learn whether there is one.

    count(*) has to find the last row; EXISTS stops at the first.
    """

    name: ClassVar[str] = "count-to-test-existence"
    severity: ClassVar[Severity] = Severity.ADVICE
    responsibility: ClassVar[Responsibility] = Responsibility.PERFORMANCE
    gate: ClassVar[Gate] = Gate()
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags(
            "SELECT count(*) > 0 AS has_large FROM trades WHERE quantity >= 1000",
            says="count(*) > 0 counts every row to learn whether there is one",
        ),
        Flags(
            "SELECT id FROM accounts a WHERE (SELECT count(*) FROM orders o WHERE o.account_id = a.id) > 0",
            says="counts every row",
        ),
        Passes(
            "SELECT account_id FROM orders GROUP BY account_id HAVING count(*) > 0",
            because="a group is counted anyway, and the HAVING is a filter on groups",
        ),
        Passes(
            "SELECT id FROM accounts a WHERE (SELECT count(*) FROM orders o WHERE o.account_id = a.id) > 5",
            because="more than five is no question of existence",
        ),
        Passes("SELECT count(*) FROM trades", because="the number itself is asked for"),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each comparison of a count with zero or one that decides existence alone."""
        for node in subject.statement.tree.find_all(exp.GT, exp.GTE, exp.EQ, exp.NEQ, exp.LT, exp.LTE):
            counted, operator, bound = _sides(node)
            if counted is None or (operator, bound) not in _EXISTENCE or node.find_ancestor(exp.Having):
                continue
            query = counted.find_ancestor(exp.Select)
            if query is None or query.args.get("group") or query.args.get("from_") is None:
                continue
            shown = excerpt(node, subject.statement.dialect)
            negated = (operator, bound) in _EXISTENCE[3:]
            yield report(
                self,
                place_in_text(subject, node),
                what=f"{shown} counts every row to learn whether there is one.",
                why="A count has to find the last row; the answer is known at the first.",
                instead=f"Write {'NOT ' if negated else ''}EXISTS (SELECT 1 FROM …) with the same conditions.",
                evidence=(from_text(shown),),
            )


_EXISTENCE = (("GT", "0"), ("GTE", "1"), ("NEQ", "0"), ("EQ", "0"), ("LT", "1"), ("LTE", "0"))
_MIRRORED = {"GT": "LT", "LT": "GT", "GTE": "LTE", "LTE": "GTE", "EQ": "EQ", "NEQ": "NEQ"}


def _sides(node: exp.Expr) -> tuple[exp.Count | None, str, str]:
    operator = type(node).__name__
    for side, other, shown in (
        (node.this, node.expression, operator),
        (node.expression, node.this, _MIRRORED[operator]),
    ):
        inner = side.this if isinstance(side, exp.Subquery) else side
        if isinstance(inner, exp.Select) and len(inner.expressions) == 1:
            inner = inner.expressions[0].unalias()
        if isinstance(inner, exp.Count) and isinstance(inner.this, exp.Star) and isinstance(other, exp.Literal):
            return inner, shown, other.name
    return None, operator, ""
