"""A loop over rows that one query has fetched, and the query in it that asks for what belongs to each of them."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from backend_mentor.proposals.code.look_ups import holds_whole_numbers, only_reads
from backend_mentor.proposals.code.places import statement_of
from backend_mentor.reading.endpoints.tables import Table, tables
from backend_mentor.reading.endpoints.trees import (
    dotted,
    enclosing,
    enclosing_function,
    last_name,
    own_nodes,
    targets,
    within,
)

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source
    from backend_mentor.reading.endpoints.trees import Function

_Loop = ast.For | ast.ListComp


@dataclass(frozen=True, slots=True)
class Rows:
    """A list of rows, the loop over it, and the variable that holds each."""

    name: str
    row: str
    table: Table
    loop: _Loop


@dataclass(frozen=True, slots=True)
class LookUp:
    """What a query asks for one row: rows of `table` whose `column` is the row's `row_column`."""

    node: ast.expr
    """The whole expression, up to the row or the rows that it comes to."""
    session: str
    table: Table
    column: str
    row: str
    row_column: str
    order: str
    """The call of `order_by` as it is written; empty where there is none."""
    is_one: bool
    is_awaited: bool


def rows_gone_through(source: Source, call: ast.Call) -> Rows | None:
    """Return the rows whose loop a query runs in; None where it is no plain loop over a list that only reads."""
    loop = next(
        (each for each in enclosing(source.tree, call) if isinstance(each, _Loop | ast.AsyncFor | ast.While)), None
    )
    function = enclosing_function(source.tree, call)
    if function is None or not isinstance(loop, _Loop) or not _runs_to_its_end(loop):
        return None
    made = loop if isinstance(loop, ast.For) else loop.generators[0]
    name, row = dotted(made.iter), dotted(made.target)
    table = _table_of_list(source, function, name)
    parts = (
        loop.body if isinstance(loop, ast.For) else [loop.elt, *made.ifs] if isinstance(made, ast.comprehension) else []
    )
    outer = [each for each in enclosing(source.tree, loop) if isinstance(each, _Loop | ast.AsyncFor | ast.While)]
    if any(row in targets(each) for part in parts for each in within(part)):
        return None
    if table is None or not row or "." in row or outer or not only_reads(source, parts, _whole(source, call)[0]):
        return None
    return Rows(name, row, table, loop)


def look_up_of(source: Source, call: ast.Call, rows: Rows) -> LookUp | None:
    """Return what a query asks for each row; None where all of them can not be asked for at once."""
    whole, method = _whole(source, call)
    is_awaited = any(isinstance(each, ast.Await) for each in ast.walk(whole))
    session = dotted(call.func).rpartition(".")[0]
    if not session or call.keywords:
        return None
    if last_name(call) == "get" and len(call.args) == 2 and whole is _awaited(source, call):
        table = tables(source).get(dotted(call.args[0]))
        column = table.primary_key if table is not None else None
        key, order = call.args[1], ""
        is_one = True
    else:
        asked = _asked(source, call.args[0]) if len(call.args) == 1 else None
        if asked is None or (last_name(call), method) not in _SHAPES:
            return None
        table, column, key, order = asked
        is_one = _SHAPES[last_name(call), method]
    attribute = key.attr if isinstance(key, ast.Attribute) and dotted(key.value) == rows.row else None
    if table is None or table.is_django or column is None or attribute is None:
        return None
    if not holds_whole_numbers(table, column) or not holds_whole_numbers(rows.table, attribute):
        return None
    if is_one and (column != table.primary_key or order):
        return None
    return LookUp(whole, session, table, column, rows.row, attribute, order, is_one, is_awaited)


_SHAPES = {
    ("scalar", ""): True,
    ("execute", "scalar_one_or_none"): True,
    ("scalars", "first"): True,
    ("scalars", "one_or_none"): True,
    ("execute", "scalars.first"): True,
    ("execute", "scalars.one_or_none"): True,
    ("scalars", "all"): False,
    ("execute", "scalars.all"): False,
}
"""By what sends the query and what is taken of its result: whether that is one row or None, or else a list."""


def _asked(source: Source, node: ast.expr) -> tuple[Table, str, ast.expr, str] | None:
    """Return the class, the column, the value and the order of `select(Model).where(Model.column == value)`."""
    order = ""
    if last_name(node) == "order_by" and isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        text, inner = source.code_of(node), node.func.value
        order = text[len(source.code_of(inner)) :].strip()
        node = inner
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or node.func.attr != "where":
        return None
    chosen, where = node.func.value, node.args
    if not isinstance(chosen, ast.Call) or dotted(chosen.func) != "select" or len(chosen.args) != 1 or len(where) != 1:
        return None
    table, condition = tables(source).get(dotted(chosen.args[0])), where[0]
    if table is None or not isinstance(condition, ast.Compare) or not isinstance(condition.ops[0], ast.Eq):
        return None
    owner, _, column = dotted(condition.left).rpartition(".")
    is_plain = len(condition.ops) == 1 and owner == table.model.name and "\n" not in order
    return (table, column, condition.comparators[0], order) if is_plain else None


def _whole(source: Source, call: ast.Call) -> tuple[ast.expr, str]:
    """Return the expression up to the last method that takes something of the result, and those methods' names."""
    names: list[str] = []
    node = _awaited(source, call)
    for each in enclosing(source.tree, node):
        if isinstance(each, ast.Attribute) and each.attr in {
            "scalars",
            "all",
            "first",
            "one_or_none",
            "scalar_one_or_none",
        }:
            continue
        if not isinstance(each, ast.Call) or not isinstance(each.func, ast.Attribute) or each.args or each.keywords:
            break
        if node not in ast.walk(each.func):
            break
        node, names = each, [*names, each.func.attr]
    return node, ".".join(names)


def _awaited(source: Source, call: ast.Call) -> ast.expr:
    above = next(iter(enclosing(source.tree, call)), None)
    return above if isinstance(above, ast.Await) else call


def _runs_to_its_end(loop: _Loop) -> bool:
    if isinstance(loop, ast.ListComp):
        return len(loop.generators) == 1 and not loop.generators[0].is_async
    inside = [each for part in loop.body for each in within(part)]
    return not loop.orelse and not any(isinstance(each, ast.Break | ast.Return) for each in inside)


def _table_of_list(source: Source, function: Function, name: str) -> Table | None:
    """Return the class of the rows in a list that one query of the function makes."""
    written = [each for each in own_nodes(function) if name in targets(each)]
    if len(written) != 1 or not isinstance(written[0], ast.Assign) or last_name(written[0].value) != "all":
        return None
    value = written[0].value
    if not isinstance(written[0].targets[0], ast.Name) or statement_of(source, value) is not written[0]:
        return None
    names = [last_name(each) for each in ast.walk(value) if isinstance(each, ast.Call)]
    chosen = [each for each in ast.walk(value) if isinstance(each, ast.Call) and dotted(each.func) == "select"]
    if len(chosen) != 1 or len(chosen[0].args) != 1 or "scalars" not in names:
        return None
    return tables(source).get(dotted(chosen[0].args[0]))
