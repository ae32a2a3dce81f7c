"""Arithmetic on a column moves to the constant that it is compared with."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from sqlglot import exp

from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.domain.subject import Fact, Gate
from backend_mentor.proposals.draft import Draft
from backend_mentor.proposals.idea import Becomes, Refuses
from backend_mentor.proposals.preconditions import holds_integers
from backend_mentor.proposals.preconditions.types import integer_facts
from backend_mentor.proposals.replacing import Replacement, replace_first
from backend_mentor.proposals.rewriting import Rewrite, Step
from backend_mentor.proposals.sample import POSTGRES, SQLITE
from backend_mentor.proposals.shapes import COMPARISONS, integer_of, sides

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.subject import Subject

# Beyond this a sum or product is too near the ends of the integer types.
_LARGEST = 2**31 - 1
_FACT = Fact("orders", "typeof(quantity) IN ('integer', 'null')", "quantity holds whole numbers in all rows of orders")


class ArithmeticToConstant(Rewrite):
    """Compute on the constant's side: `col + 5 > 100` becomes `col > 95`, `col * 60 >= 300` becomes `col >= 5`.

    Valid for whole numbers alone: floating-point sums round, and on SQLite a column declared INTEGER may hold text,
    so there the database is asked. A product is divided with the rounding that its operator needs; `col * k = c` is
    left alone unless k divides c, and a factor that is not positive too. The rewrite can only remove an overflow.
    """

    name: ClassVar[str] = "arithmetic-to-constant"
    gate: ClassVar[Gate] = Gate()
    answers: ClassVar[tuple[str, ...]] = ("function-on-column", "full-scan-discards-rows")
    reason: ClassVar[str] = (
        "For whole numbers the sum on the other side says the same; "
        "the bare column can use its index, and nothing is computed for each row."
    )
    tradeoffs: ClassVar[Tradeoffs] = Tradeoffs(
        "the constant no longer shows how it came about: keep the sum in a comment",
        "the column's type is to become fractional",
    )
    examples: ClassVar[tuple[Becomes | Refuses, ...]] = (
        Becomes(
            "SELECT id FROM orders WHERE quantity + 2 = 3",
            "SELECT id FROM orders WHERE quantity = 1",
            SQLITE,
            facts=(_FACT,),
        ),
        Becomes(
            "SELECT id FROM orders o WHERE 4 > o.id * 3 AND o.id - 1 <> 0",
            "SELECT id FROM orders o WHERE o.id < 2 AND o.id <> 1",
            SQLITE,
        ),
        Becomes(
            "SELECT id FROM orders WHERE total * 10 >= 11",
            "SELECT id FROM orders WHERE total >= 2",
            POSTGRES,
            "postgres",
        ),
        Refuses(
            "SELECT id FROM orders WHERE quantity + 2 = 3",
            because="a SQLite column declared INTEGER may hold text, and 'a' + 2 is 2",
            schema=SQLITE,
        ),
        Refuses(
            "SELECT id FROM orders WHERE id * 2 = 3",
            because="2 does not divide 3, so the comparison is never true",
            schema=SQLITE,
        ),
        Refuses("SELECT id FROM orders WHERE id * -1 > 3", because="a negative factor turns the order", schema=SQLITE),
    )

    def wants(self, subject: Subject) -> Iterator[Fact]:
        """Yield the question whether the computed columns hold whole numbers."""
        draft = Draft.of(subject)
        columns = [term[0] for node in draft.tree.find_all(*COMPARISONS) for term in _terms(node)]
        yield from integer_facts(draft, columns)

    def take_step(self, draft: Draft) -> Step | None:
        """Replace one comparison."""
        return replace_first(draft, COMPARISONS, _replacement)


def _terms(node: exp.Expr) -> Iterator[tuple[exp.Column, type[exp.Binary], type[exp.Expr], int, int]]:
    """Yield the column, the comparison, the arithmetic, its number and the number compared with."""
    for side, operator, other in sides(node):
        term, constant = side.unnest(), integer_of(other)
        if constant is None or not isinstance(term, (exp.Add, exp.Sub, exp.Mul)):
            continue
        column, number = term.left, integer_of(term.right)
        if number is None and not isinstance(term, exp.Sub):
            column, number = term.right, integer_of(term.left)
        if isinstance(column, exp.Column) and number is not None and abs(number) + abs(constant) <= _LARGEST:
            yield column, operator, type(term), number, constant


def _replacement(draft: Draft, node: exp.Expr) -> Replacement | None:
    for column, operator, arithmetic, number, constant in _terms(node):
        resolved = draft.columns.of(column)
        ground = holds_integers(draft, resolved) if resolved else None
        bound = _bound(operator, arithmetic, number, constant)
        if resolved is not None and ground is not None and bound is not None:
            comparison = operator(this=column.copy(), expression=exp.Literal.number(bound))
            title = f"Compare {resolved.column.name} itself with {bound:,}"
            return Replacement(comparison, title, (ground,))
    return None


def _bound(operator: type[exp.Expr], arithmetic: type[exp.Expr], number: int, constant: int) -> int | None:
    if arithmetic is exp.Add:
        return constant - number
    if arithmetic is exp.Sub:
        return constant + number
    if number <= 0:
        return None
    if operator in (exp.EQ, exp.NEQ):
        return constant // number if constant % number == 0 else None
    # Above or at most: the largest whole number whose product stays within; below or at least: the smallest.
    return constant // number if operator in (exp.GT, exp.LTE) else -(-constant // number)
