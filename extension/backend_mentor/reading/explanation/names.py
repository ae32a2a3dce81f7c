"""What the parts of a statement are called, and what kind of value they hold."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from sqlglot import exp
from sqlglot.errors import ErrorLevel

from backend_mentor.domain.schema import Column
from backend_mentor.domain.statement import Parameter
from backend_mentor.domain.subject import Subject
from backend_mentor.reading.dialects import DIALECTS
from backend_mentor.reading.resolve import Resolution, Source, resolve_columns

Saying = Callable[[exp.Expr, "Names"], str]


class ValueKind(StrEnum):
    """What sort of value an expression gives, as far as words depend on it."""

    NUMBER = "number"
    DAY = "day"
    """A date without a time."""
    MOMENT = "moment"
    TEXT = "text"
    TRUTH = "truth"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Names:
    """The user's names for the columns, tables and parameters of one statement."""

    subject: Subject
    resolution: Resolution
    say_condition: Saying
    """How a condition is said; a value may hold one."""
    say_query: Saying
    """How a query inside a condition is said."""

    @classmethod
    def of(cls, subject: Subject, say_condition: Saying, say_query: Saying) -> Names:
        """Trace the statement's names."""
        return cls(subject, resolve_columns(subject.statement, subject.schema), say_condition, say_query)

    def sql(self, node: exp.Expr) -> str:
        """Return the node's SQL with the author's placeholders."""
        dialect = DIALECTS[self.subject.statement.dialect]
        printed = node.sql(dialect, normalize_functions="lower", unsupported_level=ErrorLevel.IGNORE)
        return self.subject.statement.as_written(printed)

    def source(self, source: Source) -> str:
        """Return the table's name; the alias with it where the query reads the table more than once."""
        if isinstance(source.node, exp.Table) and isinstance(source.node.this, exp.Func):
            return f"the function {self.sql(source.node.this).split('(')[0]}"
        name = source.table.name if source.table else source.node.name or source.name
        twice = Counter(each.node.name for each in self.resolution.all_sources())[source.node.name] > 1
        return f"{name} as {source.name}" if twice and source.name != name and source.node.name else name or source.name

    def column(self, node: exp.Column) -> str:
        """Return the column's name, with its table's where the query reads several."""
        name = "every column" if isinstance(node.this, exp.Star) else node.name
        query = node.find_ancestor(exp.Select, exp.Update, exp.Delete, exp.Merge)
        sources = self.resolution.sources(query) if query is not None else ()
        resolved = self.resolution.of(node)
        if not node.table and resolved is None:
            return name
        if len(sources) < 2 and not (resolved and resolved.correlated):
            return name
        qualifier = resolved.source if resolved else next((each for each in sources if each.name == node.table), None)
        if qualifier is None:
            return f"{node.table}.{name}" if node.table else name
        same = [each for each in self.resolution.all_sources() if each.table and each.table is qualifier.table]
        if qualifier.table is None or len(same) > 1:
            return f"{qualifier.name}.{name}"
        return f"{qualifier.table.name}.{name}"

    def parameter(self, node: exp.Expr) -> Parameter | None:
        """Return the parameter that a placeholder stands for."""
        return next((each for each in self.subject.statement.parameters if each.marker[1:] == node.name), None)

    def kind(self, node: exp.Expr | None) -> ValueKind:
        """Return what kind of value an expression gives; UNKNOWN where that is not certain."""
        if isinstance(node, exp.Paren | exp.Alias | exp.Min | exp.Max | exp.Window):
            return self.kind(node.this)
        if isinstance(node, exp.Count | exp.Sum | exp.Avg | exp.Length | exp.RowNumber | exp.Rank | exp.DenseRank):
            return ValueKind.NUMBER
        if isinstance(node, exp.Date | exp.CurrentDate):
            return ValueKind.DAY
        if isinstance(node, exp.Column):
            resolved = self.resolution.of(node)
            return column_kind(resolved.column) if resolved else self._named_output(node)
        return ValueKind.UNKNOWN

    def _named_output(self, node: exp.Column) -> ValueKind:
        query = node.find_ancestor(exp.Select)
        for projection in query.expressions if query is not None and not node.table else ():
            if isinstance(projection, exp.Alias) and projection.alias.lower() == node.name.lower():
                return self.kind(projection.this) if projection.this.find(exp.Column) is not node else ValueKind.UNKNOWN
        return ValueKind.UNKNOWN


def column_kind(column: Column) -> ValueKind:
    """Return the kind of a column's values: by its type, or where SQLite has text or none, by the values known."""
    declared = column.type.lower()
    if "bool" in declared:
        return ValueKind.TRUTH
    if "timestamp" in declared or "datetime" in declared:
        return ValueKind.MOMENT
    if declared == "date":
        return _kind_by_values(column) or ValueKind.DAY
    if re.search(r"int|serial|numeric|decimal|real|double|float|money", declared):
        return ValueKind.NUMBER
    if not declared or re.search(r"text|char|clob", declared):
        return _kind_by_values(column) or ValueKind.UNKNOWN
    return ValueKind.UNKNOWN


def _kind_by_values(column: Column) -> ValueKind | None:
    if column.statistics is None:
        return None
    known = [column.statistics.low, column.statistics.high, *(each for each, _ in column.statistics.common[:5])]
    texts = [each for each in known if each is not None]
    if not texts or not all(isinstance(each, str) for each in texts):
        return None
    if all(re.fullmatch(r"\d{4}-\d\d-\d\d", str(each)) for each in texts):
        return ValueKind.DAY
    if all(re.match(r"\d{4}-\d\d-\d\d[ T]\d\d", str(each)) for each in texts):
        return ValueKind.MOMENT
    return None if any(re.match(r"\d", str(each)) for each in texts) else ValueKind.TEXT
