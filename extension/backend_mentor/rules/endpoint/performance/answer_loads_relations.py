"""The rule answer-loads-relations."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.reading.endpoints.serialising import answered_relations
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report
from backend_mentor.rules.endpoint.sample_tables import SQLALCHEMY_TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


_FASTAPI = (
    "from fastapi import Depends, FastAPI\nfrom pydantic import BaseModel\nfrom sqlalchemy.orm import Session\n"
    + SQLALCHEMY_TABLES
    + "class BookOut(BaseModel):\n    title: str\n"
    "class AuthorOut(BaseModel):\n    name: str\n    books: list[BookOut]\n"
    "app = FastAPI()\n"
)


class AnswerLoadsRelations:
    """The answer's model holds a relation that the query did not ask for.

    There is no loop to be seen: the serialiser is the loop, and it sends a statement for each row of the answer.
    """

    name: ClassVar[str] = "answer-loads-relations"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.PERFORMANCE
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            _FASTAPI + "@app.get('/authors', response_model=list[AuthorOut])\n"
            "def list_authors(session: Session = Depends(get_session)):\n"
            "    return session.scalars(select(Author)).all()\n",
            says="AuthorOut reads `books` of each Author",
        ),
        FlagsCode(
            _FASTAPI + "@app.get('/authors')\n"
            "def list_authors(session: Session = Depends(get_session)) -> list[AuthorOut]:\n"
            "    authors = session.scalars(select(Author).limit(50)).all()\n"
            "    return authors\n",
            says="AuthorOut reads `books` of each Author",
        ),
        PassesCode(
            _FASTAPI + "@app.get('/authors', response_model=list[AuthorOut])\n"
            "def list_authors(session: Session = Depends(get_session)):\n"
            "    return session.scalars(select(Author).options(selectinload(Author.books))).all()\n",
            because="the query asks for the books too",
        ),
        PassesCode(
            _FASTAPI + "@app.get('/books', response_model=list[BookOut])\n"
            "def list_books(session: Session = Depends(get_session)):\n"
            "    return session.scalars(select(Book)).all()\n",
            because="the answer holds columns alone",
        ),
        PassesCode(
            _FASTAPI + "@app.get('/authors/{key}', response_model=AuthorOut)\n"
            "def one_author(key: int, session: Session = Depends(get_session)):\n"
            "    return session.get(Author, key)\n",
            because="one row needs one statement more, whatever the data",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each answer of a route whose model names lazy relations of the rows that are returned."""
        for reads in answered_relations(source):
            names = " and ".join(f"`{path[0].name}`" for path in reads.paths)
            yield report(
                self,
                source,
                reads.nodes[0],
                what=f"{reads.variable} reads {names} of each {reads.fetch.model}, and the query did not ask for it.",
                why="In asynchronous code the read raises MissingGreenlet: the caller sees a 500."
                if reads.is_async
                else "The serialiser sends a statement for each row, after the handler has returned.",
                instead=f"Ask for it in the query: "
                f"`.options(selectinload({reads.fetch.model}.{reads.paths[0][0].name}))`.",
                severity=Severity.CRITICAL if reads.is_async else None,
            )
