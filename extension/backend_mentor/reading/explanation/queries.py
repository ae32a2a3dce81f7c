"""A query in words: as one noun phrase, where it stands inside another statement."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from backend_mentor.reading.explanation.conditions import inner_conditions, say_all, say_sources
from backend_mentor.reading.explanation.names import Names
from backend_mentor.reading.explanation.values import output_of, say_order, say_value
from backend_mentor.reading.explanation.wording import code, count, listed, small

_COLUMNS_AT_MOST = 4
_SET_WORDS: dict[type[exp.Expr], str] = {
    exp.Union: "together with",
    exp.Except: "without",
    exp.Intersect: "that are also among",
}


def say_query(query: exp.Expr, names: Names) -> str:
    """Return `the account_id of orders where status is 'open'`: what it gives, from where, under which condition."""
    query = query.unnest() if isinstance(query, exp.Subquery) else query
    if isinstance(query, exp.SetOperation):
        word = _SET_WORDS.get(type(query), "combined with")
        return f"{say_query(query.left, names)} {word} {say_query(query.right, names)}"
    if isinstance(query, exp.Values):
        return count(len(query.expressions), "row") + " given as values"
    start = query.args.get("from_")
    if isinstance(start, exp.From) and isinstance(start.this, exp.Values) and start.this.alias == "_values":
        return count(len(start.this.expressions), "row") + " given as values"
    if not isinstance(query, exp.Select):
        return code(names.sql(query))
    origin = f" of {say_sources(query, names)}" if names.resolution.sources(query) else ""
    if origin and any(each.find(exp.Window) for each in query.expressions):
        return f"from{origin.removeprefix(' of')}{say_restrictions(query, names)}: {say_outputs(query, names)}"
    return f"{say_outputs(query, names)}{origin}{say_restrictions(query, names)}"


def say_outputs(query: exp.Select, names: Names) -> str:
    """Return `every column`, `the id and the name`, `12 columns`."""
    outputs = query.expressions
    if any(each.is_star for each in outputs) and len(outputs) == 1:
        return "every column"
    if len(outputs) > _COLUMNS_AT_MOST:
        return f"{len(outputs)} columns"
    said = [say_value(each, names) for each in outputs]
    if any(each.is_star or each.find(exp.Window) for each in outputs):
        return listed(said)
    different = "different " if query.args.get("distinct") else ""
    if not said[0][:1].isalpha():
        return different + listed(said)
    return "the " + different + listed([each.removeprefix("the ") for each in said])


def say_restrictions(query: exp.Select, names: Names) -> str:
    """Return ` where …, one row for each …, the first ten by …`."""
    parts = []
    group, having = query.args.get("group"), query.args.get("having")
    conditions = inner_conditions(query)
    if conditions:
        parts.append(f" where {say_all(conditions, names)}")
    if isinstance(group, exp.Group) and group.expressions:
        parts.append(f", one row for each {say_group(group, names)}")
    if isinstance(having, exp.Having):
        parts.append(f", kept where {names.say_condition(having.this, names)}")
    order, limit = query.args.get("order"), limit_of(query)
    if limit is not None:
        by = f" by {say_order(order, names)}" if isinstance(order, exp.Order) else ""
        parts.append(f", {say_limit(limit, names)}{by}")
    return "".join(parts)


def say_group(group: exp.Group, names: Names) -> str:
    """Return `status and channel`."""
    return listed([say_value(output_of(each), names).removeprefix("the ") for each in group.expressions])


def say_distinct(on: exp.Expr, names: Names) -> str:
    """Return the columns of DISTINCT ON."""
    return listed([say_value(each, names) for each in (on.expressions or [on])])


def limit_of(query: exp.Expr) -> exp.Expr | None:
    """Return the expression that limits a query's rows, from LIMIT or FETCH FIRST."""
    limit = query.args.get("limit")
    if isinstance(limit, exp.Fetch):
        given = limit.args.get("count")
        return given if isinstance(given, exp.Expr) else exp.Literal.number(1)
    return limit.expression if isinstance(limit, exp.Limit) else None


def say_limit(limit: exp.Expr, names: Names) -> str:
    """Return `the first ten`, `the first :page (20 here)`."""
    if isinstance(limit, exp.Literal) and limit.name.isdigit():
        return "the first" if limit.name == "1" else f"the first {small(int(limit.name))}"
    return f"the first {say_value(limit, names)}"


def branches(query: exp.Expr) -> Iterator[tuple[str, exp.Expr]]:
    """Yield the queries of a set operation in order, each with the word that joins it to those before it."""
    pending: list[tuple[str, exp.Expr]] = [("", query)]
    while pending:
        word, current = pending.pop()
        if (isinstance(current, exp.SetOperation) and not any(current.args.get(key) for key in ("order", "limit"))) or (
            current is query and isinstance(current, exp.SetOperation)
        ):
            name = type(current).__name__.upper() + (" ALL" if not current.args.get("distinct") else "")
            pending += [(name, current.right), (word, current.left)]
        else:
            yield word, current
