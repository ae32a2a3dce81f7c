"""What a piece of a statement looks like, told without its schema."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

if TYPE_CHECKING:
    from collections.abc import Iterator

FLIPPED: dict[type[exp.Expr], type[exp.Binary]] = {
    exp.EQ: exp.EQ,
    exp.NEQ: exp.NEQ,
    exp.LT: exp.GT,
    exp.GT: exp.LT,
    exp.LTE: exp.GTE,
    exp.GTE: exp.LTE,
}
COMPARISONS = tuple(FLIPPED)
AGGREGATES = (exp.Sum, exp.Avg, exp.Min, exp.Max, exp.Count)

# Two decimal numbers of so many digits are equal where their floats are.
_EXACT_DIGITS = 15

_PLAIN_PARTS = frozenset(["expressions", "from_", "joins", "where", "kind", "hint", "operation_modifiers"])


def integer_of(node: exp.Expr | None) -> int | None:
    """Return the whole number that a literal writes; None for anything else, `1.0` included."""
    if isinstance(node, exp.Neg):
        inner = integer_of(node.this)
        return None if inner is None else -inner
    if isinstance(node, exp.Literal) and not node.is_string and node.name.isdigit():
        return int(node.name)
    return None


def number_of(node: exp.Expr | None) -> float | None:
    """Return the number that a literal writes; None for anything else, and for more digits than a float tells apart."""
    if isinstance(node, exp.Neg):
        inner = number_of(node.this)
        return None if inner is None else -inner
    if isinstance(node, exp.Literal) and not node.is_string:
        digits = node.name.replace(".", "", 1)
        return float(node.name) if digits.isdecimal() and len(digits) <= _EXACT_DIGITS else None
    return None


def text_of(node: exp.Expr | None) -> str | None:
    """Return the text of a string literal; None for anything else."""
    return node.name if isinstance(node, exp.Literal) and node.is_string else None


def is_constant(node: exp.Expr) -> bool:
    """Return whether the expression is a literal other than NULL, or a parameter's marker."""
    bare = node.this if isinstance(node, exp.Neg) else node
    return isinstance(bare, exp.Literal)


def sides(node: exp.Expr) -> Iterator[tuple[exp.Expr, type[exp.Binary], exp.Expr]]:
    """Yield a comparison as written and turned round: left side, operator, right side."""
    flipped = FLIPPED.get(type(node))
    if flipped is not None and isinstance(node, exp.Binary):
        yield node.left, type(node), node.right
        yield node.right, flipped, node.left


def is_plain(select: exp.Expr, *, but: tuple[str, ...] = ()) -> bool:
    """Return whether a query is SELECT, FROM, JOIN and WHERE alone, without aggregates or windows.

    `but` names clauses that are let pass, as sqlglot names them.
    """
    if not isinstance(select, exp.Select) or select.args.get("from_") is None:
        return False
    given = {name for name, value in select.args.items() if value}
    if given - _PLAIN_PARTS - set(but):
        return False
    return not any(isinstance(node, (exp.AggFunc, exp.Window)) for node in own_nodes(select, select.expressions))


def own_nodes(select: exp.Expr, parts: list[exp.Expr] | None = None) -> Iterator[exp.Expr]:
    """Yield the nodes of a query, or of these parts of it, that do not belong to a query within it."""
    pending = list(reversed(parts)) if parts is not None else [select]
    while pending:
        node = pending.pop()
        if node is not select and isinstance(node, exp.Query):
            continue
        yield node
        pending.extend(reversed(list(node.iter_expressions())))


def subselect(node: exp.Expr | None) -> exp.Select | None:
    """Return the SELECT of a subquery, its parentheses removed; None for a set operation or none at all."""
    while isinstance(node, (exp.Subquery, exp.Paren)):
        if isinstance(node, exp.Subquery) and (node.args.get("alias") or node.args.get("with_")):
            return None
        node = node.this
    return node if isinstance(node, exp.Select) else None


def joins_plainly(select: exp.Select) -> bool:
    """Return whether every join says ON, or is a comma: none is NATURAL, USING, LATERAL or in parentheses."""
    for join in (select.args.get("from_"), *(select.args.get("joins") or [])):
        if join is not None and (join.this.args.get("joins") or isinstance(join.this.this, exp.Table)):
            return False
    for join in select.args.get("joins") or []:
        if join.args.get("using") or join.args.get("method") or isinstance(join.this, exp.Lateral):
            return False
    return True


def has_star(select: exp.Select) -> bool:
    """Return whether the SELECT list holds a bare `*`, whose meaning changes with the FROM clause."""
    return any(isinstance(projection, exp.Star) for projection in select.expressions)
