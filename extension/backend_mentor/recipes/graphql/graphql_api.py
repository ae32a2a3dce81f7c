"""A GraphQL endpoint whose nested lists cost a fixed number of statements, and whose queries have a price limit."""

import asyncio
import base64
import binascii
import logging
import traceback
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, TypeVar, cast

import strawberry
from cross_web import HTTPException
from fastapi import FastAPI, Request
from graphql import GraphQLError
from sqlalchemy import Engine, ForeignKey, Select, String, func, select, update
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, aliased, mapped_column, sessionmaker
from strawberry.dataloader import DataLoader
from strawberry.extensions import (
    DisableIntrospection,
    MaskErrors,
    MaxAliasesLimiter,
    MaxTokensLimiter,
    QueryDepthLimiter,
    SchemaExtension,
)
from strawberry.fastapi import BaseContext, GraphQLRouter
from strawberry.permission import BasePermission
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext, Info

logger = logging.getLogger("graphql_api")

_GREATEST_KEY = 2**31 - 1


@dataclass(frozen=True)
class Settings:
    """What an operator sets."""

    depth_at_most: int = 6
    aliases_at_most: int = 15
    tokens_at_most: int = 1_000
    body_bytes_at_most: int = 50_000
    rows_by_default: int = 20
    rows_at_most: int = 100
    """On one page."""
    nested_rows_at_most: int = 10
    """Of a list inside of a list, for each parent."""
    rows_per_request: int = 5_000
    """That one request may read, however it is written."""
    title_characters_at_most: int = 200
    shows_schema: bool = False
    """Whether introspection is answered. It hides nothing that a guess would not find; it takes away the map."""


class Base(DeclarativeBase):
    """The tables."""


class AuthorRow(Base):
    """A writer; the address is for the writer alone."""

    __tablename__ = "authors"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254))


class BookRow(Base):
    """A book of one author."""

    __tablename__ = "books"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    author_id: Mapped[int] = mapped_column(ForeignKey("authors.id"), index=True)


Row = TypeVar("Row", AuthorRow, BookRow)


class CallerError(GraphQLError):
    """An error whose text is meant for the caller; the text of any other is hidden."""


class Loaders:
    """Reads rows for one request: what many resolvers ask for in one turn of the loop is one statement.

    Made anew for each request. A loader keeps what it has read, so one that outlived its request would show a caller
    what another was allowed to see, and what has been changed since.
    """

    def __init__(self, sessions: sessionmaker[Session], settings: Settings) -> None:
        """Begin with nothing read."""
        self._sessions = sessions
        self._settings = settings
        self._rows_left = settings.rows_per_request
        self.authors: DataLoader[int, AuthorRow | None] = DataLoader(self._load_authors)
        self.latest_books: DataLoader[int, list[BookRow]] = DataLoader(self._load_latest_books)

    async def read(self, statement: Select[Row]) -> Sequence[Row]:
        """Return the statement's rows, read on a thread; raises CallerError once the request has read too many.

        Each read has a session of its own: resolvers run side by side, and a session can not be shared between them.
        """
        rows = await asyncio.to_thread(self._read_now, statement)
        self._rows_left -= len(rows)
        if self._rows_left < 0:
            raise CallerError("This query reads too many rows. Ask for fewer, or in several queries.")
        return rows

    def _read_now(self, statement: Select[Row]) -> Sequence[Row]:
        with self._sessions() as session:
            return session.scalars(statement).all()

    async def _load_authors(self, keys: list[int]) -> list[AuthorRow | None]:
        rows = await self.read(select(AuthorRow).where(AuthorRow.id.in_(keys)))
        found = {row.id: row for row in rows}
        return [found.get(key) for key in keys]

    async def _load_latest_books(self, keys: list[int]) -> list[list[BookRow]]:
        # A plain LIMIT would be of all parents together; the number of each row counts within its author.
        place = func.row_number().over(partition_by=BookRow.author_id, order_by=BookRow.id.desc()).label("place")
        numbered = select(BookRow, place).where(BookRow.author_id.in_(keys)).subquery()
        book = aliased(BookRow, numbered)
        first = select(book).where(numbered.c.place <= self._settings.nested_rows_at_most).order_by(book.id.desc())
        found: dict[int, list[BookRow]] = defaultdict(list)
        for row in await self.read(first):
            found[row.author_id].append(row)
        return [found[key] for key in keys]


