"""A correlated aggregate as a join with one group per key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

from backend_mentor.proposals.correlation import Correlation, read_correlation
from backend_mentor.proposals.moves import column_of, fresh_name, identifier, name_of, set_where
from backend_mentor.proposals.shapes import has_star, joins_plainly

if TYPE_CHECKING:
    from backend_mentor.proposals.draft import Draft

_ALLOWED = frozenset(["expressions", "from_", "joins", "where", "kind", "operation_modifiers"])


@dataclass(frozen=True, slots=True, eq=False)
class Grouped:
    """A derived table with one row per key, not yet in the tree."""

    name: str
    query: exp.Select
    columns: tuple[str, ...]
    """The names that it offers, in lower case."""
    ties: tuple[exp.Expr, ...]
    """The conditions of the join with it."""

    def value(self, name: exp.Identifier) -> exp.Column:
        """Return a reference to one of its columns."""
        return exp.Column(this=name.copy(), table=identifier(self.name))


def readable(draft: Draft, outer: exp.Select, inner: exp.Select) -> Correlation | None:
    """Return the correlation where `inner` is a plain aggregate tied by `=` alone to columns of `outer` itself."""
    given = {name for name, value in inner.args.items() if value}
    correlation = read_correlation(draft, inner) if given <= _ALLOWED and len(inner.expressions) == 1 else None
    if correlation is None or not correlation.pairs or correlation.foreign:
        return None
    sources = draft.sources(outer)
    if not all(any(pair[1].source is source for source in sources) for pair in correlation.pairs):
        return None
    names = [inner_column.column.name.lower() for inner_column, _ in correlation.pairs]
    return correlation if len(set(names)) == len(names) else None


def group_by_key(
    draft: Draft, inner: exp.Select, correlation: Correlation, values: list[tuple[exp.Identifier, exp.Expr]]
) -> Grouped:
    """Return the subquery turned into a derived table: its ties become the keys, `values` the other columns."""
    keys = [column_of(pair[0].source, pair[0].node.this) for pair in correlation.pairs]
    name = fresh_name(draft, f"{correlation.pairs[0][0].table.name}_by_{keys[0].name}".lower())
    query = inner.copy()
    set_where(query, [condition.copy() for condition in correlation.own])
    aliased = [exp.Alias(this=expression.copy(), alias=alias.copy()) for alias, expression in values]
    query.set("expressions", [*(key.copy() for key in keys), *aliased])
    query.set("group", exp.Group(expressions=[key.copy() for key in keys]))
    ties = tuple(
        exp.EQ(
            this=exp.Column(this=key.this.copy(), table=identifier(name)),
            expression=column_of(pair[1].source, pair[1].node.this),
        )
        for key, pair in zip(keys, correlation.pairs, strict=True)
    )
    columns = (*(key.name.lower() for key in keys), *(alias.name.lower() for alias, _ in values))
    return Grouped(name, query, columns, ties)


def admits_join(draft: Draft, outer: exp.Select, columns: tuple[str, ...]) -> bool:
    """Return whether a derived table can be joined to the query without changing what any name in it means.

    Bare names that the new table offers too are qualified for that; a bare `*` over one source becomes `source.*`.
    """
    joins = outer.args.get("joins") or []
    if not joins_plainly(outer) or not all(join.args.get("on") or join.args.get("kind") for join in joins):
        return False
    if has_star(outer) and len(draft.sources(outer)) != 1:
        return False
    offered = set(columns)
    bare = [column for column in outer.find_all(exp.Column) if not column.table and column.name.lower() in offered]
    return all(draft.owner(column) is not None or _orders_output(column, outer) for column in bare)


def join_to(draft: Draft, outer: exp.Select, grouped: Grouped, side: str) -> None:
    """Join the derived table, once `admits_join` has said that it can be."""
    offered = set(grouped.columns)
    for column in list(outer.find_all(exp.Column)):
        owner = draft.owner(column)
        if not column.table and column.name.lower() in offered and owner is not None:
            column.set("table", name_of(owner))
    for projection in outer.expressions:
        if isinstance(projection, exp.Star):
            projection.replace(exp.Column(this=exp.Star(), table=name_of(draft.sources(outer)[0])))
    condition = grouped.ties[0]
    for tie in grouped.ties[1:]:
        condition = exp.And(this=condition, expression=tie)
    derived = exp.Subquery(this=grouped.query, alias=exp.TableAlias(this=identifier(grouped.name)))
    outer.append("joins", exp.Join(this=derived, on=condition, **({"side": side} if side else {})))


def _orders_output(column: exp.Column, outer: exp.Select) -> bool:
    """Return whether the name in ORDER BY is that of an output column, which comes before any table's."""
    outputs = {each.alias.lower() for each in outer.expressions if isinstance(each, exp.Alias)}
    return isinstance(column.parent, exp.Ordered) and column.name.lower() in outputs
