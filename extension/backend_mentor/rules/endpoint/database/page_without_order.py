"""The rule page-without-order."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import calls, chain, enclosing, last_name
from backend_mentor.rules.endpoint.databases import chained, names_session
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import excerpt, report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class PageWithoutOrder:
    """A page of rows is cut from a query without an order.

    A database promises no order that it was not asked for: rows come twice or never while the caller turns the pages.
    """

    name: ClassVar[str] = "page-without-order"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.DATABASE
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            "def page(session, offset: int):\n    return "
            "session.scalars(select(Item).offset(offset).limit(20)).all()\n",
            says="cuts a page from rows in no order",
        ),
        PassesCode(
            "def page(session, offset: int):\n"
            "    return session.scalars(select(Item).order_by(Item.id).offset(offset).limit(20)).all()\n",
            because="it is in order",
        ),
        PassesCode(
            "def some(session):\n    return session.scalars(select(Item).limit(1)).all()\n", because="it has no pages"
        ),
        PassesCode(
            "def page(query, offset: int):\n    return query.offset(offset).limit(20)\n",
            because="the order can be in the query that is handed in",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each chain that starts with a query of its own and holds `offset` but no order."""
        for call in calls(source.tree):
            if last_name(call) != "offset":
                continue
            whole = _whole_chain(source, call)
            parts = {last_name(each): each for each in chained(whole)}
            starts = isinstance(list(chained(whole))[-1].func, ast.Name) and "select" in parts
            starts = starts or ("query" in parts and names_session(chain(whole)[0]))
            if starts and not any(name.startswith("order_by") for name in parts):
                yield report(
                    self,
                    source,
                    call,
                    what=f"`{excerpt(whole)}` cuts a page from rows in no order.",
                    why="The database answers in any order, and another one for the next page: rows "
                    "are shown twice or never.",
                    instead="Order by something unique, the primary key last: `.order_by(Item.created_at, Item.id)`.",
                )


def _whole_chain(source: Source, call: ast.Call) -> ast.Call:
    whole = call
    inner: ast.AST = call
    for each in enclosing(source.tree, call):
        if isinstance(each, ast.Attribute) and each.value is inner:
            inner = each
        elif isinstance(each, ast.Call) and each.func is inner:
            inner = whole = each
        else:
            break
    return whole
