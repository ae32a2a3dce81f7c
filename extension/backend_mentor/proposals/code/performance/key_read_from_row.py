"""The key of a related row is read from the row that points to it."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.proposals.code.fix import Change, Declines, Edit, Fixes
from backend_mentor.proposals.code.places import has_comment, node_of
from backend_mentor.proposals.code.sample_tables import DJANGO_TABLES
from backend_mentor.reading.endpoints.shapes import keys_by_object
from backend_mentor.reading.endpoints.tables import tables
from backend_mentor.reading.endpoints.trees import has_unpacked, keyword

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class KeyReadFromRow:
    """Read `book.author_id` instead of `book.author.id`.

    Valid for a key of Django that can not be NULL and points to the primary key of a class of the cell.
    """

    name: ClassVar[str] = "key-read-from-row"
    answers: ClassVar[tuple[str, ...]] = ("related-object-for-its-key",)
    examples: ClassVar[tuple[Fixes | Declines, ...]] = (
        Fixes(
            DJANGO_TABLES
            + "def authors(request):\n    return ['é', *(book.author.id for book in Book.objects.all())]\n",
            DJANGO_TABLES
            + "def authors(request):\n    return ['é', *(book.author_id for book in Book.objects.all())]\n",
        ),
        Fixes(
            DJANGO_TABLES + "def author(request, é):\n    book = Book.objects.get(pk=é)\n    return book.author\\\n"
            "        .pk\n",
            DJANGO_TABLES + "def author(request, é):\n    book = Book.objects.get(pk=é)\n    return book.author_id\n",
        ),
        Declines(
            DJANGO_TABLES.replace("related_name", "null=True, related_name")
            + "def authors(request):\n    return [book.author.id for book in Book.objects.all()]\n",
            because="a book without an author raised until now, and would answer None",
        ),
        Declines(
            DJANGO_TABLES.replace("related_name", "to_field='name', related_name")
            + "def authors(request):\n    return [book.author.id for book in Book.objects.all()]\n",
            because="the key holds the author's name",
        ),
    )

    def change(self, source: Source, finding: Finding) -> Change | None:
        """Replace the two attributes by one."""
        node = node_of(source, finding, ast.Attribute)
        found = next((each for each in keys_by_object(source) if each[0] is node), None) if node is not None else None
        inner = node.value if node is not None else None
        if node is None or found is None or not isinstance(inner, ast.Attribute):
            return None
        relation = found[1]
        known = tables(source)
        table, other = known[relation.owner], known.get(relation.target or "")
        call = table.columns[relation.name].call
        if call is None or table.columns[relation.name].is_nullable or keyword(call, "to_field") is not None:
            return None
        if has_unpacked(call) or other is None or (node.attr == "id" and other.primary_key not in ("pk", "id")):
            return None
        start, end = source.span_of(inner.value).end, source.span_of(node).end
        if has_comment(source, start, end):
            return None
        return Change(
            title=f"Read {relation.name}_id from the row",
            reason="The row holds the key itself, so that no second row is fetched for it.",
            edits=(Edit(start, end, f".{relation.name}_id"),),
            tradeoffs=Tradeoffs("none", f"{relation.name} itself is read afterwards"),
            conditions=(
                Condition(f"{relation.name} can not be NULL", "declared without null=True"),
                Condition(f"it points to the primary key of {other.model.name}", "declared without to_field"),
            ),
        )
