"""A page is cut from rows in the order of their primary key."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.proposals.code.fix import Change, Declines, Fixes
from backend_mentor.proposals.code.places import added_after, node_of
from backend_mentor.proposals.code.sample_tables import SQLALCHEMY_TABLES
from backend_mentor.reading.endpoints.asking import chained
from backend_mentor.reading.endpoints.tables import tables
from backend_mentor.reading.endpoints.trees import last_name, root_name

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class PageOrdered:
    """Order by the primary key before a page is cut.

    Valid for one mapped class of the cell with one column as its key, where nothing is grouped or made distinct: any
    order is one that the database could have answered in.
    """

    name: ClassVar[str] = "page-ordered"
    answers: ClassVar[tuple[str, ...]] = ("page-without-order",)
    examples: ClassVar[tuple[Fixes | Declines, ...]] = (
        Fixes(
            SQLALCHEMY_TABLES + "def page(session, offset: int):\n    # é\n    return session.scalars(\n"
            "        select(Book)  # é\n        .where(Book.title != 'é')\n        .offset(offset)\n"
            "        .limit(20)\n    ).all()\n",
            SQLALCHEMY_TABLES + "def page(session, offset: int):\n    # é\n    return session.scalars(\n"
            "        select(Book)  # é\n        .where(Book.title != 'é').order_by(Book.id)\n        .offset(offset)\n"
            "        .limit(20)\n    ).all()\n",
        ),
        Fixes(
            SQLALCHEMY_TABLES
            + "def page(db, offset: int):\n    return db.query(Book).limit(20).offset(offset).all()\n",
            SQLALCHEMY_TABLES + "def page(db, offset: int):\n"
            "    return db.query(Book).order_by(Book.id).limit(20).offset(offset).all()\n",
        ),
        Declines(
            "from sqlalchemy import select\n\n\ndef page(session, offset: int):\n"
            "    return session.scalars(select(Item).offset(offset).limit(20)).all()\n",
            because="the cell does not show the key of Item",
        ),
        Declines(
            SQLALCHEMY_TABLES + "def page(session, offset: int):\n"
            "    return session.scalars(select(Book.title).distinct().offset(offset).limit(20)).all()\n",
            because="a distinct title has no key to order by",
        ),
    )

    def change(self, source: Source, finding: Finding) -> Change | None:
        """Add `order_by` before what cuts the page."""
        call = node_of(source, finding, ast.Call)
        if call is None or not isinstance(call.func, ast.Attribute):
            return None
        steps = [call, *chained(call.func.value)]
        if {last_name(each) for each in steps} & {
            "group_by",
            "distinct",
            "union",
            "from_statement",
            "select_from",
            "join",
            "outerjoin",
        }:
            return None
        start = (
            steps[-1]
            if last_name(steps[-1]) == "select"
            else next((each for each in steps if last_name(each) == "query"), steps[-1])
        )
        model = root_name(start.args[0]) if len(start.args) >= 1 else ""
        table = tables(source).get(model)
        if table is None or table.is_django or table.primary_key is None:
            return None
        # A Query refuses an order after its limit.
        cut = [each for each in steps if last_name(each) in {"offset", "limit"}][-1]
        if not isinstance(cut.func, ast.Attribute):
            return None
        return Change(
            title=f"Order the page by {model}.{table.primary_key}",
            reason="Any order is one that the database could have answered in; in this one no row comes twice or "
            "never.",
            edits=(added_after(source, cut.func.value, f".order_by({model}.{table.primary_key})"),),
            tradeoffs=Tradeoffs(
                "the database walks the key's index", "callers expect the newest first, which nobody wrote"
            ),
            conditions=(Condition(f"{table.primary_key} tells the rows of {model} apart", "it is the primary key"),),
        )
