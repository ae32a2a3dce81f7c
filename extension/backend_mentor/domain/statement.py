"""One SQL statement, as it was written and as it was parsed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from backend_mentor.domain.cell import Span

if TYPE_CHECKING:
    from sqlglot import exp


class StatementKind(StrEnum):
    """What a statement does to the database. Only a query is ever executed."""

    QUERY = "query"
    WRITE = "write"
    DEFINITION = "definition"
    UTILITY = "utility"


_BY_ORDER = ("?", "%s")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A placeholder of the statement and the value that stands in for it in a review."""

    written: str
    """As the author wrote it: `{{since}}`, `$1`, `:name`, `?`, `%s`."""
    marker: str
    """As the engine takes it, and as it stands in `Statement.sql`: `$1` on Postgres, `:since` or `?1` on SQLite."""
    value: object
    source: str
    """Where the value comes from: `notebook variable since`, `the most common orders.status`."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement. Its tree is mutable, so copy it before an edit."""

    text: str
    """The author's own text, without the closing semicolon."""
    sql: str
    """What the engine gets: the same text, placeholders in the engine's own spelling."""
    dialect: str
    """The sqlglot dialect: `sqlite` or `postgres`."""
    kind: StatementKind
    tree: exp.Expr = field(repr=False, compare=False)
    span: Span = Span(0, 0)
    parameters: tuple[Parameter, ...] = ()
    remarks: str = ""
    """The comments right before it, and after it on its last line; those inside it are in `text`."""

    @property
    def values(self) -> tuple[object, ...]:
        """The parameters' values, in the order of their markers."""
        return tuple(parameter.value for parameter in self.parameters)

    def as_written(self, sql: str) -> str:
        """Return `sql` with the engine's placeholders spelled as the author wrote them.

        `?` and `%s` go by their order, so where an edit moved, doubled or dropped one the engine's spelling stays.
        """
        if not self.parameters:
            return sql
        written = {parameter.marker: parameter.written for parameter in self.parameters}
        markers = re.compile("|".join(rf"{re.escape(marker)}(?!\w)" for marker in written))
        by_order = any(parameter.written in _BY_ORDER for parameter in self.parameters)
        if by_order and markers.findall(sql) != [parameter.marker for parameter in self.parameters]:
            return sql
        return markers.sub(lambda found: written[found.group()], sql)
