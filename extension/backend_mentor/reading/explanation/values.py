"""Expressions in words: what is computed, not yet what is asked of it."""

from __future__ import annotations

from sqlglot import exp

from backend_mentor.reading.explanation.names import Names
from backend_mentor.reading.explanation.wording import code, day, listed, number, value

_AGGREGATES: dict[type[exp.Expr], str] = {
    exp.Sum: "the sum of {}",
    exp.Avg: "the average {}",
    exp.Min: "the lowest {}",
    exp.Max: "the highest {}",
    exp.GroupConcat: "every {} joined into one text",
    exp.ArrayAgg: "every {} as an array",
    exp.Length: "the length of {}",
    exp.Lower: "{} in lower case",
    exp.Upper: "{} in upper case",
    exp.Abs: "the absolute value of {}",
    exp.Trim: "{} without the spaces around it",
    exp.Date: "the day of {}",
}
_NOW = (exp.CurrentTimestamp, exp.CurrentDate, exp.CurrentTime)
_TRUTHS = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.In, exp.Exists, exp.Is, exp.Between)
_PARTS = {"%Y": "year", "%m": "month", "%d": "day of the month", "%H": "hour", "%Y-%m": "month", "%Y-%m-%d": "day"}
_UNITS = ("year", "quarter", "month", "week", "day", "hour", "minute")


def say_value(node: exp.Expr, names: Names) -> str:
    """Return an expression in words, or its SQL in backquotes where words could mislead."""
    if isinstance(node, exp.Alias | exp.Paren):
        return say_value(node.this, names)
    if isinstance(node, exp.Column):
        return names.column(node)
    if isinstance(node, exp.Literal):
        return say_literal(node)
    if isinstance(node, exp.Neg) and isinstance(node.this, exp.Literal) and not node.this.is_string:
        return "-" + number(node.this.name)
    if isinstance(node, exp.Null):
        return "NULL"
    if isinstance(node, exp.Boolean):
        return "true" if node.this else "false"
    if isinstance(node, exp.Placeholder | exp.Parameter):
        return say_parameter(node, names)
    if isinstance(node, exp.Star):
        return "every column"
    if isinstance(node, exp.Cast) and isinstance(node.this, exp.Literal) and day(node.this.name):
        return say_literal(node.this)
    return _say_function(node, names) or code(names.sql(node))


def say_literal(node: exp.Literal) -> str:
    """Return `'open'`, `1,000,000` or `2 March 2026`."""
    return value(node.name) if node.is_string else number(node.name)


def say_parameter(node: exp.Expr, names: Names) -> str:
    """Return the placeholder as the author wrote it, with the value that it was reviewed with."""
    parameter = names.parameter(node)
    if parameter is None:
        return code(names.sql(node))
    return f"{parameter.written} ({value(parameter.value)} here)"


def say_count(node: exp.Count, names: Names) -> str:
    """Return what a count counts."""
    inner = node.this
    if isinstance(inner, exp.Distinct):
        return f"the number of different {listed([say_value(each, names) for each in inner.expressions])}"
    if inner is None or isinstance(inner, exp.Star | exp.Literal):
        return "the number of rows"
    return f"the number of rows whose {say_value(inner, names)} is not NULL"


def date_part(node: exp.Expr, names: Names) -> tuple[str, exp.Expr] | None:
    """Return the unit and the moment that a date function takes it from: (`day`, placed_at) for date(placed_at)."""
    if isinstance(node, exp.Date) and node.this is not None and not node.expressions and not node.args.get("zone"):
        return "day", node.this
    if isinstance(node, exp.Cast) and node.to.is_type("date"):
        return "day", node.this
    if isinstance(node, exp.Extract) and node.name.lower() in _UNITS:
        return _extracted(node.name.lower()), node.expression
    if isinstance(node, exp.TimestampTrunc | exp.DateTrunc):
        unit = str(node.args.get("unit") or "").strip("'").lower()
        return (unit, node.this) if unit in _UNITS else None
    arguments = list(node.expressions) if isinstance(node, exp.Anonymous) and node.name.lower() == "strftime" else []
    if isinstance(node, exp.TimeToStr):
        form = str(node.args["format"].name) if isinstance(node.args.get("format"), exp.Literal) else ""
        inner = node.this.this if isinstance(node.this, exp.TsOrDsToTimestamp) else node.this
        return (_PARTS[form], inner) if form in _PARTS else None
    if len(arguments) == 2 and arguments[0].name in _PARTS:
        return _PARTS[arguments[0].name], arguments[1]
    return None


def _say_arithmetic(node: exp.Binary, names: Names) -> str | None:
    simple = (exp.Column, exp.Literal, exp.AggFunc, exp.Placeholder, exp.Parameter)
    if not isinstance(node.this, simple) or not isinstance(node.expression, simple) or node.find_ancestor(exp.AggFunc):
        return None
    word = {exp.Mul: "times", exp.Add: "plus", exp.Sub: "minus", exp.Div: "divided by"}[type(node)]
    return f"{say_value(node.this, names)} {word} {say_value(node.expression, names)}"


