"""A session is closed at the end of a block."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.proposals.code.fix import Change, Declines, Edit, Fixes
from backend_mentor.proposals.code.places import indent_of, lines_of, node_of, replaced
from backend_mentor.reading.endpoints.trees import enclosing_function, last_name, own_nodes, root_name, targets

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


_VALUES = frozenset(
    {"id", "name", "title", "email", "total", "amount", "price", "created_at", "updated_at", "status", "slug", "code"}
)


class SessionClosedByBlock:
    """Open the session in a `with`, and put the rest of the function into it.

    Valid where what the function answers needs no session any more: numbers, texts, and collections made of them.
    """

    name: ClassVar[str] = "session-closed-by-block"
    answers: ClassVar[tuple[str, ...]] = ("session-never-closed",)
    examples: ClassVar[tuple[Fixes | Declines, ...]] = (
        Fixes(
            "def count_orders(é):\n    # é\n    session = SessionLocal()  # é\n    if é:\n\n        return None\n"
            "    return session.query(Order).count()\n\n\nprint(1)\n",
            "def count_orders(é):\n    # é\n    with SessionLocal() as session:  # é\n        if é:\n\n"
            "            return None\n        return session.query(Order).count()\n\n\nprint(1)\n",
        ),
        Fixes(
            "class Orders:\n    def names(self):\n        db = SessionLocal()\n        rows = db.scalars(\n"
            "            ALL  # é\n        ).all()\n        return [{'é': row.name} for row in rows]",
            "class Orders:\n    def names(self):\n        with SessionLocal() as db:\n            rows = db.scalars(\n"
            "                ALL  # é\n            ).all()\n            return [{'é': row.name} for row in rows]",
        ),
        Fixes(
            "async def count_orders():\n\tsession = SessionLocal()\n\tfound = await session.scalar(COUNT)\n"
            "\treturn int(found)\n",
            "async def count_orders():\n\tasync with SessionLocal() as session:\n"
            "\t\tfound = await session.scalar(COUNT)\n"
            "\t\treturn int(found)\n",
        ),
        Declines(
            "def orders():\n    session = SessionLocal()\n    return session.query(Order).all()\n",
            because="the rows are read after the session is closed, and can load no relation then",
        ),
        Declines(
            "def orders():\n    session = SessionLocal()\n    session.execute(text('''\n"
            "        DELETE FROM orders\n    '''))\n"
            "    session.commit()\n",
            because="the text over several lines would be another one",
        ),
    )

    def change(self, source: Source, finding: Finding) -> Change | None:
        """Write `with … as` before the call, and move the lines after it to the right."""
        node = node_of(source, finding, ast.Assign)
        function = enclosing_function(source.tree, node) if node is not None else None
        if node is None or function is None or node not in function.body or not isinstance(node.value, ast.Call):
            return None
        rest = function.body[function.body.index(node) + 1 :]
        lines, indent = lines_of(source, node), indent_of(source, node)
        if not rest or lines is None or indent is None or not _can_move(source, rest):
            return None
        answers = [
            each.value for each in own_nodes(function) if isinstance(each, ast.Return) and each.value is not None
        ]
        if not all(_is_plain(each) for each in answers):
            return None
        name, maker = min(targets(node), default=""), source.code_of(node.value)
        last = rest[-1].end_lineno or rest[-1].lineno
        step = "\t" if indent.startswith("\t") else "    "
        moved = tuple(
            Edit(start, start, step)
            for line in range(rest[0].lineno, last + 1)
            if source.text[(start := source.line_offsets[line - 1]) :].partition("\n")[0].strip()
        )
        waits = any(isinstance(each, ast.Await) and root_name(each) == name for part in rest for each in ast.walk(part))
        return Change(
            title=f"Close {name} at the end of a block",
            reason="The session is closed however the function ends, and its connection goes back to the pool at once.",
            edits=(replaced(source, node, f"{'async ' if waits else ''}with {maker} as {name}:"), *moved),
            tradeoffs=Tradeoffs("the lines below move to the right", "the rows are to be used after the function"),
            conditions=(
                Condition("the answer needs no session", "numbers, texts and collections made of them"),
                Condition("the session is used in this function alone", f"{name} is handed to nobody"),
            ),
        )


def _can_move(source: Source, rest: list[ast.stmt]) -> bool:
    """Return whether the statements can be moved to the right: each on its own lines, no text over several."""
    texts = [
        each
        for statement in rest
        for each in ast.walk(statement)
        if isinstance(each, ast.JoinedStr) or (isinstance(each, ast.Constant) and isinstance(each.value, str))
    ]
    apart = all(lines_of(source, each) is not None for each in rest)
    return apart and all(each.lineno == each.end_lineno for each in texts)


def _is_plain(node: ast.expr) -> bool:
    """Return whether a value is no row, and holds none."""
    if isinstance(node, ast.Constant | ast.JoinedStr | ast.Compare):
        return True
    if isinstance(node, ast.Call):
        return last_name(node) in {"count", "len", "bool", "str", "int", "float", "sum"} or (
            last_name(node) == "scalar" and "count" in ast.unparse(node)
        )
    if isinstance(node, ast.ListComp | ast.SetComp):
        return _is_plain(node.elt) or _is_column(node.elt)
    if isinstance(node, ast.Dict):
        return all(_is_plain(each) or _is_column(each) for each in node.values)
    return False


def _is_column(node: ast.expr) -> bool:
    # A name that is no plural stands for one value; a relation of many does not.
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.attr in _VALUES
