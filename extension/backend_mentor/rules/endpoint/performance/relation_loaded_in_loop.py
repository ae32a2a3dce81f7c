"""The rule relation-loaded-in-loop."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.reading.endpoints.loading import lazy_reads
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report
from backend_mentor.rules.endpoint.sample_tables import DJANGO_TABLES, SQLALCHEMY_TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding
    from backend_mentor.reading.endpoints.loading import LazyReads


class RelationLoadedInLoop:
    """A loop reads a relation that its query did not ask for.

    The ORM sends one more statement for each row: one query has become one and as many as there are rows.
    """

    name: ClassVar[str] = "relation-loaded-in-loop"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.PERFORMANCE
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            SQLALCHEMY_TABLES + "def list_authors(session):\n"
            "    return [len(author.books) for author in session.scalars(select(Author))]\n",
            says="`author.books` is read for each Author",
        ),
        FlagsCode(
            SQLALCHEMY_TABLES + "def show(book):\n    return {'title': book.title, 'by': book.author.name}\n"
            "def list_books(session):\n"
            "    statement = select(Book).order_by(Book.title)\n"
            "    books = session.execute(statement).scalars().all()\n"
            "    return [show(book) for book in books]\n",
            says="`book.author` is read for each Book",
        ),
        FlagsCode(
            DJANGO_TABLES + "def page(request):\n    for book in Book.objects.order_by('title')[:20]:\n"
            "        print(book.author.name)\n",
            says="`book.author` is read for each Book",
        ),
        PassesCode(
            SQLALCHEMY_TABLES + "def list_authors(session):\n"
            "    statement = select(Author).options(selectinload(Author.books))\n"
            "    return [len(author.books) for author in session.scalars(statement)]\n",
            because="the query asks for the books too",
        ),
        PassesCode(
            SQLALCHEMY_TABLES.replace("relationship(", "relationship(lazy='selectin', ")
            + "def list_authors(session):\n"
            "    return [len(author.books) for author in session.scalars(select(Author))]\n",
            because="the class says that they come along",
        ),
        PassesCode(
            DJANGO_TABLES + "def page(request):\n    return [book.author_id for book in Book.objects.all()]\n",
            because="the key is in the row itself",
        ),
        PassesCode(
            SQLALCHEMY_TABLES + "def first(session):\n    for author in session.scalars(select(Author).limit(1)):\n"
            "        print(author.books)\n",
            because="there is one row",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield the first read of each loop over objects of a class of the cell."""
        for reads in lazy_reads(source):
            named = ", ".join(f"`{source.code_of(node)}`" for node in reads.nodes)
            verb = "is" if len(reads.nodes) == 1 else "are"
            raises = reads.is_async and not reads.fetch.is_django
            yield report(
                self,
                source,
                reads.nodes[0],
                what=f"{named} {verb} read for each {reads.fetch.model}, and the query did not ask for it.",
                why="In asynchronous code the read raises MissingGreenlet instead of loading the rows."
                if raises
                else "The first read on each row sends a statement: with 100 rows it is 100 more round trips.",
                instead=f"Ask for it in the query: `{_remedy(reads)}`.",
                severity=Severity.CRITICAL if raises else None,
            )


def _remedy(reads: LazyReads) -> str:
    path = reads.paths[0]
    if not reads.fetch.is_django:
        return f".options(selectinload({path[0].owner}.{path[0].name}))"
    loader = "prefetch_related" if any(each.is_many for each in path) else "select_related"
    return f'.{loader}("{"__".join(each.name for each in path)}")'
