"""A number is compared as a number, not as text."""

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
from backend_mentor.proposals.shapes import sides, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.subject import Subject

_KINDS = (exp.EQ, exp.NEQ)


class CastToTextRemoved(Rewrite):
    """Compare a whole number with a number: `CAST(id AS TEXT) = '77'` becomes `id = 77`.

    Valid where the column holds whole numbers and the text is how the database itself writes one: `'077'`, `'+7'` and
    `' 7'` are equal to no number's text. Only = and <>: as text, '10' comes before '9'.
    """

    name: ClassVar[str] = "cast-to-text-removed"
    gate: ClassVar[Gate] = Gate()
    answers: ClassVar[tuple[str, ...]] = ("function-on-column", "implicit-cast-on-column", "full-scan-discards-rows")
    reason: ClassVar[str] = (
        "Each whole number has one text, so comparing the numbers finds the same rows, and can use the column's index."
    )
    tradeoffs: ClassVar[Tradeoffs] = Tradeoffs("none", "the column is to hold codes with leading zeros")
    examples: ClassVar[tuple[Becomes | Refuses, ...]] = (
        Becomes("SELECT id FROM orders WHERE CAST(id AS TEXT) = '2'", "SELECT id FROM orders WHERE id = 2", SQLITE),
        Becomes(
            "SELECT id FROM orders WHERE total::text <> '-1'",
            "SELECT id FROM orders WHERE total <> -1",
            POSTGRES,
            "postgres",
        ),
        Refuses(
            "SELECT id FROM orders WHERE CAST(id AS TEXT) = '02'", because="no number is written 02", schema=SQLITE
        ),
        Refuses("SELECT id FROM orders WHERE CAST(id AS TEXT) < '2'", because="text sorts 10 before 2", schema=SQLITE),
        Refuses(
            "SELECT id FROM orders WHERE CAST(total AS TEXT) = '2'",
            because="a SQLite column declared INTEGER may hold text or 2.0",
            schema=SQLITE,
        ),
    )

    def wants(self, subject: Subject) -> Iterator[Fact]:
        """Yield the question whether the cast columns hold whole numbers."""
        draft = Draft.of(subject)
        yield from integer_facts(draft, (found[0] for node in draft.tree.find_all(*_KINDS) for found in _casts(node)))

    def take_step(self, draft: Draft) -> Step | None:
        """Replace one comparison."""
        return replace_first(draft, _KINDS, _replacement)


def _casts(node: exp.Expr) -> Iterator[tuple[exp.Column, int]]:
    for side, _, other in sides(node):
        text = text_of(other)
        if not isinstance(side, exp.Cast) or text is None or side.to.expressions:
            continue
        if not side.to.is_type(exp.DType.TEXT, exp.DType.VARCHAR) or not isinstance(side.this, exp.Column):
            continue
        digits = text.removeprefix("-")
        if digits.isascii() and digits.isdigit() and len(digits) < 10 and str(int(text)) == text:
            yield side.this, int(text)


def _replacement(draft: Draft, node: exp.Expr) -> Replacement | None:
    for column, number in _casts(node):
        resolved = draft.columns.of(column)
        ground = holds_integers(draft, resolved) if resolved else None
        if resolved is not None and ground is not None:
            comparison = type(node)(this=column.copy(), expression=exp.Literal.number(number))
            return Replacement(comparison, f"Compare {resolved.column.name} with the number {number}", (ground,))
    return None
