"""An operation that Python would answer is one that the database answers."""

from __future__ import annotations

import ast
import re
from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.proposals.code.fix import Change, Declines, Edit, Fixes
from backend_mentor.proposals.code.places import added_before, has_comment, node_of
from backend_mentor.reading.endpoints.trees import enclosing

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class OperatorForDatabase:
    """Write `is`, `in`, `not`, `and` and `or` on columns as what makes SQL.

    Valid directly in `where`, `filter` or `having`, where the left side is an attribute of the class that is queried.
    """

    name: ClassVar[str] = "operator-for-database"
    answers: ClassVar[tuple[str, ...]] = ("python-operator-in-filter",)
    examples: ClassVar[tuple[Fixes | Declines, ...]] = (
        Fixes(
            "statement = select(User).where(User.é is None, User.age > 3)  # é\n",
            "statement = select(User).where(User.é.is_(None), User.age > 3)  # é\n",
        ),
        Fixes(
            "from sqlalchemy import select\n\nstatement = select(User).where(\n    User.age > 18\n"
            "    and User.name == 'a'\n)\n",
            "from sqlalchemy import select\n\nstatement = select(User).where(\n    User.age > 18,\n"
            "    User.name == 'a'\n)\n",
        ),
        Fixes(
            "from sqlalchemy import select\n\nstatement = select(User).where(User.age > 18 or (User.name == 'a'))\n",
            "from sqlalchemy import or_, select\n\n"
            "statement = select(User).where(or_(User.age > 18, (User.name == 'a')))\n",
        ),
        Fixes(
            "statement = session.query(User).filter(User.id not in keys, not User.active)\n",
            "statement = session.query(User).filter(User.id.not_in(keys), ~User.active)\n",
        ),
        Declines(
            "statement = select(User).where(User.age > 18 and strict)\n",
            because="strict is a value of Python, which decides whether there is a condition",
        ),
        Declines(
            "statement = select(User).where((User.age > 18 and User.active))\n",
            because="the brackets would make a pair of it",
        ),
    )

    def change(self, source: Source, finding: Finding) -> Change | None:
        """Write the operation as a method or a function of SQLAlchemy."""
        node = node_of(source, finding, ast.expr)
        edits = _edits(source, node) if node is not None else None
        if node is None or edits is None:
            return None
        made_or = isinstance(node, ast.BoolOp) and isinstance(node.op, ast.Or)
        return Change(
            title=f"Let the database answer `{' '.join(source.code_of(node).split())}`",
            reason="It becomes part of the SQL, where Python's own operator had answered before the query was sent.",
            edits=edits,
            imports=("sqlalchemy.or_",) if made_or else (),
            tradeoffs=Tradeoffs("other rows come back: those that were meant", None),
            conditions=(Condition("its left side is a column of the class that is queried", source.code_of(node)),),
        )


def _edits(source: Source, node: ast.expr) -> tuple[Edit, ...] | None:
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        return _compared(source, node)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        inner = source.span_of(node.operand).start
        start = source.span_of(node).start
        plain = isinstance(node.operand, ast.Attribute) and source.text[start:inner].strip() == "not"
        return (Edit(start, inner, "~"),) if plain else None
    if isinstance(node, ast.BoolOp) and all(_is_condition(each) for each in node.values):
        return _joined(source, node)
    return None


def _compared(source: Source, node: ast.Compare) -> tuple[Edit, ...] | None:
    other = node.comparators[0]
    left, right = source.span_of(node.left).end, source.span_of(other)
    if has_comment(source, left, right.start) or "(" in source.text[left : right.start]:
        return None
    is_null = isinstance(other, ast.Constant) and other.value is None
    name = {
        ast.Is: "is_" if is_null else "",
        ast.IsNot: "is_not" if is_null else "",
        ast.In: "in_",
        ast.NotIn: "not_in",
    }
    method = name.get(type(node.ops[0]), "")
    return (Edit(left, right.start, f".{method}("), Edit(right.end, right.end, ")")) if method else None


def _joined(source: Source, node: ast.BoolOp) -> tuple[Edit, ...] | None:
    word = "and" if isinstance(node.op, ast.And) else "or"
    edits = []
    for first, second in pairwise(node.values):
        start, end = source.span_of(first).end, source.span_of(second).start
        found = re.fullmatch(rf"(\)*)(\s*)\b{word}\b(\s*)(\(*)", source.text[start:end])
        if found is None:
            return None
        space = found[2] if "\n" in found[2] else found[3] or " "
        edits.append(Edit(start, end, f"{found[1]},{space}{found[4]}"))
    call = next((each for each in enclosing(source.tree, node) if isinstance(each, ast.Call)), None)
    if call is None or not call.args or _bracketed(source, call, node):
        return None
    if word == "or":
        end = source.span_of(node).end
        edits = [added_before(source, node, "or_("), *edits, Edit(end, end, ")")]
    return tuple(edits)


def _is_condition(node: ast.expr) -> bool:
    """Return whether a part is a comparison of an attribute of a class, or such an attribute: what makes SQL."""
    if isinstance(node, ast.Compare):
        makes = all(isinstance(each, ast.Eq | ast.NotEq | ast.Lt | ast.LtE | ast.Gt | ast.GtE) for each in node.ops)
        return makes and len(node.ops) == 1 and _is_condition(node.left)
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id[:1].isupper()


def _bracketed(source: Source, call: ast.Call, node: ast.expr) -> bool:
    """Return whether the argument stands in brackets of its own."""
    place = call.args.index(node) if node in call.args else -1
    before = source.span_of(call.args[place - 1] if place > 0 else call.func).end
    opened = source.text[before : source.span_of(node).start].count("(")
    return opened > (0 if place > 0 else 1) or place < 0
