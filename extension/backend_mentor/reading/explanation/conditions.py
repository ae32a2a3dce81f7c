"""Conditions in words: what a row must meet to be kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sqlglot import exp

from backend_mentor.reading.explanation.names import Names, ValueKind
from backend_mentor.reading.explanation.values import date_part, say_parameter, say_value
from backend_mentor.reading.explanation.wording import code, day, is_whole_day, listed, month

_CONDITIONS_AT_MOST = 8
_CONDITIONS_READ = 30

_IN_TIME: dict[type[exp.Expr], str] = {
    exp.GT: "after",
    exp.GTE: "{} or after",
    exp.LT: "before",
    exp.LTE: "{} or before",
}
_IN_SIZE: dict[type[exp.Expr], str] = {
    exp.GT: "above {}",
    exp.GTE: "{} or more",
    exp.LT: "below {}",
    exp.LTE: "{} or less",
}


def say_condition(node: exp.Expr, names: Names) -> str:
    """Return a condition in words, as it follows `where`; its SQL in backquotes where words could mislead."""
    node = node.unnest() if isinstance(node, exp.Paren) else node
    if isinstance(node, exp.And):
        return say_all(list(node.flatten()), names)
    if isinstance(node, exp.Or):
        parts = list(node.flatten())
        if len(parts) > _CONDITIONS_AT_MOST:
            more = f"one of {len(parts) - _CONDITIONS_AT_MOST + 1} more conditions holds"
            return listed([*(_grouped(each, names) for each in parts[: _CONDITIONS_AT_MOST - 1]), more], "or")
        return listed([_grouped(each, names) for each in parts], "or")
    return _say_one(node, names) or code(names.sql(node))


def say_all(conditions: Sequence[exp.Expr], names: Names) -> str:
    """Return conditions that must all hold, a lower and an upper bound of one column taken together."""
    more = len(conditions) - _CONDITIONS_READ
    ranges = _ranges(conditions[:_CONDITIONS_READ], names)
    say = _grouped if len(ranges) > 1 else say_condition
    said = [say(each, names) if isinstance(each, exp.Expr) else each for each in ranges]
    if len(said) > _CONDITIONS_AT_MOST:
        unsaid = len(said) - _CONDITIONS_AT_MOST + 1 + max(more, 0)
        said = [*said[: _CONDITIONS_AT_MOST - 1], f"{unsaid:,} more conditions hold"]
    return listed(said)


def _grouped(node: exp.Expr, names: Names) -> str:
    inner = node.unnest() if isinstance(node, exp.Paren) else node
    said = say_condition(inner, names)
    return f"({said})" if isinstance(inner, exp.Or | exp.And) else said


def _say_one(node: exp.Expr, names: Names) -> str | None:
    if isinstance(node, exp.Not):
        return _say_negated(node.this, names)
    if isinstance(node, exp.EQ | exp.NEQ | exp.GT | exp.GTE | exp.LT | exp.LTE):
        return _say_comparison(node, names)
    if isinstance(node, exp.Is | exp.Like | exp.ILike) and node.args.get("negate"):
        # sqlglot keeps some of `NOT LIKE` and `IS NOT` as a flag and others as a NOT around the node.
        return _say_negated(node, names)
    if isinstance(node, exp.Is):
        return f"{say_value(node.this, names)} is {_say_state(node.expression, names)}"
    if isinstance(node, exp.In):
        return _say_in(node, names, negated=False)
    if isinstance(node, exp.Exists):
        return _say_exists(node, names, negated=False)
    if isinstance(node, exp.Like | exp.ILike):
        return _say_like(node, names, negated=False)
    if isinstance(node, exp.Between):
        return _say_between(node, names)
    if isinstance(node, exp.Column):
        return f"{names.column(node)} is true"
    return None


def _say_negated(node: exp.Expr, names: Names) -> str | None:
    inner = node.unnest() if isinstance(node, exp.Paren) else node
    if isinstance(inner, exp.In):
        return _say_in(inner, names, negated=True)
    if isinstance(inner, exp.Exists):
        return _say_exists(inner, names, negated=True)
    if isinstance(inner, exp.Like | exp.ILike):
        return _say_like(inner, names, negated=True)
    if isinstance(inner, exp.Is):
        return f"{say_value(inner.this, names)} is not {_say_state(inner.expression, names)}"
    if isinstance(inner, exp.Column):
        return f"{names.column(inner)} is false"
    if isinstance(inner, exp.Between):
        said = _say_between(inner, names)
        return said.replace(" is ", " is not ", 1) if said else None
    return None


def _say_state(node: exp.Expr, names: Names) -> str:
    return say_value(node, names)


def _say_comparison(node: exp.Expr, names: Names) -> str | None:
    left, right = node.this, node.expression
    if _is_constant(left) and not _is_constant(right):
        mirrored: dict[type[exp.Expr], type[exp.Expr]]
        mirrored = {exp.GT: exp.LT, exp.LT: exp.GT, exp.GTE: exp.LTE, exp.LTE: exp.GTE}
        return _say_compared(mirrored.get(type(node), type(node)), right, left, names)
    return _say_compared(type(node), left, right, names)


def _say_compared(kind: type[exp.Expr], left: exp.Expr, right: exp.Expr, names: Names) -> str | None:
    part = date_part(left, names)
    if part is not None and isinstance(part[1], exp.Column) and kind is exp.EQ:
        within = _literal_text(right)
        if part[0] == "day" and within and is_whole_day(within):
            return f"{names.column(part[1])} falls on {day(within[:10])}"
        if part[0] == "month" and within and (month(within) or (is_whole_day(within) and within[8:10] == "01")):
            return f"{names.column(part[1])} falls in {month(within[:7])}"
        if part[0] == "year" and within and within.isdigit():
            return f"{names.column(part[1])} falls in {within}"
    if isinstance(right, exp.Any | exp.All):
        return None
    if isinstance(right, exp.Null):
        return f"{say_value(left, names)} compared with NULL is true, which no row meets"
    subject, other = say_value(left, names), _say_other(right, names)
    if kind in (exp.EQ, exp.NEQ):
        negation = "" if kind is exp.EQ else " not"
        verb = ("equals" if kind is exp.EQ else "differs from") if isinstance(right, exp.Column) else f"is{negation}"
        return f"{subject} {verb} {other}"
    return f"{subject} {_say_bound(kind, names.kind(left), right, other)}"


def _say_other(node: exp.Expr, names: Names) -> str:
    if isinstance(node, exp.Subquery):
        return f"the result of a subquery ({names.say_query(node.unnest(), names)})"
    return say_value(node, names)


def _say_bound(kind: type[exp.Expr], values: ValueKind, right: exp.Expr, other: str) -> str:
    text = _literal_text(right) or ""
    if not day(text):
        if values in (ValueKind.MOMENT, ValueKind.DAY):
            return f"is {_IN_TIME[kind].format('at')} {other}"
        return f"is {_IN_SIZE[kind].format(other)}"
    if values is ValueKind.MOMENT and is_whole_day(text) and kind in (exp.GT, exp.LTE):
        start = f"the start of {day(text[:10])}"
        return f"is after {start}" if kind is exp.GT else f"is at or before {start}"
    if values is ValueKind.UNKNOWN and kind in (exp.GT, exp.LTE):
        return f"is after '{text}'" if kind is exp.GT else f"is '{text}' or before"
    at = "on" if is_whole_day(text) else "at"
    other = day(text[:10]) or other if is_whole_day(text) else other
    return f"is {_IN_TIME[kind].format(at)} {other}"


def _say_between(node: exp.Between, names: Names) -> str | None:
    low, high = node.args["low"], node.args["high"]
    subject = say_value(node.this, names)
    first, last = _literal_text(low) or "", _literal_text(high) or ""
    if names.kind(node.this) is ValueKind.MOMENT and is_whole_day(last) and day(first):
        return f"{subject} is from {say_value(low, names)} to the first instant of {day(last[:10])}"
    if day(first) and day(last):
        return f"{subject} is from {say_value(low, names)} to {say_value(high, names)}"
    return f"{subject} is between {say_value(low, names)} and {say_value(high, names)}"


def _say_in(node: exp.In, names: Names, *, negated: bool) -> str | None:
    subject = say_value(node.this, names)
    query = node.args.get("query")
    if isinstance(query, exp.Expr):
        return f"{subject} is {'not ' if negated else ''}among {names.say_query(query.unnest(), names)}"
    said = [say_value(each, names) for each in node.expressions]
    if not said or node.args.get("unnest") is not None:
        return None
    if len(said) > 6:
        return f"{subject} is {'none' if negated else 'one'} of {len(said)} values"
    if not negated:
        return f"{subject} is {listed(said, 'or')}"
    if len(said) == 1:
        return f"{subject} is not {said[0]}"
    return f"{subject} is neither {listed(said, 'nor')}" if len(said) == 2 else f"{subject} is none of {listed(said)}"


def _say_exists(node: exp.Exists, names: Names, *, negated: bool) -> str | None:
    query = node.this.unnest() if isinstance(node.this, exp.Subquery) else node.this
    if not isinstance(query, exp.Select) or query.args.get("group") or query.args.get("limit"):
        return f"the subquery {code(names.sql(query))} finds {'nothing' if negated else 'a row'}"
    conditions = inner_conditions(query)
    rest = f" where {say_all(conditions, names)}" if conditions else ""
    verb = "hold" if len(names.resolution.sources(query)) > 1 else "holds"
    return f"{say_sources(query, names)} {verb} {'no' if negated else 'a'} row{rest}"


def inner_conditions(query: exp.Expr) -> list[exp.Expr]:
    """Return the conditions of WHERE and of inner joins: every row that is kept meets all of them."""
    where = query.args.get("where")
    clauses = [join.args.get("on") for join in query.args.get("joins") or () if not join.side]
    clauses.append(where.this if isinstance(where, exp.Where) else None)
    found: list[exp.Expr] = []
    for clause in clauses:
        if isinstance(clause, exp.And):
            found += clause.flatten()
        elif isinstance(clause, exp.Expr):
            found.append(clause)
    return found


def say_sources(query: exp.Expr, names: Names) -> str:
    """Return `accounts and orders`, `accounts with its orders where there are any`."""
    sources = names.resolution.sources(query)
    inner = [names.source(each) or "an inner query" for each in sources if not each.optional]
    outer = [names.source(each) or "an inner query" for each in sources if each.optional]
    return listed(inner) + (f" (with {listed(outer)} where there is any)" if outer else "")


def _say_like(node: exp.Like | exp.ILike, names: Names, *, negated: bool) -> str | None:
    subject, pattern = say_value(node.this, names), node.expression
    end = ", in any letter case" if isinstance(node, exp.ILike) else ""
    if not isinstance(pattern, exp.Literal):
        said = say_parameter(pattern, names) if isinstance(pattern, exp.Placeholder | exp.Parameter) else None
        verb = "does not match" if negated else "matches"
        return f"{subject} {verb} the pattern {said or code(names.sql(pattern))}{end}"
    text = pattern.name
    core = text.strip("%")
    if not core or "_" in core or "%" in core or "\\" in core:
        return f"{subject} {'does not match' if negated else 'matches'} the pattern '{text}'{end}"
    begins, ends = not text.startswith("%"), not text.endswith("%")
    plain, bare = {
        (True, True): ("is", "be"),
        (True, False): ("begins with", "begin with"),
        (False, True): ("ends with", "end with"),
        (False, False): ("contains", "contain"),
    }[begins, ends]
    return f"{subject} {f'does not {bare}' if negated else plain} '{core}'{end}"


def _ranges(conditions: Sequence[exp.Expr], names: Names) -> list[exp.Expr | str]:
    """Join `x >= a` and `x < b` into one phrase where both are written of the same expression."""
    left: list[exp.Expr | str] = []
    taken: set[int] = set()
    for index, low in enumerate(conditions):
        if index in taken:
            continue
        partner = next(
            (
                position
                for position, high in enumerate(conditions)
                if position != index and position not in taken and _is_range(low, high)
            ),
            None,
        )
        said = None if partner is None else _say_range(low, conditions[partner], names)
        if partner is not None and said is not None:
            taken.add(partner)
        left.append(said or low)
    return left


def _is_range(low: exp.Expr, high: exp.Expr) -> bool:
    return (
        isinstance(low, exp.GTE)
        and isinstance(high, exp.LT)
        and isinstance(low.this, exp.Column)
        and low.this == high.this
        and _literal_text(low.expression) is not None
        and _literal_text(high.expression) is not None
    )


def _say_range(low: exp.Expr, high: exp.Expr, names: Names) -> str | None:
    first, last = _literal_text(low.expression) or "", _literal_text(high.expression) or ""
    subject = names.column(low.this)
    if not (is_whole_day(first) and is_whole_day(last)):
        between = f"from {say_value(low.expression, names)} up to, not including, {say_value(high.expression, names)}"
        return f"{subject} is {between}"
    start, end = date.fromisoformat(first[:10]), date.fromisoformat(last[:10])
    if end - start == timedelta(days=1):
        return f"{subject} falls on {day(first[:10])}"
    if start.day == 1 and end.day == 1 and timedelta(28) <= end - start <= timedelta(31):
        return f"{subject} falls in {month(first[:7])}"
    if (start.month, start.day, end.month, end.day) == (1, 1, 1, 1) and end.year == start.year + 1:
        return f"{subject} falls in {start.year}"
    return f"{subject} is from {day(first[:10])} up to, not including, {day(last[:10])}"


def _literal_text(node: exp.Expr) -> str | None:
    inner = node.this if isinstance(node, exp.Cast) else node
    return inner.name if isinstance(inner, exp.Literal) else None


def _is_constant(node: exp.Expr) -> bool:
    return node.find(exp.Column, exp.Query) is None