def _extracted(unit: str) -> str:
    return {"day": "day of the month", "month": "month of the year", "hour": "hour of the day"}.get(unit, unit)


def _say_function(node: exp.Expr, names: Names) -> str | None:
    if isinstance(node, exp.Window):
        return say_window(node, names)
    if isinstance(node, exp.Count):
        return say_count(node, names)
    if isinstance(node, _TRUTHS):
        return f"whether {names.say_condition(node, names)}"
    if isinstance(node, exp.Mul | exp.Add | exp.Sub | exp.Div):
        return _say_arithmetic(node, names)
    part = date_part(node, names)
    if part is not None and isinstance(part[1], exp.Column):
        return f"the {part[0]} of {names.column(part[1])}"
    if isinstance(node, exp.Filter):
        return f"{say_value(node.this, names)} where {names.say_condition(node.expression.this, names)}"
    if isinstance(node, exp.Coalesce) and len(node.expressions) == 1:
        return f"{say_value(node.this, names)} ({say_value(node.expressions[0], names)} where it is NULL)"
    if isinstance(node, _NOW):
        return "today" if isinstance(node, exp.CurrentDate) else "now"
    phrase = _AGGREGATES.get(type(node))
    if phrase is None or (node.args.get("expression") is not None and not isinstance(node, exp.GroupConcat)):
        return None
    inner = node.this
    if isinstance(inner, exp.Distinct):
        return phrase.format(f"different {listed([say_value(each, names) for each in inner.expressions])}")
    return phrase.format(say_value(inner, names)) if isinstance(inner, exp.Expr) and not inner.find(exp.Query) else None


def say_window(node: exp.Window, names: Names) -> str:
    """Return what a window function computes, over which rows, in which order."""
    function = node.this
    partition = [say_value(each, names) for each in node.args.get("partition_by") or ()]
    order = node.args.get("order")
    by = f", in the order of {say_order(order, names)}" if isinstance(order, exp.Order) else ""
    among = f"among the rows of the same {listed(partition)}" if partition else "among all rows"
    if node.args.get("alias"):
        return code(names.sql(node))
    spec = node.args.get("spec")
    frame = f" (frame {code(names.sql(spec))})" if isinstance(spec, exp.Expr) else ""
    if isinstance(function, exp.RowNumber):
        return f"each row's number {among}{by}"
    if isinstance(function, exp.Rank | exp.DenseRank):
        return f"each row's rank {among}{by}"
    if isinstance(function, exp.Lag | exp.Lead) and not function.args.get("offset"):
        which = "previous" if isinstance(function, exp.Lag) else "next"
        return f"the {which} row's {say_value(function.this, names)} {among}{by}"
    if isinstance(function, exp.Sum | exp.Count | exp.Avg | exp.Min | exp.Max):
        running = "running " if by and not frame else ""
        said = say_value(function, names)
        said = said.replace("the ", f"the {running}", 1) if running else said
        return f"{said} {among}{by}{frame}"
    return f"{code(names.sql(function))} {among}{by}{frame}"


def say_order(order: exp.Order, names: Names) -> str:
    """Return `placed_at, newest first, then id`."""
    return ", then ".join(_say_ordered(each, names) for each in order.expressions)


def _say_ordered(ordered: exp.Expr, names: Names) -> str:
    inner = ordered.this if isinstance(ordered, exp.Ordered) else ordered
    said = say_value(output_of(inner), names)
    if isinstance(inner, exp.Literal) and output_of(inner) is not inner:
        said = _alias_at(inner) or said
    return f"{said}, {direction(ordered, names)}"


def direction(ordered: exp.Expr, names: Names) -> str:
    """Return `newest first` for a moment in descending order, `lowest first` for a number in ascending."""
    descending = bool(ordered.args.get("desc"))
    inner = output_of(ordered.this if isinstance(ordered, exp.Ordered) else ordered)
    words = {
        "number": ("lowest first", "highest first"),
        "day": ("oldest first", "newest first"),
        "moment": ("oldest first", "newest first"),
        "text": ("A to Z", "Z to A"),
    }.get(names.kind(inner), ("ascending", "descending"))
    return words[descending]


def output_of(node: exp.Expr) -> exp.Expr:
    """Return the output column that an ordinal such as `ORDER BY 2` means; other nodes as they are."""
    query: exp.Expr | None = node.find_ancestor(exp.Select, exp.SetOperation)
    while isinstance(query, exp.SetOperation):
        query = query.left.unnest()
    if not isinstance(node, exp.Literal) or node.is_string or query is None or not node.name.isdigit():
        return node
    position = int(node.name) - 1
    if 0 <= position < len(query.expressions) and isinstance(node.parent, exp.Ordered | exp.Group):
        projection: exp.Expr = query.expressions[position]
        return projection.this if isinstance(projection, exp.Alias) else projection
    return node


def _alias_at(node: exp.Literal) -> str | None:
    query = node.find_ancestor(exp.Select, exp.SetOperation)
    projection = query.expressions[int(node.name) - 1] if isinstance(query, exp.Select) else None
    return projection.alias if isinstance(projection, exp.Alias) else None
