"""Where in a statement an expression stands, and what the place asks of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from backend_mentor.domain.proof import Condition

if TYPE_CHECKING:
    from collections.abc import Iterator


def in_positive_position(node: exp.Expr) -> Condition | None:
    """Return the condition where the place only asks whether the expression is TRUE, so that FALSE and NULL are one.

    That is below WHERE, HAVING or ON under AND and OR alone: not under NOT, not in CASE, not in a SELECT list.
    """
    above = node.parent
    while isinstance(above, (exp.And, exp.Or, exp.Paren)):
        above = above.parent
    clauses = {exp.Where: "WHERE", exp.Having: "HAVING", exp.Join: "ON"}
    clause = next((name for kind, name in clauses.items() if isinstance(above, kind)), None)
    if clause is None:
        return None
    return Condition("FALSE and NULL mean the same in this place", f"it stands in {clause}, under AND and OR only")


def conjuncts(condition: exp.Expr | None) -> tuple[exp.Expr, ...]:
    """Return the parts of a condition that AND joins at its top, without their parentheses."""
    if condition is None:
        return ()
    bare = condition.unnest()
    if isinstance(bare, exp.And):
        return conjuncts(bare.left) + conjuncts(bare.right)
    return (bare,)


def disjuncts(condition: exp.Expr) -> tuple[exp.Expr, ...]:
    """Return the parts of a condition that OR joins at its top, without their parentheses."""
    bare = condition.unnest()
    if isinstance(bare, exp.Or):
        return disjuncts(bare.left) + disjuncts(bare.right)
    return (bare,)


def where_conjuncts(select: exp.Expr) -> tuple[exp.Expr, ...]:
    """Return the parts of a query's WHERE."""
    where = select.args.get("where")
    return conjuncts(where.this) if where is not None else ()


def filters(select: exp.Select) -> Iterator[exp.Expr]:
    """Yield every condition that each row of the FROM clause has to meet: WHERE, and ON of inner joins.

    Where a RIGHT or FULL join stands among the joins, only WHERE counts.
    """
    yield from where_conjuncts(select)
    joins = select.args.get("joins") or []
    if any(join.side in ("RIGHT", "FULL") for join in joins):
        return
    for join in joins:
        if not join.side:
            yield from conjuncts(join.args.get("on"))


def in_join_condition(node: exp.Expr, select: exp.Select) -> bool:
    """Return whether the node stands in an ON clause of this query, at any depth."""
    above: exp.Expr | None = node
    while above is not None and above.parent is not select:
        above = above.parent
    return isinstance(above, exp.Join)
