"""Edits of a draft's tree that can not change which column a name means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from backend_mentor.domain.schema import quote
from backend_mentor.proposals.preconditions.position import where_conjuncts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from backend_mentor.proposals.draft import Draft
    from backend_mentor.reading.resolve import Source


def name_of(source: Source) -> exp.Identifier:
    """Return a copy of the identifier by which columns refer to a source, quoted as the author quoted it."""
    alias = source.node.args.get("alias")
    identifier = alias.this if isinstance(alias, exp.TableAlias) else source.node.this
    return identifier.copy() if isinstance(identifier, exp.Identifier) else exp.to_identifier(source.name)


def column_of(source: Source, identifier: exp.Expr) -> exp.Column:
    """Return a qualified column of the source."""
    return exp.Column(this=identifier.copy(), table=name_of(source))


def qualified(draft: Draft, node: exp.Expr, renamed: dict[int, exp.Identifier] | None = None) -> exp.Expr | None:
    """Return a copy of an expression in which every column names its source, fit to be moved.

    None where a column's source is not certain. `renamed` maps `id(source)` to a new name of that source.
    """
    columns = list(node.find_all(exp.Column))
    owners = [owner for column in columns if (owner := draft.owner(column)) is not None]
    if len(owners) < len(columns):
        return None
    copy = node.copy()
    for column, owner in zip(list(copy.find_all(exp.Column)), owners, strict=True):
        name = (renamed or {}).get(id(owner)) or name_of(owner)
        column.set("table", name.copy())
        column.set("db", None)
        column.set("catalog", None)
    return copy


def captures(draft: Draft, select: exp.Expr, moved: Iterable[exp.Expr]) -> bool:
    """Return whether a name in the moved expressions would mean a source of `select`, or of a query within it."""
    inner = {source.name.lower() for each in select.find_all(exp.Select) for source in draft.sources(each)}
    return any(column.table.lower() in inner for each in moved for column in each.find_all(exp.Column))


def fresh_name(draft: Draft, wanted: str) -> str:
    """Return `wanted`, with a number behind it where the statement knows that name already."""
    taken = {identifier.name.lower() for identifier in draft.tree.find_all(exp.Identifier)}
    taken |= {table.name.lower() for table in draft.schema.tables}
    number, name = 1, wanted
    while name.lower() in taken:
        number += 1
        name = f"{wanted}_{number}"
    return name


def identifier(name: str) -> exp.Identifier:
    """Return a name that the author did not write, quoted where it needs that."""
    return exp.to_identifier(name, quoted=quote(name) != name)


def output_name(projection: exp.Expr) -> exp.Identifier | None:
    """Return a copy of the name that an output column has, quoted as the author quoted it; None where it has none."""
    alias = projection.args.get("alias")
    named = alias if alias is not None else projection.this if isinstance(projection, exp.Column) else None
    return named.copy() if isinstance(named, exp.Identifier) else None


def put(node: exp.Expr, replacement: exp.Expr) -> None:
    """Replace a condition where it stands, in parentheses where its new neighbours would tear it apart."""
    parent = node.parent
    at_ease = isinstance(parent, (exp.Where, exp.Having, exp.Paren, exp.Join))
    if isinstance(replacement, exp.And):
        at_ease = at_ease or isinstance(parent, exp.And)
    if isinstance(replacement, exp.Connector) and not at_ease:
        replacement = exp.Paren(this=replacement)
    if isinstance(replacement, exp.Not) and not isinstance(parent, (exp.And, exp.Or)) and not at_ease:
        replacement = exp.Paren(this=replacement)
    node.replace(replacement)


def set_where(select: exp.Select, conditions: Iterable[exp.Expr]) -> None:
    """Make these conditions, joined by AND, the query's whole WHERE; none removes it."""
    joined = [exp.Paren(this=each) if isinstance(each, exp.Or) else each for each in conditions]
    select.set("where", exp.Where(this=all_of(joined)) if joined else None)


def add_conditions(select: exp.Select, *conditions: exp.Expr) -> None:
    """Put further conditions behind the query's WHERE."""
    set_where(select, [*(each.copy() for each in where_conjuncts(select)), *conditions])


def all_of(conditions: list[exp.Expr]) -> exp.Expr:
    """Return the conditions joined by AND, in their order."""
    joined = conditions[0]
    for condition in conditions[1:]:
        joined = exp.And(this=joined, expression=condition)
    return joined
