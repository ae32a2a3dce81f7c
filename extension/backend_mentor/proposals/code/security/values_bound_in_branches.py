"""Values written into a statement that is put together step by step are collected and bound beside it."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.proposals.code.drivers import Marker
from backend_mentor.proposals.code.fix import Change, Declines, Edit, Fixes
from backend_mentor.proposals.code.places import (
    added_after,
    added_before,
    block_of,
    indent_of,
    lines_of,
    names_bound,
    node_of,
    quoted,
)
from backend_mentor.proposals.code.sql_sending import Sent, sent_by
from backend_mentor.proposals.code.sql_steps import (
    beginnings,
    holds_text_alone,
    is_from_list,
    is_in_order,
    text_of_step,
)
from backend_mentor.proposals.code.sql_text import edits_of
from backend_mentor.proposals.code.sql_values import Bound, bound_values, written_value
from backend_mentor.reading.endpoints.assembled import Assembled, Step, assembled
from backend_mentor.reading.endpoints.trees import enclosing, enclosing_function, targets

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding
    from backend_mentor.reading.endpoints.trees import Function

_SQLITE = "import sqlite3\n\n\ndef find(cursor: sqlite3.Cursor, name: str | None, city: str):\n"
_TEXT = "from sqlalchemy import text\n\n\ndef find(db, name: str | None):\n"


@dataclass(frozen=True, slots=True)
class _Part:
    """A step, its edits, and the values that it writes into the statement."""

    step: Step
    edits: tuple[Edit, ...]
    values: tuple[Bound, ...]


class ValuesBoundInBranches:
    """Collect the values beside the text as it grows, with a marker where each was written, and pass them all.

    Valid where one call sends the text, every hole stands where a value stands, and the values are collected in the
    order of their markers. A name of a column, which no marker can hold, has to come from a fixed set.
    """

    name: ClassVar[str] = "values-bound-in-branches"
    answers: ClassVar[tuple[str, ...]] = ("sql-injection",)
    examples: ClassVar[tuple[Fixes | Declines, ...]] = (
        Fixes(
            _SQLITE + "    query = f\"SELECT id FROM people WHERE city = '{city}'\"\n    if name:\n"
            '        query += " AND name LIKE \'%{}%\'".format(name)  # é\n    query += " ORDER BY id"\n'
            "    return cursor.execute(query).fetchall()\n",
            _SQLITE + '    values = []\n    query = "SELECT id FROM people WHERE city = ?"\n    values.append(city)\n'
            '    if name:\n        query += " AND name LIKE ?"  # é\n        values.append(f"%{name}%")\n'
            '    query += " ORDER BY id"\n    return cursor.execute(query, values).fetchall()\n',
        ),
        Fixes(
            _SQLITE.replace("sqlite3", "psycopg") + '    # é\n    conditions = ["active"]\n    if name:\n'
            "        conditions.append(\"name = '%s'\" % name)\n    conditions.append(f\"city = '{city}'\")\n"
            '    query = "SELECT id FROM people WHERE " + " AND ".join(conditions)\n    cursor.execute(query)\n',
            _SQLITE.replace("sqlite3", "psycopg")
            + '    # é\n    values = []\n    conditions = ["active"]\n    if name:\n'
            '        conditions.append("name = %s")\n        values.append(name)\n    conditions.append("city = %s")\n'
            '    values.append(city)\n    query = "SELECT id FROM people WHERE " + " AND ".join(conditions)\n'
            "    cursor.execute(query, values)\n",
        ),
        Fixes(
            _TEXT + '    query = "SELECT id FROM people"\n    if name:\n'
            '        query = query + " WHERE name = \'" + name + "\'"\n    return db.execute(text(query)).all()  # é\n',
            _TEXT + '    values = {}\n    query = "SELECT id FROM people"\n    if name:\n'
            '        query = query + " WHERE name = :name"\n        values["name"] = name\n'
            "    return db.execute(text(query), values).all()  # é\n",
        ),
        Declines(
            _SQLITE + '    query = "SELECT id FROM people"\n    if name:\n        query += f" ORDER BY {name}"\n'
            "    return cursor.execute(query).fetchall()\n",
            because="name is a column there, which no marker can hold, and no list says which are allowed",
        ),
        Declines(
            _SQLITE + "    query = \"SELECT id FROM people WHERE city = 'Bern?'\"\n    if name:\n"
            "        query += f\" AND name = '{name}'\"\n    log(query)\n    return cursor.execute(query).fetchall()\n",
            because="the text is used at a second place",
        ),
        Declines(
            'def find(cursor, name: str | None):\n    query = "SELECT id FROM people WHERE active"\n    if name:\n'
            "        query += f\" AND name = '{name}'\"\n    cursor.execute(query)\n",
            because="nothing says which library sends it, and each marks a value in its own way",
        ),
        Declines(
            _SQLITE + "    limits = []\n    query = f\"SELECT id FROM people WHERE city = '{city}'\"\n    if name:\n"
            "        limits.append(f\"name = '{name}'\")\n    query = query + \" AND \" + ' AND '.join(limits)\n"
            "    for each in city:\n        query += f\" OR city = '{each}'\"\n"
            "    return cursor.execute(query).fetchall()\n",
            because="the values of a loop have no names that could be told apart",
        ),
    )

    def change(self, source: Source, finding: Finding) -> Change | None:
        """Write the markers, collect the values behind each step and pass them with the text."""
        node = node_of(source, finding, ast.expr)
        function = enclosing_function(source.tree, node) if node is not None else None
        whole = _whole(function, node) if function is not None and node is not None else None
        sent = _sent(source, function, whole) if function is not None and whole is not None else None
        if function is None or whole is None or sent is None or sent.marker is Marker.DOLLAR:
            return None
        parts = _parts(source, function, whole, sent.marker)
        edits = _collected(source, function, whole, parts, sent) if parts else None
        if parts is None or edits is None:
            return None
        names = list(dict.fromkeys(bound.name for part in parts for bound in part.values))
        return Change(
            title=f"Bind {' and '.join(names)} beside the statement",
            reason="The database gets the values apart from the statement: a quote in one is a quote, and no command.",
            edits=(*edits, *(edit for part in parts for edit in part.edits)),
            tradeoffs=Tradeoffs(
                "none for plain values; an input that holds quotes is found now, where it broke the statement",
                "callers send SQL on purpose",
            ),
            conditions=(
                Condition(f"values are marked with {sent.marker}", "what sends the statement"),
                Condition("the values are collected in the order of their markers", f"the {len(whole.steps)} steps"),
            ),
        )


def _whole(function: Function, node: ast.expr) -> Assembled | None:
    """Return the text put together in steps of which an expression is one."""
    variables = dict.fromkeys(name for each in ast.walk(function) for name in sorted(targets(each)))
    found = (assembled(function, name) for name in variables)
    return next((each for each in found if each and any(step.expression is node for step in each.steps)), None)


def _sent(source: Source, function: Function, whole: Assembled) -> Sent | None:
    """Return the one call that sends the text; None where anything else is made of it."""
    steps = {id(part) for step in whole.steps for part in ast.walk(step.statement)}
    uses = [
        each
        for each in ast.walk(function)
        if isinstance(each, ast.Name)
        and isinstance(each.ctx, ast.Load)
        and each.id in {whole.variable, *whole.lists}
        and id(each) not in steps
        and not isinstance(next(iter(enclosing(source.tree, each)), None), ast.If)
    ]
    return sent_by(source, uses[0]) if len(uses) == 1 and uses[0].id == whole.variable else None


def _parts(source: Source, function: Function, whole: Assembled, marker: Marker) -> list[_Part] | None:
    """Return each step that holds a value; None where one of them can not be bound."""
    if not holds_text_alone(source, function, whole, marker):
        return None
    found: list[_Part] = []
    for step in whole.steps:
        text = text_of_step(source, step)
        if text is None or not any(piece.hole for piece in text.pieces) or is_from_list(function, text):
            continue
        values = bound_values(source, text, marker, function, of_part=True)
        places = [(each.first, each.last, each.marker) for each in values]
        edits = edits_of(source, text, places, doubles=marker is Marker.PERCENT)
        if not values or edits is None:
            return None
        found.append(_Part(step, tuple(edits), values))
    bound = {(value.name, value.expression) for part in found for value in part.values}
    is_clear = marker is not Marker.COLON or len({name for name, _ in bound}) == len(bound)
    return found if is_clear and is_in_order(source, whole, [part.step for part in found]) else None


def _collected(
    source: Source, function: Function, whole: Assembled, parts: list[_Part], sent: Sent
) -> list[Edit] | None:
    """Return the edits that begin the collection, add to it behind each step and pass it."""
    name = next((each for each in ("values", "bound_values") if each not in names_bound(function)), None)
    begun = beginnings(function, whole)
    blocks = {id(block_of(source, each)) for each in begun or ()}
    indent = indent_of(source, begun[0]) if begun else None
    if name is None or begun is None or indent is None or len(blocks) != 1:
        return None
    is_named = sent.marker is Marker.COLON
    edits = [
        added_before(source, begun[0], f"{name} = {'{}' if is_named else '[]'}\n{indent}"),
        added_after(source, sent.argument, f", {name}"),
    ]
    for statement in dict.fromkeys(part.step.statement for part in parts):
        values = [value for part in parts if part.step.statement is statement for value in part.values]
        inside, lines = indent_of(source, statement), lines_of(source, statement)
        written = [written_value(source, each) for each in values]
        if inside is None or lines is None or None in written:
            return None
        added = _added(source, name, list(zip(values, [each or "" for each in written], strict=True)), is_named)
        edits.append(Edit(lines[1], lines[1], "".join(f"{inside}{line}\n" for line in added)))
    return edits


def _added(source: Source, name: str, values: list[tuple[Bound, str]], is_named: bool) -> list[str]:
    if is_named:
        return [f"{name}[{quoted(source, each.name)}] = {text}" for each, text in values]
    return [f"{name}.append({text})" for _, text in values]
