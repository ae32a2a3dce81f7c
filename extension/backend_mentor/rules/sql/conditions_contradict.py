"""The rule conditions-contradict."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from sqlglot import exp

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.domain.subject import Gate
from backend_mentor.rules.conditions import conjuncts
from backend_mentor.rules.report import from_text, place_in_text, report
from backend_mentor.rules.rule import Flags, Passes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.finding import Finding
    from backend_mentor.domain.subject import Subject


class ConditionsContradict:
    """Two conditions can not both be true, so no row is returned.

    A column that equals one value does not equal another. OR was meant, or one of the two is a slip.
    """

    name: ClassVar[str] = "conditions-contradict"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.LOGIC
    gate: ClassVar[Gate] = Gate()
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags(
            "SELECT * FROM orders WHERE status = 'open' AND status = 'new'",
            says="status can not be both 'open' and 'new'",
        ),
        Flags("SELECT * FROM orders WHERE quantity BETWEEN 10 AND 1", says="nothing lies between 10 and 1"),
        Flags(
            "SELECT * FROM orders WHERE quantity > 10 AND quantity < 5", says="quantity can not be above 10 and below 5"
        ),
        Passes("SELECT * FROM orders WHERE status = 'open' OR status = 'new'", because="either is enough"),
        Passes(
            "SELECT * FROM a JOIN b ON a.id = b.id WHERE a.status = 'open' AND b.status = 'new'",
            because="these are two columns",
        ),
        Passes("SELECT * FROM orders WHERE quantity > 5 AND quantity < 10", because="7 is above 5 and below 10"),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each pair of conditions on one column that literals show to exclude each other."""
        for query in subject.statement.tree.find_all(exp.Select, exp.Update, exp.Delete):
            where = query.args.get("where")
            conditions = conjuncts(where.this if where else None)
            for place, condition in enumerate(conditions):
                said = _empty_between(condition)
                said = said or next(
                    (found for other in conditions[place + 1 :] if (found := _excluded(condition, other))), None
                )
                if said:
                    yield report(
                        self,
                        place_in_text(subject, condition),
                        what=f"In this WHERE {said}.",
                        why="No row passes both, so the result is always empty.",
                        instead="Write OR or IN where either is meant, or correct the value.",
                        evidence=(from_text(said),),
                    )


def _number(node: exp.Expr | None) -> float | None:
    if isinstance(node, exp.Neg):
        inner = _number(node.this)
        return None if inner is None else -inner
    return float(node.name) if isinstance(node, exp.Literal) and not node.is_string else None


def _empty_between(condition: exp.Expr) -> str | None:
    if not isinstance(condition, exp.Between) or condition.args.get("symmetric"):
        return None
    low, high = _number(condition.args.get("low")), _number(condition.args.get("high"))
    return f"nothing lies between {low:g} and {high:g}" if low is not None and high is not None and low > high else None


def _excluded(one: exp.Expr, other: exp.Expr) -> str | None:
    column = one.this
    if not isinstance(column, exp.Column) or not isinstance(other.this, exp.Column) or column != other.this:
        return None
    first, second = one.args.get("expression"), other.args.get("expression")
    if not isinstance(first, exp.Expression) or not isinstance(second, exp.Expression):
        return None
    if isinstance(one, exp.EQ) and isinstance(other, exp.EQ):
        literals = isinstance(first, exp.Literal) and isinstance(second, exp.Literal)
        if not literals or first == second or first.args["is_string"] != second.args["is_string"]:
            return None
        return f"{column.sql()} can not be both {first.sql()} and {second.sql()}"
    above, below = (one, other) if isinstance(one, (exp.GT, exp.GTE)) else (other, one)
    if not isinstance(above, (exp.GT, exp.GTE)) or not isinstance(below, (exp.LT, exp.LTE)):
        return None
    low, high = _number(above.expression), _number(below.expression)
    if low is None or high is None or low <= high:
        return None
    return f"{column.sql()} can not be above {low:g} and below {high:g}"
