"""A statement being rewritten: its own copy of the tree, with all that is known of the columns in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

from backend_mentor.reading.resolve import Resolution, Source, resolve_columns

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.schema import Engine, Schema
    from backend_mentor.domain.subject import Fact, Subject


@dataclass(frozen=True, slots=True, eq=False)
class Draft:
    """A tree that may be edited. `columns` knows its nodes as they were, so after an edit a new draft is needed."""

    tree: exp.Expr
    schema: Schema
    facts: frozenset[Fact]
    columns: Resolution

    @classmethod
    def of(cls, subject: Subject, tree: exp.Expr | None = None) -> Draft:
        """Return a draft of a copy of the subject's tree, or of a copy of an earlier draft's."""
        copy = (subject.statement.tree if tree is None else tree).copy()
        return cls(copy, subject.schema, subject.facts, resolve_columns(copy, subject.schema))

    @property
    def engine(self) -> Engine:
        """The engine that the statement is for."""
        return self.schema.engine

    def selects(self) -> Iterator[exp.Select]:
        """Yield every SELECT of the tree, outermost first."""
        yield from list(self.tree.find_all(exp.Select, bfs=True))

    def sources(self, select: exp.Expr) -> tuple[Source, ...]:
        """Return what the query reads, in the order of its FROM clause."""
        return self.columns.sources(select)

    def owner(self, node: exp.Column) -> Source | None:
        """Return the source that a column belongs to: a table, a subquery or a CTE; None where that is not certain."""
        resolved = self.columns.of(node)
        if resolved is not None:
            return resolved.source
        select = node.find_ancestor(exp.Select)
        while select is not None:
            named = [each for each in self.sources(select) if _may_own(each, node)]
            if named:
                return named[0] if len(named) == 1 and named[0].offers(node.name) else None
            select = select.find_ancestor(exp.Select)
        return None

    def owner_or_star(self, node: exp.Column) -> Source | None:
        """Return the source of a column, or the one that `source.*` in a SELECT list stands for."""
        if not node.is_star:
            return self.owner(node)
        select = node.find_ancestor(exp.Select)
        sources = self.sources(select) if select is not None else ()
        return next((each for each in sources if each.name.lower() == node.table.lower()), None)

    def owned_by(self, node: exp.Expr, sources: tuple[Source, ...]) -> bool | None:
        """Return whether every column below a node belongs to these sources; None where a column's owner is unknown."""
        owners = [self.owner(column) for column in node.find_all(exp.Column)]
        if any(owner is None for owner in owners):
            return None
        return all(any(owner is source for source in sources) for owner in owners)

    def uses(self, node: exp.Expr, source: Source) -> bool | None:
        """Return whether a column below the node belongs to the source; None where a column's owner is unknown."""
        owners = [self.owner(column) for column in node.find_all(exp.Column)]
        if any(owner is source for owner in owners):
            return True
        return None if any(owner is None for owner in owners) else False


def _may_own(source: Source, node: exp.Column) -> bool:
    if node.table:
        return source.name.lower() == node.table.lower()
    return source.offers(node.name) is not False
