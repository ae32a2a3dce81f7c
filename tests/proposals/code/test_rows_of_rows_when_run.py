"""Loops that await a query for each row, run on a real database before and after our diff, with missing rows."""

from __future__ import annotations

import asyncio
import sys
from types import ModuleType
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.pool import StaticPool

from backend_mentor.domain.cell import Cell, CellKind
from backend_mentor.proposals.code.editing import apply_changes
from backend_mentor.proposals.code.performance.rows_of_rows_fetched_together import RowsOfRowsFetchedTogether
from backend_mentor.reading import endpoints
from backend_mentor.rules.endpoint import find_in_code

TABLES = """\
from fastapi import Depends, FastAPI
from sqlalchemy import ForeignKey, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

app = FastAPI()


async def get_session():
    raise NotImplementedError


class Base(DeclarativeBase):
    pass


class Author(Base):
    __tablename__ = "authors"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class Book(Base):
    __tablename__ = "books"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    author_id: Mapped[int] = mapped_column(ForeignKey("authors.id"), index=True)


@app.get("/rows")
"""
GOT = """\
async def rows(db: AsyncSession = Depends(get_session)):
    books = (await db.scalars(select(Book).order_by(Book.id))).all()
    found = []
    for book in books:
        author = await db.get(Author, book.author_id)
        if author is None:
            continue
        found.append([book.title, author.name])
    return found
"""
SELECTED = """\
async def rows(db: AsyncSession = Depends(get_session)):
    books = (await db.execute(select(Book).order_by(Book.id))).scalars().all()
    found = []
    for book in books:
        author = (await db.execute(select(Author).where(Author.id == book.author_id))).scalar_one_or_none()
        found.append([book.title, author.name if author else None])
    return found
"""
CHILDREN = """\
async def rows(db: AsyncSession = Depends(get_session)):
    authors = (await db.scalars(select(Author).order_by(Author.id))).all()
    found = []
    for author in authors:
        books = (
            await db.scalars(select(Book).where(Book.author_id == author.id).order_by(Book.title.desc()))
        ).all()
        found.append([author.name, [book.title for book in books]])
    return found
"""


def corrected(cell: str) -> str:
    source = endpoints.read_source(Cell(cell, CellKind.ENDPOINT))
    (finding,) = [each for each in find_in_code(source) if each.rule == "query-in-loop"]
    change = RowsOfRowsFetchedTogether().change(source, finding)
    assert change is not None
    after = apply_changes(cell, source, [change])
    assert after is not None
    assert not [
        each
        for each in find_in_code(endpoints.read_source(Cell(after, CellKind.ENDPOINT)))
        if each.rule == "query-in-loop"
    ]
    return after


def answer_of(cell: str, authors: int, monkeypatch: pytest.MonkeyPatch) -> tuple[int, Any]:
    """Return how many statements the handler sends with so many authors, and what it answers."""
    module = ModuleType("rows_of_this_test")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    exec(compile(cell, "<cell>", "exec", dont_inherit=True), names := vars(module))

    async def ask() -> tuple[int, Any]:
        engine = create_async_engine("sqlite+aiosqlite://", poolclass=StaticPool)
        try:
            async with engine.begin() as connection:
                await connection.run_sync(names["Base"].metadata.create_all)
            async with AsyncSession(engine) as session:
                session.add_all(names["Author"](id=key, name=f"author {key}") for key in range(1, authors + 1))
                # The last book's author is gone, and the last author has written nothing.
                session.add_all(
                    names["Book"](title=f"{key}.{part}", author_id=key if key < authors else 9_999)
                    for key in range(1, authors + 1)
                    for part in (2, 3, 1)
                )
                await session.commit()
            sent: list[str] = []
            event.listen(engine.sync_engine, "before_cursor_execute", lambda *given: sent.append(given[2]))
            async with AsyncSession(engine) as session:
                answer = await names["rows"](session)
            return len(sent), answer
        finally:
            await engine.dispose()

    return asyncio.run(ask())


@pytest.mark.parametrize("handler", [GOT, SELECTED, CHILDREN], ids=["got by key", "selected by key", "children"])
def test_awaited_queries_grow_with_the_rows_until_our_diff_is_applied(
    handler: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    cell = TABLES + handler
    better = corrected(cell)
    first = [answer_of(cell, authors, monkeypatch) for authors in (2, 10, 50)]
    second = [answer_of(better, authors, monkeypatch) for authors in (2, 10, 50)]
    assert [answer for _, answer in first] == [answer for _, answer in second]
    counts = [count for count, _ in first]
    assert counts == sorted(set(counts)), "as many statements as rows"
    assert counts[-1] > 50
    assert [count for count, _ in second] == [2, 2, 2]
