"""Pages through a long list by where the last page ended, so that page 10,000 costs what page 1 costs."""

import base64
import binascii
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Query, Request, status
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from sqlalchemy import DateTime, Dialect, Engine, Index, Select, String, TypeDecorator, select, tuple_
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute, Mapped, Session, mapped_column, sessionmaker

# An INTEGER column holds no more; beyond it databases answer with an error of their own, which would be a 500.
_GREATEST_KEY = 2**31 - 1


@dataclass(frozen=True)
class Settings:
    """What an operator sets."""

    rows_by_default: int = 20
    rows_at_most: int = 100
    cursor_characters_at_most: int = 512


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC; SQLite keeps no zone, so it is put back when a row is read."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a moment without a zone, and store any other in UTC."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment without a zone can not be stored")
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment with its zone."""
        return value.replace(tzinfo=UTC) if value and value.tzinfo is None else value


class Base(DeclarativeBase):
    """The tables."""


class Article(Base):
    """An article; each order that it is listed in has an index that ends in the key."""

    __tablename__ = "articles"
    __table_args__ = (
        Index("articles_published_at_id_idx", "published_at", "id"),
        Index("articles_title_id_idx", "title", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    published_at: Mapped[datetime] = mapped_column(UtcDateTime())


class ArticleRead(BaseModel):
    """An article as callers see it."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    title: str
    published_at: datetime


class ArticlePage(BaseModel):
    """One page, and the cursor of the next; none on the last."""

    items: list[ArticleRead]
    next: str | None


Order = Literal["newest", "title"]


@dataclass(frozen=True)
class Ordering:
    """A column to order by; the key decides between equal values, or rows would be skipped at a page's end."""

    column: InstrumentedAttribute[datetime] | InstrumentedAttribute[str]
    descending: bool
    position: TypeAdapter[tuple[datetime, int]] | TypeAdapter[tuple[str, int]]

    def page(self, after: tuple[object, int] | None, rows: int) -> Select[Article]:
        """Return the query of one page; one row more than asked for tells whether another page follows."""
        ends = (self.column, Article.id)
        query = select(Article).order_by(*(end.desc() if self.descending else end.asc() for end in ends))
        if after is not None:
            here = tuple_(*ends)
            query = query.where(here < after if self.descending else here > after)
        return query.limit(rows + 1)


# Callers name an order of this list; no column name of theirs reaches the query.
ORDERINGS: dict[Order, Ordering] = {
    "newest": Ordering(Article.published_at, True, TypeAdapter(tuple[datetime, int])),
    "title": Ordering(Article.title, False, TypeAdapter(tuple[str, int])),
}


def write_cursor(order: Order, article: Article) -> str:
    """Return where a page ended: it holds only what the caller has just been shown."""
    value = getattr(article, ORDERINGS[order].column.key)
    text = json.dumps([order, value.isoformat() if isinstance(value, datetime) else value, article.id])
    return base64.urlsafe_b64encode(text.encode()).decode()


def read_cursor(order: Order, cursor: str) -> tuple[object, int]:
    """Return where the last page ended; raises ValueError for a cursor that is damaged or of another order."""
    try:
        written_for, *position = json.loads(base64.urlsafe_b64decode(cursor.encode("ascii")))
        after = ORDERINGS[order].position.validate_python(tuple(position))
    except (binascii.Error, UnicodeError, TypeError, ValidationError, RecursionError) as error:
        raise ValueError("the cursor can not be read") from error
    if written_for != order:
        raise ValueError("the cursor belongs to another order")
    if (
        not 1 <= after[1] <= _GREATEST_KEY
        or "\0" in str(after[0])
        or (isinstance(after[0], datetime) and after[0].tzinfo is None)
    ):
        raise ValueError("the cursor can not be read")
    return after


router = APIRouter(prefix="/articles", tags=["articles"])


def get_session(request: Request) -> Iterator[Session]:
    """Open a session for one request."""
    with request.app.state.sessions() as session:
        yield session


def get_settings(request: Request) -> Settings:
    """Return the settings of this app."""
    settings: Settings = request.app.state.settings
    return settings


def get_row_limit(
    settings: Annotated[Settings, Depends(get_settings)],
    limit: Annotated[
        int | None, Query(ge=1, le=1_000, description="Rows on a page; a smaller bound is set per app")
    ] = None,
) -> int:
    """Return how many rows a page may have: what was asked for, within the bounds of this app."""
    return min(limit or settings.rows_by_default, settings.rows_at_most)


@router.get("", responses={status.HTTP_400_BAD_REQUEST: {"description": "The cursor can not be read"}})
def list_articles(
    session: Annotated[Session, Depends(get_session)],
    settings: Annotated[Settings, Depends(get_settings)],
    rows: Annotated[int, Depends(get_row_limit)],
    order: Annotated[Order, Query(description="What to sort by")] = "newest",
    cursor: Annotated[str | None, Query(description="`next` of the page before")] = None,
) -> ArticlePage:
    """List articles page by page: pass `next` of one page as `cursor` of the following."""
    try:
        if cursor is not None and len(cursor) > settings.cursor_characters_at_most:
            raise ValueError("the cursor is too long")
        after = read_cursor(order, cursor) if cursor is not None else None
    except ValueError as error:
        raise HTTPException(
            status.HTTP_400_BAD_REQUEST, "The cursor can not be read. Start again without one."
        ) from error
    found = session.scalars(ORDERINGS[order].page(after, rows)).all()
    shown = found[:rows]
    following = write_cursor(order, shown[-1]) if len(found) > rows else None
    return ArticlePage(items=[ArticleRead.model_validate(each) for each in shown], next=following)


def create_app(engine: Engine, settings: Settings | None = None) -> FastAPI:
    """Return the app on a database whose tables exist."""
    app = FastAPI(title="Articles")
    app.state.settings = settings or Settings()
    app.state.sessions = sessionmaker(engine)
    app.include_router(router)
    return app
