"""Rows that were fetched to be counted are counted by the database."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.proposals.code.fix import Change, Declines, Edit, Fixes
from backend_mentor.proposals.code.places import has_comment, node_of
from backend_mentor.reading.endpoints.asking import chained
from backend_mentor.reading.endpoints.trees import chain, last_name

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


_PLAIN = frozenset({"query", "filter", "filter_by", "where", "order_by", "all"})
_PLAIN_DJANGO = frozenset({"all", "filter", "exclude", "order_by", "distinct", "select_related", "prefetch_related"})


class RowsCountedByDatabase:
    """Count in the database instead of fetching and `len`.

    Valid for one mapped class without a limit, a join or a grouping: there the number of objects is that of the rows.
    """

    name: ClassVar[str] = "rows-counted-by-database"
    answers: ClassVar[tuple[str, ...]] = ("count-by-fetching",)
    examples: ClassVar[tuple[Fixes | Declines, ...]] = (
        Fixes(
            "def unread(session, key):\n    # é\n    return len(session.query(Message).filter(\n"
            "        Message.user_id == key,  # é\n    ).all())\n",
            "def unread(session, key):\n    # é\n    return session.query(Message).filter(\n"
            "        Message.user_id == key,  # é\n    ).count()\n",
        ),
        Fixes(
            "def unpaid():\n    return len(Order.objects.filter(paid=False))\n",
            "def unpaid():\n    return Order.objects.filter(paid=False).count()\n",
        ),
        Fixes(
            "def all_of(session):\n    return len(session.query(Message).all()) + 1\n",
            "def all_of(session):\n    return session.query(Message).count() + 1\n",
        ),
        Declines(
            "def authors(session):\n    return len(session.query(Author).join(Book).all())\n",
            because="an author with two books is two rows and one object",
        ),
        Declines(
            "def page(session):\n    return len(session.scalars(select(Author).limit(20)).all())\n",
            because="the statement would have to be another one",
        ),
    )

    def change(self, source: Source, finding: Finding) -> Change | None:
        """Drop `len`, and end the chain with `count()`."""
        call = node_of(source, finding, ast.Call)
        query = call.args[0] if call is not None and call.args else None
        if call is None or not isinstance(query, ast.Call):
            return None
        names, steps = chain(query), {last_name(each) for each in chained(query)}
        is_django = "objects" in names[:-1]
        if not is_django and (names[-1] != "all" or "query" not in names or steps - _PLAIN):
            return None
        if is_django and steps - _PLAIN_DJANGO:
            return None
        whole, inner = source.span_of(call), source.span_of(query)
        kept = query.func.value if isinstance(query.func, ast.Attribute) and names[-1] == "all" else query
        # `Order.objects.all()` is counted as `Order.objects.count()`.
        end = source.span_of(kept).end
        if (
            source.text[whole.start : inner.start].strip() != "len("
            or source.text[inner.end : whole.end].strip() != ")"
        ):
            return None
        if has_comment(source, end, whole.end):
            return None
        return Change(
            title="Let the database count",
            reason="The number is the same, and one row with it is sent instead of each row.",
            edits=(Edit(whole.start, inner.start, ""), Edit(end, whole.end, ".count()")),
            tradeoffs=Tradeoffs("none", "the rows themselves are needed afterwards"),
            conditions=(Condition("each row is one object", f"`{'.'.join(names)}` joins and groups nothing"),),
        )
