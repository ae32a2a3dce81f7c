"""Wrong variants of a statement. Trial databases that can not tell them from the original prove little."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from itertools import zip_longest
from typing import TYPE_CHECKING

from sqlglot import exp

from backend_mentor.domain.errors import MentorError
from backend_mentor.proofs.comparison import difference
from backend_mentor.reading.sql import print_sql

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from backend_mentor.databases.base import TrialBench
    from backend_mentor.domain.proof import Rows
    from backend_mentor.domain.statement import Statement
    from backend_mentor.proofs.result_order import ResultOrder

Edit = Callable[[exp.Expr], exp.Expr | None]
"""Changes a node of a copied tree; returns what stands in its place."""

_MOST_MUTANTS = 24
_LONG_STATEMENT_NODES = 250
_BUDGET_MILLISECONDS = 150

_SWAPS: dict[type[exp.Expr], tuple[type[exp.Expr], ...]] = {
    exp.GT: (exp.GTE, exp.LT),
    exp.GTE: (exp.GT,),
    exp.LT: (exp.LTE, exp.GT),
    exp.LTE: (exp.LT,),
    exp.EQ: (exp.NEQ,),
    exp.NEQ: (exp.EQ,),
    exp.And: (exp.Or,),
    exp.Or: (exp.And,),
}
_AGGREGATES: dict[type[exp.Expr], type[exp.Expr]] = {
    exp.Min: exp.Max,
    exp.Max: exp.Min,
    exp.Sum: exp.Max,
    exp.Avg: exp.Max,
}


@dataclass(frozen=True, slots=True)
class Mutant:
    """One wrong variant."""

    change: str
    """What was done: `comparison`, `join`, `distinct`…"""
    statement: Statement


def make_mutants(statement: Statement, most: int = _MOST_MUTANTS) -> tuple[Mutant, ...]:
    """Return wrong variants of a statement, of each kind of change some before more of the same."""
    by_kind: dict[str, list[tuple[int, Edit]]] = defaultdict(list)
    for number, node in enumerate(statement.tree.walk()):
        for change, edit in _changes(node):
            by_kind[change].append((number, edit))
    kinds = [[(change, *each) for each in edits] for change, edits in by_kind.items()]
    # Each mutant is a copy of the whole tree: a long statement makes do with half of them.
    most = most if sum(1 for _ in statement.tree.walk()) <= _LONG_STATEMENT_NODES else most // 2
    seen = {print_sql(statement.tree, statement.dialect)}
    statement = replace(statement, tree=_without_positions(statement.tree))
    mutants: list[Mutant] = []
    for turn in zip_longest(*kinds):
        for change, number, edit in filter(None, turn):
            mutant = _apply(statement, number, edit) if len(mutants) < most else None
            if mutant is not None and mutant.sql not in seen:
                seen.add(mutant.sql)
                mutants.append(Mutant(change, mutant))
    return tuple(mutants)


def judge_by_mutants(
    statement: Statement,
    order: ResultOrder,
    told: Sequence[tuple[tuple[Rows, ...], Rows]],
    bench: TrialBench,
    clock: Callable[[], float] = time.perf_counter,
    budget_milliseconds: float = _BUDGET_MILLISECONDS,
) -> tuple[int, int]:
    """Return how many of the statement's mutants the databases tell from it, and how many were tried.

    A mutant that the engine refuses counts for nothing. `told` are databases with the original's answer to each. The
    budget holds once for preparing the mutants and once for running them.
    """
    killed, alive = survivors(statement, order, told, bench, clock, budget_milliseconds)
    return killed, killed + len(alive)


def survivors(
    statement: Statement,
    order: ResultOrder,
    told: Sequence[tuple[tuple[Rows, ...], Rows]],
    bench: TrialBench,
    clock: Callable[[], float] = time.perf_counter,
    budget_milliseconds: float = _BUDGET_MILLISECONDS,
) -> tuple[int, tuple[Mutant, ...]]:
    """Return how many mutants were told from the statement, and those that were not."""
    alive = list(_prepared(make_mutants(statement), bench, clock, budget_milliseconds))
    began, killed = clock(), 0
    for tables, answer in _most_telling_first(told):
        if not alive or (clock() - began) * 1000 > budget_milliseconds:
            break
        try:
            results = bench.run(tables, [mutant.statement for mutant in alive])
        except (MentorError, ValueError):
            continue
        left = []
        for mutant, result in zip(alive, results, strict=True):
            if result.error is not None:
                continue
            if difference(answer, result, order, partial(_full, order, tables, bench)) is None:
                left.append(mutant)
            else:
                killed += 1
        alive = left
    return killed, tuple(alive)


def _most_telling_first(told: Sequence[tuple[tuple[Rows, ...], Rows]]) -> list[tuple[tuple[Rows, ...], Rows]]:
    """Return the databases in an order that kills early: varied answers of medium size first."""
    return sorted(told, key=lambda each: -min(len(set(map(repr, each[1].rows))), 4))


def _full(order: ResultOrder, tables: tuple[Rows, ...], bench: TrialBench) -> Rows | None:
    return bench.run(tables, (order.full,))[0] if order.full is not None else None


def _prepared(
    mutants: Sequence[Mutant], bench: TrialBench, clock: Callable[[], float], budget_milliseconds: float
) -> Iterator[Mutant]:
    """Yield the mutants that the bench takes, until the time for it is used up; a server looks at each of them."""
    began = clock()
    for mutant in mutants:
        if (clock() - began) * 1000 > budget_milliseconds:
            return
        if _supported(mutant, bench):
            yield mutant


def _supported(mutant: Mutant, bench: TrialBench) -> bool:
    try:
        bench.supports(mutant.statement)
    except MentorError:
        return False
    return True


def _without_positions(tree: exp.Expr) -> exp.Expr:
    """Return a copy that does not know where its names stand in the text: it is copied in half the time."""
    bare = tree.copy()
    for node in bare.find_all(exp.Identifier):
        node.meta.clear()
    return bare


def _apply(statement: Statement, number: int, edit: Edit) -> Statement | None:
    """Return the statement with its node of that number edited; None where the edit does not apply."""
    tree = statement.tree.copy()
    target = next(node for position, node in enumerate(tree.walk()) if position == number)
    changed = edit(target)
    if changed is None:
        return None
    if target is tree:
        tree = changed
    elif changed is not target:
        target.replace(changed)
    sql = print_sql(tree, statement.dialect)
    return replace(statement, text=sql, sql=sql, tree=tree)


def _changes(node: exp.Expr) -> Iterator[tuple[str, Edit]]:
    """Yield what can be done wrong at a node, as edits of its copy."""
    for other in _SWAPS.get(type(node), ()):
        kind = "connector" if isinstance(node, exp.Connector) else "comparison"
        yield kind, _becoming(other)
    if isinstance(node, exp.And):
        yield "filter", lambda copy: copy.this
        yield "filter", lambda copy: copy.expression
    if isinstance(node, exp.Where | exp.Having) and not isinstance(node.this, exp.And):
        yield "filter", lambda copy: type(copy)(this=exp.true())
    if isinstance(node, exp.Not):
        yield "negation", lambda copy: copy.this
    if isinstance(node, exp.Is | exp.In | exp.Exists | exp.Between | exp.Like) and not isinstance(node.parent, exp.Not):
        yield "negation", lambda copy: exp.Not(this=exp.Paren(this=copy.copy()))
    yield from _value_changes(node)
    yield from _query_changes(node)


def _value_changes(node: exp.Expr) -> Iterator[tuple[str, Edit]]:
    aggregate = _AGGREGATES.get(type(node))
    if aggregate is not None:
        yield "aggregate", _becoming(aggregate)
    if isinstance(node, exp.Count):
        if isinstance(node.this, exp.Distinct):
            yield "aggregate", lambda copy: exp.Count(this=copy.this.expressions[0], big_int=True)
        elif isinstance(node.this, exp.Column):
            yield "aggregate", lambda copy: exp.Count(this=exp.Star(), big_int=True)
    is_bound = isinstance(node.parent, exp.Predicate | exp.Limit)
    if isinstance(node, exp.Literal) and not node.is_string and is_bound and node.this.isdigit():
        yield "boundary", lambda copy: exp.Literal.number(int(copy.this) + 1)
        if int(node.this):
            yield "boundary", lambda copy: exp.Literal.number(int(copy.this) - 1)
    if isinstance(node, exp.Coalesce):
        yield "null", lambda copy: copy.this


def _query_changes(node: exp.Expr) -> Iterator[tuple[str, Edit]]:
    if isinstance(node, exp.Join) and node.args.get("on") is not None:
        if node.side:
            yield "join", _setting("side", None)
        elif not node.kind and not _needs_partner(node):
            yield "join", _setting("side", "LEFT")
    if isinstance(node, exp.Select) and node.args.get("distinct") is not None:
        yield "distinct", _setting("distinct", None)
    if isinstance(node, exp.Union):
        yield "union", _toggling("distinct")
    if isinstance(node, exp.Ordered) and isinstance(node.parent, exp.Order):
        yield "order", _toggling("desc")


def _needs_partner(join: exp.Join) -> bool:
    """Return whether the WHERE drops rows without a partner anyway, so that a LEFT JOIN would change nothing."""
    where = join.parent.args.get("where") if join.parent is not None else None
    conditions = (
        where.this.flatten() if where is not None and isinstance(where.this, exp.And) else [where and where.this]
    )
    name = join.alias_or_name.lower()
    return any(
        isinstance(condition, exp.EQ | exp.NEQ | exp.GT | exp.GTE | exp.LT | exp.LTE | exp.In | exp.Between | exp.Like)
        and isinstance(condition.this, exp.Column)
        and condition.this.table.lower() == name
        for condition in conditions
    )


def _setting(part: str, value: object) -> Edit:
    def edit(copy: exp.Expr) -> exp.Expr:
        copy.set(part, value)
        return copy

    return edit


def _toggling(part: str) -> Edit:
    def edit(copy: exp.Expr) -> exp.Expr:
        copy.set(part, not copy.args.get(part))
        return copy

    return edit


def _becoming(other: type[exp.Expr]) -> Edit:
    def edit(copy: exp.Expr) -> exp.Expr:
        parts = {"this": copy.this, "expression": copy.args.get("expression")}
        return other(**{name: part for name, part in parts.items() if part is not None})

    return edit
