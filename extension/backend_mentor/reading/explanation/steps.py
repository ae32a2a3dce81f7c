"""A query clause by clause, in the order in which a database does them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlglot import exp

from backend_mentor.domain.cell import Span
from backend_mentor.domain.review import Step
from backend_mentor.reading.explanation.access import Access, in_plan_order, say_access, say_kept, stops_early
from backend_mentor.reading.explanation.clauses import span_from, span_of
from backend_mentor.reading.explanation.conditions import say_all
from backend_mentor.reading.explanation.names import Names
from backend_mentor.reading.explanation.queries import branches, limit_of, say_distinct, say_group, say_limit, say_query
from backend_mentor.reading.explanation.values import say_order, say_value
from backend_mentor.reading.explanation.wording import code, listed, sentence

_OUTPUTS_AT_MOST = 8


def steps_of(query: exp.Expr, names: Names) -> Iterator[Step]:
    """Yield the steps of a query: WITH, FROM and joins in the plan's order, WHERE, GROUP BY, HAVING, windows, SELECT,
    DISTINCT, ORDER BY, LIMIT."""
    query = query.unnest() if isinstance(query, exp.Subquery) else query
    yield from _with_steps(query, names)
    if isinstance(query, exp.SetOperation):
        yield from _set_steps(query, names)
    elif isinstance(query, exp.Select):
        yield from _reading_steps(query, names)
        yield from _shaping_steps(query, names)
    yield from _ending_steps(query, names)


def _with_steps(query: exp.Expr, names: Names) -> Iterator[Step]:
    clause = query.args.get("with_")
    for table in clause.expressions if clause else ():
        inner = table.this
        parts = list(branches(inner)) if isinstance(inner, exp.SetOperation) else []
        own = [
            each for _, each in parts if any(t.name.lower() == table.alias.lower() for t in each.find_all(exp.Table))
        ]
        if own and len(parts) == 2:
            text = (
                f"works out {table.alias}: starts with {say_query(parts[0][1], names)}; "
                f"then, while that finds new rows, adds {say_query(own[0], names)}"
            )
            yield Step("WITH RECURSIVE", sentence(text), span_of(table, names))
        else:
            yield Step("WITH", sentence(f"works out {table.alias}: {say_query(inner, names)}"), span_of(table, names))


def _set_steps(query: exp.SetOperation, names: Names) -> Iterator[Step]:
    for word, each in branches(query):
        verb = {"": "takes", "EXCEPT": "takes away", "EXCEPT ALL": "takes away"}.get(word, "adds")
        if word.startswith("INTERSECT"):
            verb = "keeps only what is also among"
        end = ", dropping duplicates" if word == "UNION" else ", duplicates and all" if word == "UNION ALL" else ""
        yield Step(
            word or "SELECT", sentence(f"{verb} {say_query(each, names)}{end}"), span_from("SELECT", each, names)
        )


def _reading_steps(query: exp.Select, names: Names) -> Iterator[Step]:
    ordered = in_plan_order(names.resolution.sources(query), names.subject.plan)
    conditions = _conditions_met(query, ordered, names)
    for position, access in enumerate(ordered):
        text = say_access(access, names, first=position == 0)
        text += _say_inner(access, names) + _say_join(access, conditions.get(position, []), names, first=position == 0)
        yield Step(_join_word(access, position), sentence(text), _source_span(access, names))
    where = query.args.get("where")
    if isinstance(where, exp.Where):
        text = f"keeps the rows where {names.say_condition(where.this, names)}"
        text += _kept_by_where(ordered, cut_short=stops_early(query, names.subject.plan))
        yield Step("WHERE", sentence(text), span_of(where, names, "WHERE"))


def _conditions_met(query: exp.Select, ordered: Sequence[Access], names: Names) -> dict[int, list[exp.Expr]]:
    """Return the join conditions by the position at which the last table that they name is read."""
    positions = {id(access.source): position for position, access in enumerate(ordered)}
    found: dict[int, list[exp.Expr]] = {}
    for access in ordered:
        join = access.source.join
        on = join.args.get("on") if join is not None else None
        if join is None or not isinstance(on, exp.Expr):
            continue
        for condition in on.flatten() if isinstance(on, exp.And) else [on]:
            owners = [positions.get(id(each.source), -1) for each in names.resolution.columns_within(condition)]
            own = positions[id(access.source)]
            found.setdefault(own if join.side else max([own, *owners]), []).append(condition)
    return found


def _join_word(access: Access, position: int) -> str:
    join = access.source.join
    if join is None or position == 0:
        return "FROM" if position == 0 else "JOIN"
    kinds = [each for each in (join.method, join.side, join.kind) if each]
    if not kinds and not join.args.get("on") and not join.args.get("using"):
        return "FROM"
    return " ".join([*kinds, "JOIN"]).replace("OUTER JOIN", "JOIN")


def _say_inner(access: Access, names: Names) -> str:
    node = access.source.node
    inner = node.this if isinstance(node, exp.Subquery | exp.Lateral) else None
    if isinstance(inner, exp.Query):
        return f", which is {say_query(inner, names)}"
    return ""


def _say_join(access: Access, conditions: list[exp.Expr], names: Names, *, first: bool) -> str:
    join = access.source.join
    text = f", where {say_all(conditions, names)}" if conditions else ""
    if join is None:
        return text
    using = join.args.get("using")
    if using and not first:
        text = f", where both have the same {listed([each.name for each in using])}"
    elif join.method == "NATURAL":
        text = ", where all columns of the same name agree"
    elif join.kind == "CROSS" and not conditions:
        text = ", each row with each"
    if join.side == "LEFT":
        text += "; rows without a partner stay, with NULLs in its columns"
    elif join.side in ("RIGHT", "FULL"):
        text += "; rows without a partner stay, with NULLs for what is missing"
    return text


def _kept_by_where(ordered: tuple[Access, ...], *, cut_short: bool) -> str:
    if len(ordered) != 1:
        return ""
    kept, counted = say_kept(ordered[0], cut_short=cut_short)
    if not kept:
        return ""
    return f": {kept} of them" if counted else f": the planner expects {kept}"


def _shaping_steps(query: exp.Select, names: Names) -> Iterator[Step]:
    group, having = query.args.get("group"), query.args.get("having")
    if isinstance(group, exp.Group):
        by = say_group(group, names) if group.expressions else code(names.sql(group))
        yield Step("GROUP BY", sentence(f"makes one row for each {by}"), span_of(group, names, "GROUP"))
    if isinstance(having, exp.Having):
        text = f"keeps the groups where {names.say_condition(having.this, names)}"
        yield Step("HAVING", sentence(text), span_of(having, names, "HAVING"))
    for projection in query.expressions:
        for window in projection.find_all(exp.Window):
            label = projection.alias if projection.unalias() is window else ""
            text = f"computes {label}: {say_value(window, names)}" if label else f"computes {say_value(window, names)}"
            yield Step("OVER", sentence(text), span_of(window, names))
    yield Step("SELECT", sentence(f"gives {_say_outputs(query, names)}"), _select_span(query, names))
    distinct = query.args.get("distinct")
    if isinstance(distinct, exp.Distinct):
        on = distinct.args.get("on")
        text = (
            f"keeps the first row for each {say_distinct(on, names)}"
            if isinstance(on, exp.Expr)
            else "drops duplicate rows"
        )
        yield Step("DISTINCT", sentence(text), _select_span(query, names))


def _say_outputs(query: exp.Select, names: Names) -> str:
    outputs = query.expressions
    if any(each.is_star for each in outputs):
        widths = [len(source.columns) for source in names.resolution.sources(query) if source.columns is not None]
        known = (
            len(outputs) == 1
            and len(widths) == len(names.resolution.sources(query))
            and isinstance(outputs[0], exp.Star)
        )
        return (
            f"every column: {sum(widths)} of them" if known else listed([_say_output(each, names) for each in outputs])
        )
    said = [_say_output(each, names) for each in outputs[:_OUTPUTS_AT_MOST]]
    if len(outputs) > _OUTPUTS_AT_MOST:
        said.append(f"{len(outputs) - _OUTPUTS_AT_MOST} more")
    return listed(said)


def _say_output(node: exp.Expr, names: Names) -> str:
    if isinstance(node, exp.Column) and isinstance(node.this, exp.Star):
        return f"every column of {node.table}"
    inner = node.unalias()
    if inner.find(exp.Window):
        return node.alias or "that"
    if isinstance(inner, exp.Subquery):
        said = (
            f"the result of a subquery run for each row ({say_query(inner, names)})"
            if _correlated(inner, names)
            else (f"the result of a subquery ({say_query(inner, names)})")
        )
    else:
        said = say_value(inner, names)
    return f"{said} as {node.alias}" if isinstance(node, exp.Alias) and node.alias != said else said


def _correlated(query: exp.Expr, names: Names) -> bool:
    return any(each.correlated for each in names.resolution.columns_within(query))


def _ending_steps(query: exp.Expr, names: Names) -> Iterator[Step]:
    order, limit, offset = query.args.get("order"), limit_of(query), query.args.get("offset")
    if isinstance(order, exp.Order):
        yield Step("ORDER BY", sentence(f"sorts by {say_order(order, names)}"), span_of(order, names, "ORDER"))
    if isinstance(offset, exp.Offset):
        text = f"skips the first {say_value(offset.expression, names)}, which are found and thrown away"
        yield Step("OFFSET", sentence(text), span_of(offset, names, "OFFSET"))
    if limit is not None:
        yield Step(
            "LIMIT", sentence(f"returns {say_limit(limit, names)}"), span_of(query.args["limit"], names, "LIMIT")
        )


def _source_span(access: Access, names: Names) -> Span | None:
    join = access.source.join
    if join is not None and join.this is access.source.node:
        return span_of(join, names)
    return span_of(access.source.node, names)


def _select_span(query: exp.Select, names: Names) -> Span | None:
    return span_of(query.expressions[0], names, "SELECT") if query.expressions else None
