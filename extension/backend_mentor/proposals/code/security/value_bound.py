"""A value written into a statement is bound beside it."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.proposals.code.drivers import Marker
from backend_mentor.proposals.code.fix import Change, Declines, Edit, Fixes
from backend_mentor.proposals.code.places import added_after, node_of, quoted
from backend_mentor.proposals.code.sql_sending import Sent, sent_by
from backend_mentor.proposals.code.sql_text import edits_of, read_text
from backend_mentor.proposals.code.sql_values import Bound, bound_values, written_value
from backend_mentor.reading.endpoints.trees import enclosing, enclosing_function, last_name, own_nodes, targets

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class ValueBound:
    """Put a marker where a value is written into a statement, and pass the value beside it.

    Valid where the library that sends it is known, the call passes no values yet, and each hole stands where a value
    stands: a whole text in quotes, or a number behind a comparison. A name of a table or column is no value.
    """

    name: ClassVar[str] = "value-bound"
    answers: ClassVar[tuple[str, ...]] = ("sql-injection",)
    examples: ClassVar[tuple[Fixes | Declines, ...]] = (
        Fixes(
            "from sqlalchemy import text\n\n\ndef find(db, name: str):\n"
            "    return db.execute(text(f\"SELECT id FROM t WHERE name = '{name}'\"))  # é\n",
            "from sqlalchemy import text\n\n\ndef find(db, name: str):\n"
            '    return db.execute(text("SELECT id FROM t WHERE name = :name"), {"name": name})  # é\n',
        ),
        Fixes(
            "import sqlite3\n\n\ndef find(user_id: str):\n    connection = sqlite3.connect('é.db')\n"
            '    return connection.execute(f"SELECT * FROM users WHERE id = {user_id}").fetchone()\n',
            "import sqlite3\n\n\ndef find(user_id: str):\n    connection = sqlite3.connect('é.db')\n"
            '    return connection.execute("SELECT * FROM users WHERE id = ?", (user_id,)).fetchone()\n',
        ),
        Fixes(
            "import psycopg\n\n\ndef find(cursor: psycopg.Cursor, name: str):\n    cursor.execute(\n"
            "        \"SELECT * FROM users \"  # é\n        \"WHERE name = '%s' AND code LIKE 'a%%'\" % name\n    )\n",
            "import psycopg\n\n\ndef find(cursor: psycopg.Cursor, name: str):\n    cursor.execute(\n"
            '        "SELECT * FROM users "  # é\n        "WHERE name = %s AND code LIKE \'a%%\'", (name,)\n    )\n',
        ),
        Fixes(
            "from sqlalchemy import text\n\n\ndef find(db, name: str):\n"
            '    query = "SELECT * FROM users WHERE name LIKE \'%" + name + "%\'"\n'
            "    return db.execute(text(query))\n",
            "from sqlalchemy import text\n\n\ndef find(db, name: str):\n"
            '    query = "SELECT * FROM users WHERE name LIKE :name"\n'
            '    return db.execute(text(query), {"name": f"%{name}%"})\n',
        ),
        Declines(
            'import sqlite3\n\n\ndef find(cursor, name: str, key: str):\n    cursor.execute(f"SELECT {key} FROM users '
            "WHERE name = '{name}'\")\n",
            because="key is a name of a column there, which no marker can hold",
        ),
        Declines(
            "def find(cursor, name: str):\n    cursor.execute(f\"SELECT * FROM users WHERE name = '{name}'\")\n",
            because="nothing says which library sends it, and each marks a value in its own way",
        ),
        Declines(
            "import sqlite3\n\n\ndef find(cursor, names: str):\n"
            '    cursor.execute(f"SELECT * FROM users WHERE name IN ({names})")\n',
            because="a list needs as many markers as it has values",
        ),
    )

    def change(self, source: Source, finding: Finding) -> Change | None:
        """Write the markers, take the quotes around them away and pass the values."""
        node = node_of(source, finding, ast.expr)
        text = read_text(source, node) if node is not None else None
        sent = _sent(source, node) if node is not None else None
        if node is None or text is None or sent is None:
            return None
        values = bound_values(source, text, sent.marker, enclosing_function(source.tree, node))
        if not values:
            return None
        places = [(each.first, each.last, each.marker) for each in values]
        edits = edits_of(source, text, places, doubles=sent.marker is Marker.PERCENT)
        given = _given(source, sent, values)
        if edits is None or given is None:
            return None
        names = " and ".join(dict.fromkeys(each.name for each in values))
        return Change(
            title=f"Bind {names} beside the statement",
            reason="The database gets the value apart from the statement: a quote in it is a quote, and no command.",
            edits=(*edits, given),
            tradeoffs=Tradeoffs(
                "none for plain values; an input that holds quotes is found now, where it broke the statement",
                "callers send SQL on purpose",
            ),
            conditions=(
                Condition(f"values are marked with {sent.marker}", f"what `{last_name(sent.call)}` is called on"),
                Condition(
                    "each hole stands where a value stands", re.sub(r"\s+", " ", text.shown()).replace("\0", "…")
                ),
            ),
        )


def _sent(source: Source, node: ast.expr) -> Sent | None:
    """Return what sends a text: the call around it, or that which a variable is given to."""
    above = next(iter(enclosing(source.tree, node)), None)
    used = _only_use(source, above) if isinstance(above, ast.Assign) else node
    return sent_by(source, used) if used is not None else None


def _only_use(source: Source, assignment: ast.Assign) -> ast.expr | None:
    """Return the one place at which a local variable that is assigned once is read."""
    target = assignment.targets[0]
    function = enclosing_function(source.tree, assignment)
    if len(assignment.targets) != 1 or not isinstance(target, ast.Name) or function is None:
        return None
    written = [each for each in own_nodes(function) if target.id in targets(each)]
    read = [each for each in ast.walk(function) if isinstance(each, ast.Name) and each.id == target.id]
    used = [each for each in read if isinstance(each.ctx, ast.Load)]
    return used[0] if written == [assignment] and len(used) == 1 and len(read) == 2 else None


def _given(source: Source, sent: Sent, values: tuple[Bound, ...]) -> Edit | None:
    written = [written_value(source, each) for each in values]
    if any(each is None for each in written):
        return None
    texts = [each or "" for each in written]
    if sent.marker is Marker.COLON:
        pairs = (f"{quoted(source, each.name)}: {text}" for each, text in zip(values, texts, strict=True))
        return added_after(source, sent.argument, f", {{{', '.join(dict.fromkeys(pairs))}}}")
    if sent.marker is Marker.DOLLAR:
        return added_after(source, sent.argument, f", {', '.join(texts)}")
    end = "," if len(texts) == 1 else ""
    return added_after(source, sent.argument, f", ({', '.join(texts)}{end})")
