"""Rows are chosen by the database, not after they were fetched."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.proposals.code.fix import Change, Declines, Edit, Fixes
from backend_mentor.proposals.code.places import added_after
from backend_mentor.proposals.code.sample_tables import DJANGO_TABLES, SQLALCHEMY_TABLES
from backend_mentor.reading.endpoints.shapes import late_filters
from backend_mentor.reading.endpoints.tables import tables
from backend_mentor.reading.endpoints.trees import enclosing_function, last_name, names_in, parameters

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding
    from backend_mentor.reading.endpoints.shapes import LateFilter


_WHOLE = frozenset({"Integer", "BigInteger", "SmallInteger", "Boolean", "IntegerField", "BigIntegerField",
                    "PositiveIntegerField", "BooleanField"})  # fmt: skip
_TEXT = frozenset({"String", "Text", "CharField", "TextField", "SlugField"})


class RowsChosenByDatabase:
    """Move the condition of a comprehension into its query.

    Valid for a column that is a whole number or a text, compared with a parameter or a literal: the database keeps the
    same rows as Python. A comparison that NULL would answer differently is left alone.
    """

    name: ClassVar[str] = "rows-chosen-by-database"
    answers: ClassVar[tuple[str, ...]] = ("filter-after-fetch",)
    examples: ClassVar[tuple[Fixes | Declines, ...]] = (
        Fixes(
            SQLALCHEMY_TABLES + "def by(session, title: str):\n    # é\n"
            "    return [book for book in session.scalars(select(Book)).all() if book.title == title]\n",
            SQLALCHEMY_TABLES + "def by(session, title: str):\n    # é\n"
            "    return [book for book in session.scalars(select(Book).where(Book.title == title)).all()]\n",
        ),
        Fixes(
            DJANGO_TABLES + "def sellers(request):\n"
            "    return [\n        book.title for book in Book.objects.order_by('é') if book.sold > 100\n    ]\n",
            DJANGO_TABLES + "def sellers(request):\n"
            "    return [\n        book.title for book in Book.objects.filter(sold__gt=100).order_by('é')\n    ]\n",
        ),
        Declines(
            DJANGO_TABLES.replace("IntegerField(default=0)", "IntegerField(null=True)")
            + "def others(request):\n    return [book.title for book in Book.objects.all() if book.sold != 3]\n",
            because="a row without a number is kept by Python, and not by the database",
        ),
        Declines(
            DJANGO_TABLES + "def sellers(request, least):\n"
            "    return [book.title for book in Book.objects.all() if book.sold == least]\n",
            because="least can be a text, which is no number to Python and one to the database",
        ),
        Declines(
            SQLALCHEMY_TABLES + "def by(session, title):\n    books = session.scalars(select(Book)).all()\n"
            "    title = clean(title)\n    return [book for book in books if book.title == title]\n",
            because="what it is compared with is made after the query was sent",
        ),
    )

    def change(self, source: Source, finding: Finding) -> Change | None:
        """Add the condition to the query, and take it out of the comprehension."""
        late = next(
            (each for each in late_filters(source) if source.span_of(each.condition) == finding.place.span), None
        )
        if late is None or not _is_same(source, late):
            return None
        operator, other = late.condition.ops[0], source.code_of(late.other)
        if late.fetch.is_django:
            lookup = {ast.Gt: "__gt", ast.GtE: "__gte", ast.Lt: "__lt", ast.LtE: "__lte", ast.Eq: ""}.get(
                type(operator)
            )
            if lookup is None:
                return None
            text = f".filter({late.column}{lookup}={other})"
        else:
            sign = {ast.Gt: ">", ast.GtE: ">=", ast.Lt: "<", ast.LtE: "<=", ast.Eq: "=="}.get(type(operator))
            if sign is None:
                return None
            text = f".where({late.fetch.model}.{late.column} {sign} {other})"
        part = late.loop.generators[0]
        start, end = source.span_of(part.iter).end, source.span_of(late.condition).end
        if re.fullmatch(r"\s+if\s+", source.text[start : source.span_of(late.condition).start]) is None:
            return None
        return Change(
            title=f"Let the database choose by {late.column}",
            reason="The same rows come back; the others are neither sent nor made into objects, and an index can help.",
            edits=(added_after(source, late.fetch.start, text), Edit(start, end, "")),
            tradeoffs=Tradeoffs(
                "none", f"{late.column} compares texts without regard to case, as MySQL does by default"
            ),
            conditions=(
                Condition(f"{late.column} is compared as Python does", "a whole number or a text, by its declaration"),
                Condition("what it is compared with is known when the query is sent", f"`{other}`"),
            ),
        )


def _is_same(source: Source, late: LateFilter) -> bool:
    column = tables(source)[late.fetch.model].columns[late.column]
    kinds = {last_name(each) for each in (column.call.args if column.call else ())} | {last_name(column.call)}
    typed = ast.unparse(column.node.annotation) if isinstance(column.node, ast.AnnAssign) else ""
    whole = bool(kinds & _WHOLE) or typed == "Mapped[int]"
    text = bool(kinds & _TEXT) or typed == "Mapped[str]"
    operator = late.condition.ops[0]
    is_null = isinstance(late.other, ast.Constant) and late.other.value is None
    if is_null or not (whole or (text and isinstance(operator, ast.Eq))):
        return False
    function = enclosing_function(source.tree, late.loop)
    given = {each.arg for each in parameters(function)} if function is not None else set()
    stored = {
        each.id
        for each in ast.walk(function or source.tree)
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
    }
    typed_alike = {
        each.arg
        for each in (parameters(function) if function is not None else ())
        if ast.unparse(each.annotation or ast.Constant(None)) in ({"int", "bool"} if whole else {"str"})
    }
    alike = isinstance(late.other, ast.Constant) and isinstance(late.other.value, int if whole else str)
    if not (alike or (isinstance(late.other, ast.Name) and late.other.id in typed_alike)):
        return False
    if late.fetch.step_names & {"group_by", "having", "distinct", "annotate", "select_from"}:
        return False
    return names_in(late.other) <= given - stored and not isinstance(late.other, ast.Attribute)
