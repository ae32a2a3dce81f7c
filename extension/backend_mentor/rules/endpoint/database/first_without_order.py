"""The rule first-without-order."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.reading.endpoints.fetches import read_fetch
from backend_mentor.reading.endpoints.tables import tables
from backend_mentor.rules.endpoint.code import calls, enclosing_function, last_name, own_nodes, parents, targets
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report
from backend_mentor.rules.endpoint.sample_tables import DJANGO_TABLES, SQLALCHEMY_TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding
    from backend_mentor.reading.endpoints.fetches import Fetch
    from backend_mentor.reading.endpoints.tables import Table


class FirstWithoutOrder:
    """The first row is taken of rows in no order.

    Which one that is changes with the plan, an update or a vacuum: two requests get two answers.
    """

    name: ClassVar[str] = "first-without-order"
    severity: ClassVar[Severity] = Severity.ADVICE
    responsibility: ClassVar[Responsibility] = Responsibility.DATABASE
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            SQLALCHEMY_TABLES
            + "def find(session, name: str):\n    return session.query(Author).filter(Author.name == name).first()\n",
            says="`first()` takes any Author",
        ),
        FlagsCode(
            SQLALCHEMY_TABLES + "def find(session, name: str):\n"
            "    return session.scalars(select(Author).filter_by(name=name)).first()\n",
            says="`first()` takes any Author",
        ),
        PassesCode(
            SQLALCHEMY_TABLES
            + "def find(session, mail: str):\n    return session.query(Author).filter(Author.email == mail).first()\n",
            because="the address is unique, so there is one row at most",
        ),
        PassesCode(
            SQLALCHEMY_TABLES + "def find(session, name: str):\n"
            "    return session.query(Author).filter(Author.name == name).order_by(Author.id).first()\n",
            because="it is in order",
        ),
        PassesCode(
            SQLALCHEMY_TABLES + "def known(session, name: str):\n"
            "    if session.query(Author).filter(Author.name == name).first() is None:\n        create(name)\n",
            because="it asks whether there is one, and any will do",
        ),
        PassesCode(
            DJANGO_TABLES + "def find(name: str):\n    return Author.objects.filter(name=name).first()\n",
            because="Django orders by the primary key itself",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each `first()` of SQLAlchemy on a class of the cell whose filter names no unique column."""
        known = tables(source)
        above = parents(source.tree)
        for call in calls(source.tree):
            if last_name(call) != "first" or call.args or not isinstance(call.func, ast.Attribute):
                continue
            fetch = read_fetch(source, call.func.value, {}, known)
            if fetch is None or fetch.is_django or _is_one_row(fetch, known[fetch.model]):
                continue
            if isinstance(above.get(call), ast.Return | ast.Assign) and not is_only_tested(source, call):
                yield report(
                    self,
                    source,
                    call,
                    what=f"`first()` takes any {fetch.model} of those that match, in no order.",
                    why="Which row comes first changes with the plan and with each update of the table.",
                    instead=f"Say which one is meant: "
                    f"`.order_by({fetch.model}.{known[fetch.model].primary_key or 'id'})`, "
                    "or `.one_or_none()` where there must be one at most.",
                )


def _is_one_row(fetch: Fetch, table: Table) -> bool:
    """Return whether the query is in order, or compares a unique column, or does what the cell does not show."""
    if fetch.step_names & {"order_by", "join", "outerjoin", "group_by", "select_from"}:
        return True
    used = {
        each.attr if isinstance(each, ast.Attribute) else str(each.arg)
        for step in fetch.steps
        for each in ast.walk(step)
        if (isinstance(each, ast.Attribute) and last_name(each.value) == table.model.name)
        or (isinstance(each, ast.keyword) and last_name(step) == "filter_by")
    }
    columns = [table.columns.get(name) for name in used]
    return not used or any(each is None or each.is_unique or each.is_primary for each in columns) or _unique(table)


def _unique(table: Table) -> bool:
    return table.model.node is not None and "UniqueConstraint" in ast.dump(table.model.node)


def is_only_tested(source: Source, call: ast.Call) -> bool:
    """Return whether the variable that the row is given to is only asked whether there is one."""
    above = parents(source.tree)
    given = above.get(call)
    function = enclosing_function(source.tree, call)
    names = targets(given) if given is not None else frozenset()
    if not names or function is None:
        return False
    uses = [
        above.get(each)
        for each in own_nodes(function)
        if isinstance(each, ast.Name) and each.id in names and isinstance(each.ctx, ast.Load)
    ]
    return all(isinstance(each, ast.If | ast.UnaryOp | ast.Compare) for each in uses)