class Context(BaseContext):
    """What resolvers know of one request."""

    def __init__(self, user_id: int | None, sessions: sessionmaker[Session], settings: Settings) -> None:
        """Begin a request of this user; None for nobody."""
        super().__init__()
        self.user_id = user_id
        self.sessions = sessions
        self.settings = settings
        self.loaders = Loaders(sessions, settings)


Asked = Info[Context, None]


class IsSignedIn(BasePermission):
    """Whoever asks has to be known."""

    message = "Sign in first."

    def has_permission(self, source: object, info: Asked, **_: object) -> bool:
        """Return whether the caller is known."""
        return info.context.user_id is not None


class IsThemselves(BasePermission):
    """A field that an author alone may read."""

    message = "This is for the author alone."

    def has_permission(self, source: object, info: Asked, **_: object) -> bool:
        """Return whether the caller is the author."""
        return isinstance(source, Author) and info.context.user_id == source.id


@strawberry.type
class Author:
    """A writer."""

    id: int
    name: str
    row: strawberry.Private[AuthorRow]

    @strawberry.field(permission_classes=[IsThemselves])  # type: ignore[untyped-decorator]  # with arguments it has no type
    def email(self) -> str | None:
        """Return the address; null for everybody else, and with an error that says so."""
        return self.row.email

    @strawberry.field
    async def latest_books(self, info: Asked) -> list["Book"]:
        """Return the newest books of the author; the whole list is a page of `books`."""
        return [show_book(each) for each in await info.context.loaders.latest_books.load(self.id)]


@strawberry.type
class Book:
    """A book."""

    id: int
    title: str
    author_id: strawberry.Private[int]

    @strawberry.field
    async def author(self, info: Asked) -> Author | None:
        """Return who wrote it."""
        row = await info.context.loaders.authors.load(self.author_id)
        return Author(id=row.id, name=row.name, row=row) if row else None


@strawberry.type
class BookPage:
    """One page, and the cursor of the next; none on the last."""

    items: list[Book]
    next: str | None


def show_book(row: BookRow) -> Book:
    """Return a book as callers see it."""
    return Book(id=row.id, title=row.title, author_id=row.author_id)


def write_cursor(book_id: int) -> str:
    """Return where a page ended; it holds only what the caller has just been shown."""
    return base64.urlsafe_b64encode(f"book:{book_id}".encode()).decode()


def read_cursor(cursor: str) -> int:
    """Return where the last page ended; raises CallerError for anything that `write_cursor` did not write."""
    try:
        kind, number = base64.urlsafe_b64decode(cursor[:100].encode("ascii")).decode("ascii").split(":")
        book_id = int(number)
    except (binascii.Error, ValueError):
        raise CallerError("The cursor can not be read. Start again without one.") from None
    if kind != "book" or not 1 <= book_id <= _GREATEST_KEY:
        raise CallerError("The cursor can not be read. Start again without one.")
    return book_id


@strawberry.type
class Query:
    """What can be read."""

    @strawberry.field
    async def books(self, info: Asked, first: int | None = None, after: str | None = None) -> BookPage:
        """List books, newest first: pass `next` of one page as `after` of the following."""
        settings = info.context.settings
        rows = settings.rows_by_default if first is None else first
        if not 1 <= rows <= settings.rows_at_most:
            raise CallerError(f"Ask for 1 to {settings.rows_at_most} books.")
        query = select(BookRow).order_by(BookRow.id.desc()).limit(rows + 1)
        if after is not None:
            query = query.where(BookRow.id < read_cursor(after))
        found = await info.context.loaders.read(query)
        following = write_cursor(found[rows - 1].id) if len(found) > rows else None
        return BookPage(items=[show_book(each) for each in found[:rows]], next=following)


