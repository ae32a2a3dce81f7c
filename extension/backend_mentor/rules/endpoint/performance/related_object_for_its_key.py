"""The rule related-object-for-its-key."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.reading.endpoints.shapes import keys_by_object
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report
from backend_mentor.rules.endpoint.sample_tables import DJANGO_TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class RelatedObjectForItsKey:
    """A row of another table is fetched for its key alone.

    The key stands in the row that points to it already.
    """

    name: ClassVar[str] = "related-object-for-its-key"
    severity: ClassVar[Severity] = Severity.ADVICE
    responsibility: ClassVar[Responsibility] = Responsibility.PERFORMANCE
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            DJANGO_TABLES + "def authors(request):\n    return [book.author.id for book in Book.objects.all()]\n",
            says="`book.author.id` fetches the Author for its key",
        ),
        FlagsCode(
            DJANGO_TABLES
            + "def author(request, key):\n    book = Book.objects.get(pk=key)\n    return book.author.pk\n",
            says="`book.author.pk` fetches the Author for its key",
        ),
        PassesCode(
            DJANGO_TABLES + "def authors(request):\n    return [book.author_id for book in Book.objects.all()]\n",
            because="it is read from the row",
        ),
        PassesCode(
            DJANGO_TABLES + "def authors(request):\n"
            "    return [book.author.id for book in Book.objects.select_related('author')]\n",
            because="the author is there already",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each read of `.id` or `.pk` of a key of Django on a row that the cell shows to be of its class."""
        for node, relation in keys_by_object(source):
            yield report(
                self,
                source,
                node,
                what=f"`{source.code_of(node)}` fetches the {relation.target or relation.name} for its key alone.",
                why="That is one more statement, for a value that the row holds itself.",
                instead=f"Read `{relation.name}_id`.",
            )
