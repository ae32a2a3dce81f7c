"""A value to review a statement with, where the author left a placeholder."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlglot import exp

from backend_mentor.domain.schema import Column, Schema, Table
from backend_mentor.domain.statement import Parameter
from backend_mentor.reading.parameters import Placeholder
from backend_mentor.reading.resolve import resolve_columns

_COMPARISONS = {exp.GT: "above", exp.GTE: "above", exp.LT: "below", exp.LTE: "below"}
_MIRRORED = {"above": "below", "below": "above"}
_NUMERIC = ("int", "serial", "numeric", "decimal", "real", "double", "float", "money")


@dataclass(frozen=True, slots=True)
class _Found:
    """The column that a placeholder is compared with, or put into."""

    table: Table
    column: Column

    @property
    def text(self) -> str:
        return f"{self.table.name}.{self.column.name}"


def choose_value(placeholder: Placeholder, tree: exp.Expr, schema: Schema | None) -> Parameter:
    """Return the parameter with a typical value from the column's statistics, its source said."""
    node = next((node for node in tree.find_all(exp.Placeholder, exp.Parameter) if _marks(node, placeholder)), None)
    value, source = (None, "no value is known for it, so NULL") if node is None else _value_for(node, schema)
    return Parameter(placeholder.written, placeholder.marker, value, source)


def _marks(node: exp.Expr, placeholder: Placeholder) -> bool:
    return placeholder.marker[1:] == node.name


def _value_for(node: exp.Expr, schema: Schema | None) -> tuple[object, str]:
    parent = node.parent
    while isinstance(parent, exp.Paren | exp.Neg):
        node, parent = parent, parent.parent
    if isinstance(parent, exp.Limit | exp.Fetch):
        return 10, "a page of 10 rows"
    if isinstance(parent, exp.Offset):
        return 0, "the first page"
    if isinstance(parent, exp.Cast):
        return _default(parent.to.sql())
    found = _column_for(node, schema) if schema is not None else None
    if found is None:
        return _default("")
    if isinstance(parent, exp.Like | exp.ILike):
        return _pattern(found)
    if isinstance(parent, exp.Between):
        return _bound(found, "above" if parent.args.get("low") is node else "below")
    side = next((side for kind, side in _COMPARISONS.items() if isinstance(parent, kind)), None)
    if side and parent is not None:
        return _bound(found, side if parent.expression is node else _MIRRORED[side])
    return _common(found)


def _column_for(node: exp.Expr, schema: Schema) -> _Found | None:
    column = _compared_with(node)
    if column is None:
        return _assigned(node, schema)
    resolved = resolve_columns(column.root(), schema).of(column)
    return _Found(resolved.table, resolved.column) if resolved else None


def _compared_with(node: exp.Expr) -> exp.Column | None:
    parent = node.parent
    if isinstance(parent, exp.Tuple | exp.Array) and isinstance(parent.parent, exp.In | exp.Any):
        parent = parent.parent
    if isinstance(parent, exp.Any):
        node, parent = parent, parent.parent
    if isinstance(parent, exp.In | exp.Between):
        other: object = parent.this
    elif isinstance(parent, exp.Binary):
        other = parent.expression if parent.this is node else parent.this
    else:
        return None
    while isinstance(other, exp.Paren | exp.Lower | exp.Upper | exp.Cast | exp.Collate):
        other = other.this
    return other if isinstance(other, exp.Column) else None


def _assigned(node: exp.Expr, schema: Schema) -> _Found | None:
    """Return the column that an INSERT puts the value into."""
    insert, row = node.find_ancestor(exp.Insert), node.parent
    if insert is None or not isinstance(row, exp.Tuple) or not isinstance(insert.this, exp.Schema):
        return None
    names = [each.name for each in insert.this.expressions]
    table = schema.table(insert.this.this.name)
    position = next((index for index, each in enumerate(row.expressions) if each is node), len(names))
    column = table.column(names[position]) if table and position < len(names) else None
    return _Found(table, column) if table and column else None


def _common(found: _Found) -> tuple[object, str]:
    statistics = found.column.statistics
    if statistics and statistics.common:
        return statistics.common[0][0], f"the most common {found.text}"
    if statistics and statistics.low is not None:
        middle = _middle(statistics.low, statistics.high)
        return middle, f"a value within the range of {found.text}"
    return _default(found.column.type, found)


def _bound(found: _Found, side: str) -> tuple[object, str]:
    statistics = found.column.statistics
    if statistics and statistics.low is not None and statistics.high is not None:
        middle = _middle(statistics.low, statistics.high)
        if middle not in (statistics.low, statistics.high):
            return middle, f"the middle of the range of {found.text}"
        return (
            (statistics.low, f"the lowest {found.text}")
            if side == "above"
            else (
                statistics.high,
                f"the highest {found.text}",
            )
        )
    return _common(found)


def _pattern(found: _Found) -> tuple[object, str]:
    value, source = _common(found)
    if isinstance(value, str) and value and not source.startswith("a typical"):
        return f"{value[:3]}%", f"the first letters of {source}"
    return "a%", f"a pattern that begins with a letter, since nothing is known of {found.text}"


def _middle(low: object, high: object) -> object:
    if isinstance(low, bool) or isinstance(high, bool):
        return low
    if isinstance(low, int) and isinstance(high, int):
        return (low + high) // 2
    if isinstance(low, int | float) and isinstance(high, int | float):
        return (low + high) / 2
    if isinstance(low, datetime) and isinstance(high, datetime):
        return low + (high - low) / 2
    if isinstance(low, date) and isinstance(high, date) and not isinstance(high, datetime):
        return low + (high - low) / 2
    if isinstance(low, str) and isinstance(high, str):
        return _middle_text(low, high)
    return low


def _middle_text(low: str, high: str) -> str:
    try:
        first, last = datetime.fromisoformat(low), datetime.fromisoformat(high)
        middle = (first + (last - first) / 2).replace(microsecond=0)
    except (ValueError, TypeError):
        return low
    if len(low) == len("2026-03-02"):
        return middle.date().isoformat()
    return middle.isoformat(sep="T" if "T" in low else " ")


def _default(type_name: str, found: _Found | None = None) -> tuple[object, str]:
    """Return a value of the type, with the word that nothing better is known."""
    kind, where = type_name.lower(), f" for {found.text}" if found else ""
    said = (
        f"a default{where}, since no statistics are known"
        if found
        else "a default, since no column is compared with it"
    )
    if "bool" in kind:
        return True, said
    if "uuid" in kind:
        return "00000000-0000-0000-0000-000000000001", said
    if "timestamp" in kind or "datetime" in kind:
        return "2026-01-01 00:00:00", said
    if "date" in kind:
        return "2026-01-01", said
    if any(word in kind for word in _NUMERIC):
        return 1, said
    return ("a", said) if any(word in kind for word in ("char", "text", "clob")) else (1, said)
