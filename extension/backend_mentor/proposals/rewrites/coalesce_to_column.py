"""A comparison of coalesce(column, default) becomes one of the column."""

from __future__ import annotations

import operator
import struct
from collections.abc import Callable
from typing import ClassVar

from sqlglot import exp

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.domain.subject import Gate
from backend_mentor.proposals.draft import Draft
from backend_mentor.proposals.idea import Becomes, Refuses
from backend_mentor.proposals.preconditions import Family, family, in_positive_position, plain_collation
from backend_mentor.proposals.replacing import Replacement, replace_first
from backend_mentor.proposals.rewriting import Rewrite, Step
from backend_mentor.proposals.sample import POSTGRES, SQLITE
from backend_mentor.proposals.shapes import COMPARISONS, number_of, sides, text_of
from backend_mentor.reading.resolve import ResolvedColumn

_NUMBERS = (Family.INTEGER, Family.NUMBER, Family.FLOAT)
_COMPARE: dict[type[exp.Expr], Callable[[float, float], bool]] = {
    exp.EQ: operator.eq,
    exp.NEQ: operator.ne,
    exp.LT: operator.lt,
    exp.GT: operator.gt,
    exp.LTE: operator.le,
    exp.GTE: operator.ge,
}


class CoalesceToColumn(Rewrite):
    """Compare the column instead of coalesce(column, default): the default decides only what happens to NULL.

    Valid where the default fails the comparison and the place asks only whether it is TRUE (then NULL may stay NULL),
    or where the default passes it (then `OR column IS NULL` says so). Literals have to be of the column's own kind:
    on SQLite `coalesce(col, 0) = '5'` is never true, and `col = '5'` is. Text is compared by = alone.
    """

    name: ClassVar[str] = "coalesce-to-column"
    gate: ClassVar[Gate] = Gate()
    answers: ClassVar[tuple[str, ...]] = ("function-on-column", "full-scan-discards-rows")
    reason: ClassVar[str] = (
        "The default only says what happens to NULL, and that is decided by the literals; "
        "the bare column can use its index."
    )
    tradeoffs: ClassVar[Tradeoffs] = Tradeoffs("none", "the default or the value is to become a parameter")
    examples: ClassVar[tuple[Becomes | Refuses, ...]] = (
        Becomes(
            "SELECT id FROM orders WHERE coalesce(quantity, 0) > 1", "SELECT id FROM orders WHERE quantity > 1", SQLITE
        ),
        Becomes(
            "SELECT id FROM accounts WHERE coalesce(country, 'DE') = 'AT' OR id = 1",
            "SELECT id FROM accounts WHERE country = 'AT' OR id = 1",
            POSTGRES,
            "postgres",
        ),
        Becomes(
            "SELECT id FROM orders WHERE id > 1 AND coalesce(quantity, 0) < 2",
            "SELECT id FROM orders WHERE id > 1 AND (quantity < 2 OR quantity IS NULL)",
            SQLITE,
        ),
        Refuses(
            "SELECT id FROM orders WHERE NOT coalesce(quantity, 0) = 1",
            because="under NOT a NULL is dropped where the default kept the row",
            schema=SQLITE,
        ),
        Refuses(
            "SELECT id, coalesce(quantity, 0) > 1 AS many FROM orders",
            because="in a SELECT list FALSE and NULL are two answers",
            schema=SQLITE,
        ),
        Refuses(
            "SELECT id FROM orders WHERE coalesce(quantity, 0) = '1'",
            because="SQLite compares the number 1 with the text '1' as different there, and as equal to the column",
            schema=SQLITE,
        ),
    )

    def take_step(self, draft: Draft) -> Step | None:
        """Replace one comparison."""
        return replace_first(draft, COMPARISONS, _replacement)


def _replacement(draft: Draft, node: exp.Expr) -> Replacement | None:
    for side, kind, value in sides(node):
        if not isinstance(side, exp.Coalesce) or len(side.expressions) != 1:
            continue
        resolved = draft.columns.of(side.this)
        passes = _passes(draft, resolved, kind, side.expressions[0], value) if resolved else None
        if resolved is None or passes is None:
            continue
        comparison: exp.Expr = kind(this=side.this.copy(), expression=value.copy())
        title = f"Compare {resolved.column.name} itself"
        default = side.expressions[0].sql()
        if passes:
            missing = exp.Is(this=side.this.copy(), expression=exp.Null())
            comparison = exp.Or(this=comparison, expression=missing)
            ground = Condition("a missing value counts as a hit", f"the default {default} passes the comparison")
            return Replacement(comparison, title, (ground,))
        positive = in_positive_position(node)
        if positive is not None:
            ground = Condition("a missing value is no hit", f"the default {default} fails the comparison")
            return Replacement(comparison, title, (ground, positive))
    return None


def _passes(
    draft: Draft, column: ResolvedColumn, kind: type[exp.Expr], default: exp.Expr, value: exp.Expr
) -> bool | None:
    """Return whether the default passes the comparison; None where that can not be told from the literals."""
    one, other = number_of(default), number_of(value)
    if family(draft, column.column) in _NUMBERS and one is not None and other is not None:
        rounds = family(draft, column.column) is Family.FLOAT and not (_is_single(one) and _is_single(other))
        return None if rounds else _COMPARE[kind](one, other)
    texts = text_of(default), text_of(value)
    if family(draft, column.column) is Family.TEXT and texts[0] is not None and texts[1] is not None:
        # Under the engine's own collation two texts are equal where they are the same characters.
        return texts[0] == texts[1] if kind is exp.EQ and plain_collation(draft, column) else None
    return None


def _is_single(number: float) -> bool:
    """Return whether single precision holds the number exactly: `real` would round 0.1, which then is not 0.1."""
    rounded: float = struct.unpack("f", struct.pack("f", number))[0]
    return rounded == number
