"""The rule redundant-distinct."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from sqlglot import exp

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.domain.subject import Gate
from backend_mentor.reading.resolve import Resolution, resolve_columns
from backend_mentor.rules.report import from_catalogue, place_in_text, report
from backend_mentor.rules.rule import Flags, Passes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.finding import Finding
    from backend_mentor.domain.subject import Subject


_TABLES = "CREATE TABLE accounts (id INTEGER PRIMARY KEY, name TEXT, email TEXT UNIQUE)"


class RedundantDistinct:
    """DISTINCT is asked for rows that can not repeat.

    The key of the table is among the selected columns, so no two rows are equal. The engine compares or sorts them
    all the same.
    """

    name: ClassVar[str] = "redundant-distinct"
    severity: ClassVar[Severity] = Severity.INFO
    responsibility: ClassVar[Responsibility] = Responsibility.PERFORMANCE
    gate: ClassVar[Gate] = Gate()
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags(
            "SELECT DISTINCT id, name FROM accounts",
            says="id is the key of accounts, so no two rows are equal",
            schema=_TABLES,
        ),
        Flags(
            "SELECT DISTINCT name, count(*) FROM accounts GROUP BY name",
            says="GROUP BY already returns each name once",
            schema=_TABLES,
        ),
        Passes("SELECT DISTINCT name FROM accounts", because="two accounts can share a name", schema=_TABLES),
        Passes(
            "SELECT DISTINCT email FROM accounts", because="a UNIQUE column can hold NULL many times", schema=_TABLES
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each DISTINCT over one table's key, or over the keys of its GROUP BY."""
        resolution = resolve_columns(subject.statement, subject.schema)
        for query in subject.statement.tree.find_all(exp.Select):
            distinct = query.args.get("distinct")
            if distinct is None or distinct.args.get("on") is not None:
                continue
            why = _grouped(query) or _keyed(query, resolution)
            if why:
                yield report(
                    self,
                    place_in_text(subject, *query.expressions),
                    what=f"In this query {why}.",
                    why="DISTINCT compares or sorts the rows all the same.",
                    instead="Leave DISTINCT out.",
                    evidence=(from_catalogue(why),),
                )


def _grouped(query: exp.Select) -> str | None:
    group = query.args.get("group")
    keys = group.expressions if group is not None else []
    selected = {each.unalias() for each in query.expressions}
    if keys and all(isinstance(each, exp.Column) and each in selected for each in keys):
        return f"GROUP BY already returns each {', '.join(each.sql() for each in keys)} once"
    return None


def _keyed(query: exp.Select, resolution: Resolution) -> str | None:
    sources = resolution.sources(query)
    table = sources[0].table if len(sources) == 1 else None
    if table is None or query.args.get("group") is not None or query.args.get("joins"):
        return None
    selected = {column.column.name.lower() for each in query.expressions if (column := resolution.of(each.unalias()))}
    starred = any(each.is_star for each in query.expressions)
    for key in table.unique_keys():
        columns = [table.column(name) for name in key]
        if all(column is not None and not column.nullable for column in columns) and (
            starred or {name.lower() for name in key} <= selected
        ):
            return f"{', '.join(key)} is the key of {table.name}, so no two rows are equal"
    return None
