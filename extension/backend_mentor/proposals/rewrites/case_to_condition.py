"""A CASE that only names a condition's truth becomes the condition."""

from __future__ import annotations

from typing import ClassVar

from sqlglot import exp

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.domain.subject import Gate
from backend_mentor.proposals.draft import Draft
from backend_mentor.proposals.idea import Becomes, Refuses
from backend_mentor.proposals.preconditions import in_positive_position
from backend_mentor.proposals.replacing import Replacement, replace_first
from backend_mentor.proposals.rewriting import Rewrite, Step
from backend_mentor.proposals.sample import POSTGRES, SQLITE
from backend_mentor.proposals.shapes import number_of, sides, text_of


class CaseToCondition(Rewrite):
    """Write `WHERE p` instead of `WHERE CASE WHEN p THEN 1 ELSE 0 END = 1`.

    Valid where the compared value is the THEN's and the ELSE's is another one (or ELSE is missing), in a place that
    only asks whether the whole is TRUE: where p is NULL the CASE says 0 and p says NULL.
    """

    name: ClassVar[str] = "case-to-condition"
    gate: ClassVar[Gate] = Gate()
    answers: ClassVar[tuple[str, ...]] = ("function-on-column", "full-scan-discards-rows")
    reason: ClassVar[str] = (
        "The CASE equals its THEN value exactly where the condition is true; an index can serve the condition itself."
    )
    tradeoffs: ClassVar[Tradeoffs] = Tradeoffs("none")
    examples: ClassVar[tuple[Becomes | Refuses, ...]] = (
        Becomes(
            "SELECT id FROM orders WHERE CASE WHEN total > 1 THEN 1 ELSE 0 END = 1",
            "SELECT id FROM orders WHERE total > 1",
            SQLITE,
        ),
        Becomes(
            "SELECT id FROM orders WHERE id > 1 AND CASE WHEN total = 1 OR quantity = 2 THEN 'y' ELSE 'n' END = 'y'",
            "SELECT id FROM orders WHERE id > 1 AND (total = 1 OR quantity = 2)",
            POSTGRES,
            "postgres",
        ),
        Refuses(
            "SELECT id FROM orders WHERE NOT CASE WHEN quantity > 1 THEN 1 ELSE 0 END = 1",
            because="where quantity is NULL the CASE is 0, so NOT keeps the row, and NOT NULL does not",
            schema=SQLITE,
        ),
        Refuses(
            "SELECT id FROM orders WHERE CASE WHEN total > 1 THEN 1 ELSE 0 END = 0",
            because="the compared value is the ELSE's, which a NULL condition takes too",
            schema=SQLITE,
        ),
        Refuses(
            "SELECT id FROM orders WHERE CASE WHEN total > 1 THEN 1 ELSE 1 END = 1",
            because="both branches give the value, so the CASE drops no row",
            schema=SQLITE,
        ),
    )

    def take_step(self, draft: Draft) -> Step | None:
        """Replace one comparison."""
        return replace_first(draft, (exp.EQ,), _replacement)


def _replacement(_: Draft, node: exp.Expr) -> Replacement | None:
    for side, _kind, value in sides(node):
        case = side.unnest()
        if not isinstance(case, exp.Case) or case.this is not None or len(case.args["ifs"]) != 1:
            continue
        branch, otherwise = case.args["ifs"][0], case.args.get("default")
        hit, miss, wanted = _value(branch.args["true"]), _value(otherwise), _value(value)
        told_apart = otherwise is None or isinstance(otherwise, exp.Null) or (miss is not None and miss != wanted)
        positive = in_positive_position(node)
        if positive is not None and hit is not None and hit == wanted and told_apart:
            ground = Condition("the CASE has the value only where its condition is true", "the literals differ")
            return Replacement(branch.this.unnest().copy(), "Say the condition itself", (ground, positive))
    return None


def _value(node: exp.Expr | None) -> tuple[str, object] | None:
    number, text = number_of(node), text_of(node)
    if number is not None:
        return "number", number
    return None if text is None else ("text", text)