Title = Annotated[str, strawberry.argument(description="Not empty")]


@strawberry.type
class Mutation:
    """What can be changed."""

    @strawberry.mutation(permission_classes=[IsSignedIn])  # type: ignore[untyped-decorator]  # likewise
    async def rename_book(self, info: Asked, book_id: int, title: Title) -> Book:
        """Give a book of one's own another title; a book of somebody else is as good as none."""
        settings = info.context.settings
        if not 1 <= len(title.strip()) <= settings.title_characters_at_most or "\0" in title:
            raise CallerError(f"A title has 1 to {settings.title_characters_at_most} characters.")
        row = await asyncio.to_thread(rename, info.context, book_id, title.strip())
        if row is None:
            raise CallerError("You have no such book.")
        return show_book(row)


def rename(context: Context, book_id: int, title: str) -> BookRow | None:
    """Rename a book of the caller's and return it, or None where the caller has no such book."""
    mine = (BookRow.id == book_id, BookRow.author_id == context.user_id)
    with context.sessions.begin() as session:
        return session.scalars(update(BookRow).where(*mine).values(title=title).returning(BookRow)).one_or_none()


def is_hidden(error: GraphQLError) -> bool:
    """Return whether an error's text is hidden: that of any exception which nobody wrote for callers."""
    return error.original_error is not None and not isinstance(error.original_error, GraphQLError)


class Api(strawberry.Schema):
    """A schema that logs where it broke, not what the exception says: a driver puts values there."""

    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Log the errors that are hidden from callers; what a caller did wrong is no error of ours."""
        for error in filter(is_hidden, errors):
            cause = cast(Exception, error.original_error)
            places = [f"{each.name}:{each.lineno}" for each in traceback.extract_tb(cause.__traceback__)]
            logger.error("resolver failed", extra={"kind": type(cause).__name__, "places": places, "path": error.path})


def make_schema(settings: Settings) -> Api:
    """Return the schema with its limits; each limit is checked before anything is read."""
    extensions: list[Callable[[], SchemaExtension]] = [
        lambda: MaxTokensLimiter(settings.tokens_at_most),
        lambda: QueryDepthLimiter(settings.depth_at_most),
        lambda: MaxAliasesLimiter(settings.aliases_at_most),
        lambda: MaskErrors(is_hidden, "Something broke here. It is in our log."),
    ]
    if not settings.shows_schema:
        extensions.append(DisableIntrospection)
    config = StrawberryConfig(disable_field_suggestions=not settings.shows_schema)
    return Api(Query, Mutation, extensions=extensions, config=config)


class Endpoint(GraphQLRouter[Context, None]):
    """Takes one query a request: Strawberry itself breaks on JSON that is neither an object nor a list."""

    def parse_json(self, data: str | bytes) -> dict[str, object]:
        """Return the body; raises HTTPException for anything but an object."""
        parsed = super().parse_json(data)
        if not isinstance(parsed, dict):
            raise HTTPException(400, "Send one JSON object.")
        return parsed


def create_app(engine: Engine, identify: Callable[[Request], int | None], settings: Settings | None = None) -> FastAPI:
    """Return the app on a database whose tables exist; `identify` names the caller, None for nobody."""
    chosen = settings or Settings()
    sessions = sessionmaker(engine, expire_on_commit=False)

    async def get_context(request: Request) -> Context:
        return Context(identify(request), sessions, chosen)

    app = FastAPI(title="Library", max_body_size=chosen.body_bytes_at_most)
    # By POST alone: a query in an address stands in logs and caches, and a link could send it.
    router = Endpoint(
        make_schema(chosen), path="/graphql", graphql_ide=None, allow_queries_via_get=False, context_getter=get_context
    )
    app.include_router(router)
    return app
