"""A query in one paragraph, told in the order in which the plan does it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from backend_mentor.domain.plan import Operation, Plan
from backend_mentor.reading.explanation.access import Access, in_plan_order, say_access, say_kept, stops_early
from backend_mentor.reading.explanation.conditions import say_all
from backend_mentor.reading.explanation.names import Names
from backend_mentor.reading.explanation.queries import branches, limit_of, say_distinct, say_group, say_limit, say_query
from backend_mentor.reading.explanation.values import direction, output_of, say_order, say_value
from backend_mentor.reading.explanation.wording import code, count, listed, sentence, small

_JOINED_ONE_BY_ONE = 3
_SORTS = (Operation.SORT, Operation.TOP_SORT, Operation.INCREMENTAL_SORT)


def summarise(query: exp.Expr, names: Names) -> str:
    """Return one to four sentences on what the query does, with the row counts that are known."""
    query = query.unnest() if isinstance(query, exp.Subquery) else query
    if isinstance(query, exp.SetOperation):
        return _summarise_set(query, names)
    if not isinstance(query, exp.Select):
        return sentence(f"returns {say_query(query, names)}")
    sources = names.resolution.sources(query)
    if not sources:
        return sentence(
            f"returns {listed([say_value(each, names) for each in query.expressions[:6]])}, reading no table"
        )
    ordered = in_plan_order(sources, names.subject.plan)
    pushed, late = _by_source(query, ordered, names)
    early = stops_early(query, names.subject.plan)
    acts = _reading_acts(ordered, pushed, names, early=early)
    if late:
        acts.append(f"keeps those where {say_all(late, names)}")
    first, rest = acts, _finishing_acts(query, names)
    if rest[-1] == "returns them" and acts[-1].startswith("keeps the one where"):
        rest[-1] = "returns it"
    if early:
        rest[-1] = rest[-1].replace("returns ", "stops at ", 1) + _looked_at(ordered)
    computed = _computed_first(query, names)
    return " ".join([*computed, *_sentences(first, rest)])


def _looked_at(ordered: Sequence[Access]) -> str:
    """Return how many rows of the first table were looked at until then, where they were counted."""
    node = ordered[0].node
    visited = node.total_visited_rows if node is not None and not node.parallel else None
    return f", after looking at {count(visited)} of {ordered[0].source.node.name}" if visited is not None else ""


def _sentences(reading: list[str], finishing: list[str]) -> list[str]:
    """Two short halves make one sentence, long ones two or three."""
    together = listed([*reading, *finishing])
    if len(together) < 240 or (len(finishing) == 1 and len(finishing[0]) < 30 and len(reading) < 4):
        return [sentence(together)]
    if len(finishing) == 1 and len(finishing[0]) < 30:
        reading, finishing = [*reading, *finishing], []
    cut = len(reading) if len(reading) < 4 else 2
    parts = [listed(reading[:cut]), "then " + listed(reading[cut:]) if reading[cut:] else "", listed(finishing)]
    return [sentence(part) for part in parts if part]


def _computed_first(query: exp.Select, names: Names) -> list[str]:
    """Name the common table expressions, and say what the first two compute."""
    clause = query.args.get("with_")
    tables = [*(clause.expressions if clause else ())]
    tables += [each.node for each in names.resolution.sources(query) if isinstance(each.node, exp.Subquery)]
    said = [
        f"{each.alias}, step by step from {say_query(next(branches(each.this))[1], names)}"
        if _recursive(each)
        else f"{each.alias or 'the inner query'} ({say_query(each.this, names)})"
        for each in tables[:2]
    ]
    if len(tables) > 2:
        said.append(f"{small(len(tables) - 2)} more")
    return [sentence(f"works out {listed(said)}")] if said else []


def _recursive(table: exp.Expr) -> bool:
    return isinstance(table.this, exp.SetOperation) and any(
        each.name.lower() == table.alias.lower() for each in table.this.find_all(exp.Table)
    )


def _reading_acts(
    ordered: Sequence[Access], pushed: dict[int, list[exp.Expr]], names: Names, *, early: bool
) -> list[str]:
    acts = []
    for position, access in enumerate(ordered):
        if position > _JOINED_ONE_BY_ONE and len(ordered) > _JOINED_ONE_BY_ONE + 2:
            others = [names.source(each.source) for each in ordered[position:]]
            acts.append(f"joins {listed(others)}")
            break
        acts.append(say_access(access, names, first=position == 0))
        conditions = pushed.get(id(access.source))
        if conditions:
            kept, counted = say_kept(access, cut_short=early)
            whose = say_all(conditions, names)
            if counted:
                acts.append(f"keeps the {kept} where {whose}" if kept != "no" else f"finds none where {whose}")
            elif kept:
                acts.append(f"keeps those where {whose} (the planner expects {kept})")
            else:
                acts.append(f"keeps those where {whose}")
    return acts


def _by_source(
    query: exp.Select, ordered: Sequence[Access], names: Names
) -> tuple[dict[int, list[exp.Expr]], list[exp.Expr]]:
    """Part WHERE into what one table alone decides, checked as it is read, and the rest, which waits for the joins."""
    where = query.args.get("where")
    pushed: dict[int, list[exp.Expr]] = {}
    late: list[exp.Expr] = []
    sources = {id(access.source): access.source for access in ordered}
    conditions = list(where.this.flatten()) if isinstance(where, exp.Where) and isinstance(where.this, exp.And) else []
    if isinstance(where, exp.Where) and not conditions:
        conditions = [where.this]
    for condition in conditions:
        columns = names.resolution.columns_within(condition)
        owners = {id(each.source) for each in columns} & set(sources)
        alone = len(owners) == 1 and names.resolution.resolves_all(condition)
        only = len(sources) == 1
        if _joins_tables(condition):
            continue
        if (alone and not sources[next(iter(owners))].optional) or only:
            pushed.setdefault(next(iter(owners), next(iter(sources))), []).append(condition)
        else:
            late.append(condition)
    return pushed, late


def _joins_tables(condition: exp.Expr) -> bool:
    """Return whether it is `a.x = b.y`, which a comma join has in its WHERE: the way of reading says it already."""
    sides = (condition.this, condition.args.get("expression"))
    if not isinstance(condition, exp.EQ) or not all(isinstance(side, exp.Column) for side in sides):
        return False
    left, right = sides
    return bool(left.table and right and right.table and left.table != right.table)


def _finishing_acts(query: exp.Select, names: Names) -> list[str]:
    acts = []
    group, having = query.args.get("group"), query.args.get("having")
    aggregates = [each for each in query.expressions if _aggregates(each)]
    if isinstance(group, exp.Group) and group.expressions:
        acts.append(f"groups them by {say_group(group, names)}")
    if isinstance(having, exp.Having):
        acts.append(f"keeps the groups where {names.say_condition(having.this, names)}")
    acts += _looked_up(query, names)
    windows = [each for each in query.expressions if each.find(exp.Window)]
    if windows:
        labels = [each.alias if isinstance(each, exp.Alias) else code(names.sql(each), 40) for each in windows[:3]]
        acts.append(f"computes {listed(labels)} for each")
    order, limit = query.args.get("order"), limit_of(query)
    distinct = query.args.get("distinct")
    if isinstance(distinct, exp.Distinct):
        on = distinct.args.get("on")
        acts.append(f"keeps the first for each {say_distinct(on, names)}" if on else "drops the duplicates")
    if isinstance(order, exp.Order) and _sorts(names.subject.plan) and not _is_top(order, limit):
        acts.append(f"sorts them by {say_order(order, names)},")
    elif isinstance(order, exp.Order) and _sorts(names.subject.plan):
        acts.append("sorts them")
    acts.append(_returned(query, order, limit, aggregates, names))
    return [act.rstrip(",") for act in acts]


def _looked_up(query: exp.Select, names: Names) -> list[str]:
    """Say what the subqueries of the SELECT list give, the first two in full."""
    inner = [part.unalias() for part in query.expressions if isinstance(part.unalias(), exp.Subquery)]
    if not inner:
        return []
    said = [names.say_query(each.unnest(), names) for each in inner[:2]]
    if len(inner) > 2:
        said.append(f"{small(len(inner) - 2)} figures more")
    grouped = query.args.get("group") is not None
    return [f"looks up for each {'group' if grouped else 'row'} {listed(said)}"]


def _returned(
    query: exp.Select, order: object, limit: exp.Expr | None, aggregates: list[exp.Expr], names: Names
) -> str:
    grouped = query.args.get("group") is not None
    if aggregates and not grouped:
        said = [say_value(each, names) for each in query.expressions]
        shown = said if len(said) <= 4 else [*said[:3], f"{small(len(said) - 3)} figures more"]
        return f"returns one row: {listed(shown)}"
    offset = query.args.get("offset")
    skipping = f", after skipping {say_value(offset.expression, names)}" if isinstance(offset, exp.Offset) else ""
    if limit is not None:
        if isinstance(order, exp.Order) and _is_top(order, limit):
            return f"returns {_top(order, limit, names)}{skipping}"
        unordered = "" if isinstance(order, exp.Order) else " of them, in no set order"
        return f"returns {say_limit(limit, names)}{unordered}{skipping}"
    if grouped:
        said = [say_value(each, names) for each in aggregates[:3]]
        more = f" and {small(len(aggregates) - 3)} figures more" if len(aggregates) > 3 else ""
        return f"returns {listed(said)}{more} for each" if said else "returns one row for each"
    root = names.subject.plan.root if names.subject.plan else None
    rows = root.total_actual_rows if root is not None else None
    if rows is not None and len(names.resolution.sources(query)) > 1:
        return f"returns {count(rows)}"
    return "returns them"


def _is_top(order: exp.Order, limit: exp.Expr | None) -> bool:
    return isinstance(limit, exp.Literal) and limit.name.isdigit() and len(order.expressions) >= 1


def _top(order: exp.Order, limit: exp.Expr, names: Names) -> str:
    first = order.expressions[0]
    many = small(int(limit.name))
    word = direction(first, names).removesuffix(" first")
    by = say_value(output_of(first.this), names)
    then = f", then {say_order(exp_order(order.expressions[1:]), names)}" if len(order.expressions) > 1 else ""
    one = limit.name == "1"
    if word in ("newest", "oldest"):
        return f"the {word if one else f'{many} {word}'} by {by}{then}"
    if word in ("highest", "lowest"):
        return f"the {'one' if one else many} with the {word} {by.removeprefix('the ')}{then}"
    return f"{say_limit(limit, names)} by {say_order(order, names)}"


def exp_order(expressions: list[exp.Expr]) -> exp.Order:
    """Return an ORDER BY of some of another's keys, which stay where they are in their own tree."""
    order = exp.Order()
    order.args["expressions"] = expressions
    return order


def _aggregates(node: exp.Expr) -> bool:
    return any(
        each.find_ancestor(exp.Window, exp.Query) is None or not _windowed(each) for each in node.find_all(exp.AggFunc)
    )


def _windowed(node: exp.Expr) -> bool:
    return isinstance(node.parent, exp.Window) or node.find_ancestor(exp.Subquery) is not None


def _sorts(plan: Plan | None) -> bool:
    return plan is None or any(node.operation in _SORTS for node in plan.nodes())


def _summarise_set(query: exp.SetOperation, names: Names) -> str:
    words = {"UNION ALL": "adds", "UNION": "adds", "EXCEPT": "takes away", "INTERSECT": "keeps only those also in"}
    acts = [
        f"{words.get(word, 'adds') if word else 'takes'} {say_query(each, names)}" for word, each in branches(query)
    ]
    if query.args.get("distinct"):
        acts.append("drops the duplicates")
    order, limit = query.args.get("order"), limit_of(query)
    if isinstance(order, exp.Order):
        acts.append(f"sorts the whole by {say_order(order, names)}")
    if limit is not None:
        acts.append(f"returns {say_limit(limit, names)}")
    return sentence(listed(acts))
