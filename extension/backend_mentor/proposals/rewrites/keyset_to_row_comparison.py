"""Postgres: a keyset condition spelled with OR becomes one row comparison."""

from __future__ import annotations

from typing import ClassVar

from sqlglot import exp

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.domain.subject import Gate
from backend_mentor.proposals.draft import Draft
from backend_mentor.proposals.idea import Becomes, Refuses
from backend_mentor.proposals.preconditions import conjuncts, disjuncts
from backend_mentor.proposals.replacing import Replacement, replace_first
from backend_mentor.proposals.rewriting import Rewrite, Step
from backend_mentor.proposals.sample import POSTGRES
from backend_mentor.proposals.shapes import FLIPPED

_STRICT = {exp.GT: exp.GTE, exp.LT: exp.LTE}
_Row = tuple[list[exp.Expr], list[exp.Expr], type[exp.Expr]]


class KeysetToRowComparison(Rewrite):
    """Write `(a, b) > (x, y)` instead of `a > x OR (a = x AND b > y)`.

    Valid where every column goes the same way and the same value is meant in the > and in the =. Row comparison is
    NULL where the spelled-out form is, so the place does not matter.
    """

    name: ClassVar[str] = "keyset-to-row-comparison"
    gate: ClassVar[Gate] = Gate(engines=("postgres",))
    answers: ClassVar[tuple[str, ...]] = ("full-scan-discards-rows", "index-discards-rows")
    reason: ClassVar[str] = (
        "Rows compare column by column, which is what the OR spells out; "
        "Postgres starts an index scan at the row, and can not do so for the OR."
    )
    tradeoffs: ClassVar[Tradeoffs] = Tradeoffs("none", "the columns are to sort in different directions")
    examples: ClassVar[tuple[Becomes | Refuses, ...]] = (
        Becomes(
            "SELECT id FROM orders WHERE total > 1 OR (total = 1 AND id > 2) ORDER BY total, id LIMIT 3",
            "SELECT id FROM orders WHERE (total, id) > (1, 2) ORDER BY total, id LIMIT 3",
            POSTGRES,
            "postgres",
        ),
        Becomes(
            "SELECT id FROM orders WHERE NOT (quantity < 2 OR quantity = 2 AND (total < 1 OR total = 1 AND id <= 2))",
            "SELECT id FROM orders WHERE NOT ((quantity, total, id) <= (2, 1, 2))",
            POSTGRES,
            "postgres",
        ),
        Refuses(
            "SELECT id FROM orders WHERE total > 1 OR (total = 1 AND id < 2)",
            because="the columns go different ways, and a row comparison has one direction",
            schema=POSTGRES,
            engine="postgres",
        ),
        Refuses(
            "SELECT id FROM orders WHERE total > 1 OR (total = 2 AND id > 2)",
            because="the > and the = mean different values",
            schema=POSTGRES,
            engine="postgres",
        ),
    )

    def take_step(self, draft: Draft) -> Step | None:
        """Replace one condition."""
        return replace_first(draft, (exp.Or,), _replacement)


def _replacement(draft: Draft, node: exp.Expr) -> Replacement | None:
    row = _row(draft, node)
    if row is None or len(row[0]) < 2:
        return None
    columns, values, operator = row
    comparison = operator(
        this=exp.Tuple(expressions=[each.copy() for each in columns]),
        expression=exp.Tuple(expressions=[each.copy() for each in values]),
    )
    names = ", ".join(each.name for each in columns)
    ground = Condition(f"({names}) are compared in one direction, with one value each", "read in the statement")
    return Replacement(comparison, f"Compare the row ({names}) at once", (ground,))


def _row(draft: Draft, node: exp.Expr) -> _Row | None:
    """Return the columns, the values and the operator that a condition compares one after the other."""
    parts = disjuncts(node)
    if len(parts) == 1:
        operator, column, value = _comparison(draft, parts[0])
        return ([column], [value], operator) if operator and column and value else None
    first, *rest = sorted(parts, key=lambda part: isinstance(part, exp.And))
    operator, column, value = _comparison(draft, first)
    tied = list(conjuncts(rest[0])) if len(rest) == 1 else []
    if operator not in _STRICT or column is None or value is None or len(tied) != 2:
        return None
    tie = exp.EQ(this=column, expression=value)
    remainder = [each for each in tied if each not in (tie, exp.EQ(this=value, expression=column))]
    inner = _row(draft, remainder[0]) if len(remainder) == 1 else None
    if inner is None or inner[2] not in (operator, _STRICT[operator]):
        return None
    return [column, *inner[0]], [value, *inner[1]], inner[2]


def _comparison(draft: Draft, node: exp.Expr) -> tuple[type[exp.Expr] | None, exp.Expr | None, exp.Expr | None]:
    if not isinstance(node, exp.Binary) or type(node) not in FLIPPED:
        return None, None, None
    if draft.columns.of(node.left) is not None:
        return type(node), node.left, node.right
    return FLIPPED[type(node)], node.right, node.left
