"""The rule python-operator-in-filter."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import calls, last_name
from backend_mentor.rules.endpoint.databases import chained
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import excerpt, report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class PythonOperatorInFilter:
    """A condition of a query is computed by Python before the database sees it.

    `and`, `or`, `not`, `in` and `is` can not be taken over by a column: Python answers them itself, with True or False.
    """

    name: ClassVar[str] = "python-operator-in-filter"
    severity: ClassVar[Severity] = Severity.CRITICAL
    responsibility: ClassVar[Responsibility] = Responsibility.DATABASE
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            "def active(session):\n    return session.query(User).filter(User.deleted_at is None).all()\n",
            says="`User.deleted_at is None` is answered by Python",
        ),
        FlagsCode(
            "statement = select(User).where(User.active and User.age > 18)\n",
            says="`User.active and User.age > 18` is answered by Python",
        ),
        PassesCode(
            "statement = select(User).where(User.deleted_at.is_(None), User.age > 18)\n",
            because="these operators make SQL",
        ),
        PassesCode(
            "statement = select(User).where(User.age > 18 if settings.STRICT and settings.ADULT else true())\n",
            because="the choice is made from settings, not from columns",
        ),
        PassesCode("adults = frame.where(frame.age is None)\n", because="this is no query but a data frame's `where`"),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each argument of `where`, `filter` or `having` that is such an operation on an attribute of a class."""
        for call in calls(source.tree):
            if last_name(call) not in {"where", "filter", "having"} or not isinstance(call.func, ast.Attribute):
                continue
            models = {
                part.id
                for each in chained(call.func.value)
                for given in each.args
                if (part := _root(given)) is not None
            }
            for given in call.args:
                shown = excerpt(given)
                if _is_answered_by_python(given, models):
                    yield report(
                        self,
                        source,
                        given,
                        what=f"`{shown}` is answered by Python, not by the database.",
                        why="It is True, False or one of its parts before the query is sent: the "
                        "rows are the wrong ones.",
                        instead="Use what makes SQL: `.is_(None)`, `.in_(...)`, `and_(a, b)` or two "
                        "arguments, `or_`, `~`.",
                    )


def _root(node: ast.AST) -> ast.Name | None:
    name = node.value if isinstance(node, ast.Attribute) else node
    return name if isinstance(name, ast.Name) and name.id[:1].isupper() else None


def _is_answered_by_python(node: ast.expr, models: set[str]) -> bool:
    def is_column(part: ast.AST) -> bool:
        return isinstance(part, ast.Attribute) and (root := _root(part)) is not None and root.id in models

    match node:
        case ast.Compare(left=left, ops=[ast.Is() | ast.IsNot() | ast.In() | ast.NotIn()]):
            return is_column(left)
        case ast.BoolOp(values=values):
            return any(is_column(each) or (isinstance(each, ast.Compare) and is_column(each.left)) for each in values)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return is_column(operand)
    return False
