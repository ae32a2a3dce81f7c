"""The rule serializer-loads-relations."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.reading.endpoints.serialising import serialized_relations
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report
from backend_mentor.rules.endpoint.sample_tables import DJANGO_TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


_SERIALIZERS = (
    "from rest_framework import serializers, viewsets\n"
    + DJANGO_TABLES
    + "class AuthorName(serializers.ModelSerializer):\n    class Meta:\n        model = Author\n"
    "        fields = ['name']\n"
    "class TitleSerializer(serializers.ModelSerializer):\n    class Meta:\n        model = Book\n"
    "        fields = ['title', 'author']\n"
    "class BookSerializer(serializers.ModelSerializer):\n    author = AuthorName()\n    class Meta:\n"
    "        model = Book\n        fields = ['title', 'author']\n"
    "class AuthorSerializer(serializers.ModelSerializer):\n    books = TitleSerializer(many=True)\n    class Meta:\n"
    "        model = Author\n        fields = ['name', 'books']\n"
)


class SerializerLoadsRelations:
    """A serializer of Django REST framework holds a relation that the view's queryset did not ask for.

    There is no loop to be seen: the serializer is the loop, and it sends a statement for each row of the answer.
    """

    name: ClassVar[str] = "serializer-loads-relations"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.PERFORMANCE
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            _SERIALIZERS + "class Books(viewsets.ModelViewSet):\n    queryset = Book.objects.all()\n"
            "    serializer_class = BookSerializer\n",
            says="BookSerializer reads `author` of each Book",
        ),
        FlagsCode(
            _SERIALIZERS + "class Authors(viewsets.ModelViewSet):\n    queryset = Author.objects.order_by('name')\n"
            "    serializer_class = AuthorSerializer\n",
            says="AuthorSerializer reads `books` of each Author",
        ),
        PassesCode(
            _SERIALIZERS + "class Books(viewsets.ModelViewSet):\n"
            "    queryset = Book.objects.select_related('author')\n    serializer_class = BookSerializer\n",
            because="the queryset asks for the author too",
        ),
        PassesCode(
            _SERIALIZERS + "class Books(viewsets.ModelViewSet):\n    queryset = Book.objects.all()\n"
            "    serializer_class = BookSerializer\n"
            "    def get_queryset(self):\n        return super().get_queryset().select_related('author')\n",
            because="the view makes its queryset in a method",
        ),
        PassesCode(
            _SERIALIZERS + "class Titles(viewsets.ModelViewSet):\n    queryset = Book.objects.all()\n"
            "    serializer_class = TitleSerializer\n",
            because="the key of the author is in the row itself",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each `queryset` of a view whose serializer reads relations of its rows."""
        for reads in serialized_relations(source):
            names = " and ".join(f"`{'.'.join(each.name for each in path)}`" for path in reads.paths)
            yield report(
                self,
                source,
                reads.nodes[0],
                what=f"{reads.variable} reads {names} of each {reads.fetch.model}, "
                "and the queryset did not ask for it.",
                why="Each row of the answer costs one more round trip, and no line of the view shows it.",
                instead="Ask for it in the queryset: `select_related` for one row, `prefetch_related` for many.",
            )
