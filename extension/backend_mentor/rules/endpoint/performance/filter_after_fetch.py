"""The rule filter-after-fetch."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.reading.endpoints.shapes import late_filters
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report
from backend_mentor.rules.endpoint.sample_tables import DJANGO_TABLES, SQLALCHEMY_TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class FilterAfterFetch:
    """Rows are fetched and then thrown away in Python.

    Each row is read, sent and made into an object; a condition in the query would have left it where it is.
    """

    name: ClassVar[str] = "filter-after-fetch"
    severity: ClassVar[Severity] = Severity.ADVICE
    responsibility: ClassVar[Responsibility] = Responsibility.PERFORMANCE
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            SQLALCHEMY_TABLES + "def by(session, name: str):\n"
            "    return [book for book in session.scalars(select(Book)).all() if book.title == name]\n",
            says="each Book is fetched, and those with another `title` are thrown away",
        ),
        FlagsCode(
            DJANGO_TABLES + "def sellers(request):\n    books = Book.objects.all()\n"
            "    return [book.title for book in books if book.sold > 100]\n",
            says="each Book is fetched, and those with another `sold` are thrown away",
        ),
        PassesCode(
            SQLALCHEMY_TABLES + "def by(session, name: str):\n"
            "    return [book for book in session.scalars(select(Book)).all() if matches(book.title, name)]\n",
            because="the database knows no such function",
        ),
        PassesCode(
            DJANGO_TABLES + "def sellers(request):\n    books = Book.objects.all()\n    print(len(books))\n"
            "    return [book.title for book in books if book.sold > 100]\n",
            because="the rows are needed for more than that",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each comprehension over the rows of a query whose condition compares a column with a value."""
        for late in late_filters(source):
            yield report(
                self,
                source,
                late.condition,
                what=f"Here each {late.fetch.model} is fetched, and those with another `{late.column}` are thrown "
                f"away.",
                why="They are all read, sent and made into objects, and no index can help.",
                instead=f"Let the database choose: `.filter({late.column}=...)`."
                if late.fetch.is_django
                else f"Let the database choose: `.where({late.fetch.model}.{late.column} ...)`.",
            )
