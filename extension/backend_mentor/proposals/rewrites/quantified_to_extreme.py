"""Postgres: a comparison with ALL or ANY of a subquery becomes one with its extreme."""

from __future__ import annotations

from typing import ClassVar

from sqlglot import exp

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.domain.subject import Gate
from backend_mentor.proposals.draft import Draft
from backend_mentor.proposals.idea import Becomes, Refuses
from backend_mentor.proposals.preconditions import Family, family, in_positive_position, never_null
from backend_mentor.proposals.replacing import Replacement, replace_first
from backend_mentor.proposals.rewriting import Rewrite, Step
from backend_mentor.proposals.sample import POSTGRES
from backend_mentor.proposals.shapes import is_plain, subselect
from backend_mentor.reading.resolve import ResolvedColumn

_EXTREMES: dict[type[exp.Expr], type[exp.AggFunc]] = {
    exp.GT: exp.Max,
    exp.GTE: exp.Max,
    exp.LT: exp.Min,
    exp.LTE: exp.Min,
}
_OTHER = {exp.Max: exp.Min, exp.Min: exp.Max}


class QuantifiedToExtreme(Rewrite):
    """Compare with max() instead of > ALL, and with min() instead of > ANY.

    ALL is true of an empty list, and max() of it is NULL: `OR NOT EXISTS` says so. One NULL among the values makes ALL
    unknown, and max() leaves it out: valid only where the values can not be NULL. For ANY, an empty list and a NULL can
    only turn FALSE into NULL, so it is valid where only TRUE is asked for.
    """

    name: ClassVar[str] = "quantified-to-extreme"
    gate: ClassVar[Gate] = Gate(engines=("postgres",))
    answers: ClassVar[tuple[str, ...]] = ("correlated-subquery-runs-often",)
    reason: ClassVar[str] = (
        "Only the largest or smallest value decides, and it is found once, by an index where there is one; "
        "ALL and ANY go through the list for each row."
    )
    tradeoffs: ClassVar[Tradeoffs] = Tradeoffs("none", "the compared column is ever to admit NULL")
    examples: ClassVar[tuple[Becomes | Refuses, ...]] = (
        Becomes(
            "SELECT id FROM orders WHERE total >= ALL (SELECT percent FROM coupons WHERE code = 'a')",
            "SELECT id FROM orders WHERE (total >= (SELECT max(percent) FROM coupons WHERE code = 'a')"
            " OR NOT EXISTS (SELECT 1 FROM coupons WHERE code = 'a'))",
            POSTGRES,
            "postgres",
        ),
        Becomes(
            "SELECT id FROM orders WHERE total > ANY (SELECT seconds FROM visits)",
            "SELECT id FROM orders WHERE total > (SELECT min(seconds) FROM visits)",
            POSTGRES,
            "postgres",
        ),
        Refuses(
            "SELECT id FROM orders WHERE total >= ALL (SELECT seconds FROM visits)",
            because="one NULL among the seconds makes ALL unknown, and max() leaves it out",
            schema=POSTGRES,
            engine="postgres",
        ),
        Refuses(
            "SELECT id FROM orders WHERE NOT total > ANY (SELECT seconds FROM visits)",
            because="under NOT a NULL among the seconds is not the same as FALSE",
            schema=POSTGRES,
            engine="postgres",
        ),
        Refuses(
            "SELECT id FROM orders WHERE total = ALL (SELECT percent FROM coupons)",
            because="equality with all values is no question of an extreme",
            schema=POSTGRES,
            engine="postgres",
        ),
    )

    def take_step(self, draft: Draft) -> Step | None:
        """Replace one comparison."""
        return replace_first(draft, tuple(_EXTREMES), _replacement)


def _replacement(draft: Draft, node: exp.Expr) -> Replacement | None:
    quantifier = node.args.get("expression")
    inner = subselect(quantifier.this) if isinstance(quantifier, (exp.All, exp.Any)) else None
    if inner is None or not is_plain(inner, but=("distinct", "order")) or len(inner.expressions) != 1:
        return None
    value = inner.expressions[0].unalias()
    resolved = draft.columns.of(value)
    if resolved is None or resolved.correlated or node.this.find(exp.Query) or not _has_extremes(draft, resolved):
        return None
    every = isinstance(quantifier, exp.All)
    ground = never_null(draft, value) if every else in_positive_position(node)
    if ground is None:
        return None
    kind = _EXTREMES[type(node)] if every else _OTHER[_EXTREMES[type(node)]]
    query = inner.copy()
    for clause in ("distinct", "order"):
        query.set(clause, None)
    exists = query.copy()
    query.set("expressions", [kind(this=value.copy())])
    exists.set("expressions", [exp.Literal.number(1)])
    comparison: exp.Expr = type(node)(this=node.this.copy(), expression=exp.Subquery(this=query))
    title = f"Compare with the {'largest' if kind is exp.Max else 'smallest'} {resolved.column.name} alone"
    if not every:
        return Replacement(comparison, title, (ground,))
    nothing = Condition("an empty list passes", "OR NOT EXISTS says so")
    either = exp.Or(this=comparison, expression=exp.Not(this=exp.Exists(this=exists)))
    return Replacement(exp.Paren(this=either), title, (ground, nothing))


def _has_extremes(draft: Draft, column: ResolvedColumn) -> bool:
    """Return whether max() and min() are known for the type: there are none of booleans and identifiers."""
    return family(draft, column.column) not in (Family.BOOLEAN, Family.UUID, Family.OTHER)
