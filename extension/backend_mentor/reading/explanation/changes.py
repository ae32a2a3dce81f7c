"""Writes and definitions in words: what they would change. None is ever run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlglot import exp

from backend_mentor.domain.plan import Operation
from backend_mentor.domain.review import Explanation, Step
from backend_mentor.domain.schema import Table
from backend_mentor.reading.explanation.names import Names
from backend_mentor.reading.explanation.queries import say_query
from backend_mentor.reading.explanation.values import say_value
from backend_mentor.reading.explanation.wording import code, count, listed, sentence

_NEVER_RUN = "It is only explained here, never run."


def explain_write(tree: exp.Expr, names: Names) -> Explanation:
    """Return what an INSERT, UPDATE, DELETE or MERGE would change, and in how many rows as far as that is known."""
    if isinstance(tree, exp.Insert):
        parts = list(_insert_steps(tree, names))
    elif isinstance(tree, exp.Update):
        parts = list(_update_steps(tree, names))
    elif isinstance(tree, exp.Delete):
        parts = list(_delete_steps(tree, names))
    elif isinstance(tree, exp.Select) and isinstance(tree.args.get("into"), exp.Into):
        parts = [
            ("INTO", f"would create the table {tree.args['into'].this.name} and fill it with {say_query(tree, names)}")
        ]
    else:
        text = f"would change the database with {code(names.sql(tree))}"
        return Explanation(f"{sentence(text)} {_NEVER_RUN}", (Step("WRITE", sentence(text)),))
    first, *more = [text for _, text in parts]
    summary = " ".join(sentence(text) for text in (first, *more))
    return Explanation(f"{summary} {_NEVER_RUN}", tuple(Step(word, sentence(text)) for word, text in parts))


def _insert_steps(tree: exp.Insert, names: Names) -> Iterator[tuple[str, str]]:
    target = tree.this.this if isinstance(tree.this, exp.Schema) else tree.this
    columns = [each.name for each in tree.this.expressions] if isinstance(tree.this, exp.Schema) else []
    into = f", giving {listed(columns)}" if 0 < len(columns) <= 6 else ""
    source = tree.expression
    if isinstance(source, exp.Values):
        yield "INSERT", f"would add {count(len(source.expressions))} to {target.name}{_holds(target, names)}{into}"
    elif isinstance(source, exp.Query):
        yield "INSERT", f"would add to {target.name}{_holds(target, names)} {say_query(source, names)}{into}"
    else:
        yield "INSERT", f"would add one row of defaults to {target.name}{_holds(target, names)}"
    conflict = tree.args.get("conflict")
    if isinstance(conflict, exp.OnConflict):
        keys = [each.name for each in conflict.args.get("conflict_keys") or ()]
        where = (
            f"where {listed(keys)} {'is' if len(keys) == 1 else 'are'} taken already"
            if keys
            else "where a row is in the way"
        )
        sets = [each for each in conflict.expressions if isinstance(each, exp.EQ)]
        yield "ON CONFLICT", f"{where}, it would {_say_sets(sets, names) if sets else 'leave the row as it is'}"
    yield from _returning(tree, names)


def _update_steps(tree: exp.Update, names: Names) -> Iterator[tuple[str, str]]:
    where = tree.args.get("where")
    sets = [each for each in tree.expressions if isinstance(each, exp.EQ)]
    rows = _rows_changed(tree.this, where, names)
    yield "UPDATE", f"would {_say_sets(sets, names)} in {rows}"
    others = [names.source(each) for each in names.resolution.sources(tree)[1:]]
    if others:
        yield "FROM", f"takes values from {listed(others)}"
    if isinstance(where, exp.Where):
        yield "WHERE", f"touches only the rows where {names.say_condition(where.this, names)}"
    yield from _returning(tree, names)


def _delete_steps(tree: exp.Delete, names: Names) -> Iterator[tuple[str, str]]:
    where = tree.args.get("where")
    yield "DELETE", f"would delete {_rows_changed(tree.this, where, names)}"
    if isinstance(where, exp.Where):
        yield "WHERE", f"touches only the rows where {names.say_condition(where.this, names)}"
    yield from _returning(tree, names)


def _returning(tree: exp.Expr, names: Names) -> Iterator[tuple[str, str]]:
    returning = tree.args.get("returning")
    if isinstance(returning, exp.Returning):
        yield "RETURNING", f"returns {listed([say_value(each, names) for each in returning.expressions])}"


def _say_sets(sets: Sequence[exp.Expr], names: Names) -> str:
    said = [f"{each.this.name} to {_say_new(each.expression, names)}" for each in sets[:4]]
    if len(sets) > 4:
        said.append(f"{len(sets) - 4} columns more")
    return f"set {listed(said)}" if said else "change columns"


def _say_new(node: exp.Expr, names: Names) -> str:
    if isinstance(node, exp.Column) and node.table.lower() == "excluded":
        return "the new value"
    if isinstance(node, exp.Subquery):
        return f"the result of a subquery ({say_query(node, names)})"
    return say_value(node, names)


def _rows_changed(target: exp.Expr, where: object, names: Names) -> str:
    table = _table(target, names)
    held = f" of {table.name} ({count(table.rows)})" if table and table.rows is not None else f" of {target.name}"
    if where is None:
        return f"every row{held}"
    estimated = _estimated(names)
    held = held.replace(" rows)", " in all)")
    return f"an estimated {count(estimated)}{held}" if estimated is not None else f"the rows{held} that meet its WHERE"


def _estimated(names: Names) -> float | None:
    """Return the rows that the planner expects below the node that changes them."""
    plan = names.subject.plan
    change = next((node for node in plan.nodes() if node.operation is Operation.MODIFY), None) if plan else None
    return change.children[0].estimated_rows if change is not None and change.children else None


def _table(node: exp.Expr, names: Names) -> Table | None:
    return names.subject.schema.table(node.name) if isinstance(node, exp.Table) else None


def _holds(node: exp.Expr, names: Names) -> str:
    table = _table(node, names)
    return f" ({count(table.rows)} today)" if table is not None and table.rows is not None else ""
