"""A query clause by clause, in the order in which a database does them."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from backend_mentor.domain.cell import Span
from backend_mentor.domain.review import Step
from backend_mentor.reading.explanation.access import Access, in_plan_order, say_access, say_kept
from backend_mentor.reading.explanation.names import Names
from backend_mentor.reading.explanation.queries import branches, limit_of, say_group, say_limit, say_query
from backend_mentor.reading.explanation.values import say_order, say_value
from backend_mentor.reading.explanation.wording import code, listed, sentence
from backend_mentor.reading.places import place_of, span_in_cell
from backend_mentor.reading.scanner import code as code_tokens
from backend_mentor.reading.scanner import scan

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
                f"{table.alias} starts with {say_query(parts[0][1], names)}; then, while that finds new rows, adds "
                f"{say_query(own[0], names)}"
            )
            yield Step("WITH RECURSIVE", sentence(text), _span(table, names, table.alias))
        else:
            yield Step(
                "WITH", sentence(f"{table.alias} is {say_query(inner, names)}"), _span(table, names, table.alias)
            )


def _set_steps(query: exp.SetOperation, names: Names) -> Iterator[Step]:
    for word, each in branches(query):
        verb = {"": "takes", "EXCEPT": "takes away", "EXCEPT ALL": "takes away"}.get(word, "adds")
        if word.startswith("INTERSECT"):
            verb = "keeps only what is also among"
        end = ", dropping duplicates" if word == "UNION" else ", duplicates and all" if word == "UNION ALL" else ""
        yield Step(word or "SELECT", sentence(f"{verb} {say_query(each, names)}{end}"), _span(each, names))


def _reading_steps(query: exp.Select, names: Names) -> Iterator[Step]:
    ordered = in_plan_order(names.resolution.sources(query), names.subject.plan)
    for position, access in enumerate(ordered):
        text = say_access(access, names, first=position == 0)
        word = "FROM" if access.source.join is None else _join_word(access)
        yield Step(
            word, sentence(text + _say_inner(access, names) + _say_on(access, names)), _source_span(access, names)
        )
    where = query.args.get("where")
    if isinstance(where, exp.Where):
        kept = _kept_by_where(ordered)
        yield Step(
            "WHERE",
            sentence(f"keeps the rows where {names.say_condition(where.this, names)}{kept}"),
            _span(where, names, "WHERE"),
        )


def _join_word(access: Access) -> str:
    join = access.source.join
    if join is None:
        return "FROM"
    words = [join.method, join.side, join.kind]
    return " ".join([*(each for each in words if each), "JOIN"]).replace("OUTER JOIN", "JOIN")


def _say_inner(access: Access, names: Names) -> str:
    node = access.source.node
    inner = node.this if isinstance(node, exp.Subquery | exp.Lateral) else None
    if isinstance(inner, exp.Query):
        return f", which is {say_query(inner, names)}"
    return ""


def _say_on(access: Access, names: Names) -> str:
    join = access.source.join
    if join is None:
        return ""
    on, using = join.args.get("on"), join.args.get("using")
    text = ""
    if isinstance(on, exp.Expr):
        text = f", where {names.say_condition(on, names)}"
    elif using:
        text = f", where both have the same {listed([each.name for each in using])}"
    elif join.method == "NATURAL":
        text = ", where all columns of the same name agree"
    elif join.kind == "CROSS":
        text = ", each row with each"
    if join.side == "LEFT":
        text += "; rows without a partner stay, with NULLs in its columns"
    elif join.side in ("RIGHT", "FULL"):
        text += "; rows without a partner stay, with NULLs for what is missing"
    return text


def _kept_by_where(ordered: tuple[Access, ...]) -> str:
    if len(ordered) != 1:
        return ""
    kept, counted = say_kept(ordered[0])
    if not kept:
        return ""
    return f": {kept} of them" if counted else f": the planner expects {kept}"


def _shaping_steps(query: exp.Select, names: Names) -> Iterator[Step]:
    group, having = query.args.get("group"), query.args.get("having")
    if isinstance(group, exp.Group):
        by = say_group(group, names) if group.expressions else code(names.sql(group))
        yield Step("GROUP BY", sentence(f"makes one row for each {by}"), _span(group, names, "GROUP"))
    if isinstance(having, exp.Having):
        text = f"keeps the groups where {names.say_condition(having.this, names)}"
        yield Step("HAVING", sentence(text), _span(having, names, "HAVING"))
    for projection in query.expressions:
        for window in projection.find_all(exp.Window):
            label = projection.alias or "it"
            text = f"computes {say_value(window, names)}" + (f" as {label}" if projection.alias else "")
            yield Step("OVER", sentence(text), _span(window, names))
    yield Step("SELECT", sentence(f"gives {_say_outputs(query, names)}"), _select_span(query, names))
    distinct = query.args.get("distinct")
    if isinstance(distinct, exp.Distinct):
        on = distinct.args.get("on")
        text = (
            f"keeps the first row for each {say_value(on, names)}"
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
        yield Step("ORDER BY", sentence(f"sorts by {say_order(order, names)}"), _span(order, names, "ORDER"))
    if isinstance(offset, exp.Offset):
        text = f"skips the first {say_value(offset.expression, names)}, which are found and thrown away"
        yield Step("OFFSET", sentence(text), _span(offset, names, "OFFSET"))
    if limit is not None:
        yield Step("LIMIT", sentence(f"returns {say_limit(limit, names)}"), _span(query.args["limit"], names, "LIMIT"))


def _span(node: exp.Expr, names: Names, word: str = "") -> Span | None:
    """Return the clause's place, from its keyword on where there is one."""
    statement = names.subject.statement
    place = place_of(node, statement)
    if place is None or not word:
        return place
    start, end = place.start - statement.span.start, place.end - statement.span.start
    before = [
        token
        for token in code_tokens(scan(statement.text, statement.dialect))
        if token.start <= start and token.text.strip('"').upper() == word.upper()
    ]
    return span_in_cell(statement, before[-1].start, end) if before else place


def _source_span(access: Access, names: Names) -> Span | None:
    join = access.source.join
    if join is not None and join.this is access.source.node:
        return _span(join, names)
    return _span(access.source.node, names)


def _select_span(query: exp.Select, names: Names) -> Span | None:
    places = [place for each in query.expressions if (place := place_of(each, names.subject.statement))]
    if not places:
        return None
    statement = names.subject.statement
    start = min(place.start for place in places) - statement.span.start
    return span_in_cell(statement, start, max(place.end for place in places) - statement.span.start)
