"""UNION becomes UNION ALL where no row can come twice."""

from __future__ import annotations

from typing import ClassVar

from sqlglot import exp

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.domain.subject import Gate
from backend_mentor.proposals.draft import Draft
from backend_mentor.proposals.idea import Becomes, Refuses
from backend_mentor.proposals.preconditions import key_in_output, plain_collation, where_conjuncts
from backend_mentor.proposals.rewriting import Rewrite, Step
from backend_mentor.proposals.sample import POSTGRES, SQLITE
from backend_mentor.proposals.shapes import number_of, sides, text_of


class UnionToUnionAll(Rewrite):
    """Write UNION ALL where UNION would find no twins.

    Valid where the two branches can not share a row (one column of the result is held to different literals in them)
    and neither repeats a row of its own (its SELECT list holds a key that no join multiplies, or says DISTINCT).
    """

    name: ClassVar[str] = "union-to-union-all"
    gate: ClassVar[Gate] = Gate()
    answers: ClassVar[tuple[str, ...]] = ("union-of-disjoint-parts",)
    reason: ClassVar[str] = "UNION sorts or hashes all rows to remove twins, and here there are none."
    tradeoffs: ClassVar[Tradeoffs] = Tradeoffs("none", "the branches' conditions are ever to overlap")
    examples: ClassVar[tuple[Becomes | Refuses, ...]] = (
        Becomes(
            "SELECT id, 'old' AS kind FROM orders WHERE total < 2 UNION SELECT id, 'new' FROM orders WHERE total < 5",
            "SELECT id, 'old' AS kind FROM orders WHERE total < 2"
            " UNION ALL SELECT id, 'new' FROM orders WHERE total < 5",
            SQLITE,
        ),
        Becomes(
            "SELECT id, status FROM orders WHERE status = 'a' UNION SELECT id, status FROM orders WHERE status = 'b'",
            "SELECT id, status FROM orders WHERE status = 'a'"
            " UNION ALL SELECT id, status FROM orders WHERE status = 'b'",
            POSTGRES,
            "postgres",
        ),
        Refuses(
            "SELECT id, status FROM orders WHERE status = 'a' UNION SELECT id, status FROM orders WHERE total = 1",
            because="an order may meet both conditions",
            schema=SQLITE,
        ),
        Refuses(
            "SELECT status, 'x' AS kind FROM orders UNION SELECT status, 'y' FROM orders",
            because="one branch repeats a status by itself, and UNION removes that too",
            schema=SQLITE,
        ),
    )

    def take_step(self, draft: Draft) -> Step | None:
        """Replace one UNION."""
        for union in draft.tree.find_all(exp.Union):
            left, right = union.left, union.right
            if not union.args.get("distinct") or not isinstance(left, exp.Select) or not isinstance(right, exp.Select):
                continue
            apart = _disjoint(draft, left, right)
            repeats = [_free_of_repeats(draft, branch) for branch in (left, right)]
            if apart is not None and all(repeats):
                union.set("distinct", False)
                grounds = [ground for branch in repeats if branch for ground in branch]
                return Step("Keep all rows: there are no twins to remove", (apart, *grounds))
        return None


def _free_of_repeats(draft: Draft, select: exp.Select) -> tuple[Condition, ...] | None:
    if any(select.args.get(clause) for clause in ("group", "limit", "offset", "having")):
        return None
    if any(projection.find(exp.AggFunc) for projection in select.expressions):
        return None
    if select.args.get("distinct"):
        plain = not select.args["distinct"].args.get("on")
        return (Condition("a branch repeats no row", "SELECT DISTINCT"),) if plain else None
    return key_in_output(draft, select)


def _disjoint(draft: Draft, left: exp.Select, right: exp.Select) -> Condition | None:
    """Return the condition that one output column differs between the branches in every row."""
    if len(left.expressions) != len(right.expressions) or left.is_star or right.is_star:
        return None
    for position, (one, other) in enumerate(zip(left.expressions, right.expressions, strict=True), 1):
        held = _held_to(draft, left, one.unalias()), _held_to(draft, right, other.unalias())
        if held[0] is not None and held[1] is not None and held[0][0] is held[1][0] and held[0][1] != held[1][1]:
            values = f"column {position} is {held[0][1]!r} in one and {held[1][1]!r} in the other"
            return Condition("the branches share no row", values)
    return None


def _held_to(draft: Draft, select: exp.Select, node: exp.Expr) -> tuple[type, object] | None:
    """Return the kind and the value that an output column has in every row; None where that is not certain."""
    literal = _value(node)
    if literal is not None:
        return literal
    resolved = draft.columns.of(node)
    if resolved is None or not plain_collation(draft, resolved):
        return None
    for condition in where_conjuncts(select):
        for side, operator, other in sides(condition):
            known = draft.columns.of(side)
            if operator is exp.EQ and known and known.source is resolved.source and known.column is resolved.column:
                return _value(other)
    return None


def _value(node: exp.Expr) -> tuple[type, object] | None:
    text, number = text_of(node), number_of(node)
    if text is not None:
        return str, text
    return None if number is None else (float, number)
