"""Cells with an app each: authors and their books, one statement for each row where the cell does not say better."""

from __future__ import annotations

MODELS = """
from sqlalchemy import ForeignKey, String, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship, selectinload, sessionmaker
from sqlalchemy.pool import StaticPool

class Base(DeclarativeBase):
    pass

class Author(Base):
    __tablename__ = "authors"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40), unique=True)
    books: Mapped[list["Book"]] = relationship(back_populates="author")

class Book(Base):
    __tablename__ = "books"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    state: Mapped[str] = mapped_column(default="draft")
    author_id: Mapped[int] = mapped_column(ForeignKey("authors.id"))
    author: Mapped[Author] = relationship(back_populates="books")
"""

ENGINE = """
engine = create_engine("sqlite://", connect_args={"check_same_thread": False}, poolclass=StaticPool)
Base.metadata.create_all(engine)
with Session(engine) as seed:
    seed.add_all(Author(id=7 + n, name=f"own {n}", books=[Book(title="one", state="out")]) for n in range(3))
    seed.commit()
"""

FASTAPI = (
    """from fastapi import Depends, FastAPI, HTTPException"""
    + MODELS
    + ENGINE
    + """
Local = sessionmaker(engine)
app = FastAPI()

def session():
    with Local() as opened:
        yield opened

@app.get("/authors")
def authors(db: Session = Depends(session)):
    return [{"name": each.name, "books": len(each.books)} for each in db.scalars(select(Author))]

@app.get("/authors/{author_id}")
def author(author_id: int, db: Session = Depends(session)):
    found = db.get(Author, author_id)
    if found is None:
        raise HTTPException(404)
    return {"name": found.name, "titles": [book.title for book in found.books]}

@app.get("/out")
def out(db: Session = Depends(session)):
    return [book.author.name for book in db.scalars(select(Book).where(Book.state == "out"))]
"""
)

ASYNC_FASTAPI = (
    """from fastapi import Depends, FastAPI
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from contextlib import asynccontextmanager
"""
    + MODELS
    + """
engine = create_async_engine("sqlite+aiosqlite:///DATABASE")
Local = async_sessionmaker(engine, expire_on_commit=False)

@asynccontextmanager
async def lifespan(_):
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    yield
    await engine.dispose()

app = FastAPI(lifespan=lifespan)

async def session():
    async with Local() as opened:
        yield opened

@app.get("/books")
async def books(db: AsyncSession = Depends(session)):
    found = (await db.scalars(select(Book).order_by(Book.id))).all()
    return [{"title": book.title, "author": (await db.get(Author, book.author_id)).name} for book in found]
"""
)

FLASK = (
    """from flask import Flask, jsonify"""
    + MODELS
    + ENGINE
    + """
app = Flask("shop")

@app.get("/books")
def books():
    with Session(engine) as db:
        return jsonify([{"title": book.title, "author": book.author.name} for book in db.scalars(select(Book))])
"""
)

DJANGO = """
import os
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
import django
from django.conf import settings
if not settings.configured:
    settings.configure(
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        ROOT_URLCONF=__name__,
        SECRET_KEY="for the test",
    )
    django.setup()
from django.db import connection, models
from django.http import JsonResponse
from django.urls import path

class Author(models.Model):
    name = models.CharField(max_length=50)
    class Meta:
        app_label = "shop"

class Book(models.Model):
    title = models.CharField(max_length=50)
    state = models.CharField(max_length=5, choices=[("out", "Out"), ("draft", "Draft")])
    author = models.ForeignKey(Author, on_delete=models.CASCADE)
    class Meta:
        app_label = "shop"

with connection.schema_editor() as editor:
    editor.create_model(Author)
    editor.create_model(Book)
Book.objects.create(title="one", state="draft", author=Author.objects.create(name="own"))

def books(request):
    found = Book.objects.filter(state="draft")
    return JsonResponse([{"title": book.title, "author": book.author.name} for book in found], safe=False)

urlpatterns = [path("books/", books)]
"""
